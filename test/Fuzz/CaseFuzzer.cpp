//===- CaseFuzzer.cpp - Cases, machines, networks and paths ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An input is a text that somebody brings: JSON, which is read as a case, as
// the description of a machine and as a network of another planner, with the
// orders that it names; or else a tree or a path alone.
//
//===----------------------------------------------------------------------===//

#include "FuzzTarget.h"
#include "conveinsum/Equation/Case.h"
#include "conveinsum/Equation/JsonObject.h"
#include "conveinsum/Plan/Interchange/Interchange.h"
#include "conveinsum/Plan/Request/PathSplit.h"
#include "conveinsum/Target/TargetModel.h"

using namespace conveinsum;
using namespace conveinsum::test;
namespace json = llvm::json;

/// Splits of wide steps are searched for: enough for every path of few words.
static constexpr unsigned kMostOperands = 10;

static std::string textOf(const json::Value &value) {
  if (std::optional<llvm::StringRef> text = value.getAsString())
    return text->str();
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

static void checkTree(llvm::StringRef text, unsigned operands) {
  Refusals refusals(text);
  std::optional<ContractionTree> tree =
      ContractionTree::parseTree(text, operands, refusals.sink());
  refusals.requireExactlyUnless(tree.has_value());
  if (!tree)
    return;
  Refusals none;
  require(tree->verify(none.sink()), "a tree that is read verifies");
  auto again =
      ContractionTree::parseTree(tree->treeText(), operands, none.sink());
  require(again && *again == *tree, "a tree prints as it reads");
  auto linear = ContractionTree::parseLinearPath(tree->linearPathText(),
                                                 operands, none.sink());
  require(linear && linear->treeText().size() == tree->treeText().size(),
          "a tree has a linear path");
  auto ssa =
      ContractionTree::parseSsaPath(tree->ssaPathText(), operands, none.sink());
  require(ssa && *ssa == *tree, "an ssa path holds the steps");
}

/// Reads a path in both forms; splits its wide steps if there is an equation.
static void checkPath(llvm::StringRef text, unsigned operands,
                      const Equation *equation) {
  for (PathForm form : {PathForm::Linear, PathForm::Ssa}) {
    Refusals refusals(text);
    std::optional<ContractionPath> path =
        ContractionPath::parse(text, form, operands, refusals.sink());
    refusals.requireExactlyUnless(path.has_value());
    if (!path || !equation)
      continue;
    Refusals splitRefusals;
    std::optional<SplitPath> split =
        splitPath(*equation, *path, PlanGoal(), splitRefusals.sink());
    splitRefusals.requireExactlyUnless(split.has_value());
    Refusals none;
    if (split)
      require(split->tree.verify(none.sink()), "a split path is a tree");
  }
}

static void checkOrders(const json::Object &object, const Equation *equation,
                        unsigned operands) {
  if (const json::Value *tree = object.get("tree"))
    checkTree(textOf(*tree), operands);
  for (llvm::StringRef key : {"path", "ssa_path"})
    if (const json::Value *path = object.get(key))
      checkPath(textOf(*path), operands, equation);
}

static void checkCase(const json::Object &object) {
  Refusals refusals;
  std::optional<Case> problem = Case::fromJSON(object, refusals.sink());
  refusals.requireExactlyUnless(problem.has_value());
  std::optional<Equation> equation;
  if (problem) {
    Refusals resolving(problem->expr);
    equation = problem->resolve(resolving.sink());
    resolving.requireExactlyUnless(equation.has_value());
  }
  bool isSmall = equation && equation->numOperands() <= kMostOperands &&
                 equation->hasStaticShapes();
  checkOrders(object, isSmall ? &*equation : nullptr,
              equation ? equation->numOperands() : 3);
}

static void checkTarget(const json::Object &object) {
  Refusals refusals;
  json::Value value = json::Object(object);
  std::optional<TargetModel> target =
      TargetModel::fromJSON(value, refusals.sink());
  refusals.requireExactlyUnless(target.has_value());
  if (!target)
    return;
  json::Value written = target->toJSON();
  Refusals none;
  std::optional<TargetModel> again =
      TargetModel::fromJSON(written, none.sink());
  require(again && json::Value(again->toJSON()) == written,
          "a machine is written as it is read");
  for (StepKind kind : {StepKind::Elementwise, StepKind::Contraction}) {
    Count one = target->predict(kind, ElementType::F32, 1, 8).picoseconds;
    Count more =
        target->predict(kind, ElementType::F32, 1000, 8000).picoseconds;
    require(!(more < one), "more work takes no less time");
  }
}

static void checkNetwork(const json::Object &object) {
  Refusals refusals;
  std::optional<ImportedNetwork> network =
      importNetwork(json::Object(object), refusals.sink());
  refusals.requireExactlyUnless(network.has_value());
  if (!network)
    return;
  Refusals resolving(network->text);
  std::optional<Equation> equation =
      Equation::create(network->text, {}, network->shapes, resolving.sink());
  resolving.requireExactlyUnless(equation.has_value());
  if (!equation)
    return;
  Refusals exporting;
  std::optional<json::Object> written = exportNetwork(
      *equation, network->tree ? &*network->tree : nullptr, exporting.sink());
  exporting.requireExactlyUnless(written.has_value());
  if (!written)
    return;
  Refusals none;
  std::optional<ImportedNetwork> again =
      importNetwork(std::move(*written), none.sink());
  none.requireExactlyUnless(true);
  require(again && again->shapes == network->shapes,
          "a network is read as it was written");
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef text(reinterpret_cast<const char *>(data), size);
  Refusals refusals;
  std::optional<json::Object> object = parseJsonObject(text, refusals.sink());
  refusals.requireExactlyUnless(object.has_value());
  if (!object) {
    unsigned operands = 1 + std::min<size_t>(text.count(','), 200);
    checkTree(text, operands);
    checkPath(text, operands, nullptr);
    return 0;
  }
  checkCase(*object);
  checkTarget(*object);
  checkNetwork(*object);
  return 0;
}
