//===- Statistics.h - Samples and their text --------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Medians, means of ratios, and how numbers are written in tables.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TOOLS_BENCH_PLANNER_STATISTICS_H
#define CONVEINSUM_TOOLS_BENCH_PLANNER_STATISTICS_H

#include "conveinsum/Equation/Equation.h"

namespace conveinsum::bench {

class Sample {
public:
  void add(double value) { values.push_back(value); }
  size_t size() const { return values.size(); }
  bool isEmpty() const { return values.empty(); }

  /// The sample must not be empty. Of two in the middle the larger.
  double median() const;
  double max() const;
  /// Of positive values.
  double geoMean() const;

private:
  std::vector<double> values;
};

/// How many times the cost `best` the cost `macs` is: infinite if only `macs`
/// has saturated, and 1 if both have, or are 0.
double ratioOf(Count macs, Count best);

/// `1.000`, `24.8`, `2632`, `1.2e+15`, `inf`.
std::string formatRatio(double ratio);
/// `12.3 us`, `4.56 ms`, `1.23 s`.
std::string formatSeconds(double seconds);
/// `1.23e+15`; `-` without a count, `2^128` if it has saturated.
std::string formatMacs(std::optional<Count> macs);
/// `geo-mean (worst)`; `-` if empty.
std::string formatRatios(const Sample &ratios);
/// `median / max`; `-` if empty.
std::string formatTimes(const Sample &seconds);

} // namespace conveinsum::bench

#endif // CONVEINSUM_TOOLS_BENCH_PLANNER_STATISTICS_H
