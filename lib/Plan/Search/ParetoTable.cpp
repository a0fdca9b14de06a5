//===- ParetoTable.cpp - The best tree within a limit ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sets are visited in ascending order of their words, so that both sides of a
// split are done before it. Besides value and peak, a kept tree carries the
// bytes of what stays alive throughout (prepared and hoisted values) and, where
// the target fuses steps, its value if its last result is never written: which
// of the two counts is known only when the reader is.
//
//===----------------------------------------------------------------------===//

#include "ParetoTable.h"
#include "Plan/Tree/TreeBuilder.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"

using namespace conveinsum;

namespace {
/// One tree over a set.
struct Kept {
  Count value = 0;    ///< if the last result is written
  Count fused = 0;    ///< if the last result is fused into its reader
  Count peak = 0;     ///< of what is not there all the time
  Count resident = 0; ///< alive all the time
  StepKind kind = StepKind::Contraction; ///< of the last step
  SubsetWord left = 0;
  uint32_t leftIndex = 0, rightIndex = 0;
};

/// A side as the step that reads it sees it.
struct Side {
  Count peak, bytes, resident;
};

/// The costs of one split, by which sides are fused.
struct SplitCost {
  Count value = 0, fused = 0;
};

class LimitSearch {
public:
  explicit LimitSearch(const LimitRequest &request)
      : request(request), goal(request.goal),
        fuses(goal.objective.kind == ObjectiveKind::Time && goal.target.fuses),
        operands(request.classes.front().equation.numOperands()),
        all((SubsetWord(1) << operands) - 1), kept(size_t(all) + 1) {
    for (const SliceClass &slice : request.classes)
      figures.emplace_back(slice.equation, goal);
    fillBytes();
    // Tables are work as well.
    work = figures.size() * (kept.size() + 256);
  }

  LimitResult run();

private:
  void fillBytes();
  bool isHoisted(SubsetWord set) const {
    return request.sliced != 0 && (set & request.sliced) == 0;
  }
  bool isPrepared(SubsetWord set) const {
    return figures.front().isPrepared(set);
  }
  bool search(SubsetWord set);
  bool split(SubsetWord left, SubsetWord right);
  void pair(SubsetWord left, SubsetWord right, uint32_t leftIndex,
            uint32_t rightIndex, StepKind kind);
  Side side(SubsetWord set, const Kept &tree, SubsetWord reader) const;
  bool isFused(SubsetWord set, const Kept &tree, StepKind reader,
               SubsetWord both) const;
  SplitCost cost(bool leftFused, bool rightFused) const;
  Count joinedPeak(const Side &left, const Side &right, Count bytes) const;
  Count total(const Kept &tree) const;
  bool dominates(const Kept &a, const Kept &b) const;
  void insert(SubsetWord set, const Kept &tree);
  unsigned build(SubsetWord set, uint32_t index, TreeBuilder &builder) const;

  const LimitRequest &request;
  const PlanGoal &goal;
  bool fuses;
  unsigned operands;
  SubsetWord all;
  std::vector<SubsetFigures> figures; // per class
  std::vector<Count> bytes;       // of the value of a set, while a slice runs
  std::vector<Count> alwaysBytes; // of the same, where it is there throughout
  std::vector<std::vector<Kept>> kept;
  // Of the split at hand: per class, and by which sides are fused.
  std::vector<StepFigures> steps;
  bool isDoneOnce = false;
  std::optional<SplitCost> costs[2][2];
  uint64_t work = 0;
};
} // namespace

/// Slices differ: what runs takes the largest, what is prepared takes them all.
void LimitSearch::fillBytes() {
  bytes.assign(size_t(all) + 1, 0);
  alwaysBytes.assign(size_t(all) + 1, 0);
  for (SubsetWord set = 1; set <= all; ++set) {
    if (llvm::has_single_bit(set))
      continue;
    for (auto [index, slice] : llvm::enumerate(request.classes)) {
      Count own = resultBytes(goal, figures[index].elements(set), set == all);
      bytes[set] = std::max(bytes[set], own);
      bool isShared = (set & request.sliced) == 0;
      alwaysBytes[set] =
          isShared ? own : alwaysBytes[set] + own * slice.multiplicity;
    }
  }
  if (request.writesInPlace)
    bytes[all] = 0;
  // A prepared result is the whole result, which slices count in `base`.
  if (request.sliced != 0)
    alwaysBytes[all] = 0;
}

//===----------------------------------------------------------------------===//
// One split
//===----------------------------------------------------------------------===//

/// Of the split at hand, over all slices.
SplitCost LimitSearch::cost(bool leftFused, bool rightFused) const {
  SplitCost sum;
  if (goal.objective.kind == ObjectiveKind::Peak)
    return sum;
  for (unsigned index = 0; index < steps.size(); ++index) {
    StepFigures step = steps[index];
    step.leftFused = leftFused;
    step.rightFused = rightFused;
    auto add = [&](Count &to, Count one) {
      if (goal.objective.kind != ObjectiveKind::Size && !isDoneOnce)
        one *= request.classes[index].multiplicity;
      to = combine(goal.objective, to, one);
    };
    add(sum.value, stepCost(goal, step));
    step.resultFused = fuses;
    add(sum.fused, stepCost(goal, step));
  }
  return sum;
}

bool LimitSearch::isFused(SubsetWord set, const Kept &tree, StepKind reader,
                          SubsetWord both) const {
  if (!fuses || llvm::has_single_bit(set) || isPrepared(set) ||
      isHoisted(set) != isHoisted(both))
    return false;
  return goal.target.fusesInto(tree.kind, reader);
}

Side LimitSearch::side(SubsetWord set, const Kept &tree,
                       SubsetWord reader) const {
  if (llvm::has_single_bit(set))
    return {0, 0, 0};
  // Made in `prepare`; what led there is gone.
  if (isPrepared(set))
    return {0, 0, isPrepared(reader) ? 0 : alwaysBytes[set]};
  // Made before the slices, while the other hoisted values are there.
  if (isHoisted(set) && !isHoisted(reader))
    return {tree.peak == Count::infinity() ? Count::infinity()
                                           : tree.peak - bytes[set],
            0, tree.resident + bytes[set]};
  return {tree.peak, bytes[set], tree.resident};
}

Count LimitSearch::joinedPeak(const Side &left, const Side &right,
                              Count result) const {
  Count step = left.bytes + right.bytes + result;
  if (request.rule == PeakRule::StepByStep)
    return std::max({step, left.peak, right.peak});
  Count leftFirst = std::max(left.peak, left.bytes + right.peak);
  Count rightFirst = std::max(right.peak, right.bytes + left.peak);
  return std::max(step, std::min(leftFirst, rightFirst));
}

void LimitSearch::pair(SubsetWord left, SubsetWord right, uint32_t leftIndex,
                       uint32_t rightIndex, StepKind kind) {
  SubsetWord both = left | right;
  const Kept &a = kept[left][leftIndex], &b = kept[right][rightIndex];
  bool leftFused = isFused(left, a, kind, both);
  bool rightFused = isFused(right, b, kind, both);
  std::optional<SplitCost> &known = costs[leftFused][rightFused];
  if (!known)
    known = cost(leftFused, rightFused);
  Count sides = combine(goal.objective, leftFused ? a.fused : a.value,
                        rightFused ? b.fused : b.value);
  Kept tree;
  tree.value = combine(goal.objective, sides, known->value);
  tree.fused = combine(goal.objective, sides, known->fused);
  tree.kind = kind;
  tree.left = left;
  tree.leftIndex = leftIndex;
  tree.rightIndex = rightIndex;
  if (!isPrepared(both)) {
    Side l = side(left, a, both), r = side(right, b, both);
    tree.peak = joinedPeak(l, r, bytes[both]);
    tree.resident = l.resident + r.resident;
  } else if (both == all) {
    tree.resident = alwaysBytes[all];
  }
  if (total(tree) <= request.limit)
    insert(both, tree);
}

bool LimitSearch::split(SubsetWord left, SubsetWord right) {
  const size_t lefts = kept[left].size(), rights = kept[right].size();
  work += lefts * rights + figures.size();
  if (work > request.maxWork)
    return false;
  if (lefts == 0 || rights == 0)
    return true;
  // A hoisted step is the same in all slices and is done once.
  isDoneOnce = isHoisted(left | right);
  steps.clear();
  for (const SubsetFigures &slice :
       llvm::ArrayRef(figures).take_front(isDoneOnce ? 1 : figures.size()))
    steps.push_back(slice.step(left, right));
  for (auto &row : costs)
    for (std::optional<SplitCost> &known : row)
      known.reset();
  for (uint32_t l = 0; l < lefts; ++l)
    for (uint32_t r = 0; r < rights; ++r)
      pair(left, right, l, r, steps.front().kind);
  return true;
}

//===----------------------------------------------------------------------===//
// Kept trees
//===----------------------------------------------------------------------===//

Count LimitSearch::total(const Kept &tree) const {
  return request.base + (tree.resident + tree.peak);
}

bool LimitSearch::dominates(const Kept &a, const Kept &b) const {
  if (a.value > b.value || a.peak > b.peak || a.resident > b.resident)
    return false;
  // The kind of the last step decides what it fuses with.
  return !fuses || (a.fused <= b.fused && a.kind == b.kind);
}

void LimitSearch::insert(SubsetWord set, const Kept &tree) {
  std::vector<Kept> &trees = kept[set];
  for (const Kept &other : trees)
    if (dominates(other, tree))
      return;
  llvm::erase_if(trees,
                 [&](const Kept &other) { return dominates(tree, other); });
  trees.push_back(tree);
}

bool LimitSearch::search(SubsetWord set) {
  // Every split once: the side with the lowest operand is the left one.
  SubsetWord others = set & (set - 1);
  for (SubsetWord right = others; right != 0; right = (right - 1) & others)
    if (!split(set ^ right, right))
      return false;
  return true;
}

unsigned LimitSearch::build(SubsetWord set, uint32_t index,
                            TreeBuilder &builder) const {
  if (llvm::has_single_bit(set))
    return llvm::countr_zero(set);
  const Kept &tree = kept[set][index];
  unsigned left = build(tree.left, tree.leftIndex, builder);
  return builder.join(left, build(set ^ tree.left, tree.rightIndex, builder));
}

LimitResult LimitSearch::run() {
  LimitResult result;
  bool isDone = true;
  for (SubsetWord set = 1; set <= all && isDone; ++set) {
    if (llvm::has_single_bit(set))
      kept[set].push_back({});
    else
      isDone = search(set);
  }
  result.work = work;
  if (!isDone) {
    result.status = LimitResult::Status::GaveUp;
    return result;
  }
  bool wantsPeak = goal.objective.kind == ObjectiveKind::Peak;
  for (auto [index, tree] : llvm::enumerate(kept[all])) {
    Count peak = total(tree), value = wantsPeak ? peak : tree.value;
    if (result.status == LimitResult::Status::Found &&
        std::pair(value, peak) >= std::pair(result.value, result.peak))
      continue;
    result.status = LimitResult::Status::Found;
    result.value = value;
    result.peak = peak;
    TreeBuilder builder(operands);
    build(all, index, builder);
    result.tree = builder.finish();
  }
  return result;
}

LimitResult conveinsum::searchWithinLimit(const LimitRequest &request) {
  return LimitSearch(request).run();
}

//===----------------------------------------------------------------------===//
// Whole networks
//===----------------------------------------------------------------------===//

/// Work after which a search over all trees gives up; a second or so.
static constexpr uint64_t kMaxSearchWork = 20'000'000;

LimitResult conveinsum::searchAllTrees(const Equation &equation,
                                       const PlanGoal &goal, Count limit,
                                       PeakRule rule) {
  SliceClass whole{equation, 1};
  LimitRequest request{goal, whole};
  request.base = operandBytes(equation, goal);
  request.limit = limit;
  request.rule = rule;
  request.maxWork = kMaxSearchWork;
  return searchWithinLimit(request);
}

std::optional<FeasibleLimit>
conveinsum::searchSmallestPeak(const Equation &equation, const PlanGoal &goal) {
  assert(equation.hasStaticShapes() && "bytes need extents");
  FeasibleLimit limit;
  PlanGoal peak = goal;
  peak.objective = Objective(ObjectiveKind::Peak);
  unsigned operands = equation.numOperands();
  if (operands <= 2) {
    limit.tree = ContractionTree::leftToRight(operands);
    limit.bytes = limit.lowerBound = peakBytes(equation, limit.tree, goal);
    return limit;
  }
  if (operands > kMaxExactPeakOperands)
    return std::nullopt;
  auto found =
      searchAllTrees(equation, peak, Count::infinity(), PeakRule::DepthFirst);
  if (found.status != LimitResult::Status::Found)
    return std::nullopt;
  auto bound =
      searchAllTrees(equation, peak, Count::infinity(), PeakRule::StepByStep);
  limit.tree = found.tree;
  limit.bytes = found.peak;
  limit.lowerBound = bound.status == LimitResult::Status::Found
                         ? bound.peak
                         : operandBytes(equation, goal);
  return limit;
}
