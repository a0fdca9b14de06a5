//===- Tables.h - The tables of the benchmark -------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything that was measured, as Markdown and as JSON.
// docs/PlannerBenchmark.md explains the columns.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TOOLS_BENCH_PLANNER_TABLES_H
#define CONVEINSUM_TOOLS_BENCH_PLANNER_TABLES_H

#include "Measure.h"

namespace conveinsum::bench {

/// Rows under a head; the columns are as wide as their widest cell.
class MarkdownTable {
public:
  explicit MarkdownTable(std::vector<std::string> head)
      : rows{std::move(head)} {}
  void add(std::vector<std::string> row) { rows.push_back(std::move(row)); }
  void print(llvm::raw_ostream &os) const;

private:
  std::vector<std::vector<std::string>> rows;
};

/// The results of one set, or of one group of it.
using Results = std::vector<const Result *>;
Results select(llvm::ArrayRef<Result> results, llvm::StringRef set,
               llvm::StringRef group = "");

/// Planners against the best known MACs, per group of networks.json.
void printFile(llvm::ArrayRef<Result> results, llvm::raw_ostream &os);
/// The same per number of operands: costs, times, and our time against the
/// fastest of the others that finds what none of them beats.
void printRandom(llvm::ArrayRef<Result> results, llvm::raw_ostream &os);
/// The search over connected trees against that of cotengrust.
void printConnected(llvm::ArrayRef<Result> results, llvm::raw_ostream &os);
/// One row per network.
void printLarge(llvm::ArrayRef<Result> results, llvm::raw_ostream &os);

/// Seconds of the fastest of the others whose plan none of the others beats.
std::optional<double> fastestOther(const Result &result);

/// Every run, as an array.
llvm::json::Array toJSON(llvm::ArrayRef<Result> results);

} // namespace conveinsum::bench

#endif // CONVEINSUM_TOOLS_BENCH_PLANNER_TABLES_H
