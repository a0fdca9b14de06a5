//===- JointSearch.cpp - The front over all trees -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The recurrence of TrainingTree.cpp with sets of operands in the place of
// subtrees and all splits in the place of one: fronts of about 2^N sets, merged
// from 3^N / 2 pairs. What keeps them short is what is known of the whole:
//
//   * points of some good trees, which are the front or close to it;
//   * the least MACs that a tree costs outside of a set, for every set.
//
// A point of a set that, with these MACs, is beaten by a known point leads to
// no point of the front and is left out. Points that are only equalled stay, so
// that ties are broken as if nothing was left out.
//
//===----------------------------------------------------------------------===//

#include "Checks.h"
#include "JointCosts.h"
#include "TrainingTree.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include <list>

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Points of some good trees
//===----------------------------------------------------------------------===//

namespace {
/// A tree with its front.
struct KnownTree {
  TrainingTree tree;
  TreeFronts fronts;

  KnownTree(const Equation &equation, const ContractionTree &tree,
            const PlanGoal &goal, unsigned maxPoints)
      : tree(equation, tree, goal), fronts(this->tree, maxPoints) {}
};

/// The front of the choices of some trees.
class KnownTrees {
public:
  KnownTrees(const Equation &equation, const PlanGoal &goal, unsigned maxPoints)
      : equation(equation), goal(goal), maxPoints(maxPoints) {}

  void add(const ContractionTree &tree) {
    trees.emplace_back(equation, tree, goal, maxPoints);
    Front points = trees.back().fronts.points();
    for (uint32_t index = 0; index < points.size(); ++index) {
      points[index].sum = kFirstName + trees.size() - 1;
      points[index].left = index;
    }
    front = mergeFronts(front, points);
  }

  const Front &points() const { return front; }
  /// Whether a point is one of these, not one that was found otherwise.
  static bool has(const FrontPoint &point) { return point.sum >= kFirstName; }
  TrainingPoint point(const FrontPoint &point) const {
    const KnownTree &from = *std::next(trees.begin(), point.sum - kFirstName);
    return from.tree.point(from.fronts.keptBy(point.left));
  }

private:
  /// Above the names of sums of sets.
  static constexpr uint32_t kFirstName = 1u << 31;

  const Equation &equation;
  const PlanGoal &goal;
  unsigned maxPoints;
  std::list<KnownTree> trees;
  Front front;
};
} // namespace

//===----------------------------------------------------------------------===//
// All trees
//===----------------------------------------------------------------------===//

namespace {
/// What the backward pass does with the result of the whole.
enum class ResultIs : uint8_t { Given, Recomputed };

class JointSearch {
public:
  JointSearch(const Equation &equation, const PlanGoal &goal,
              unsigned maxPoints, ResultIs result = ResultIs::Given)
      : equation(equation), goal(goal), maxPoints(maxPoints), result(result),
        costs(equation, goal), known(equation, goal, maxPoints),
        fronts(2 * size_t(costs.all()) + 2), errors(fronts.size()) {
    // The limits hold for results that are given.
    if (result == ResultIs::Given)
      findKnown();
    else
      rests.resize(fronts.size());
    for (SubsetWord set = 1; set <= costs.all(); ++set)
      addFronts(set);
  }

  /// Of results that are given.
  TrainingFront front() const {
    assert(result == ResultIs::Given);
    unsigned whole = 2 * costs.all();
    TrainingFront result;
    result.error = errors[whole];
    result.exact = result.error == 0;
    Front points = fronts[whole];
    for (uint32_t index = 0; index < points.size(); ++index)
      points[index].left = index;
    // What leads to a known point only was left out: where the other ways to it
    // may be thinned out, it is missing.
    if (!result.exact)
      points = mergeFronts(points, known.points());
    for (const FrontPoint &point : points)
      result.points.push_back(KnownTrees::has(point) ? known.point(point)
                                                     : pointOf(point.left));
    return result;
  }

  bool isExact() const { return errors[2 * costs.all()] == Count(0); }
  /// The tree of every point.
  std::vector<ContractionTree> trees() const {
    std::vector<ContractionTree> trees;
    for (uint32_t index = 0; index < fronts[2 * costs.all()].size(); ++index)
      trees.push_back(treeOf(index).first);
    return trees;
  }

private:
  void findKnown() {
    WeightedOptimum cheapest(costs, 1, 0);
    known.add(cheapest.tree());
    rests = cheapest.rests();
    // An element that costs more than all that keeping could save: the best
    // tree if nothing is kept.
    Count most = known.points().front().macs;
    Count least = known.points().back().macs;
    known.add(WeightedOptimum(costs, 1, most - least + 1).tree());
  }

  void addFronts(SubsetWord set) {
    if (costs.isFree(set)) {
      fronts[2 * set] = fronts[2 * set + 1] = {FrontPoint()};
      return;
    }
    for (unsigned at : {2 * set, 2 * set + 1})
      // Where the rest has no tree, nothing reads the set.
      if (!rests[at].isInfinite())
        addFront(set, at & 1);
  }

  void addFront(SubsetWord set, bool read) {
    unsigned at = 2 * set + read;
    FrontLimit limit(known.points(), rests[at]);
    std::vector<FrontSum> sums;
    auto add = [&](const Join &join, bool isRecomputed) {
      unsigned left = 2 * join.left + (isRecomputed || join.rightGradient);
      unsigned right = 2 * join.right + (isRecomputed || join.leftGradient);
      if (fronts[left].empty() || fronts[right].empty())
        return;
      FrontSum sum = sumOf(set, join, isRecomputed);
      sum.left = &fronts[left];
      sum.right = &fronts[right];
      if (read && !isRecomputed)
        sum.kept = costs.elements[set];
      if (!limit.takes(sum.leastKept(), sum.leastMacs()))
        return;
      sums.push_back(sum);
      errors[at] = std::max(errors[at], plus(errors[left], errors[right]));
    };
    bool isResult = set == costs.all() && result == ResultIs::Recomputed;
    costs.forEachJoin(set, [&](const Join &join) {
      if (!isResult)
        add(join, false);
      if (read || isResult)
        add(join, true);
    });
    fronts[at] = mergeSums(sums, limit);
    errors[at] = plus(errors[at], thinOut(fronts[at], maxPoints));
  }

  /// The work of a step.
  FrontSum sumOf(SubsetWord set, const Join &join, bool isRecomputed) const {
    FrontSum sum;
    sum.macs = times(join.macs, join.products() + isRecomputed);
    sum.written = times(costs.elements[set], Count(isRecomputed ? 2 : 1));
    if (join.leftGradient)
      sum.written = plus(sum.written, costs.elements[join.left]);
    if (join.rightGradient)
      sum.written = plus(sum.written, costs.elements[join.right]);
    sum.name = 2 * join.left + isRecomputed;
    return sum;
  }

  /// A point of the whole: its tree, and what it keeps.
  std::pair<ContractionTree, std::vector<unsigned>>
  treeOf(uint32_t index) const {
    TreeBuilder builder(costs.numOperands());
    std::vector<unsigned> kept;
    join(costs.all(), false, index, builder, kept);
    return {builder.finish(), std::move(kept)};
  }

  TrainingPoint pointOf(uint32_t index) const {
    auto [contraction, kept] = treeOf(index);
    TrainingTree tree(equation, contraction, goal);
    ValueBits keep(tree.numValues());
    for (unsigned value : kept)
      keep.set(value);
    return tree.point(keep);
  }

  /// Joins a set in the builder as a point of its front says, notes which
  /// values are kept, and returns its SSA number.
  unsigned join(SubsetWord set, bool read, uint32_t index, TreeBuilder &builder,
                std::vector<unsigned> &kept) const {
    if (costs.isFree(set))
      return costs.joinPrepared(set, builder);
    const FrontPoint &from = fronts[2 * set + read][index];
    SubsetWord left = from.sum / 2, right = set & ~left;
    bool isRecomputed = from.sum % 2;
    unsigned first = join(left, isRecomputed || costs.hasGradient(right),
                          from.left, builder, kept);
    unsigned second = join(right, isRecomputed || costs.hasGradient(left),
                           from.right, builder, kept);
    unsigned value = builder.join(first, second);
    if (read && !isRecomputed)
      kept.push_back(value);
    return value;
  }

  const Equation &equation;
  const PlanGoal &goal;
  unsigned maxPoints;
  ResultIs result;
  JointCosts costs;
  KnownTrees known;
  // Two per set: not read, and read by the backward pass.
  std::vector<Count> rests;
  std::vector<Front> fronts;
  std::vector<Count> errors;
};
} // namespace

/// Reports what cannot be searched over all trees.
static bool checkJoint(const Equation &equation, const PlanGoal &goal,
                       const TrainingOptions &options, ErrorFn onError) {
  if (!checkTraining(equation, goal, onError) ||
      !checkOptions(options, onError))
    return false;
  if (equation.numOperands() <= kMaxJointOperands)
    return true;
  Fault diagnostic;
  diagnostic.message =
      "expected at most " + std::to_string(kMaxJointOperands) +
      " operands to choose the tree and what to keep together, got " +
      std::to_string(equation.numOperands()) + "; the tree must be given";
  onError(diagnostic);
  return false;
}

std::optional<TrainingFront>
conveinsum::jointFront(const Equation &equation, const PlanGoal &goal,
                       const TrainingOptions &options, ErrorFn onError) {
  if (!checkJoint(equation, goal, options, onError))
    return std::nullopt;
  return JointSearch(equation, goal, options.maxPoints).front();
}

std::optional<TrainingTrees>
conveinsum::trainingTrees(const Equation &equation, const PlanGoal &goal,
                          const TrainingOptions &options, ErrorFn onError) {
  if (!checkJoint(equation, goal, options, onError))
    return std::nullopt;
  TrainingFront front = JointSearch(equation, goal, options.maxPoints).front();
  TrainingTrees found;
  found.exact = front.exact;
  llvm::StringSet<> seen;
  auto add = [&](const ContractionTree &tree) {
    if (seen.insert(tree.treeText()).second)
      found.trees.push_back(tree);
  };
  for (const TrainingPoint &point : llvm::reverse(front.points))
    add(point.tree);
  if (equation.numOperands() > kMaxRecomputedOperands) {
    found.exact = false;
    return found;
  }
  JointSearch recomputed(equation, goal, options.maxPoints,
                         ResultIs::Recomputed);
  found.exact &= recomputed.isExact();
  std::vector<ContractionTree> others = recomputed.trees();
  for (const ContractionTree &tree : llvm::reverse(others))
    add(tree);
  return found;
}
