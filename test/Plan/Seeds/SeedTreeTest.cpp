//===- SeedTreeTest.cpp - The hypergraph, its costs, trees along orders ---===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the seeds stand on: numbers, the graph of an equation, costs against the
// exact ones, and the search along an order against all trees.
//
//===----------------------------------------------------------------------===//

#include "Equation/RandomEquation.h"
#include "Plan/Seeds/IntervalSearch.h"
#include "Plan/Seeds/OrderedTree.h"
#include "Plan/Seeds/SeedCost.h"
#include "SeedTestSupport.h"
#include <cmath>

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

TEST(PortableMath, Log2AndExp2AreAccurate) {
  SeedRandom random(1);
  for (unsigned i = 0; i < 100000; ++i) {
    double value = std::exp2(2000 * random.uniform() - 1000) + (i % 2);
    double log = std::log2(value);
    EXPECT_NEAR(portableLog2(value), log, 1e-12 * std::abs(log));
    double exponent = 2040 * random.uniform() - 1020;
    double power = std::exp2(exponent);
    EXPECT_NEAR(portableExp2(exponent), power, 1e-12 * power);
  }
  // Near one the logarithm is near zero.
  for (double difference = 1e-15; difference < 0.6; difference *= 1.7)
    for (double value : {1 + difference, 1 - difference})
      EXPECT_NEAR(portableLog2(value), std::log2(value),
                  1e-12 * std::abs(std::log2(value)));
}

TEST(PortableMath, PowersOfTwoAreExact) {
  for (int power = -1022; power < 1023; ++power) {
    EXPECT_EQ(portableLog2(std::ldexp(1.0, power)), power);
    EXPECT_EQ(portableExp2(power), std::ldexp(1.0, power));
  }
  EXPECT_EQ(portableLog2(std::ldexp(1.0, -1074)), -1074);
  EXPECT_EQ(portableExp2(-5000), 0);
  EXPECT_EQ(portableExp2(5000), std::ldexp(1.0, 1023));
}

TEST(PortableMath, RandomNumbersAreThoseOfSplitmix64) {
  SeedRandom random(0);
  EXPECT_EQ(random.next(), 0xe220a8397b1dcdafu);
  EXPECT_EQ(random.next(), 0x6e789e6aa1b965f4u);
  double sum = 0;
  unsigned hits[7] = {};
  for (unsigned i = 0; i < 70000; ++i) {
    double value = random.uniform();
    ASSERT_TRUE(value > 0 && value < 1);
    sum += value;
    ++hits[random.below(7)];
  }
  EXPECT_NEAR(sum / 70000, 0.5, 0.01);
  for (unsigned count : hits)
    EXPECT_NEAR(count, 10000, 400);
}

//===----------------------------------------------------------------------===//
// Graphs
//===----------------------------------------------------------------------===//

/// `0 1: 2`, with `*` behind external nets; separated by `; `.
static std::string textOf(const SeedGraph &graph) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (const SeedGraph::Net &net : graph.nets) {
    stream << (text.empty() ? "" : "; ");
    llvm::interleave(net.pins, stream, " ");
    stream << ": " << llvm::format("%g", net.bits)
           << (net.isExternal ? "*" : "");
  }
  return text;
}

TEST(SeedGraph, HoldsThePlainModes) {
  Equation equation = makeEquation("ab,bc,bd->cd", {{3, 4}, {4, 2}, {4, 8}});
  EXPECT_EQ(textOf(SeedGraph::of(equation)), "0 1 2: 2; 1: 1*; 2: 3*");
}

TEST(SeedGraph, MergesModesWithEqualPins) {
  // x and y are alike, z is external; o has size 1; t repeats in an operand.
  Equation equation =
      makeEquation("xyzott,xyzo->zo", {{2, 4, 8, 1, 5, 5}, {2, 4, 8, 1}});
  EXPECT_EQ(textOf(SeedGraph::of(equation)), "0 1: 3; 0 1: 3*");
}

TEST(SeedGraph, LeavesSizesZeroOut) {
  Equation equation = makeEquation("za,zb->ab", {{0, 2}, {0, 4}});
  EXPECT_EQ(textOf(SeedGraph::of(equation)), "0: 1*; 1: 2*");
}

TEST(SeedGraph, HasConvModesOfTheirLargestExtent) {
  Equation three = makeEquation("bh,rh,h->brh|h", {{2, 16}, {4, 3}, {3}});
  EXPECT_EQ(textOf(SeedGraph::of(three)), "0: 1*; 0 1 2: 4*; 1: 2*");
  // A single participant is sliced before the first step.
  GeometryMap geometry;
  geometry["h"].stride = 2;
  Equation one = makeEquation("ah,a->h|h", {{2, 16}, {2}}, geometry);
  EXPECT_EQ(textOf(SeedGraph::of(one)), "0: 3*; 0 1: 1");
}

TEST(SeedGraph, IsGroupedAndRestricted) {
  SeedGraph graph = chainGraph(5, 2);
  graph.nets.push_back({{0, 2, 4}, 1, false});
  graph.normalise();
  EXPECT_EQ(textOf(graph), "0 1: 2; 0 2 4: 1; 1 2: 2; 2 3: 2; 3 4: 2");
  EXPECT_EQ(textOf(graph.restrictedTo({2, 1})), "0: 3*; 0 1: 2; 1: 2*");
  EXPECT_EQ(textOf(graph.grouped({0, 0, 1, 2, 1}, 3)), "0 1: 3; 1 2: 4");
  EXPECT_EQ(graph.grouped({0, 0, 1, 2, 1}, 3).numVertices, 3u);
}

//===----------------------------------------------------------------------===//
// Costs
//===----------------------------------------------------------------------===//

static bool hasEmptyMode(const Equation &equation) {
  for (ModeId mode = 0; mode < equation.numModes(); ++mode)
    if (equation.size(mode) == 0)
      return true;
  return false;
}

TEST(SeedCost, IsExactForPlainModes) {
  unsigned compared = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    RandomEquationOptions options;
    options.maxConvModes = 0;
    RandomEquation random = randomEquation(seed, options);
    Equation equation =
        makeEquation(random.text, random.shapes, random.geometry);
    unsigned numOperands = equation.numOperands();
    if (numOperands < 2 || hasEmptyMode(equation))
      continue;
    Pairs pairs;
    SeedRandom order(seed);
    std::vector<unsigned> live(numOperands);
    std::iota(live.begin(), live.end(), 0u);
    while (live.size() > 1) {
      order.shuffle(live);
      unsigned a = live.back();
      live.pop_back();
      pairs.push_back({a, live.back()});
      live.back() = numOperands + pairs.size() - 1;
    }
    Count exact =
        evaluatePlan(equation, ContractionTree(numOperands, pairs)).exactMacs;
    EXPECT_NEAR(std::exp2(treeBits(SeedGraph::of(equation), pairs)),
                double(exact), 1e-7 * double(exact))
        << random.text;
    PlanGoal write(ObjectiveKind::Write);
    double written = double(
        evaluateGoal(equation, ContractionTree(numOperands, pairs), write)
            .value);
    SeedGraph elements = SeedGraph::of(equation, SeedGraph::Cost::Elements);
    EXPECT_NEAR(std::exp2(treeBits(elements, pairs)), written, 1e-7 * written)
        << random.text;
    ++compared;
  }
  EXPECT_GT(compared, 100u);
}

TEST(SeedCost, LogSumDoesNotOverflow) {
  EXPECT_EQ(logSum({}), 0);
  EXPECT_EQ(logSum({3, 3}), 4);
  EXPECT_EQ(logSum({50000, 50001, 50000}), 50002);
}

//===----------------------------------------------------------------------===//
// Trees along an order
//===----------------------------------------------------------------------===//

/// Cost of the best tree over begin .. end-1, by trying all.
static double naiveBest(const SeedGraph &graph, unsigned begin, unsigned end) {
  if (begin + 1 == end)
    return 0;
  auto pinsIn = [&](const SeedGraph::Net &net, unsigned from, unsigned to) {
    return llvm::count_if(
        net.pins, [&](unsigned pin) { return from <= pin && pin < to; });
  };
  double best = HUGE_VAL;
  for (unsigned split = begin + 1; split < end; ++split) {
    double bits = 0;
    for (const SeedGraph::Net &net : graph.nets) {
      auto isOpen = [&](unsigned from, unsigned to) {
        unsigned inside = pinsIn(net, from, to);
        return inside > 0 && (net.isExternal || inside < net.pins.size());
      };
      if (graph.cost == SeedGraph::Cost::Elements
              ? isOpen(begin, end)
              : isOpen(begin, split) || isOpen(split, end))
        bits += net.bits;
    }
    best = std::min(best, std::exp2(bits) + naiveBest(graph, begin, split) +
                              naiveBest(graph, split, end));
  }
  return best;
}

static bool isAlongOrder(unsigned numVertices, const Pairs &pairs) {
  std::vector<std::pair<unsigned, unsigned>> ranges;
  for (unsigned vertex = 0; vertex < numVertices; ++vertex)
    ranges.push_back({vertex, vertex + 1});
  for (auto [a, b] : pairs) {
    if (ranges[a].second != ranges[b].first)
      return false;
    ranges.push_back({ranges[a].first, ranges[b].second});
  }
  return true;
}

TEST(IntervalSearch, FindsTheBestTreeOfRandomGraphs) {
  for (uint64_t seed = 0; seed < 400; ++seed) {
    SeedGraph graph = randomGraph(seed, 9);
    if (graph.numVertices < 2)
      continue;
    if (seed % 4 == 0)
      graph.cost = SeedGraph::Cost::Elements;
    double best = naiveBest(graph, 0, graph.numVertices);
    double bits = std::log2(best);
    auto pairs = bestAlongOrder(graph, bits + 0.001);
    ASSERT_TRUE(pairs) << "seed " << seed;
    expectTree(graph, *pairs);
    EXPECT_TRUE(isAlongOrder(graph.numVertices, *pairs));
    EXPECT_NEAR(treeBits(graph, *pairs), bits, 1e-6) << "seed " << seed;
    EXPECT_FALSE(bestAlongOrder(graph, bits - 0.001)) << "seed " << seed;
  }
}

TEST(IntervalSearch, GoesBeyondTheRangeOfNumbers) {
  // A mode of all vertices and the result makes every step as much dearer.
  for (uint64_t seed = 0; seed < 50; ++seed) {
    SeedGraph graph = randomGraph(seed, 20);
    if (graph.numVertices < 3)
      continue;
    auto pairs = bestAlongOrder(graph, 400);
    ASSERT_TRUE(pairs) << "seed " << seed;
    double bits = treeBits(graph, *pairs);
    SeedGraph::Net batch{{}, 3000, true};
    for (unsigned vertex = 0; vertex < graph.numVertices; ++vertex)
      batch.pins.push_back(vertex);
    graph.nets.push_back(batch);
    graph.normalise();
    auto dear = bestAlongOrder(graph, 3000 + bits + 0.001);
    ASSERT_TRUE(dear) << "seed " << seed;
    EXPECT_NEAR(treeBits(graph, *dear), 3000 + bits, 1e-6) << "seed " << seed;
    EXPECT_FALSE(bestAlongOrder(graph, 3000 + bits - 0.001)) << "seed " << seed;
  }
}

TEST(IntervalSearch, DeclinesNumbersOutOfRange) {
  EXPECT_TRUE(bestAlongOrder(chainGraph(4, 140), 440));
  EXPECT_FALSE(bestAlongOrder(chainGraph(20, 400), 1300));
}

static Pairs leftToRight(unsigned numVertices) {
  Pairs pairs;
  for (unsigned vertex = 1; vertex < numVertices; ++vertex)
    pairs.push_back({vertex == 1 ? 0 : numVertices + vertex - 2, vertex});
  return pairs;
}

TEST(OrderedTree, IsNeverWorse) {
  unsigned better = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    SeedGraph graph = randomGraph(seed, 40);
    Pairs start = leftToRight(graph.numVertices);
    Pairs refined = refineAlongOrder(graph, start);
    expectTree(graph, refined);
    double before = treeBits(graph, start), after = treeBits(graph, refined);
    EXPECT_LE(after, before + 1e-9) << "seed " << seed;
    better += after < before - 0.1;
    // The best along the given order, at least.
    if (graph.numVertices < 10 && graph.numVertices > 1) {
      double best = std::log2(naiveBest(graph, 0, graph.numVertices));
      EXPECT_LE(after, best + 1e-6) << "seed " << seed;
    }
  }
  EXPECT_GT(better, 200u);
}

TEST(OrderedTree, ComesToSweepsOfLargeLattices) {
  // Balanced over the rows: each half of the lattice has its long side open.
  constexpr unsigned rows = 60, columns = 8;
  SeedGraph graph = latticeGraph(rows, columns);
  Pairs pairs;
  std::vector<unsigned> values(graph.numVertices);
  std::iota(values.begin(), values.end(), 0u);
  while (values.size() > 1) {
    std::vector<unsigned> next;
    for (size_t index = 0; index + 1 < values.size(); index += 2) {
      next.push_back(graph.numVertices + pairs.size());
      pairs.push_back({values[index], values[index + 1]});
    }
    if (values.size() % 2)
      next.push_back(values.back());
    values = std::move(next);
  }
  double sweep = treeBits(graph, leftToRight(graph.numVertices));
  ASSERT_GT(treeBits(graph, pairs), sweep + 4);
  Pairs refined = refineAlongOrder(graph, pairs);
  expectTree(graph, refined);
  EXPECT_LE(treeBits(graph, refined), sweep);
}

TEST(OrderedTree, TakesLargeTreesOfAnyShape) {
  for (uint64_t seed = 0; seed < 6; ++seed) {
    SeedGraph graph = randomRegularGraph(700, 2 + seed % 2, seed);
    SeedRandom random(seed);
    std::vector<unsigned> live(graph.numVertices);
    std::iota(live.begin(), live.end(), 0u);
    Pairs pairs;
    while (live.size() > 1) {
      // Of the last few values: between a sweep and a random tree.
      size_t reach = std::min<size_t>(live.size(), seed < 3 ? 2 : 200);
      std::swap(live.back(), live[live.size() - 1 - random.below(reach)]);
      unsigned a = live.back();
      live.pop_back();
      pairs.push_back({live.back(), a});
      live.back() = graph.numVertices + pairs.size() - 1;
    }
    Pairs refined = refineAlongOrder(graph, pairs);
    expectTree(graph, refined);
    EXPECT_LE(treeBits(graph, refined), treeBits(graph, pairs) + 1e-9);
  }
}
