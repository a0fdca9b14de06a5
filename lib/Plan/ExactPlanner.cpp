//===- ExactPlanner.cpp - The optimum over all trees ----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Dynamic programming over subsets. What the value of a set is does not depend
// on how the set was joined, so an optimal tree over a set joins two sets along
// optimal trees, and
//
//     best(S) = min over splits S = L + R of best(L) + best(R) + macs(L, R)
//
// over all (3^N - 2^(N+1) + 1) / 2 splits is the optimum over all trees, outer
// products included. Worked example, bsh,rs,rh->brh|h with 2x4x8, 3x4, 3x3:
//
//     {0,1}  192     {0,2}  528     {1,2}  36
//     {0,1,2} = min({0,1} + 132, {0,2} + 192, {1,2} + 528) = 324
//
// Ties are broken by the elements written, then by the largest intermediate,
// then by a fixed order of splits, so that equal input gives an equal plan on
// every machine. Written elements add up like MACs and the maximum is monotone:
// the lexicographic minimum is found by the same programme.
//
//===----------------------------------------------------------------------===//

#include "Planners.h"
#include "SubsetCosts.h"
#include "llvm/ADT/bit.h"

using namespace conveinsum;
using llvm::ArrayRef;

namespace {
/// The best known tree over a set.
struct Best {
  Count macs = kMaxCount, written = kMaxCount, largest = kMaxCount;
  /// One side of the last step, the one with the lowest operand; 0: none yet.
  SubsetWord left = 0;

  /// In the order of preference; a first tree always wins.
  bool betterThan(const Best &other) const {
    if (other.left == 0 || macs != other.macs)
      return other.left == 0 || macs < other.macs;
    if (written != other.written)
      return written < other.written;
    return largest < other.largest;
  }
};

class SubsetSearch {
public:
  explicit SubsetSearch(const SubsetCosts &costs)
      : costs(costs), best(size_t(1) << costs.numOperands()) {
    for (SubsetWord set = 1; set < best.size(); ++set) {
      if (llvm::has_single_bit(set))
        best[set] = {0, 0, 0, set};
      else
        search(set);
    }
  }

  /// Joins `set` in the builder and returns its SSA number.
  unsigned join(SubsetWord set, ArrayRef<unsigned> operands,
                TreeBuilder &builder) const {
    if (llvm::has_single_bit(set))
      return operands[llvm::countr_zero(set)];
    SubsetWord left = best[set].left;
    unsigned first = join(left, operands, builder);
    return builder.join(first, join(set & ~left, operands, builder));
  }

private:
  void search(SubsetWord set) {
    Best found;
    Count elements = costs.elements(set);
    SubsetWord lowest = set & -set, others = set ^ lowest;
    // Every split once: `right` runs over the nonempty subsets of the others,
    // downwards; all of them, which 0 stands for, come last.
    SubsetWord right = others;
    do {
      right = (right - 1) & others;
      SubsetWord rest = right ? right : others;
      consider(set ^ rest, rest, elements, found);
    } while (right != 0);
    best[set] = found;
  }

  /// Replaces `found` by the best tree with this last step, if that is better.
  void consider(SubsetWord left, SubsetWord right, Count elements,
                Best &found) const {
    const Best &a = best[left], &b = best[right];
    Best tree;
    tree.macs = fastAdd(a.macs, b.macs);
    if (tree.macs > found.macs)
      return;
    tree.macs = fastAdd(tree.macs, costs.macs(left, right));
    if (tree.macs > found.macs)
      return;
    tree.written = fastAdd(fastAdd(a.written, b.written), elements);
    tree.largest = std::max({a.largest, b.largest, elements});
    tree.left = left;
    if (tree.betterThan(found))
      found = tree;
  }

  const SubsetCosts &costs;
  std::vector<Best> best;
};
} // namespace

unsigned conveinsum::joinOptimally(const Equation &equation,
                                   ArrayRef<unsigned> operands, MacCount count,
                                   TreeBuilder &builder) {
  assert(!operands.empty() && operands.size() <= 16);
  if (operands.size() == 1)
    return operands.front();
  SubsetCosts costs(equation, operands, count);
  SubsetWord all = (SubsetWord(1) << operands.size()) - 1;
  return SubsetSearch(costs).join(all, operands, builder);
}

ContractionTree conveinsum::planExact(const Equation &equation,
                                      MacCount count) {
  llvm::SmallVector<unsigned, 16> operands(equation.numOperands());
  std::iota(operands.begin(), operands.end(), 0u);
  TreeBuilder builder(equation.numOperands());
  joinOptimally(equation, operands, count, builder);
  return builder.finish();
}
