//===- Scales.cpp - The axes of a drawing of a front ----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reader wants few ticks with short numbers.
//
//===----------------------------------------------------------------------===//

#include "Scales.h"
#include "Report/Text/Numbers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace conveinsum;
using llvm::ArrayRef;
using llvm::StringRef;

static constexpr unsigned kMaxTicks = 6, kMaxDecimals = 9;

std::string conveinsum::shortBytes(Count bytes) {
  if (bytes == 0)
    return "0";
  std::string text = humanBytes(bytes);
  auto [digits, unit] = StringRef(text).split(' ');
  // There is no point in whole numbers, and an exponent after it in huge ones.
  if (digits.contains('.') && !digits.contains('e'))
    digits = digits.rtrim('0').rtrim('.');
  return digits.str() + " " + unit.str();
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

static int floorLog(const Count &bytes) {
  return bytes ? int(bytes.bitWidth()) - 1 : 0;
}

/// The binary logarithm, linear between powers of two.
static double logarithm(Count bytes) {
  int power = floorLog(bytes);
  return power + (ratio(bytes, Count::powerOfTwo(power)) - 1);
}

ByteScale::ByteScale(ArrayRef<Count> ascending) {
  if (ascending.empty() || ascending.back() == 0)
    return;
  largest = ascending.back();
  size_t crowded = llvm::count_if(
      ascending, [&](Count bytes) { return bytes <= largest / 32; });
  isLog = crowded > 2 && 3 * crowded >= ascending.size();
  if (isLog)
    chooseDoublings(
        *llvm::find_if(ascending, [](Count bytes) { return bytes != 0; }));
  else
    while (largest / step > kMaxTicks)
      step *= 2;
}

/// The lowest tick is at most `first`. 0 is before it by as much as ticks are
/// apart.
void ByteScale::chooseDoublings(Count first) {
  int highest = floorLog(largest);
  while ((highest - floorLog(first)) / doublings >= int(kMaxTicks))
    ++doublings;
  lowest = floorLog(first) / doublings * doublings;
  origin = lowest - doublings;
}

double ByteScale::part(Count bytes) const {
  if (bytes == 0)
    return 0;
  if (!isLog)
    return ratio(bytes, largest);
  return (logarithm(bytes) - origin) / (logarithm(largest) - origin);
}

std::vector<Count> ByteScale::ticks() const {
  std::vector<Count> ticks{0};
  if (isLog)
    for (int power = lowest; power <= floorLog(largest); power += doublings)
      ticks.push_back(Count::powerOfTwo(power));
  else
    for (Count tick = 1; tick <= largest / step; tick += 1)
      ticks.push_back(tick * step);
  return ticks;
}

//===----------------------------------------------------------------------===//
// Ratios
//===----------------------------------------------------------------------===//

RatioTicks::RatioTicks(double length) {
  while (length / step > kMaxTicks)
    step *= 10;
  // From 10 to 5, 2 and 1, and again with one more decimal.
  static constexpr double factors[] = {0.5, 0.4, 0.5};
  for (unsigned turn = 0; decimals < kMaxDecimals; ++turn) {
    double next = step * factors[turn % 3];
    if (length / next > kMaxTicks)
      return;
    step = next;
    decimals += step < 1 && turn % 3 == 0;
  }
}

std::string RatioTicks::text(double ratio, unsigned more) const {
  if (ratio >= 1e6)
    return humanRatio(ratio);
  unsigned digits = std::max(2u, decimals + more);
  return llvm::formatv(("{0:f" + std::to_string(digits) + "}").c_str(), ratio);
}
