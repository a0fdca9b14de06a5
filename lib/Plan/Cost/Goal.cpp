//===- Goal.cpp - What a plan is good for ---------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The costs of steps, and the checker that adds them up along a tree. It asks
// the equation about every pair and shares nothing with the planners but
// `stepCost` and `combine`.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Cost/Goal.h"
#include "KeptWalk.h"
#include "conveinsum/Plan/Cost/FusedGroups.h"
#include "conveinsum/Plan/Cost/LiveBytes.h"
#include "conveinsum/Plan/Tree/Schedule.h"
#include "llvm/ADT/StringSwitch.h"

using namespace conveinsum;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Objectives
//===----------------------------------------------------------------------===//

std::optional<Objective> Objective::parse(StringRef word) {
  uint64_t weight = 0;
  auto weighted = [&](StringRef prefix,
                      ObjectiveKind kind) -> std::optional<Objective> {
    StringRef digits = word;
    if (!digits.consume_front(prefix) || digits.getAsInteger(10, weight))
      return std::nullopt;
    return Objective(kind, weight);
  };
  if (auto combo = weighted("combo-", ObjectiveKind::Combo))
    return combo;
  if (auto roof = weighted("roof-", ObjectiveKind::Roof))
    return roof;
  return llvm::StringSwitch<std::optional<Objective>>(word)
      .Case("flops", Objective(ObjectiveKind::Flops))
      .Case("size", Objective(ObjectiveKind::Size))
      .Case("write", Objective(ObjectiveKind::Write))
      .Case("time", Objective(ObjectiveKind::Time))
      .Case("peak", Objective(ObjectiveKind::Peak))
      .Default(std::nullopt);
}

std::string Objective::name() const {
  switch (kind) {
  case ObjectiveKind::Flops:
    return "flops";
  case ObjectiveKind::Size:
    return "size";
  case ObjectiveKind::Write:
    return "write";
  case ObjectiveKind::Combo:
    return "combo-" + std::to_string(weight);
  case ObjectiveKind::Roof:
    return "roof-" + std::to_string(weight);
  case ObjectiveKind::Time:
    return "time";
  case ObjectiveKind::Peak:
    return "peak";
  }
  return "";
}

StringRef Objective::unit() const {
  switch (kind) {
  case ObjectiveKind::Flops:
    return "MACs";
  case ObjectiveKind::Size:
  case ObjectiveKind::Write:
    return "elements";
  case ObjectiveKind::Time:
    return "ps";
  case ObjectiveKind::Peak:
    return "bytes";
  case ObjectiveKind::Combo:
  case ObjectiveKind::Roof:
    return "";
  }
  return "";
}

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

bool conveinsum::verifyGoal(const Equation &equation, const PlanGoal &goal,
                            ErrorFn onError) {
  enum { Free, Gradient, Constant };
  std::vector<uint8_t> role(equation.numOperands(), Free);
  auto claim = [&](llvm::ArrayRef<unsigned> operands, uint8_t claimed,
                   StringRef what) {
    for (unsigned operand : operands) {
      Fault diagnostic;
      if (operand >= role.size()) {
        diagnostic.message = "expected an operand below " +
                             std::to_string(role.size()) + " in " + what.str() +
                             ", got " + std::to_string(operand);
      } else if (role[operand] == claimed) {
        diagnostic.message = "expected every operand once in " + what.str() +
                             ", got operand " + std::to_string(operand) +
                             " twice";
      } else if (role[operand] != Free) {
        diagnostic.message = "expected a constant operand to need no gradient, "
                             "got operand " +
                             std::to_string(operand) +
                             " in both gradients and constants";
      } else {
        role[operand] = claimed;
        continue;
      }
      if (operand < role.size())
        diagnostic.operand = operand;
      onError(diagnostic);
      return false;
    }
    return true;
  };
  return claim(goal.gradients, Gradient, "gradients") &&
         claim(goal.constants, Constant, "constants");
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

static Count bytesOf(const PlanGoal &goal, Count elements, bool isOperand,
                     bool isLast) {
  return isOperand ? elements * byteSize(goal.dtype)
                   : resultBytes(goal, elements, isLast);
}

/// Elements of what the step computes, in all its products.
static Count written(const StepFigures &step) {
  if (step.isPrepared)
    return 0;
  Count sum = step.result;
  if (step.leftGradient)
    sum += step.left;
  if (step.rightGradient)
    sum += step.right;
  return sum;
}

Count conveinsum::movedBytes(const PlanGoal &goal, const StepFigures &step) {
  Count bytes = 0;
  if (!step.leftFused)
    bytes = bytesOf(goal, step.left, step.leftIsOperand, false);
  if (!step.rightFused)
    bytes += bytesOf(goal, step.right, step.rightIsOperand, false);
  if (!step.resultFused)
    bytes += bytesOf(goal, step.result, false, step.isLast);
  return bytes;
}

Count conveinsum::stepCost(const PlanGoal &goal, const StepFigures &step) {
  const Objective &objective = goal.objective;
  unsigned products = step.products();
  if (products == 0)
    return 0;
  switch (objective.kind) {
  case ObjectiveKind::Flops:
    return step.macs * products;
  case ObjectiveKind::Size:
    return step.result;
  case ObjectiveKind::Write:
    return written(step);
  case ObjectiveKind::Combo:
    return step.macs * products + objective.weight * written(step);
  case ObjectiveKind::Roof: {
    Count elements = step.left + step.right + step.result;
    return std::max(step.macs, objective.weight * elements) * products;
  }
  case ObjectiveKind::Time:
    return goal.target
               .predict(step.kind, goal.dtype, step.macs,
                        movedBytes(goal, step))
               .picoseconds *
           products;
  case ObjectiveKind::Peak:
    break;
  }
  assert(false && "the peak is no property of a step");
  return 0;
}

Count conveinsum::combine(const Objective &objective, Count a, Count b) {
  return objective.kind == ObjectiveKind::Size ? std::max(a, b) : a + b;
}

//===----------------------------------------------------------------------===//
// Trees
//===----------------------------------------------------------------------===//

namespace {
/// Walks a tree and gathers the figures of its steps.
class GoalWalk {
public:
  GoalWalk(const Equation &equation, const ContractionTree &tree,
           const PlanGoal &goal)
      : equation(equation), tree(tree), goal(goal), walk(equation),
        values(tree.numValues()) {
    std::vector<bool> gradients = marked(goal.gradients);
    std::vector<bool> constants = marked(goal.constants);
    for (unsigned operand = 0; operand < tree.numOperands(); ++operand) {
      values[operand].gradient = gradients[operand];
      values[operand].constant = constants[operand];
    }
    for (ContractionTree::NumberedStep step : tree.numberedSteps())
      figures.push_back(figuresOf(step));
    if (goal.objective.kind == ObjectiveKind::Time)
      markFused(tree, fusedGroupsOf(tree, figures, goal.target), figures);
  }

  std::vector<StepFigures> figures;

private:
  struct Value {
    KeptWalk::Value value;
    Count elements = 0;
    bool gradient = false, constant = false;
  };

  std::vector<bool> marked(llvm::ArrayRef<unsigned> operands) const {
    std::vector<bool> marks(tree.numOperands(), false);
    for (unsigned operand : operands)
      marks[operand] = true;
    return marks;
  }

  /// Time also pays for reading what is summed before the first step.
  void enter(unsigned operand) {
    Value &leaf = values[operand];
    leaf.value = walk.leaf(operand);
    leaf.elements = goal.objective.kind == ObjectiveKind::Time
                        ? rawElements(equation, operand)
                        : walk.elements(leaf.value);
  }

  StepFigures figuresOf(ContractionTree::NumberedStep numbered) {
    auto [index, lhs, rhs, result] = numbered;
    for (unsigned side : {lhs, rhs})
      if (side < tree.numOperands())
        enter(side);
    Value &left = values[lhs], &right = values[rhs], &both = values[result];
    StepFigures step;
    step.leftIsOperand = lhs < tree.numOperands();
    step.rightIsOperand = rhs < tree.numOperands();
    step.isLast = result + 1 == tree.numValues();
    both.value = walk.join(left.value, right.value, step.isLast);
    both.elements = walk.elements(both.value);
    both.gradient = left.gradient || right.gradient;
    both.constant = left.constant && right.constant;
    step.kind = walk.kind(left.value, right.value, both.value);
    step.macs = walk.macs(left.value, right.value, goal.objective.count);
    step.left = left.elements;
    step.right = right.elements;
    step.result = both.elements;
    step.leftGradient = left.gradient;
    step.rightGradient = right.gradient;
    step.isPrepared = both.constant;
    // Every value is read once.
    left.value = {};
    right.value = {};
    return step;
  }

  const Equation &equation;
  const ContractionTree &tree;
  const PlanGoal &goal;
  KeptWalk walk;
  std::vector<Value> values; // by SSA number
};
} // namespace

GoalCost conveinsum::evaluateGoal(const Equation &equation,
                                  const ContractionTree &tree,
                                  const PlanGoal &goal) {
  assert(tree.numOperands() == equation.numOperands() &&
         "the tree is not one of this equation");
  GoalWalk walk(equation, tree, goal);
  GoalCost cost;
  for (auto [index, step] : llvm::enumerate(walk.figures))
    if (step.isPrepared)
      cost.prepared.push_back(index);
  if (goal.objective.kind == ObjectiveKind::Peak) {
    LiveBytes live = liveBytesOf(equation, tree, goal, walk.figures);
    cost.value = live.resident + smallestPeak(tree, live.sizes).peak;
    cost.figures = std::move(walk.figures);
    return cost;
  }
  for (const StepFigures &step : walk.figures) {
    cost.steps.push_back(stepCost(goal, step));
    cost.value = combine(goal.objective, cost.value, cost.steps.back());
  }
  cost.figures = std::move(walk.figures);
  return cost;
}
