//===- Goal.h - What a plan is good for -------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is minimised, and for which use of the network. One function,
// `stepCost`, says what a step costs under a goal; planners, reports and the
// checker `evaluateGoal` all ask it.
//
//   flops     sum of MACs (exact or dense count)
//   size      largest result of any step, elements
//   write     sum of the elements of all step results
//   combo-K   flops + K x write
//   roof-F    sum of max(macs, F x (|A| + |B| + |C|)) over steps C = A B
//   time      sum of predicted picoseconds (TargetModel.h)
//   peak      bytes alive at once (Schedule.h), operands and result included
//
// Gradients. The network is trained and the operands in `gradients` need one. A
// step C = A B is then computed forward, and once more for each side that holds
// such an operand (gA = gC B, gB = A gC): each product costs the same MACs and
// moves the same three tensors. `write` counts the results of all products.
//
// Constants. A step that touches constant operands only is done once, in
// `prepare`, and costs nothing per call.
//
// Worked example, "ij,jk,kl->il" in f32 with i = 6, j = k = 9, l = 7. Operands
// have 54 + 81 + 63 = 198 elements:
//
//                          ((0,1),2)                  (0,(1,2))
//   flops                  486 + 378 = 864            567 + 378 = 945
//   size                   54                         63
//   write                  54 + 42 = 96               63 + 42 = 105
//   combo-64               864 + 64 x 96 = 7008       945 + 64 x 105 = 7665
//   roof-4                 4 (189 + 159) = 1392       4 (207 + 159) = 1464
//   peak                   4 (198 + 96) = 1176        4 (198 + 105) = 1212
//   flops, gradients {0}   2 x 486 + 2 x 378 = 1728   567 + 2 x 378 = 1323
//   flops, constants {1,2} 864                        378
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_COST_GOAL_H
#define CONVEINSUM_PLAN_COST_GOAL_H

#include "conveinsum/Plan/Cost/PlanCost.h"
#include "conveinsum/Target/TargetModel.h"

namespace conveinsum {

enum class ObjectiveKind : uint8_t {
  Flops,
  Size,
  Write,
  Combo,
  Roof,
  Time,
  Peak
};

struct Objective {
  ObjectiveKind kind = ObjectiveKind::Flops;
  /// Which MACs `flops`, `combo` and `roof` count.
  MacCount count = MacCount::Exact;
  /// K of combo-K, F of roof-F.
  uint64_t weight = 0;

  Objective() = default;
  Objective(MacCount count) : count(count) {}
  Objective(ObjectiveKind kind, uint64_t weight = 0,
            MacCount count = MacCount::Exact)
      : kind(kind), count(count), weight(weight) {}

  /// `flops`, `size`, `write`, `combo-64`, `roof-20`, `time`, `peak`.
  static std::optional<Objective> parse(llvm::StringRef word);
  std::string name() const;
  /// `MACs`, `elements`, `bytes` or `ps`; empty for combo and roof.
  llvm::StringRef unit() const;
  bool operator==(const Objective &o) const {
    return kind == o.kind && count == o.count && weight == o.weight;
  }
};

struct PlanGoal {
  Objective objective;
  /// Operands that need a gradient, and operands that are the same in every
  /// call; ascending, without repeats.
  llvm::SmallVector<unsigned, 4> gradients, constants;
  /// The types of operands and result decide bytes and predicted times.
  ElementType dtype = ElementType::F32, resultType = ElementType::F32;
  /// The machine whose times `time` predicts.
  TargetModel target = TargetModel::cpu();

  PlanGoal() = default;
  PlanGoal(Objective objective) : objective(objective) {}
  PlanGoal(MacCount count) : objective(count) {}
};

/// Reports operands in `gradients` or `constants` that the equation does not
/// have, that are named twice, or that are in both.
bool verifyGoal(const Equation &equation, const PlanGoal &goal,
                ErrorFn onError);

/// What the cost of a step depends on.
struct StepFigures {
  StepKind kind = StepKind::Contraction;
  Count macs = 0;                        ///< they are in the objective's count
  Count left = 0, right = 0, result = 0; ///< elements
  bool leftGradient = false, rightGradient = false;
  bool isPrepared = false; ///< it touches constant operands only
  /// Fused edges move no bytes (`time` only).
  bool leftFused = false, rightFused = false, resultFused = false;
  /// Whether a side or the result has the operands' or the result's type.
  bool leftIsOperand = false, rightIsOperand = false, isLast = false;

  /// The products that a call computes: none of a prepared step.
  unsigned products() const {
    return isPrepared ? 0 : 1 + leftGradient + rightGradient;
  }
};

/// The part of the value that is a step's; `peak` is no property of steps.
Count stepCost(const PlanGoal &goal, const StepFigures &step);
/// Bytes that one product of the step reads and writes.
Count movedBytes(const PlanGoal &goal, const StepFigures &step);
/// The sum, or for `size` the maximum, of two parts of a plan.
Count combine(const Objective &objective, Count a, Count b);

struct GoalCost {
  Count value = 0;
  /// What each step is and costs; no costs are given for `peak`.
  std::vector<StepFigures> figures;
  std::vector<Count> steps;
  /// Steps done in `prepare`.
  std::vector<unsigned> prepared;
};

/// Evaluates a tree under a goal from the definition, one step after the other:
/// the checker that every planner is held against. The tree must verify, the
/// shapes must be static.
GoalCost evaluateGoal(const Equation &equation, const ContractionTree &tree,
                      const PlanGoal &goal);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_COST_GOAL_H
