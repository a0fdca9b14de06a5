//===- CheckCommand.cpp - conveinsum check --------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fills the operands in several ways. For each, computes the definition once
// and compares the value of every tree with it.
//
//===----------------------------------------------------------------------===//

#include "Compiling.h"
#include "JsonText.h"
#include "Memory.h"
#include "Report/Text/Lines.h"
#include "Session.h"
#include "Tables.h"
#include "conveinsum/Check/Fill.h"
#include "conveinsum/Check/Reference.h"
#include "conveinsum/Check/TreeRunner.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;
namespace json = llvm::json;

/// Operands up to which all trees are checked by default.
static constexpr unsigned kAllTreesOperands = 5;
static constexpr uint64_t kDefaultTrees = 100;
/// Trees that fit the memory and the patience of anyone.
static constexpr uint64_t kMaxTrees = 1000000;
/// Products of the definition, about half a minute, after which no other fill
/// is begun.
static constexpr uint64_t kMaxFillWork = 1'000'000'000;

static std::optional<std::vector<ContractionTree>>
chooseTrees(const Arguments &arguments, unsigned operands, ErrorFn onError) {
  uint64_t limit = operands <= kAllTreesOperands ? kMaxTrees : kDefaultTrees;
  std::optional<StringRef> word = arguments.value("trees");
  if (word && *word != "all" && (word->getAsInteger(10, limit) || limit == 0)) {
    refuse(onError, "expected --trees to be all or a positive number, got '" +
                        *word + "'");
    return std::nullopt;
  }
  Count trees = numberOfTrees(operands);
  if (word && *word == "all")
    limit = kMaxTrees;
  if (std::min(trees, Count(limit)) > kMaxTrees ||
      (word && *word == "all" && trees > kMaxTrees)) {
    refuse(onError, "too many trees to check: expected at most " +
                        llvm::Twine(kMaxTrees) + ", got " + toString(trees) +
                        " of " + llvm::Twine(operands) +
                        " operands; use --trees=N");
    return std::nullopt;
  }
  return spreadTrees(operands, limit);
}

namespace {
/// The comparison that came nearest to its bound, and of what it is one.
struct Nearest {
  Comparison comparison;
  std::optional<FillKind> fill;

  void add(const Comparison &other, FillKind kind) {
    if (fill && other.nearness <= comparison.nearness)
      return;
    comparison = other;
    fill = kind;
  }
};

/// The texts of all trees, with the worst of their fills.
struct CheckResult {
  std::vector<std::pair<std::string, Nearest>> trees;
  std::vector<std::string_view> fills;
  Nearest worst;
};
} // namespace

static std::optional<std::vector<Tensor>>
allocateOperands(const Equation &equation, ElementType type, ErrorFn onError) {
  std::vector<Tensor> operands;
  for (unsigned k = 0; k < equation.numOperands(); ++k) {
    std::optional<Tensor> tensor =
        allocateTensor(type, equation.operandShape(k), onError);
    if (!tensor)
      return std::nullopt;
    operands.push_back(std::move(*tensor));
  }
  return operands;
}

/// The fills that the definition is computed for.
static std::vector<Fill> chooseFills(const Equation &equation,
                                     ElementType type) {
  std::vector<Fill> fills = Fill::all(equation, type);
  Count work = evaluationWork(equation), sum = work;
  size_t count = 1;
  for (; count < fills.size() && sum <= kMaxFillWork; ++count)
    sum += work;
  fills.resize(count, Fill::mixedSigns());
  return fills;
}

static std::shared_ptr<CheckResult>
checkTrees(const Equation &equation, ElementTypes types,
           llvm::ArrayRef<ContractionTree> trees, Driver &driver,
           ErrorFn onError) {
  TreeRunner runner(equation, types);
  llvm::SmallVector<unsigned> roots;
  for (const ContractionTree &tree : trees)
    roots.push_back(runner.addTree(tree));
  std::optional<std::vector<Tensor>> operands =
      allocateOperands(equation, types.operand, onError);
  if (!operands || !runner.compile(driver, onError))
    return nullptr;

  auto result = std::make_shared<CheckResult>();
  for (const ContractionTree &tree : trees)
    result->trees.emplace_back(tree.treeText(), Nearest());
  for (const Fill &fill : chooseFills(equation, types.operand)) {
    for (unsigned k = 0; k < equation.numOperands(); ++k)
      fill.apply((*operands)[k], k);
    runner.forget();
    Reference reference(equation, *operands, types);
    uint64_t budget = availableMemory() / 4;
    for (auto [root, tree] : llvm::zip_equal(roots, result->trees)) {
      std::optional<Tensor> value =
          runner.run(root, *operands, budget, onError);
      if (!value)
        return nullptr;
      Comparison comparison = reference.compare(*value);
      tree.second.add(comparison, fill.kind());
      result->worst.add(comparison, fill.kind());
    }
    result->fills.push_back(name(fill.kind()));
  }
  return result;
}

/// A tree that failed is shown in full: it is what shows the fault again.
static void printTree(const std::string &tree, const Nearest &nearest,
                      llvm::raw_ostream &os, const Style &style) {
  const Comparison &comparison = nearest.comparison;
  std::string verdict =
      llvm::formatv("{0,-6} ", comparison.passed ? "ok" : "FAILED");
  std::string text = llvm::formatv("error {0:e2}  bound {1:e2}  {2,-11}  {3}",
                                   comparison.maxError, comparison.bound,
                                   name(*nearest.fill), tree);
  os << verdict;
  printWrapped(os, style, text, verdict.size(),
               comparison.passed ? 1 : text.size());
}

static void printResult(const CheckResult &result, llvm::raw_ostream &os,
                        const TableOptions &options) {
  for (const auto &[tree, nearest] : result.trees)
    printTree(tree, nearest, os, options);
  bool color = options.color;
  const Comparison &worst = result.worst.comparison;
  if (color)
    os.changeColor(worst.passed ? llvm::raw_ostream::GREEN
                                : llvm::raw_ostream::RED);
  os << (worst.passed ? "passed" : "FAILED");
  if (color)
    os.resetColor();
  std::string text =
      llvm::formatv(": {0} trees, {1} fills, error {2:e2}, bound {3:e2}, {4}",
                    result.trees.size(), result.fills.size(), worst.maxError,
                    worst.bound, name(*result.worst.fill));
  printWrapped(os, options, text, /*indent=*/6, /*lines=*/2);
}

static std::optional<Outcome> checkOne(const Network &network,
                                       const Arguments &arguments,
                                       DriverSource &drivers, ErrorFn onError) {
  std::optional<DriverOptions> options =
      readDriverOptions(arguments, "host", 1, onError);
  std::optional<Equation> equation = network.problem.resolve(onError);
  std::optional<ElementTypes> types =
      resultTypes(network, network.dtype.value_or(ElementType::F32), onError);
  std::optional<TableOptions> table = readTableOptions(arguments, onError);
  if (!options || !equation || !types || !table ||
      !Reference::isAffordable(*equation, onError))
    return std::nullopt;
  MemoryNeed need;
  need.add("check", Reference::bytesNeeded(*equation, types->operand));
  std::optional<std::vector<ContractionTree>> trees =
      chooseTrees(arguments, equation->numOperands(), onError);
  if (!checkMemory(need, arguments, onError) || !trees)
    return std::nullopt;
  // Steps are many and small: the compiler's time counts, not that of the code.
  options->optLevel = OptLevel::O0;
  setThreads(options->threads);
  std::shared_ptr<CheckResult> result =
      checkTrees(*equation, *types, *trees, drivers.get(*options), onError);
  if (!result)
    return std::nullopt;
  Outcome outcome;
  const Comparison &worst = result->worst.comparison;
  outcome.passed = worst.passed;
  outcome.json =
      json::Object{{"name", nullptr},
                   {"passed", worst.passed},
                   {"trees", int64_t(result->trees.size())},
                   {"fills", json::Array(result->fills)},
                   {"worst_fill", std::string(name(*result->worst.fill))},
                   {"max_error", finiteNumber(worst.maxError)},
                   {"bound", finiteNumber(worst.bound)}};
  if (network.problem.name)
    outcome.json["name"] = *network.problem.name;
  outcome.print = [result, table = *table](llvm::raw_ostream &os,
                                           bool color) mutable {
    table.color = color;
    printResult(*result, os, table);
  };
  return outcome;
}

int command::runCheckCommand(const Arguments &arguments) {
  DriverSource drivers;
  return forEachNetwork(arguments,
                        [&](const Network &network, ErrorFn onError) {
                          return checkOne(network, arguments, drivers, onError);
                        });
}
