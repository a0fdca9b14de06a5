//===- CheckCommand.cpp - conveinsum check --------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fills the operands, computes the definition once, and compares the value of
// every tree with it.
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

/// Operands, reference and, per tree, its text and comparison.
namespace {
struct CheckResult {
  std::vector<std::pair<std::string, Comparison>> trees;
  Comparison worst;
};
} // namespace

static std::optional<std::vector<Tensor>>
makeOperands(const Equation &equation, ElementType type, ErrorFn onError) {
  std::vector<Tensor> operands;
  for (unsigned k = 0; k < equation.numOperands(); ++k) {
    std::optional<Tensor> tensor =
        allocateTensor(type, equation.operandShape(k), onError);
    if (!tensor)
      return std::nullopt;
    fillOperand(*tensor, k);
    operands.push_back(std::move(*tensor));
  }
  return operands;
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
      makeOperands(equation, types.operand, onError);
  if (!operands || !runner.compile(driver, onError))
    return nullptr;

  Reference reference(equation, *operands, types);
  uint64_t budget = availableMemory() / 4;
  auto result = std::make_shared<CheckResult>();
  for (auto [tree, root] : llvm::zip_equal(trees, roots)) {
    std::optional<Tensor> value = runner.run(root, *operands, budget, onError);
    if (!value)
      return nullptr;
    Comparison comparison = reference.compare(*value);
    if (result->trees.empty() || comparison.nearness > result->worst.nearness)
      result->worst = comparison;
    result->trees.emplace_back(tree.treeText(), comparison);
  }
  return result;
}

/// A tree that failed is shown in full: it is what shows the fault again.
static void printTree(const std::string &tree, const Comparison &comparison,
                      llvm::raw_ostream &os, const Style &style) {
  std::string verdict =
      llvm::formatv("{0,-6} ", comparison.passed ? "ok" : "FAILED");
  std::string text = llvm::formatv("error {0:e2}  bound {1:e2}  {2}",
                                   comparison.maxError, comparison.bound, tree);
  os << verdict;
  printWrapped(os, style, text, verdict.size(),
               comparison.passed ? 1 : text.size());
}

static void printResult(const CheckResult &result, llvm::raw_ostream &os,
                        const TableOptions &options) {
  for (const auto &[tree, comparison] : result.trees)
    printTree(tree, comparison, os, options);
  bool color = options.color;
  if (color)
    os.changeColor(result.worst.passed ? llvm::raw_ostream::GREEN
                                       : llvm::raw_ostream::RED);
  os << (result.worst.passed ? "passed" : "FAILED");
  if (color)
    os.resetColor();
  std::string text = llvm::formatv(": {0} trees, error {1:e2}, bound {2:e2}",
                                   result.trees.size(), result.worst.maxError,
                                   result.worst.bound);
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
  outcome.passed = result->worst.passed;
  outcome.json =
      json::Object{{"name", nullptr},
                   {"passed", result->worst.passed},
                   {"trees", int64_t(result->trees.size())},
                   {"max_error", finiteNumber(result->worst.maxError)},
                   {"bound", finiteNumber(result->worst.bound)}};
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
