//===- SubsetFiguresTest.cpp - The tables of the search -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every pair of disjoint sets must cost what the equation says, whichever
// operands are chosen and whatever the tables merge.
//
//===----------------------------------------------------------------------===//

#include "Plan/Cost/SubsetFigures.h"
#include "Equation/RandomEquation.h"
#include "Plan/PlanTestSupport.h"

using namespace conveinsum;

static OperandSet setOf(const Equation &equation,
                        llvm::ArrayRef<unsigned> operands, SubsetWord word) {
  OperandSet set = equation.emptySet();
  for (unsigned index = 0; index < operands.size(); ++index)
    if (word >> index & 1)
      set.set(operands[index]);
  return set;
}

/// Compares all sets and all pairs of disjoint sets; `stride` thins them out.
static void expectCostsOf(const Equation &equation,
                          llvm::ArrayRef<unsigned> operands, MacCount count,
                          unsigned stride = 1) {
  SubsetFigures costs(equation, operands, count);
  SubsetWord all = (SubsetWord(1) << operands.size()) - 1;
  unsigned compared = 0;
  for (SubsetWord left = 1; left <= all; left += stride) {
    OperandSet leftSet = setOf(equation, operands, left);
    ASSERT_TRUE(costs.elements(left) == equation.elements(leftSet))
        << equation.text() << " set " << left;
    SubsetWord others = all & ~left;
    for (SubsetWord right = others; right != 0; right = (right - 1) & others) {
      if (right % stride != 0)
        continue;
      Count expected =
          equation.macs(leftSet, setOf(equation, operands, right), count);
      ASSERT_TRUE(costs.macs(left, right) == expected)
          << equation.text() << " sets " << left << " and " << right << ": "
          << toString(costs.macs(left, right)) << ", expected "
          << toString(expected);
      ++compared;
    }
  }
  if (operands.size() > 1)
    EXPECT_GT(compared, 0u);
}

TEST(SubsetFigures, AgreeWithRandomEquationsAndAllChoicesOfOperands) {
  for (uint64_t seed = 1000; seed < 1120; ++seed) {
    RandomEquation random = randomEquation(seed);
    Equation equation =
        makeEquation(random.text, random.shapes, random.geometry);
    for (unsigned chosen = 1; chosen < 1u << equation.numOperands(); ++chosen) {
      llvm::SmallVector<unsigned, 8> operands;
      for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
        if (chosen >> operand & 1)
          operands.push_back(operand);
      for (MacCount count : {MacCount::Exact, MacCount::Dense})
        expectCostsOf(equation, operands, count);
    }
  }
}

TEST(SubsetFigures, AgreeBeyondTheTabledNumberOfParticipants) {
  // Eight participants, some alike, some dilated, one strided mode.
  std::string text = "bh";
  std::vector<Shape> shapes{{2, 60}};
  GeometryMap geometry;
  geometry["h"].stride = 2;
  std::vector<int64_t> dilations;
  llvm::SmallVector<unsigned, 8> operands{0};
  for (unsigned kernel = 1; kernel < 8; ++kernel) {
    text += ",h";
    shapes.push_back({int64_t(2 + kernel % 3)});
    dilations.push_back(1 + kernel % 2);
    operands.push_back(kernel);
  }
  geometry["h"].dilation = dilations;
  Equation equation = makeEquation(text + "->bh|h", shapes, geometry);
  for (MacCount count : {MacCount::Exact, MacCount::Dense})
    expectCostsOf(equation, operands, count);
}

TEST(SubsetFigures, AgreeWithMoreKindsOfModesThanAWordHasBits) {
  // A clique of twelve operands: 66 modes, every one with other holders.
  constexpr unsigned count = 12;
  std::vector<std::string> parts(count);
  std::vector<Shape> shapes(count);
  for (unsigned i = 0; i < count; ++i)
    for (unsigned j = i + 1; j < count; ++j) {
      std::string label =
          "(m" + std::to_string(i) + "_" + std::to_string(j) + ")";
      for (unsigned operand : {i, j}) {
        parts[operand] += label;
        shapes[operand].push_back(2 + (i + j) % 3);
      }
    }
  std::string text;
  llvm::SmallVector<unsigned, 12> operands;
  for (unsigned i = 0; i < count; ++i) {
    text += (i == 0 ? "" : ",") + parts[i];
    operands.push_back(i);
  }
  expectCostsOf(makeEquation(text + "->", shapes), operands, MacCount::Exact,
                /*stride=*/13);
}
