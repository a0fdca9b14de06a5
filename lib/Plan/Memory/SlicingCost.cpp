//===- SlicingCost.cpp - What a tree costs in slices ----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Evaluates a tree over one slice of every shape with the checker of goals and
// adds up: hoisted steps once, the others times the number of such slices.
//
//===----------------------------------------------------------------------===//

#include "SliceTiles.h"
#include "conveinsum/Plan/Cost/FusedGroups.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

Count conveinsum::wholeBytes(const Equation &equation, const PlanGoal &goal) {
  return operandBytes(equation, goal) +
         resultBytes(goal, equation.elements(equation.fullSet()), true);
}

namespace {
class SliceSums {
public:
  SliceSums(const Equation &equation, const ContractionTree &tree,
            const Slicing &slicing, const PlanGoal &goal, StepOrder order)
      : equation(equation), tree(tree), slicing(slicing), goal(goal),
        order(order), reader(tree.steps().size(), -1) {
    OperandSet sliced = slicedOperands(equation, slicing);
    std::vector<OperandSet> sets = tree.operandSets();
    for (auto [index, lhs, rhs, result] : tree.numberedSteps()) {
      isHoisted.push_back(!sets[result].anyCommon(sliced));
      for (unsigned value : {lhs, rhs})
        if (value >= tree.numOperands())
          reader[value - tree.numOperands()] = int(index);
    }
    for (unsigned index = 0; index < reader.size(); ++index)
      if (reader[index] >= 0 && isHoisted[index] != isHoisted[reader[index]])
        border.push_back(tree.resultOf(index));
  }

  SlicedCost run(llvm::ArrayRef<SliceClass> classes);
  /// Per step, the most bytes that its result has in any slice; of what is
  /// prepared none, and of what is hoisted none unless `withHoisted`.
  std::vector<Count> largestSizes(llvm::ArrayRef<SliceClass> classes,
                                  bool withHoisted) const;

private:
  Count peakOf(llvm::ArrayRef<Count> sizes) const {
    return order == StepOrder::Best ? smallestPeak(tree, sizes).peak
                                    : peakAsGiven(tree, sizes);
  }
  std::vector<StepFigures> figuresOf(const SliceClass &slice) const;
  void addValues(llvm::ArrayRef<StepFigures> figures, const SliceClass &slice,
                 bool isFirst);
  void addBytes(llvm::ArrayRef<StepFigures> figures, const SliceClass &slice,
                bool isFirst);
  void addHoisted(llvm::ArrayRef<StepFigures> figures);
  Count bytesOf(const StepFigures &step) const {
    return resultBytes(goal, step.result, step.isLast);
  }
  bool isBelow(unsigned index, unsigned root) const {
    for (int at = index; at >= 0; at = reader[at])
      if (at == int(root))
        return true;
    return false;
  }

  const Equation &equation;
  const ContractionTree &tree;
  const Slicing &slicing;
  const PlanGoal &goal;
  StepOrder order;
  std::vector<int> reader; // step -> the step that reads it, or -1
  std::vector<bool> isHoisted;
  std::vector<unsigned> border; // hoisted values that slices read
  SlicedCost sum;
  Count resident = 0, transient = 0;
};
} // namespace

/// What one slice computes. Nothing is fused across the border between what is
/// done once and what is done per slice.
std::vector<StepFigures> SliceSums::figuresOf(const SliceClass &slice) const {
  PlanGoal asked = goal;
  if (goal.objective.kind == ObjectiveKind::Peak)
    asked.objective = Objective(ObjectiveKind::Write);
  auto figures = evaluateGoal(slice.equation, tree, asked).figures;
  if (goal.objective.kind == ObjectiveKind::Time)
    markFused(tree, fusedGroupsOf(tree, figures, goal.target, border), figures);
  return figures;
}

void SliceSums::addValues(llvm::ArrayRef<StepFigures> figures,
                          const SliceClass &slice, bool isFirst) {
  if (goal.objective.kind == ObjectiveKind::Peak)
    return;
  for (auto [index, step] : llvm::enumerate(figures)) {
    if (isHoisted[index] && !isFirst)
      continue;
    Count cost = stepCost(goal, step);
    if (!isHoisted[index] && goal.objective.kind != ObjectiveKind::Size)
      cost *= slice.multiplicity;
    sum.value = combine(goal.objective, sum.value, cost);
  }
}

/// Prepared values of all slices are there all the time; the rest is there
/// while its slice runs.
void SliceSums::addBytes(llvm::ArrayRef<StepFigures> figures,
                         const SliceClass &slice, bool isFirst) {
  std::vector<Count> sizes;
  for (auto [index, step] : llvm::enumerate(figures)) {
    bool isThere = isHoisted[index] || step.isPrepared ||
                   (step.isLast && !accumulates(equation, slicing));
    sizes.push_back(isThere ? 0 : bytesOf(step));
    bool isReadByCalls = step.isPrepared && reader[index] >= 0 &&
                         !figures[reader[index]].isPrepared;
    if (isReadByCalls && (isFirst || !isHoisted[index]))
      resident = resident +
                 bytesOf(step) * (isHoisted[index] ? 1 : slice.multiplicity);
  }
  transient = std::max(transient, peakOf(sizes));
}

/// Hoisted values are made one after the other, before the first slice.
void SliceSums::addHoisted(llvm::ArrayRef<StepFigures> figures) {
  for (unsigned root = 0; root < figures.size(); ++root) {
    if (!isHoisted[root] || figures[root].isPrepared || isHoisted[reader[root]])
      continue;
    std::vector<Count> sizes;
    for (auto [index, step] : llvm::enumerate(figures))
      sizes.push_back(isBelow(index, root) && !step.isPrepared ? bytesOf(step)
                                                               : 0);
    resident += bytesOf(figures[root]);
    transient = std::max(transient, peakOf(sizes) - bytesOf(figures[root]));
  }
}

std::vector<Count> SliceSums::largestSizes(llvm::ArrayRef<SliceClass> classes,
                                           bool withHoisted) const {
  std::vector<Count> sizes(tree.steps().size());
  for (const SliceClass &slice : classes)
    for (auto [index, step] : llvm::enumerate(figuresOf(slice)))
      if (!step.isPrepared && (withHoisted || !isHoisted[index]))
        sizes[index] = std::max(sizes[index], bytesOf(step));
  return sizes;
}

SlicedCost SliceSums::run(llvm::ArrayRef<SliceClass> classes) {
  for (auto [index, slice] : llvm::enumerate(classes)) {
    std::vector<StepFigures> figures = figuresOf(slice);
    addValues(figures, slice, index == 0);
    addBytes(figures, slice, index == 0);
    if (index == 0)
      addHoisted(figures);
  }
  for (unsigned index = 0; index < isHoisted.size(); ++index)
    if (isHoisted[index])
      sum.hoisted.push_back(index);
  sum.slices = numSlices(equation, slicing);
  sum.peak = wholeBytes(equation, goal) + (resident + transient);
  if (goal.objective.kind == ObjectiveKind::Peak)
    sum.value = sum.peak;
  return sum;
}

SlicedCost
conveinsum::costOfSlices(const Equation &equation, const ContractionTree &tree,
                         const Slicing &slicing, const PlanGoal &goal,
                         llvm::ArrayRef<SliceClass> classes, StepOrder order) {
  if (!slicing.empty())
    return SliceSums(equation, tree, slicing, goal, order).run(classes);
  SlicedCost whole;
  whole.value = evaluateGoal(equation, tree, goal).value;
  whole.peak = peakBytes(equation, tree, goal);
  return whole;
}

SlicedCost conveinsum::evaluateSliced(const Equation &equation,
                                      const ContractionTree &tree,
                                      const Slicing &slicing,
                                      const PlanGoal &goal) {
  auto classes = sliceClasses(equation, slicing, kMaxSliceClasses);
  assert(classes && "verifySlicing bounds the shapes");
  return costOfSlices(equation, tree, slicing, goal, *classes);
}

/// What is hoisted in its best order, then the rest in that of the slices.
static ContractionTree hoistedFirst(const ContractionTree &tree,
                                    llvm::ArrayRef<unsigned> hoisted,
                                    llvm::ArrayRef<Count> sizes,
                                    llvm::ArrayRef<Count> sizesInSlice) {
  std::vector<unsigned> order;
  for (unsigned step : smallestPeak(tree, sizes).order)
    if (llvm::is_contained(hoisted, step))
      order.push_back(step);
  for (unsigned step : smallestPeak(tree, sizesInSlice).order)
    if (!llvm::is_contained(hoisted, step))
      order.push_back(step);
  return inOrder(tree, sizes, order).tree;
}

void conveinsum::scheduleSlices(const Equation &equation, SlicedPlan &plan) {
  auto classes = sliceClasses(equation, plan.slicing, kMaxSliceClasses);
  assert(classes && "a slicing that was found verifies");
  SliceSums sums(equation, plan.tree, plan.slicing, plan.goal, StepOrder::Best);
  std::vector<Count> inSlice = sums.largestSizes(*classes, false);
  std::vector<Count> all = sums.largestSizes(*classes, true);
  // Nested orders first; the last one is the best unless slices differ.
  const ContractionTree trees[] = {
      scheduleSteps(plan.tree, inSlice).tree,
      scheduleSteps(plan.tree, all).tree,
      hoistedFirst(plan.tree, plan.cost.hoisted, all, inSlice)};
  std::optional<SlicedCost> best;
  for (const ContractionTree &tree : trees) {
    SlicedCost cost = costOfSlices(equation, tree, plan.slicing, plan.goal,
                                   *classes, StepOrder::AsGiven);
    if (best && cost.peak >= best->peak)
      continue;
    best = std::move(cost);
    plan.tree = tree;
  }
  plan.cost = std::move(*best);
}
