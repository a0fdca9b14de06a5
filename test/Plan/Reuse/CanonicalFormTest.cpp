//===- CanonicalFormTest.cpp - Equal keys, exactly for equal networks -----===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Disguised networks have the key of the original; any change of what a plan
// may depend on changes it, also where colour refinement sees no difference.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Reuse/CanonicalForm.h"
#include "Disguise.h"
#include <chrono>
#include <set>

using namespace conveinsum;

static std::string keyOf(const Network &network) {
  return canonicalForm(network.equation, network.goal).key;
}

static Equation equationOfSeed(uint64_t seed) {
  RandomEquation drawn = randomEquation(seed);
  return makeEquation(drawn.text, drawn.shapes, drawn.geometry);
}

/// A goal whose parts all come into play for some seeds.
static PlanGoal randomGoal(unsigned operands, SplitMix64 &random) {
  static const Objective objectives[] = {
      Objective(MacCount::Exact),          Objective(MacCount::Dense),
      Objective(ObjectiveKind::Size),      Objective(ObjectiveKind::Write),
      Objective(ObjectiveKind::Combo, 64), Objective(ObjectiveKind::Roof, 20),
      Objective(ObjectiveKind::Time),      Objective(ObjectiveKind::Peak)};
  PlanGoal goal(objectives[random.between(0, std::size(objectives) - 1)]);
  for (unsigned operand = 0; operand < operands; ++operand) {
    if (random.oneIn(4))
      goal.gradients.push_back(operand);
    else if (random.oneIn(4))
      goal.constants.push_back(operand);
  }
  return goal;
}

static std::vector<std::pair<unsigned, unsigned>> cycle(unsigned length,
                                                        unsigned from = 0) {
  std::vector<std::pair<unsigned, unsigned>> edges;
  for (unsigned vertex = 0; vertex < length; ++vertex)
    edges.push_back({from + vertex, from + (vertex + 1) % length});
  return edges;
}

//===----------------------------------------------------------------------===//
// Equal keys
//===----------------------------------------------------------------------===//

TEST(CanonicalForm, DisguisedNetworksHaveTheSameKeyAndPlans) {
  SplitMix64 random(1);
  std::set<std::string> keys;
  for (uint64_t seed = 0; seed < 1000; ++seed) {
    Network network{equationOfSeed(seed), {}};
    unsigned operands = network.equation.numOperands();
    network.goal = randomGoal(operands, random);
    CanonicalForm form = canonicalForm(network.equation, network.goal);
    EXPECT_TRUE(form.isComplete);
    keys.insert(form.key);
    std::vector<unsigned> place;
    Network other = disguise(network, random, place);
    CanonicalForm same = canonicalForm(other.equation, other.goal);
    ASSERT_EQ(form.key, same.key) << network.equation.text();
    for (const ContractionTree &tree : spreadTrees(operands, 5)) {
      ContractionTree there =
          fromPositions(toPositions(tree, form.order), same.order);
      Caught caught;
      ASSERT_TRUE(there.verify(caught)) << caught.text();
      GoalCost here = evaluateGoal(network.equation, tree, network.goal);
      GoalCost cost = evaluateGoal(other.equation, there, other.goal);
      EXPECT_EQ(toString(here.value), toString(cost.value))
          << network.equation.text() << " " << tree.treeText();
    }
  }
  // Seeds hardly ever draw the same network.
  EXPECT_GT(keys.size(), 950u);
}

TEST(CanonicalForm, PositionsAreInverse) {
  SplitMix64 random(2);
  for (const ContractionTree &tree : spreadTrees(6, 40)) {
    std::vector<unsigned> order = permutation(6, random);
    EXPECT_EQ(fromPositions(toPositions(tree, order), order), tree);
  }
}

TEST(CanonicalForm, TheExampleHasOneForm) {
  Equation first = makeEquation("bshw,rt,rs,rh,rw->bthw|hw",
                                {{2, 3, 8, 9}, {4, 5}, {4, 3}, {4, 3}, {4, 5}});
  Equation second =
      makeEquation("(q)k,ijyx,(q)x,(q)j,(q)y->yxki|xy",
                   {{4, 5}, {2, 3, 8, 9}, {4, 5}, {4, 3}, {4, 3}});
  EXPECT_EQ(keyOf({first, {}}), keyOf({second, {}}));
}

TEST(CanonicalForm, TheGivenFormKeepsTheOrderOfOperands) {
  Equation first =
      makeEquation("bsh,ts,th->bth|h", {{2, 3, 7}, {4, 3}, {4, 3}});
  Equation relabelled =
      makeEquation("xyz,ky,zk->kzx|z", {{2, 3, 7}, {4, 3}, {3, 4}});
  Equation permuted =
      makeEquation("ts,bsh,th->bth|h", {{4, 3}, {2, 3, 7}, {4, 3}});
  CanonicalForm form = givenForm(first, {});
  EXPECT_EQ(form.order, (llvm::SmallVector<unsigned, 16>{0, 1, 2}));
  EXPECT_EQ(form.key, givenForm(relabelled, {}).key);
  EXPECT_NE(form.key, givenForm(permuted, {}).key);
  EXPECT_EQ(canonicalForm(first, {}).key, canonicalForm(permuted, {}).key);
}

TEST(CanonicalForm, WhatDoesNotMatterIsNotInTheKey) {
  Equation first = makeEquation("bsh,tsh->bth|h", {{2, 3, 5}, {4, 3, 5}});
  EquationParts parts = first.parts();
  parts.relations[0].feature = 1;
  Equation other = Equation::fromParts(std::move(parts));
  EXPECT_EQ(keyOf({first, {}}), keyOf({other, {}}));
  EXPECT_NE(keyOf({first, MacCount::Dense}), keyOf({other, MacCount::Dense}));
  EXPECT_NE(keyOf({first, Objective(ObjectiveKind::Time)}),
            keyOf({other, Objective(ObjectiveKind::Time)}));
  PlanGoal halves;
  halves.dtype = halves.resultType = ElementType::F16;
  halves.target = TargetModel::gpu();
  EXPECT_EQ(keyOf({first, {}}), keyOf({first, halves}));
}

//===----------------------------------------------------------------------===//
// Different keys
//===----------------------------------------------------------------------===//

/// The equation with one of its numbers or places changed; nothing if the kind
/// of change does not apply.
static std::optional<Equation> change(const Equation &equation, unsigned kind,
                                      SplitMix64 &random) {
  EquationParts parts = equation.parts();
  if (equation.numModes() == 0)
    return std::nullopt;
  ModeId mode = random.between(0, equation.numModes() - 1);
  const LinearRelation *relation = equation.relation(mode);
  if (kind == 0) { // a size
    int64_t more = random.between(1, 3);
    unsigned only = equation.holders(mode).front();
    for (unsigned operand = 0; operand < parts.operands.size(); ++operand)
      for (unsigned at = 0; at < parts.operands[operand].size(); ++at)
        if (parts.operands[operand][at] == mode &&
            (!relation || operand == only))
          parts.shapes[operand][at] += more;
  } else if (kind == 1) { // whether the result holds a mode
    if (llvm::is_contained(parts.result, mode))
      llvm::erase(parts.result, mode);
    else
      parts.result.push_back(mode);
  } else if (kind == 2) { // who holds a plain mode
    unsigned operand = random.between(0, parts.operands.size() - 1);
    if (relation)
      return std::nullopt;
    parts.operands[operand].push_back(mode);
    parts.shapes[operand].push_back(equation.size(mode));
  } else {
    if (parts.relations.empty())
      return std::nullopt;
    LinearRelation &changed =
        parts.relations[random.between(0, parts.relations.size() - 1)];
    if (kind == 3)
      changed.offset += random.oneIn(2) ? 1 : -1;
    else if (kind == 4)
      ++changed.resultCoefficient;
    else if (kind == 5)
      ++changed.resultExtent;
    else if (kind == 6)
      ++changed.modulus;
    else
      changed.terms[random.between(0, changed.terms.size() - 1)].coefficient *=
          -2;
  }
  return Equation::fromParts(std::move(parts));
}

TEST(CanonicalForm, EveryChangeOfTheNetworkChangesTheKey) {
  SplitMix64 random(3);
  std::array<unsigned, 8> changes{};
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Network network{equationOfSeed(seed), {}};
    std::string key = keyOf(network);
    for (unsigned kind = 0; kind < changes.size(); ++kind) {
      std::optional<Equation> changed = change(network.equation, kind, random);
      if (!changed)
        continue;
      ++changes[kind];
      EXPECT_NE(keyOf({*changed, {}}), key)
          << network.equation.text() << " change " << kind;
      EXPECT_NE(keyOf(disguise({*changed, {}}, random)), key);
    }
  }
  for (unsigned count : changes)
    EXPECT_GT(count, 100u);
}

TEST(CanonicalForm, EveryPartOfTheGoalIsInTheKey) {
  Equation equation =
      makeEquation("bsh,ts,th->bth|h", {{2, 3, 7}, {4, 3}, {4, 3}});
  std::vector<PlanGoal> goals(1);
  for (const char *word : {"size", "write", "combo-64", "combo-65", "roof-20",
                           "roof-64", "time", "peak"})
    goals.push_back(*Objective::parse(word));
  goals.push_back(MacCount::Dense);
  for (unsigned operand : {0u, 1u, 2u}) {
    goals.emplace_back().gradients = {operand};
    goals.emplace_back().constants = {operand};
    goals.emplace_back().gradients = {operand};
    goals.back().constants = {(operand + 1) % 3};
  }
  for (ObjectiveKind kind : {ObjectiveKind::Time, ObjectiveKind::Peak}) {
    goals.emplace_back(Objective(kind)).dtype = ElementType::F16;
    goals.emplace_back(Objective(kind)).resultType = ElementType::F64;
  }
  auto timed = [&]() -> TargetModel & {
    return goals.emplace_back(Objective(ObjectiveKind::Time)).target;
  };
  timed() = TargetModel::gpu();
  timed().macsPerSecond[3] += 1;
  timed().typePercent[3] += 1;
  timed().levels[1].bytes += 1;
  timed().levels[1].bytesPerSecond += 1;
  timed().levels.pop_back();
  timed().callPicoseconds += 1;
  timed().fuses = true;
  std::set<std::string> keys;
  for (const PlanGoal &goal : goals)
    keys.insert(keyOf({equation, goal}));
  EXPECT_EQ(keys.size(), goals.size());
}

//===----------------------------------------------------------------------===//
// Symmetry
//===----------------------------------------------------------------------===//

/// Expects that the search ends within a second, and the same key from some
/// disguises.
static std::string symmetricKey(const Equation &equation,
                                unsigned disguises = 3) {
  SplitMix64 random(4);
  auto start = std::chrono::steady_clock::now();
  CanonicalForm form = canonicalForm(equation, {});
  std::chrono::duration<double> elapsed =
      std::chrono::steady_clock::now() - start;
  EXPECT_TRUE(form.isComplete) << equation.numOperands();
  EXPECT_LT(elapsed.count(), 1);
  for (unsigned index = 0; index < disguises; ++index) {
    EXPECT_EQ(form.key, keyOf(disguise({equation, {}}, random)))
        << equation.numOperands() << " operands";
  }
  return form.key;
}

TEST(CanonicalForm, RegularGraphsThatRefinementCannotTell) {
  // One cycle of six, or two of three; the prism and the Moebius ladder.
  auto triangles = cycle(3), more = cycle(3, 3);
  triangles.insert(triangles.end(), more.begin(), more.end());
  EXPECT_NE(symmetricKey(graphNetwork(6, cycle(6))),
            symmetricKey(graphNetwork(6, triangles)));
  auto prism = triangles, moebius = cycle(6);
  for (unsigned vertex = 0; vertex < 3; ++vertex) {
    prism.push_back({vertex, vertex + 3});
    moebius.push_back({vertex, vertex + 3});
  }
  EXPECT_NE(symmetricKey(graphNetwork(6, prism)),
            symmetricKey(graphNetwork(6, moebius)));
  // Two strongly regular graphs of the same parameters: Shrikhande's, and the
  // rook's 4 x 4.
  std::vector<std::pair<unsigned, unsigned>> shrikhande, rook;
  for (unsigned a = 0; a < 16; ++a) {
    for (unsigned b = a + 1; b < 16; ++b) {
      unsigned row = (b / 4 - a / 4 + 4) % 4, column = (b % 4 - a % 4 + 4) % 4;
      if ((row == 0) != (column == 0))
        rook.push_back({a, b});
      bool isStep = (row == 0 && column % 2 == 1) ||
                    (column == 0 && row % 2 == 1) ||
                    (row == column && row % 2 == 1);
      if (isStep)
        shrikhande.push_back({a, b});
    }
  }
  EXPECT_EQ(rook.size(), shrikhande.size());
  EXPECT_NE(symmetricKey(graphNetwork(16, rook)),
            symmetricKey(graphNetwork(16, shrikhande)));
}

TEST(CanonicalForm, SymmetricNetworksAreQuick) {
  for (unsigned operands : {3u, 20u, 64u, 500u})
    symmetricKey(graphNetwork(operands, cycle(operands)), 1);
  for (unsigned operands : {4u, 10u, 20u, 40u}) {
    std::vector<std::pair<unsigned, unsigned>> complete;
    for (unsigned a = 0; a < operands; ++a)
      for (unsigned b = a + 1; b < operands; ++b)
        complete.push_back({a, b});
    symmetricKey(graphNetwork(operands, complete), 1);
  }
  for (unsigned dimensions : {3u, 4u, 6u}) {
    std::vector<std::pair<unsigned, unsigned>> cube;
    for (unsigned vertex = 0; vertex < 1u << dimensions; ++vertex)
      for (unsigned bit = 0; bit < dimensions; ++bit)
        if (!(vertex >> bit & 1))
          cube.push_back({vertex, vertex | 1u << bit});
    symmetricKey(graphNetwork(1u << dimensions, cube), 1);
  }
}

TEST(CanonicalForm, IdenticalOperandsAreQuick) {
  for (unsigned operands : {1u, 2u, 20u, 1000u}) {
    // The same modes, a star of private modes, and nothing at all.
    std::vector<std::vector<ModeId>> same(operands, {0, 1}), star;
    for (unsigned operand = 0; operand < operands; ++operand)
      star.push_back({0, operand + 1});
    symmetricKey(plainNetwork(same), 1);
    symmetricKey(plainNetwork(star), 1);
    symmetricKey(plainNetwork(std::vector<std::vector<ModeId>>(operands)), 1);
  }
  // Ten equal networks side by side.
  std::vector<std::vector<ModeId>> pairs;
  for (unsigned operand = 0; operand < 20; ++operand)
    pairs.push_back({operand / 2});
  symmetricKey(plainNetwork(pairs));
}

/// An edge list in which every vertex has three edges.
static std::vector<std::pair<unsigned, unsigned>> cubic(unsigned vertices,
                                                        SplitMix64 &random) {
  std::vector<unsigned> ends;
  for (unsigned end = 0; end < 3 * vertices; ++end)
    ends.push_back(end / 3);
  random.shuffle(ends);
  std::vector<std::pair<unsigned, unsigned>> edges;
  for (unsigned edge = 0; edge < ends.size(); edge += 2)
    edges.push_back({ends[edge], ends[edge + 1]});
  return edges;
}

TEST(CanonicalForm, RegularNetworksAreQuick) {
  SplitMix64 random(5);
  for (unsigned operands : {4u, 10u, 20u, 64u, 200u, 2000u})
    symmetricKey(graphNetwork(operands, cubic(operands, random)), 1);
}

TEST(CanonicalForm, BeyondTheLimitOnlyHitsAreLost) {
  // Five hundred triangles side by side.
  std::vector<std::pair<unsigned, unsigned>> edges;
  for (unsigned triangle = 0; triangle < 500; ++triangle)
    for (auto edge : cycle(3, 3 * triangle))
      edges.push_back(edge);
  Equation equation = graphNetwork(1500, edges);
  CanonicalForm form = canonicalForm(equation, {});
  EXPECT_FALSE(form.isComplete);
  EXPECT_EQ(form.key, canonicalForm(equation, {}).key);
  // The key is that of the network in the order of the form.
  std::vector<std::pair<unsigned, unsigned>> ordered;
  std::vector<unsigned> positions(1500, 1500);
  for (auto [position, operand] : llvm::enumerate(form.order))
    positions[operand] = position;
  for (auto [from, to] : edges)
    ordered.push_back({positions[from], positions[to]});
  EXPECT_EQ(givenForm(graphNetwork(1500, ordered), {}).key, form.key);
}
