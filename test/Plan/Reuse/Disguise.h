//===- Disguise.h - The same network, spelled otherwise ---------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Draws an isomorphic network and goal: other labels, and other orders of the
// operands, of all dimensions, of the modes and of the relations.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_PLAN_REUSE_DISGUISE_H
#define CONVEINSUM_TEST_PLAN_REUSE_DISGUISE_H

#include "Plan/PlanTestSupport.h"
#include "Equation/RandomEquation.h"
#include <numeric>

namespace conveinsum {

struct Network {
  Equation equation;
  PlanGoal goal;
};

/// 0 .. size-1 in a random order.
inline std::vector<unsigned> permutation(unsigned size, SplitMix64 &random) {
  std::vector<unsigned> order(size);
  std::iota(order.begin(), order.end(), 0u);
  random.shuffle(order);
  return order;
}

/// Operand k becomes operand `place[k]`.
inline Network disguise(const Network &network, SplitMix64 &random,
                        std::vector<unsigned> &place) {
  const Equation &equation = network.equation;
  place = permutation(equation.numOperands(), random);
  std::vector<unsigned> modes = permutation(equation.numModes(), random);
  EquationParts parts = equation.parts();
  for (unsigned mode = 0; mode < parts.labels.size(); ++mode)
    parts.labels[modes[mode]] = "m" + std::to_string(random.next());
  for (unsigned operand = 0; operand < place.size(); ++operand) {
    auto held = equation.operandModes(operand);
    parts.operands[place[operand]].clear();
    parts.shapes[place[operand]].clear();
    for (unsigned dimension : permutation(held.size(), random)) {
      parts.operands[place[operand]].push_back(modes[held[dimension]]);
      parts.shapes[place[operand]].push_back(
          equation.operandShape(operand)[dimension]);
    }
  }
  for (ModeId &mode : parts.result)
    mode = modes[mode];
  random.shuffle(parts.result);
  random.shuffle(parts.relations);
  for (LinearRelation &relation : parts.relations) {
    relation.mode = modes[relation.mode];
    for (LinearRelation::Term &term : relation.terms)
      term.operand = place[term.operand];
    llvm::sort(relation.terms, [](const auto &a, const auto &b) {
      return a.operand < b.operand;
    });
    if (relation.feature)
      relation.feature = place[*relation.feature];
  }
  Network disguised{Equation::fromParts(std::move(parts)), network.goal};
  for (auto *set : {&disguised.goal.gradients, &disguised.goal.constants}) {
    for (unsigned &operand : *set)
      operand = place[operand];
    llvm::sort(*set);
  }
  Caught caught;
  EXPECT_TRUE(disguised.equation.verify(caught)) << caught.text();
  return disguised;
}

inline Network disguise(const Network &network, SplitMix64 &random) {
  std::vector<unsigned> place;
  return disguise(network, random, place);
}

/// A plain network from lists of modes; every mode has size 2 unless `sizes`
/// says otherwise.
inline Equation plainNetwork(const std::vector<std::vector<ModeId>> &operands,
                             std::vector<int64_t> sizes = {}) {
  unsigned modes = sizes.size();
  for (const auto &held : operands)
    for (ModeId mode : held)
      modes = std::max(modes, mode + 1);
  sizes.resize(modes, 2);
  EquationParts parts;
  for (unsigned mode = 0; mode < modes; ++mode)
    parts.labels.push_back("m" + std::to_string(mode));
  for (const auto &held : operands) {
    parts.operands.emplace_back(held.begin(), held.end());
    parts.shapes.emplace_back();
    for (ModeId mode : held)
      parts.shapes.back().push_back(sizes[mode]);
  }
  return Equation::fromParts(std::move(parts));
}

/// One operand per vertex, one mode of size 2 per edge.
inline Equation
graphNetwork(unsigned vertices,
             const std::vector<std::pair<unsigned, unsigned>> &edges) {
  std::vector<std::vector<ModeId>> operands(vertices);
  for (unsigned edge = 0; edge < edges.size(); ++edge) {
    operands[edges[edge].first].push_back(edge);
    operands[edges[edge].second].push_back(edge);
  }
  return plainNetwork(operands);
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_PLAN_REUSE_DISGUISE_H
