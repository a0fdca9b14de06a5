//===- LayoutSearchTest.cpp - The order of every tensor's dimensions ------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The loops of steps against tables written by hand, and choices whose reasons
// are known.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Layout/LayoutSearch.h"
#include "llvm/ADT/STLExtras.h"
#include "gtest/gtest.h"
#include <random>

using namespace conveinsum;

namespace {

Equation equationOf(llvm::StringRef text, llvm::ArrayRef<Shape> shapes,
                    const GeometryMap &geometry = {}) {
  std::optional<Equation> equation =
      Equation::create(text, geometry, shapes, [](const Fault &fault) {
        ADD_FAILURE() << fault.message;
      });
  return *equation;
}

/// A machine with 512-bit vectors and the usual caches.
Machine wideMachine() {
  Machine machine;
  machine.vectorBits = 512;
  machine.vectorRegisters = 32;
  return machine;
}

/// Adds a step, and the values that it is the first to name.
void addStep(LayoutProblem &problem, Equation equation,
             llvm::SmallVector<unsigned, 2> operands, unsigned result) {
  auto add = [&](unsigned value, const Shape &shape) {
    if (problem.values.size() <= value)
      problem.values.resize(value + 1);
    problem.values[value].shape = shape;
  };
  for (auto [slot, value] : llvm::enumerate(operands))
    add(value, Shape(equation.operandShape(slot)));
  add(result, equation.resultShape());
  problem.steps.push_back({std::move(equation), std::move(operands), result});
}

std::vector<std::string> rows(const LoopTable &table) {
  std::vector<std::string> lines;
  for (const Loop &loop : table.loops) {
    std::string line =
        (loop.reduction ? "r" : "p") + std::to_string(loop.extent);
    for (int64_t stride : loop.strides)
      line += " " + std::to_string(stride);
    lines.push_back(line);
  }
  llvm::sort(lines);
  return lines;
}

TEST(StepLoops, AreThoseOfAConvolution) {
  Equation equation =
      equationOf("bshw,tshw->bthw|hw", {{16, 256, 14, 14}, {256, 256, 3, 3}});
  StepLoops loops(equation);
  EXPECT_EQ(rows(loops.table({usualLayout(4), usualLayout(4), usualLayout(4)})),
            (std::vector<std::string>{
                "p14 1 0 1", "p14 16 0 14", "p16 65536 0 50176",
                "p256 0 2304 196", "r256 256 9 0", "r3 1 1 0", "r3 16 3 0"}));
  // The kernel as shwt: taps of one row and channels do not merge, because x is
  // read in windows.
  EXPECT_EQ(rows(loops.table({usualLayout(4), {1, 2, 3, 0}, usualLayout(4)})),
            (std::vector<std::string>{
                "p14 1 0 1", "p14 16 0 14", "p16 65536 0 50176", "p256 0 1 196",
                "r256 256 2304 0", "r3 1 256 0", "r3 16 768 0"}));
  EXPECT_EQ(loops.runs(), 1);
}

TEST(StepLoops, MergeWhereAllTensorsAgree) {
  Equation equation =
      equationOf("b(s1)(s2),(r)(s2)(s1)->b(r)", {{512, 32, 32}, {64, 32, 32}});
  StepLoops loops(equation);
  EXPECT_EQ(rows(loops.table({usualLayout(3), {0, 2, 1}, usualLayout(2)})),
            (std::vector<std::string>{"p512 1024 0 64", "p64 0 1024 1",
                                      "r1024 1 1 0"}));
}

TEST(StepLoops, StridesAreMultiplesAndPhasesAreRuns) {
  GeometryMap strided;
  strided["h"].stride = 2;
  Equation equation =
      equationOf("bsh,tsh->bth|h", {{2, 8, 32}, {8, 8, 3}}, strided);
  // Every second position of rows of 33.
  EXPECT_EQ(rows(StepLoops(equation).table(
                {usualLayout(3), usualLayout(3), usualLayout(3)})),
            (std::vector<std::string>{"p16 2 0 1", "p2 264 0 128", "p8 0 24 16",
                                      "r3 1 1 0", "r8 33 3 0"}));
}

TEST(StepLoops, LeaveOutWhatIsSummedBefore) {
  Equation equation = equationOf("ijk,jl->il", {{4, 5, 6}, {5, 7}});
  EXPECT_EQ(rows(StepLoops(equation).table(
                     {usualLayout(3), usualLayout(2), usualLayout(2)}))
                .size(),
            3u);
}

TEST(LayoutSearch, AnIntermediateIsStoredAsItsReaderWants) {
  LayoutProblem problem;
  problem.machine = wideMachine();
  addStep(problem,
          equationOf("(r0)(r1)(s1),(r1)(r2)(s2)->(r0)(r2)(s2)(s1)",
                     {{8, 8, 32}, {8, 8, 32}}),
          {0, 1}, 2);
  addStep(problem,
          equationOf("b(s1)(s2),(r0)(r2)(s2)(s1)->b(r0)(r2)",
                     {{512, 32, 32}, {8, 8, 32, 32}}),
          {3, 2}, 4);
  problem.values[2].isFixed = false;
  LayoutPlan plan = chooseLayouts(problem);
  EXPECT_LT(plan.cost, 0.7 * plan.usualCost);
  // The sums of both operands in one order.
  const Layout &stored = plan.values[2];
  EXPECT_LT(llvm::find(stored, 3u), llvm::find(stored, 2u));
  EXPECT_EQ(plan.steps[1][1], stored);
  for (unsigned value : {0, 1, 3, 4})
    EXPECT_EQ(plan.values[value],
              usualLayout(problem.values[value].shape.size()));
}

TEST(LayoutSearch, AGivenWeightIsCopiedUnlessThatIsForbidden) {
  LayoutProblem problem;
  problem.machine = wideMachine();
  addStep(
      problem,
      equationOf("b(s1)(s2),(r)(s2)(s1)->b(r)", {{512, 32, 32}, {64, 32, 32}}),
      {0, 1}, 2);
  LayoutPlan plan = chooseLayouts(problem);
  EXPECT_EQ(plan.values[1], usualLayout(3));
  EXPECT_NE(plan.steps[0][1], usualLayout(3));
  EXPECT_LT(plan.cost, 0.7 * plan.usualCost);

  problem.mayCopy = false;
  plan = chooseLayouts(problem);
  EXPECT_EQ(plan.steps[0][1], usualLayout(3));
  EXPECT_EQ(plan.cost, plan.usualCost);
}

TEST(LayoutSearch, SmallStepsAndFastOnesStayAsTheyAre) {
  LayoutProblem problem;
  problem.machine = wideMachine();
  addStep(problem, equationOf("ij,kj->ik", {{8, 8}, {8, 8}}), {0, 1}, 2);
  addStep(problem, equationOf("mk,kn->mn", {{512, 512}, {512, 512}}), {3, 4},
          5);
  LayoutPlan plan = chooseLayouts(problem);
  for (const auto &step : plan.steps)
    for (const Layout &layout : step)
      EXPECT_EQ(layout, usualLayout(2));
}

/// Layouts are permutations, fixed values keep theirs, nothing gets worse, and
/// the answer is the same every time.
TEST(LayoutSearch, RandomChains) {
  std::mt19937 random(5);
  for (int round = 0; round != 40; ++round) {
    LayoutProblem problem;
    problem.machine = wideMachine();
    auto size = [&] { return int64_t(1) << random() % 6; };
    const int64_t b = size(), s = size(), r = size(), q = size(), h = size(),
                  t = size();
    addStep(problem, equationOf("bsh,rsq->bqrh", {{b, s, h}, {r, s, q}}),
            {0, 1}, 2);
    addStep(problem, equationOf("bqrh,qrh->brqh|h", {{b, q, r, h}, {q, r, 3}}),
            {2, 3}, 4);
    addStep(problem, equationOf("brqh,tqr->bth", {{b, r, q, h}, {t, q, r}}),
            {4, 5}, 6);
    problem.values[2].isFixed = problem.values[4].isFixed = false;
    LayoutPlan plan = chooseLayouts(problem), again = chooseLayouts(problem);
    EXPECT_EQ(plan.values, again.values);
    EXPECT_LE(plan.cost, plan.usualCost * 1.0001);
    for (auto [value, layout] : llvm::zip_equal(problem.values, plan.values)) {
      Layout sorted = layout;
      llvm::sort(sorted);
      EXPECT_EQ(sorted, usualLayout(value.shape.size()));
      if (value.isFixed)
        EXPECT_EQ(layout, sorted);
    }
    for (const auto &step : plan.steps)
      for (Layout layout : step) {
        llvm::sort(layout);
        EXPECT_EQ(layout, usualLayout(layout.size()));
      }
  }
}

} // namespace
