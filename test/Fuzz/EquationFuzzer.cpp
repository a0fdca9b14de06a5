//===- EquationFuzzer.cpp - Equations, geometry and what follows ----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An input is what stands on a command line, a word a line: the equation,
// shapes and, with a colon, geometry.
//
//     bshw,tshw->bthw|hw
//     2x3x8x8
//     4x3x3x3
//     h,w:stride=2
//
// What resolves must survive every way of taking it apart and putting it
// together, and its steps from left to right must compute, bit for bit, what it
// means.
//
//===----------------------------------------------------------------------===//

#include "FuzzTarget.h"
#include "conveinsum/Equation/Evaluator.h"
#include "conveinsum/Equation/GeometryText.h"
#include "conveinsum/Runtime/SplitMix.h"

using namespace conveinsum;
using namespace conveinsum::test;

/// Beyond it nothing is evaluated.
static constexpr uint64_t kMostWork = 20000;
/// Beyond it no step is taken; their number of pairs is quadratic.
static constexpr unsigned kMostOperands = 12;

namespace {
using Values = std::vector<uint64_t>;

/// A value of a set of operands, with its entries where they are computed.
struct Value {
  SetValue set;
  Values entries;
};
} // namespace

static Values drawEntries(llvm::ArrayRef<int64_t> shape, uint64_t seed) {
  uint64_t count = 1;
  for (int64_t extent : shape)
    count *= uint64_t(extent);
  Values entries(count);
  for (uint64_t &entry : entries)
    entry = nextSplitMix(seed);
  return entries;
}

/// Zeros around a result, and what a crop leaves, are not visited but there.
static bool isAffordable(const Equation &equation) {
  Count entries = equation.elements(equation.fullSet());
  for (unsigned k = 0; k < equation.numOperands(); ++k) {
    Count own = 1;
    for (int64_t extent : equation.operandShape(k))
      own = own * Count(uint64_t(extent));
    entries = entries + own;
  }
  return entries <= Count(kMostWork) &&
         evaluationWork(equation) <= Count(kMostWork);
}

static Values meaning(const Equation &equation,
                      llvm::ArrayRef<llvm::ArrayRef<uint64_t>> operands) {
  return evaluate<uint64_t>(equation, operands).value;
}

/// The ways of storing an equation give it back.
static void checkForms(const Equation &equation) {
  auto isGood = [](const Equation &other) {
    Refusals refusals;
    bool verified = other.verify(refusals.sink());
    refusals.requireExactlyUnless(verified);
    return verified;
  };
  require(isGood(equation), "what resolves verifies: " + equation.text());
  Equation again = Equation::fromParts(equation.parts());
  require(again == equation, "parts give the equation: " + equation.text());
  require(again.canonicalKey() == equation.canonicalKey(),
          "equal equations have one key");

  Refusals refusals;
  std::vector<Shape> shapes;
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    shapes.emplace_back(equation.operandShape(k));
  Shape result = equation.resultShape();
  std::optional<Equation> bound =
      equation.withoutShapes().withShapes(shapes, result, refusals.sink());
  refusals.requireExactlyUnless(bound.has_value());
  require(bound && *bound == equation,
          "a structure takes its shapes back: " + equation.text());

  Refusals syntaxRefusals;
  std::optional<Syntax> syntax =
      Syntax::parse(equation.text(), syntaxRefusals.sink());
  syntaxRefusals.requireExactlyUnless(syntax.has_value());
  require(syntax.has_value(), "what is printed parses: " + equation.text());
  require(syntax->labels.size() == equation.numModes(),
          "what is printed has the same modes: " + equation.text());
}

/// Joins two values, and what they hold if `computes`.
static Value joinValues(const Equation &equation, const Value &left,
                        const Value &right, bool computes) {
  Equation step = equation.step(left.set, right.set);
  Refusals refusals;
  bool verified = step.verify(refusals.sink());
  refusals.requireExactlyUnless(verified);
  require(verified, "a step verifies: " + step.text());
  Value joined{equation.join(left.set, right.set), {}};
  Count exact = equation.macs(left.set.set, right.set.set, MacCount::Exact);
  Count dense = equation.macs(left.set.set, right.set.set, MacCount::Dense);
  (void)exact, (void)dense;
  for (const LinearRelation &relation : equation.relations())
    equation.convFactor(relation, left.set.set, right.set.set, MacCount::Exact);
  equation.kind(left.set.set, right.set.set);
  equation.elements(joined.set.set);
  if (computes)
    joined.entries = meaning(step, {left.entries, right.entries});
  return joined;
}

/// Follows the steps from left to right.
static void checkSteps(const Equation &equation) {
  bool computes = isAffordable(equation);
  std::vector<Value> leaves;
  llvm::SmallVector<llvm::ArrayRef<uint64_t>> operands;
  for (unsigned k = 0; k < equation.numOperands(); ++k) {
    Value leaf{equation.leaf(k), {}};
    for (ModeId mode : equation.kept(equation.singleton(k)))
      equation.extent(mode, equation.singleton(k));
    if (computes)
      leaf.entries = drawEntries(equation.operandShape(k), k + 1);
    leaves.push_back(std::move(leaf));
  }
  for (const Value &leaf : leaves)
    operands.push_back(leaf.entries);
  Values whole;
  if (computes)
    whole = meaning(equation, operands);
  if (equation.numOperands() == 1)
    return;

  Value value = leaves[0];
  for (unsigned k = 1; k < equation.numOperands(); ++k) {
    if (computes && !isAffordable(equation.step(value.set, leaves[k].set)))
      computes = false;
    value = joinValues(equation, value, leaves[k], computes);
  }
  if (computes)
    require(value.entries == whole,
            "steps compute what the equation means: " + equation.text());
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef input(reinterpret_cast<const char *>(data), size);
  auto [text, rest] = input.split('\n');

  Refusals textRefusals(text);
  std::optional<Syntax> syntax = Syntax::parse(text, textRefusals.sink());
  textRefusals.requireExactlyUnless(syntax.has_value());

  GeometryOptions geometry;
  std::vector<Shape> shapes;
  while (!rest.empty()) {
    llvm::StringRef word;
    std::tie(word, rest) = rest.split('\n');
    Refusals refusals;
    if (word.contains(':')) {
      bool added = geometry.add(word, refusals.sink());
      refusals.requireExactlyUnless(added);
      continue;
    }
    std::optional<Shape> shape = parseShape(word, refusals.sink(), true);
    refusals.requireExactlyUnless(shape.has_value());
    if (shape)
      shapes.push_back(std::move(*shape));
  }
  if (!syntax)
    return 0;

  Refusals refusals(text);
  std::optional<Equation> equation =
      Equation::resolve(*syntax, geometry.geometry(), shapes, refusals.sink());
  refusals.requireExactlyUnless(equation.has_value());
  if (!equation)
    return 0;
  checkForms(*equation);
  for (const LinearRelation &relation : equation->relations())
    equation->relationText(relation);
  if (equation->hasStaticShapes()) {
    if (equation->numOperands() <= kMostOperands)
      checkSteps(*equation);
  } else if (std::optional<Equation> assumed =
                 equation->withAssumedExtents(4)) {
    require(assumed->hasStaticShapes(), "assumed extents are numbers");
    checkForms(*assumed);
  }
  return 0;
}
