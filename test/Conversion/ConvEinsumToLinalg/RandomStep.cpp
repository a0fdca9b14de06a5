//===- RandomStep.cpp - Steps that no string could say --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Draws coefficients, offsets, extents and moduli that no user's string could
// say, and the steps that random trees make of random networks.
//
//===----------------------------------------------------------------------===//

#include "RandomStep.h"
#include "conveinsum/Equation/Evaluator.h"
#include <cstdio>
#include <cstdlib>

using llvm::SmallVector;

namespace conveinsum::test {

namespace {
/// Draws one step, mode by mode.
class StepGenerator : EquationParts {
public:
  explicit StepGenerator(SplitMix64 &random) : random(random) {
    operands.resize(random.between(1, 5) == 1 ? 1 : 2);
    shapes.resize(operands.size());
  }

  Equation draw() {
    unsigned plainModes = random.between(0, 4);
    unsigned convModes = random.between(0, plainModes > 2 ? 2 : 3);
    for (unsigned i = 0; i < plainModes; ++i)
      addPlainMode();
    for (unsigned i = 0; i < convModes; ++i)
      addConvMode();
    for (unsigned k = 0; k < operands.size(); ++k)
      shuffleDimensions(k);
    random.shuffle(result);
    return Equation::fromParts(*this);
  }

private:
  ModeId addLabel() {
    labels.push_back(std::string(1, char('a' + labels.size())));
    return ModeId(labels.size() - 1);
  }

  void addDimension(unsigned operand, ModeId mode, int64_t extent) {
    operands[operand].push_back(mode);
    shapes[operand].push_back(extent);
  }

  void addPlainMode() {
    ModeId mode = addLabel();
    int64_t extent = random.oneIn(40) ? 0 : random.between(1, 4);
    unsigned first = unsigned(random.between(0, int64_t(operands.size()) - 1));
    for (unsigned k = 0; k < operands.size(); ++k) {
      if (k != first && random.oneIn(2))
        continue;
      unsigned times = random.oneIn(8) ? 2 : 1;
      for (unsigned i = 0; i < times; ++i)
        addDimension(k, mode, extent);
    }
    if (!random.oneIn(3))
      result.push_back(mode);
  }

  int64_t drawCoefficient() {
    int64_t magnitude = random.between(1, random.oneIn(4) ? 9 : 3);
    return random.oneIn(2) ? magnitude : -magnitude;
  }

  void addConvMode() {
    ModeId mode = addLabel();
    LinearRelation &relation = relations.emplace_back();
    relation.mode = mode;
    for (unsigned k = 0; k < operands.size(); ++k) {
      if (random.oneIn(6))
        continue;
      int64_t extent = random.between(1, random.oneIn(2) ? 9 : 3);
      relation.terms.push_back({k, drawCoefficient(), extent});
      addDimension(k, mode, extent);
    }
    relation.offset = random.between(-12, 12);
    relation.resultCoefficient = random.between(1, random.oneIn(4) ? 9 : 3);
    relation.resultExtent = random.between(1, random.oneIn(3) ? 24 : 8);
    if (random.oneIn(3))
      relation.modulus = random.between(1, 12);
    if (!random.oneIn(4))
      result.push_back(mode);
  }

  void shuffleDimensions(unsigned operand) {
    SmallVector<unsigned, 8> order;
    for (unsigned i = 0; i < operands[operand].size(); ++i)
      order.push_back(i);
    random.shuffle(order);
    SmallVector<ModeId, 6> modes;
    Shape shape;
    for (unsigned i : order) {
      modes.push_back(operands[operand][i]);
      shape.push_back(shapes[operand][i]);
    }
    operands[operand] = modes;
    shapes[operand] = shape;
  }

  SplitMix64 &random;
};
} // namespace

Equation randomStep(uint64_t seed) {
  SplitMix64 random(seed);
  for (;;) {
    Equation equation = StepGenerator(random).draw();
    if (equation.verify([](const Fault &) {}) &&
        evaluationWork(equation) <= 30000)
      return equation;
  }
}

std::vector<Equation> randomNetworkSteps(uint64_t seed) {
  RandomEquation drawn = randomEquation(seed);
  std::optional<Equation> network = Equation::create(
      drawn.text, drawn.geometry, drawn.shapes, [&](const Fault &diagnostic) {
        std::fprintf(stderr, "%s\n", diagnostic.message.c_str());
        std::abort();
      });
  SplitMix64 random(seed);
  std::vector<SetValue> values;
  for (unsigned k = 0; k < network->numOperands(); ++k)
    values.push_back(network->leaf(k));
  if (values.size() == 1)
    return {*network};
  std::vector<Equation> steps;
  while (values.size() > 1) {
    random.shuffle(values);
    SetValue right = values.back();
    values.pop_back();
    SetValue left = values.back();
    steps.push_back(network->step(left, right));
    values.back() = network->join(left, right);
  }
  return steps;
}

} // namespace conveinsum::test
