//===- PlanRequestTest.cpp - The one door to planning ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers are whole decisions: what runs in the order that it runs in is what
// was measured. Bytes are added up here step by step, and what the backward
// pass reads is found from sets of operands.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Request/PlanRequest.h"
#include "Plan/RandomNetwork.h"
#include "llvm/ADT/STLExtras.h"
#include <thread>

using namespace conveinsum;

static std::optional<PlanAnswer> answerTo(const Equation &equation,
                                          const PlanRequest &request) {
  PlanSource source;
  Caught caught;
  auto answer = makePlan(equation, request, source, caught);
  EXPECT_TRUE(answer) << caught.text();
  if (answer)
    EXPECT_TRUE(answer->plan.verify(caught)) << caught.text();
  return answer;
}

/// Operands of a value that are all constants, or any of which needs a
/// gradient.
static bool isPrepared(const PlanGoal &goal, const OperandSet &set) {
  return llvm::all_of(set.set_bits(), [&](unsigned operand) {
    return llvm::is_contained(goal.constants, operand);
  });
}
static bool hasGradient(const PlanGoal &goal, const OperandSet &set) {
  return llvm::any_of(set.set_bits(), [&](unsigned operand) {
    return llvm::is_contained(goal.gradients, operand);
  });
}

/// The most bytes alive while the steps run one after the other.
static Count simulatedPeak(const Equation &equation,
                           const ContractionTree &tree, const PlanGoal &goal) {
  Count always = 0, live = 0, peak = 0;
  for (unsigned operand = 0; operand < tree.numOperands(); ++operand) {
    Count elements = 1;
    for (int64_t extent : equation.operandShape(operand))
      elements *= Count(extent);
    always += elements * byteSize(goal.dtype);
  }
  std::vector<Count> bytes(tree.numOperands());
  std::vector<bool> prepared(tree.numOperands(), true);
  std::vector<bool> readByCall(tree.numOperands());
  for (unsigned index = 0; index < tree.steps().size(); ++index) {
    OperandSet set = tree.operandsOf(tree.resultOf(index));
    bool isLast = index + 1 == tree.steps().size();
    ElementType type = isLast ? goal.resultType
                              : intermediateType(goal.dtype, goal.resultType);
    bytes.push_back(equation.elements(set) * byteSize(type));
    prepared.push_back(isPrepared(goal, set));
    readByCall.push_back(isLast);
    auto [lhs, rhs] = tree.steps()[index];
    for (unsigned side : {lhs, rhs})
      if (!prepared.back())
        readByCall[side] = true;
  }
  for (unsigned value = tree.numOperands(); value < bytes.size(); ++value)
    if (prepared[value] && readByCall[value])
      always += bytes[value];
  for (unsigned index = 0; index < tree.steps().size(); ++index) {
    if (prepared[tree.resultOf(index)])
      continue;
    live += bytes[tree.resultOf(index)];
    peak = std::max(peak, live);
    auto [lhs, rhs] = tree.steps()[index];
    for (unsigned side : {lhs, rhs})
      if (side >= tree.numOperands() && !prepared[side])
        live -= bytes[side];
  }
  return always + peak;
}

/// A network, some of whose operands are constants or need gradients.
static Equation drawNetwork(uint64_t seed, PlanGoal &goal) {
  SplitMix64 random(seed);
  RandomNetworkOptions options;
  options.operands = unsigned(random.between(3, 12));
  options.external = unsigned(random.between(0, 3));
  if (random.oneIn(3)) {
    goal.dtype = ElementType::BF16;
    goal.resultType = ElementType::F32;
  }
  bool isTrained = random.oneIn(2);
  for (unsigned operand = 0; operand < options.operands; ++operand) {
    if (random.oneIn(3))
      goal.constants.push_back(operand);
    else if (isTrained && random.oneIn(2))
      goal.gradients.push_back(operand);
  }
  return randomNetwork(seed, options);
}

TEST(PlanRequest, TheOrderThatRunsHasThePeakOfTheBestOrder) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    PlanRequest request;
    PlanGoal &goal = request.options.goal;
    Equation equation = drawNetwork(seed, goal);
    SCOPED_TRACE(seed);
    request.options.planner =
        seed % 2 ? PlannerKind::Greedy : PlannerKind::Left;
    if (seed % 3 == 0) {
      SplitMix64 random(seed);
      unsigned operands = equation.numOperands();
      uint64_t trees = numberOfTrees(operands).word();
      request.pinned =
          treeOfRank(operands, random.between(0, int64_t(trees) - 1));
    }
    auto answer = answerTo(equation, request);
    ASSERT_TRUE(answer);
    const ContractionTree &tree = answer->plan.tree;
    Count peak = simulatedPeak(equation, tree, goal);
    EXPECT_EQ(toString(peak), toString(peakBytes(equation, tree, goal)));
    EXPECT_EQ(toString(peak), toString(peakBytesAsGiven(equation, tree, goal)));
    // Interleaved only where that is better.
    bool isWorth = peak < depthFirstPeakBytes(equation, tree, goal);
    if (!request.pinned)
      EXPECT_EQ(isDepthFirst(tree), !isWorth);
  }
}

TEST(PlanRequest, StepsOfTwoSidesTakeTurnsWhereThatIsBetter) {
  // Two chains of 100, 10 and 70 elements: depth first, 70 of one wait while
  // the other is at 100 + 10.
  Equation equation = makeEquation(
      "a,a,ab,bc,d,d,de,ec->",
      {{100}, {100}, {100, 10}, {10, 70}, {100}, {100}, {100, 10}, {10, 70}});
  Caught caught;
  PlanRequest request;
  request.pinned =
      ContractionTree::parseTree("((((0,1),2),3),(((4,5),6),7))", 8, caught);
  auto answer = answerTo(equation, request);
  ASSERT_TRUE(answer);
  const ContractionTree &tree = answer->plan.tree;
  Count operands = 4 * (4 * 100 + 2 * 1000 + 2 * 700);
  EXPECT_EQ(toString(simulatedPeak(equation, tree, {})),
            toString(operands + 4 * (70 + 70 + 10)));
  EXPECT_EQ(toString(depthFirstPeakBytes(equation, tree, {})),
            toString(operands + 4 * (70 + 100 + 10)));
  EXPECT_FALSE(isDepthFirst(tree));
  EXPECT_EQ(tree.treeText(), request.pinned->treeText());
}

TEST(PlanRequest, WhatTheBackwardPassReadsIsKept) {
  unsigned kept = 0;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    PlanRequest request;
    PlanGoal &goal = request.options.goal;
    Equation equation = drawNetwork(seed, goal);
    request.options.planner = PlannerKind::Greedy;
    auto answer = answerTo(equation, request);
    ASSERT_TRUE(answer);
    const ContractionTree &tree = answer->plan.tree;
    llvm::SmallVector<unsigned, 4> expected;
    for (auto [lhs, rhs] : tree.steps())
      for (auto [value, other] : {std::pair(lhs, rhs), std::pair(rhs, lhs)})
        if (value >= tree.numOperands() &&
            hasGradient(goal, tree.operandsOf(other)) &&
            !isPrepared(goal, tree.operandsOf(value)))
          expected.push_back(value);
    llvm::sort(expected);
    EXPECT_EQ(answer->plan.kept, expected);
    EXPECT_FALSE(answer->kept);
    kept += expected.size();
  }
  EXPECT_GT(kept, 50u);
}

TEST(PlanRequest, KeptValuesOfALimitHaveTheNumbersOfThePlan) {
  unsigned recomputed = 0;
  for (uint64_t seed = 0; seed < 60; ++seed) {
    PlanRequest request;
    PlanGoal &goal = request.options.goal;
    Equation equation = drawNetwork(seed, goal);
    if (goal.gradients.empty())
      continue;
    request.options.planner =
        seed % 2 ? PlannerKind::Greedy : PlannerKind::Auto;
    request.keepLimit = 64;
    auto answer = answerTo(equation, request);
    ASSERT_TRUE(answer);
    const TrainingPoint &point = answer->kept->point;
    Caught caught;
    auto checked = evaluateTrainingPoint(equation, answer->plan.tree,
                                         answer->plan.kept, goal, caught);
    ASSERT_TRUE(checked) << caught.text();
    EXPECT_EQ(point.tree, answer->plan.tree);
    EXPECT_EQ(point.keptValues, checked->keptValues);
    EXPECT_EQ(point.recomputedValues, checked->recomputedValues);
    EXPECT_TRUE(point.macs == checked->macs && point.kept == checked->kept);
    EXPECT_LE(keptBytes(point, goal), Count(64));
    recomputed += point.recomputedValues.size();
  }
  EXPECT_GT(recomputed, 10u);
}

TEST(PlanRequest, APinnedOrderStaysWhereNoneIsBetterOrItMust) {
  // Both sides of the last step are steps; all results have one size.
  Equation equation =
      makeEquation("ab,bc,cd,de->ae", {{4, 4}, {4, 4}, {4, 4}, {4, 4}});
  Caught caught;
  PlanRequest request;
  request.pinned =
      ContractionTree::parseSsaPath("(2,3),(0,1),(5,4)", 4, caught);
  ASSERT_TRUE(request.pinned);
  EXPECT_EQ(answerTo(equation, request)->plan.tree, *request.pinned);
  // While {2,3} has its 90 elements, the 20 of {0,1} had better not wait.
  Equation uneven =
      makeEquation("bc,b,a,a,ab->c", {{10, 2}, {10}, {90}, {90}, {90, 10}});
  request.pinned =
      ContractionTree::parseSsaPath("(0,1),(2,3),(6,4),(5,7)", 5, caught);
  EXPECT_EQ(answerTo(uneven, request)->plan.tree.treeText(),
            "(((2,3),4),(0,1))");
  request.keepsOrder = true;
  request.memoryLimit = 4920;
  auto kept = answerTo(uneven, request);
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->plan.tree, *request.pinned);
  EXPECT_EQ(toString(kept->memory->peak),
            toString(simulatedPeak(uneven, *request.pinned, {})));
  request.memoryLimit = 4919;
  PlanSource source;
  EXPECT_FALSE(makePlan(uneven, request, source, caught));
  ASSERT_TRUE(caught.diagnostic);
  EXPECT_EQ(caught.diagnostic->message,
            "expected a memory limit of at least 4920 bytes, the peak of the "
            "pinned order, got 4919 bytes");
}

TEST(PlanRequest, SlicesAreInTheAnswer) {
  Equation equation =
      makeEquation("ab,ac,ad->bcd", {{4, 40}, {4, 40}, {4, 40}});
  PlanRequest request;
  request.memoryLimit = 275 << 10;
  request.slices = true;
  auto answer = answerTo(equation, request);
  ASSERT_TRUE(answer && answer->slicing);
  EXPECT_FALSE(answer->plan.slicing.empty());
  EXPECT_EQ(answer->plan.slicing, answer->slicing->slicing);
  EXPECT_EQ(answer->plan.tree, answer->slicing->tree);
  EXPECT_TRUE(answer->memory->peak == answer->slicing->cost.peak);
  EXPECT_LE(answer->memory->peak, Count(275 << 10));
}

TEST(PlanRequest, LayersThatAreEqualArePlannedOnce) {
  Equation equation = makeEquation("ij,jk,kl->il", {{6, 9}, {9, 9}, {9, 7}});
  PlanSource source;
  source.rememberNetworks();
  auto ask = [&](const PlanRequest &request) {
    Caught caught;
    auto answer = makePlan(equation, request, source, caught);
    EXPECT_TRUE(answer) << caught.text();
    return answer && answer->isRemembered;
  };
  PlanRequest request;
  EXPECT_FALSE(ask(request));
  EXPECT_TRUE(ask(request));
  // Whatever an answer depends on makes another request.
  PlanRequest limited = request, other = request, typed = request;
  limited.memoryLimit = 1 << 20;
  other.options.planner = PlannerKind::Greedy;
  typed.options.goal.dtype = typed.options.goal.resultType = ElementType::F64;
  PlanRequest constant = request, timed = request;
  constant.options.goal.constants = {1};
  timed.options.goal.objective = ObjectiveKind::Time;
  for (const PlanRequest &changed : {limited, other, typed, constant, timed}) {
    EXPECT_FALSE(ask(changed));
    EXPECT_TRUE(ask(changed));
  }
  // A budget of seconds finds what the machine allows.
  other.options.budget.seconds = 1;
  EXPECT_FALSE(ask(other));
  EXPECT_FALSE(ask(other));
}

TEST(PlanRequest, EveryRefusalSaysWhy) {
  Equation equation = makeEquation("ij,jk,kl->il", {{6, 9}, {9, 9}, {9, 7}});
  PlanSource source;
  source.rememberNetworks();
  PlanRequest request;
  request.memoryLimit = 1;
  for (unsigned time = 0; time < 2; ++time) {
    Caught caught;
    EXPECT_FALSE(makePlan(equation, request, source, caught));
    EXPECT_EQ(caught.count, 1u);
  }
}

TEST(PlanRequest, ThreadsShareASource) {
  Equation equation = makeEquation("ij,jk,kl->il", {{6, 9}, {9, 9}, {9, 7}});
  PlanSource source;
  source.rememberNetworks();
  std::atomic<unsigned> searched = 0;
  std::vector<std::thread> threads;
  for (unsigned thread = 0; thread < 4; ++thread)
    threads.emplace_back([&] {
      for (unsigned time = 0; time < 10; ++time) {
        auto answer =
            makePlan(equation, PlanRequest(), source, [](const Fault &) {});
        searched += answer && !answer->isRemembered;
      }
    });
  for (std::thread &thread : threads)
    thread.join();
  EXPECT_EQ(searched, 1u);
}
