//===- TrainingJoint.cpp - The front over all trees -----------------------===//
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

#include "JointCosts.h"
#include "TrainingChecks.h"
#include "TrainingTree.h"
#include <list>

using namespace conveinsum;
using llvm::ArrayRef;

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

/// The joint front of some trees.
class KnownTrees {
public:
  KnownTrees(const Equation &equation, const PlanGoal &goal, unsigned maxPoints)
      : equation(equation), goal(goal), maxPoints(maxPoints) {}

  void add(const ContractionTree &tree) {
    trees.emplace_back(equation, tree, goal, maxPoints);
    add(trees.back().fronts.points(), trees.size() - 1);
  }

  /// `sum` is the number of the tree, `left` the point of its front.
  const Front &points() const { return front; }
  TrainingPoint point(const FrontPoint &point) const {
    const KnownTree &from = *std::next(trees.begin(), point.sum);
    return from.tree.point(from.fronts.keptBy(point.left));
  }

private:
  void add(const Front &points, uint32_t tree) {
    Front both = std::move(front);
    for (uint32_t index = 0; index < points.size(); ++index) {
      both.push_back(points[index]);
      both.back().sum = tree;
      both.back().left = index;
    }
    llvm::stable_sort(both, [](const FrontPoint &a, const FrontPoint &b) {
      return std::tie(a.kept, a.macs) < std::tie(b.kept, b.macs);
    });
    front.clear();
    for (const FrontPoint &point : both)
      if (front.empty() || point.macs < front.back().macs)
        front.push_back(point);
  }

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
class JointSearch {
public:
  JointSearch(const Equation &equation, const PlanGoal &goal,
              unsigned maxPoints)
      : equation(equation), goal(goal), maxPoints(maxPoints),
        costs(equation, goal), cheapest(costs, 1, 0),
        known(equation, goal, maxPoints), fronts(2 * size_t(costs.all()) + 2),
        errors(fronts.size()) {
    findKnown();
    for (SubsetWord set = 1; set <= costs.all(); ++set)
      addFronts(set);
  }

  TrainingFront front() const;

  void findKnown() {
    known.add(cheapest.tree());
    // A kept element that costs more than all that recomputation can: nothing
    // is kept.
    Count most = known.points().front().macs;
    Count least = known.points().back().macs;
    known.add(WeightedOptimum(costs, 1, most - least + 1).tree());
  }

  void addFronts(SubsetWord set) {
    if (costs.isFree(set)) {
      front(set, false) = front(set, true) = {FrontPoint()};
      return;
    }
    addFront(set, false);
    if (set != costs.all())
      addFront(set, true);
  }

  void addFront(SubsetWord set, bool read) {
    Count rest = cheapest.rest(set, read);
    if (rest == kMaxCount && cheapest.value() != kMaxCount)
      return;
    std::vector<FrontSum> sums;
    Count z = costs.elements[set];
    costs.forEachJoin(set, [&](const Join &join) {
      auto [left, right, gl, gr, macs] = join;
      auto add = [&](bool l, bool r, Count kept, Count products, bool dropped) {
        const Front &a = front(left, l), &b = front(right, r);
        if (a.empty() || b.empty())
          return;
        Count written = fastMultiply(z, dropped ? 2 : 1);
        if (gl)
          written = fastAdd(written, costs.elements[left]);
        if (gr)
          written = fastAdd(written, costs.elements[right]);
        sums.push_back({&a, &b, kept, fastMultiply(macs, products), written, 2 * left + dropped});
      };
      add(gr, gl, read ? z : 0, join.products(), false);
      if (read)
        add(true, true, 0, join.products() + 1, true);
    });
    front(set, read) = mergeSums(sums, FrontLimit(known.points(), rest));
    total += front(set, read).size();
    biggest = std::max(biggest, front(set, read).size());
  }

  Front &front(SubsetWord set, bool read) { return fronts[2 * set + read]; }

  const Equation &equation;
  const PlanGoal &goal;
  unsigned maxPoints;
  JointCosts costs;
  WeightedOptimum cheapest;
  KnownTrees known;
  std::vector<Front> fronts;
  std::vector<Count> errors;
  size_t total = 0, biggest = 0;
};
} // namespace

std::optional<TrainingFront> conveinsum::jointFront(
    const Equation &equation, const PlanGoal &goal,
    const TrainingOptions &options, ErrorFn onError) {
  JointSearch s(equation, goal, options.maxPoints);
  TrainingFront f;
  for (auto &p : s.front(s.costs.all(), false)) {
    TrainingPoint t;
    t.kept = p.kept;
    t.macs = p.macs;
    f.points.push_back(t);
  }
  fprintf(stderr, "known %zu total %zu biggest %zu final %zu\n", s.known.points().size(), s.total, s.biggest, f.points.size());
  return f;
}
