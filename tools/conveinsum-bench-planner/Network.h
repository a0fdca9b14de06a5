//===- Network.h - The networks of the benchmark ----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A network travels as one line of JSON: a case object of docs/Cli.md with what
// the benchmark needs to know besides.
//
//   {"name": "random_n5_r2_s0", "set": "random", "group": "N=5",
//    "expr": "ab,bc->ac", "shapes": [[2,3],[3,4]],
//    "best": {"macs": 24, "proven": true},
//    "inputs": ["ab","bc"], "output": "ac", "sizes": {"a":2,"b":3,"c":4}}
//
// The last three keys are the network as other planners see it (Proxy.cpp);
// `best` and `conv_modes` are there where a data file has them.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TOOLS_BENCH_PLANNER_NETWORK_H
#define CONVEINSUM_TOOLS_BENCH_PLANNER_NETWORK_H

#include "conveinsum/Equation/Equation.h"
#include "llvm/Support/JSON.h"

namespace conveinsum::bench {

struct Network {
  std::string name;
  /// Which tables it is for: `file`, `random`, `connected` or `large`.
  std::string set;
  /// Which row or column of them.
  std::string group;
  Equation equation;
  /// From a data file: the fewest MACs known, and whether fewer are impossible.
  std::optional<Count> bestMacs;
  bool isProven = false;

  unsigned size() const { return equation.numOperands(); }
  bool isConvolutional() const { return !equation.relations().empty(); }

  /// Reads a line; prints what is wrong with it.
  static std::optional<Network> fromJSON(const llvm::json::Object &object);
};

/// All networks of a file of lines; nothing if one is malformed.
std::optional<std::vector<Network>> readNetworks(llvm::StringRef path);

/// Calls `take` with every object of a file of JSON lines; false, with a
/// message, if the file or a line cannot be read, or if `take` says so.
bool readLines(llvm::StringRef path,
               llvm::function_ref<bool(const llvm::json::Object &)> take);

/// The networks of `test/data/networks.json` as lines; without those of set
/// `file` that have more than `mostOperands`.
std::vector<llvm::json::Object> networksOfFile(llvm::StringRef path,
                                               unsigned mostOperands);

/// Adds `inputs`, `output` and `sizes`: every tensor a string of one-character
/// labels. Other planners know no conv modes: every holder of one has a mode of
/// its own instead, which the result has too. That is the most that an einsum
/// can say.
bool addProxy(llvm::json::Object &network);

} // namespace conveinsum::bench

#endif // CONVEINSUM_TOOLS_BENCH_PLANNER_NETWORK_H
