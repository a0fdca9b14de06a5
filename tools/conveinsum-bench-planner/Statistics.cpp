//===- Statistics.cpp - Samples and their text ----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing here decides anything about a plan, so floating point is fine.
//
//===----------------------------------------------------------------------===//

#include "Statistics.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace conveinsum;
using namespace conveinsum::bench;

double Sample::median() const {
  std::vector<double> sorted = values;
  llvm::sort(sorted);
  return sorted[sorted.size() / 2];
}

double Sample::max() const {
  return *std::max_element(values.begin(), values.end());
}

double Sample::geoMean() const {
  double sum = 0;
  for (double value : values)
    sum += std::log(value);
  return std::exp(sum / double(values.size()));
}

double conveinsum::bench::ratioOf(Count macs, Count best) {
  if (macs == best)
    return 1;
  if (macs == Count::infinity() || best == 0)
    return std::numeric_limits<double>::infinity();
  return ratio(macs, best);
}

std::string conveinsum::bench::formatRatio(double ratio) {
  if (std::isinf(ratio))
    return "inf";
  char buffer[32];
  std::snprintf(buffer, sizeof buffer,
                ratio < 10    ? "%.3f"
                : ratio < 100 ? "%.1f"
                : ratio < 1e5 ? "%.0f"
                              : "%.1e",
                ratio);
  return buffer;
}

std::string conveinsum::bench::formatSeconds(double seconds) {
  char buffer[32];
  if (seconds < 1e-3)
    std::snprintf(buffer, sizeof buffer, "%.3g us", seconds * 1e6);
  else if (seconds < 1)
    std::snprintf(buffer, sizeof buffer, "%.3g ms", seconds * 1e3);
  else
    std::snprintf(buffer, sizeof buffer, "%.3g s", seconds);
  return buffer;
}

std::string conveinsum::bench::formatMacs(std::optional<Count> macs) {
  if (!macs)
    return "-";
  if (macs->bitWidth() > 1000)
    return "2^" + std::to_string(macs->bitWidth() - 1);
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.3e", double(*macs));
  return buffer;
}

std::string conveinsum::bench::formatRatios(const Sample &ratios) {
  if (ratios.isEmpty())
    return "-";
  return formatRatio(ratios.geoMean()) + " (" + formatRatio(ratios.max()) + ")";
}

std::string conveinsum::bench::formatTimes(const Sample &seconds) {
  if (seconds.isEmpty())
    return "-";
  return formatSeconds(seconds.median()) + " / " + formatSeconds(seconds.max());
}
