//===- Anchors.cpp - What other planners found ----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads paths and counts what they cost.
//
//===----------------------------------------------------------------------===//

#include "Anchors.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
using namespace conveinsum::bench;
namespace json = llvm::json;

std::optional<ContractionTree>
conveinsum::bench::treeOfPath(llvm::ArrayRef<std::vector<unsigned>> path,
                              unsigned numOperands) {
  std::vector<unsigned> values(numOperands);
  std::iota(values.begin(), values.end(), 0u);
  std::vector<ContractionTree::Step> steps;
  auto join = [&](llvm::ArrayRef<unsigned> joined) {
    unsigned value = joined.front();
    for (unsigned other : joined.drop_front()) {
      steps.emplace_back(value, other);
      value = numOperands + steps.size() - 1;
    }
    return value;
  };
  for (std::vector<unsigned> positions : path) {
    llvm::sort(positions, std::greater<>());
    if (llvm::adjacent_find(positions) != positions.end())
      return std::nullopt;
    std::vector<unsigned> joined;
    for (unsigned position : positions) {
      if (position >= values.size())
        return std::nullopt;
      joined.push_back(values[position]);
      values.erase(values.begin() + position);
    }
    if (!joined.empty())
      values.push_back(join(joined));
  }
  if (values.empty())
    return std::nullopt;
  join(values);
  ContractionTree tree(numOperands, steps);
  if (!tree.verify([](const Fault &) {}))
    return std::nullopt;
  return tree;
}

/// The key `path` of a line.
static std::optional<std::vector<std::vector<unsigned>>>
readPath(const json::Object &line) {
  const json::Array *entries = line.getArray("path");
  if (!entries)
    return std::nullopt;
  std::vector<std::vector<unsigned>> path;
  for (const json::Value &entry : *entries) {
    const json::Array *positions = entry.getAsArray();
    if (!positions)
      return std::nullopt;
    std::vector<unsigned> &joined = path.emplace_back();
    for (const json::Value &value : *positions) {
      auto position = value.getAsInteger();
      if (!position || *position < 0)
        return std::nullopt;
      joined.push_back(unsigned(*position));
    }
  }
  return path;
}

static Run runOf(const json::Object &line, const Equation &equation) {
  Run run;
  run.planner = line.getString("planner").value_or("").str();
  if (auto error = line.getString("error")) {
    run.note = error->str();
    return run;
  }
  auto path = readPath(line);
  auto tree = path ? treeOfPath(*path, equation.numOperands()) : std::nullopt;
  auto seconds = line.getNumber("seconds");
  if (!tree || !seconds) {
    run.note = "malformed";
    return run;
  }
  run.seconds = *seconds;
  run.macs = evaluateGoal(equation, *tree, PlanGoal()).value;
  return run;
}

bool conveinsum::bench::readAnchors(llvm::StringRef path,
                                    std::vector<Result> &results) {
  llvm::StringMap<Result *> byName;
  for (Result &result : results)
    byName[result.network.name] = &result;
  return readLines(path, [&](const json::Object &line) {
    llvm::StringRef name = line.getString("name").value_or("");
    Result *result = byName.lookup(name);
    if (!result) {
      llvm::errs() << path << ": no network '" << name << "'\n";
      return false;
    }
    result->runs.push_back(runOf(line, result->network.equation));
    return true;
  });
}
