//===- CacheTraffic.cpp - Lines that loops bring into caches --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Footprints of nests, level by level. Loops of an index that two loops walk,
// the positions of a window and its taps, are one run: 14 rows and 3 taps with
// the same stride touch 16 rows.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Target/CacheTraffic.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>
#include <cstdlib>
#include <numeric>

using namespace conveinsum;

/// Lines in a row up to which hardware fetches none ahead, and from which it
/// fetches all in time.
static constexpr double kSingleLines = 2, kStreamLines = 4;

/// Ways of a cache: 8 is the least that is usual.
static constexpr uint64_t kWays = 8;

void Footprint::add(int64_t stride, int64_t extent) {
  stride = std::abs(stride);
  if (stride == 0 || extent == 1 || elementBytes == 0)
    return;
  auto *place =
      llvm::find_if(runs, [&](const Run &run) { return run.stride > stride; });
  runs.insert(place, {stride, extent});
  // Runs that others reach become part of them.
  for (unsigned i = 0; i + 1 < runs.size();) {
    Run &inner = runs[i];
    const Run &outer = runs[i + 1];
    if (outer.stride % inner.stride == 0 &&
        outer.stride / inner.stride <= inner.extent) {
      inner.extent += outer.stride / inner.stride * (outer.extent - 1);
      runs.erase(runs.begin() + i + 1);
    } else {
      ++i;
    }
  }
}

int64_t Footprint::runBytes() const {
  int64_t bytes = elementBytes;
  for (const Run &run : runs)
    if (run.stride * elementBytes < kLineBytes)
      bytes += run.stride * elementBytes * (run.extent - 1);
  return bytes;
}

double Footprint::lines() const {
  if (elementBytes == 0)
    return 0;
  double count = double(llvm::divideCeil(runBytes(), kLineBytes));
  for (const Run &run : runs)
    if (run.stride * elementBytes >= kLineBytes)
      count *= double(run.extent);
  return count;
}

double Footprint::room(uint64_t wayBytes) const {
  if (elementBytes == 0)
    return 0;
  const double sets = double(wayBytes) / kLineBytes;
  // Sets that lines can be in.
  double reached = double(llvm::divideCeil(runBytes(), kLineBytes));
  for (const Run &run : runs) {
    uint64_t distance = uint64_t(run.stride) * elementBytes;
    if (distance >= kLineBytes)
      reached *= std::min(double(run.extent),
                          double(wayBytes / std::gcd(distance, wayBytes)));
  }
  reached = std::min(reached, sets);
  // What spreads evenly needs its own size; what does not, further ways.
  double all = lines(), ways = all / reached;
  return std::max(all, (ways - 1) * sets) * kLineBytes;
}

llvm::SmallVector<OperandTraffic, 4>
conveinsum::cacheTraffic(llvm::ArrayRef<TrafficLoop> loops, unsigned inner,
                         llvm::ArrayRef<unsigned> elementBytes,
                         llvm::ArrayRef<uint64_t> caches) {
  llvm::SmallVector<OperandTraffic, 4> traffic(elementBytes.size());
  llvm::SmallVector<Footprint, 4> prints;
  for (unsigned bytes : elementBytes)
    prints.emplace_back(bytes);
  auto add = [&](const TrafficLoop &loop) {
    for (auto [print, stride] : llvm::zip_equal(prints, loop.strides))
      print.add(stride, loop.trips);
  };
  // Trips of the loops that are not in the footprints; the result is asked for
  // once for all trips of the inner ones.
  double outside = 1, outsideResult = 1;
  for (auto [index, loop] : llvm::enumerate(loops)) {
    outside *= double(loop.trips);
    outsideResult *= index < inner ? 1 : double(loop.trips);
  }
  auto fits = [&](uint64_t bytes) {
    double sum = 0;
    for (const Footprint &print : prints)
      sum += print.room(bytes / kWays);
    return sum <= double(bytes);
  };
  const TrafficLoop *next = loops.begin();
  for (uint64_t bytes : caches) {
    // One loop beyond those that fit.
    for (; next != loops.end() && fits(bytes); ++next) {
      add(*next);
      outside /= double(next->trips);
      if (next - loops.begin() >= inner)
        outsideResult /= double(next->trips);
    }
    const bool isHeld =
        bytes == caches.back() && next == loops.end() && fits(bytes);
    for (auto [index, print] : llvm::enumerate(prints)) {
      bool isResult = index + 1 == prints.size();
      traffic[index].missed.push_back(print.lines() * (isHeld ? 0
                                                       : isResult
                                                           ? outsideResult
                                                           : outside));
    }
  }
  for (auto [index, operand] : llvm::enumerate(traffic)) {
    Footprint run(elementBytes[index]);
    for (const TrafficLoop &loop : loops.take_front(inner))
      run.add(loop.strides[index], loop.trips);
    double lines = double(run.runBytes()) / kLineBytes;
    operand.singlePart = std::clamp(
        (kStreamLines - lines) / (kStreamLines - kSingleLines), 0.0, 1.0);
  }
  return traffic;
}
