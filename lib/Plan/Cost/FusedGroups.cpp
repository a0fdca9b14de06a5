//===- FusedGroups.cpp - Steps that a target runs as one ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See the header.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Cost/FusedGroups.h"

using namespace conveinsum;
using llvm::ArrayRef;

std::vector<FusedGroup> conveinsum::fusedGroupsOf(const ContractionTree &tree,
                                                  ArrayRef<StepFigures> figures,
                                                  const TargetModel &target,
                                                  ArrayRef<unsigned> written) {
  if (!target.fuses)
    return {};
  // Readers come after what they read: backwards, every step joins the group of
  // its reader.
  std::vector<unsigned> lastOf(figures.size());
  for (auto [index, lhs, rhs, result] : llvm::reverse(tree.numberedSteps())) {
    if (index + 1 == figures.size())
      lastOf[index] = index;
    for (unsigned value : {lhs, rhs}) {
      if (value < tree.numOperands())
        continue;
      unsigned producer = value - tree.numOperands();
      bool isFused =
          !figures[producer].isPrepared &&
          !llvm::is_contained(written, value) &&
          target.fusesInto(figures[producer].kind, figures[index].kind);
      lastOf[producer] = isFused ? lastOf[index] : producer;
    }
  }
  std::vector<FusedGroup> groups(figures.size()); // by the last step
  for (auto [index, last] : llvm::enumerate(lastOf))
    groups[last].push_back(tree.resultOf(index));
  llvm::erase_if(groups,
                 [](const FusedGroup &group) { return group.size() < 2; });
  llvm::sort(groups, [](const FusedGroup &a, const FusedGroup &b) {
    return a.front() < b.front();
  });
  return groups;
}

std::vector<FusedGroup> conveinsum::fusedGroups(const Equation &equation,
                                                const ContractionTree &tree,
                                                const PlanGoal &goal,
                                                ArrayRef<unsigned> written) {
  PlanGoal figuresOnly = goal;
  figuresOnly.objective = Objective(ObjectiveKind::Write);
  return fusedGroupsOf(tree, evaluateGoal(equation, tree, figuresOnly).figures,
                       goal.target, written);
}

void conveinsum::markFused(const ContractionTree &tree,
                           ArrayRef<FusedGroup> groups,
                           llvm::MutableArrayRef<StepFigures> figures) {
  std::vector<bool> isUnwritten(tree.numValues());
  for (const FusedGroup &group : groups)
    for (unsigned value : ArrayRef(group).drop_back())
      isUnwritten[value] = true;
  for (auto [index, lhs, rhs, result] : tree.numberedSteps()) {
    figures[index].leftFused = isUnwritten[lhs];
    figures[index].rightFused = isUnwritten[rhs];
    figures[index].resultFused = isUnwritten[result];
  }
}
