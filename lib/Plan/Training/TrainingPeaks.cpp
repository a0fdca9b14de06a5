//===- TrainingPeaks.cpp - Bytes alive in both passes ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The peaks that Training.h defines. The forward pass is one pebbling of the
// tree in which kept values stay. The backward pass visits the steps from the
// root down. Visiting a step v = a b,
//
//   1. what it lacks of a and b is recomputed: a pebbling of the dropped values
//      that hang together below v, in which those stay that a gradient reads;
//   2. the gradients of a and b are computed;
//   3. the steps a and b are visited, each with all below it.
//
// After the visit nothing is left of the subtree of v. What is alive strictly
// inside it before the visit, and after 1, depends on the choice of kept values
// alone:
//
//   before(v) = sum over sides c of [c kept] c + before(c)
//   after(v)  = sum over sides c of [c there and needed] c
//                                 + (c recomputed ? after(c) : before(c))
//
// so the best order of 2 and 3 is found step by step, from the leaves up.
//
//===----------------------------------------------------------------------===//

#include "Plan/Tree/Pebbling.h"
#include "TrainingTree.h"

using namespace conveinsum;
using llvm::ArrayRef;

//===----------------------------------------------------------------------===//
// Forward
//===----------------------------------------------------------------------===//

Count conveinsum::forwardPeakOf(const TrainingTree &tree,
                                ArrayRef<Retention> retentions) {
  std::vector<PebbleStep> steps;
  unsigned operands = tree.numOperands();
  for (unsigned value = operands; value < tree.numValues(); ++value) {
    PebbleStep step;
    step.size = tree.bytesOf(value);
    step.stays = isKept(retentions[value]);
    auto [lhs, rhs] = tree.sidesOf(value);
    if (tree.isStep(lhs))
      step.inputs[0] = lhs - operands;
    if (tree.isStep(rhs))
      step.inputs[1] = rhs - operands;
    steps.push_back(step);
  }
  return peakOf(steps, smallestPeakOrder(steps));
}

//===----------------------------------------------------------------------===//
// Backward
//===----------------------------------------------------------------------===//

namespace {
class BackwardWalk {
public:
  BackwardWalk(const TrainingTree &tree, ArrayRef<Retention> retentions)
      : tree(tree), retentions(retentions), needed(tree.neededValues()),
        before(tree.numValues()), after(tree.numValues()),
        peaks(tree.numValues()) {}

  Count peak() {
    for (unsigned v = tree.numOperands(); v < tree.numValues(); ++v)
      fillInside(v);
    for (unsigned v = tree.numOperands(); v < tree.numValues(); ++v)
      if (hasGradient(v))
        peaks[v] = visit(v);
    // Nothing ever reads idle values: they are there all the time.
    Count idle = 0;
    for (unsigned v = 0; v < tree.numValues(); ++v)
      if (retentions[v] == Retention::Idle)
        idle += tree.bytesOf(v);
    return idle + peaks.back();
  }

private:
  bool isRecomputed(unsigned value) const {
    return retentions[value] == Retention::Recomputed;
  }
  bool hasGradient(unsigned value) const {
    return tree.stepOf(value).leftGradient || tree.stepOf(value).rightGradient;
  }
  /// Of the value of a side, once it is there for the gradients of its step.
  Count heldBytes(unsigned value) const {
    return needed[value] ? tree.bytesOf(value) : 0;
  }
  /// Alive strictly inside the subtree of a value while its step waits.
  Count inside(unsigned value) const {
    return isRecomputed(value) ? after[value] : before[value];
  }

  void fillInside(unsigned value) {
    auto [lhs, rhs] = tree.sidesOf(value);
    for (unsigned side : {lhs, rhs}) {
      if (retentions[side] == Retention::Kept)
        before[value] += tree.bytesOf(side);
      before[value] += before[side];
      after[value] += heldBytes(side);
      after[value] += inside(side);
    }
  }

  /// Most bytes alive in the subtree of a step with a gradient while it is
  /// visited, that gradient included.
  Count visit(unsigned value) const {
    Count gradient = tree.bytesOf(value);
    Count peak = gradient + productsPeak(value);
    if (!isRecomputed(value))
      peak =
          std::max(peak, gradient + before[value] + recomputationPeak(value));
    return std::max(peak, sidesPeak(value));
  }

  /// Of the values that are recomputed for a step that is there itself.
  Count recomputationPeak(unsigned value) const {
    std::vector<unsigned> region; // from the top down
    addRecomputedSides(value, region);
    for (unsigned index = 0; index < region.size(); ++index)
      addRecomputedSides(region[index], region);
    std::vector<PebbleStep> steps(region.size());
    // The sides of a value stand behind it; reversed, before it.
    unsigned nextSide = region.size();
    for (unsigned side : sidesOf(value))
      nextSide -= isRecomputed(side);
    for (unsigned index = 0; index < region.size(); ++index) {
      PebbleStep &step = steps[region.size() - 1 - index];
      step.size = tree.bytesOf(region[index]);
      step.stays = needed[region[index]];
      unsigned inputs = 0;
      for (unsigned side : sidesOf(region[index]))
        if (isRecomputed(side))
          step.inputs[inputs++] = --nextSide;
    }
    return peakOf(steps, smallestPeakOrder(steps));
  }

  std::array<unsigned, 2> sidesOf(unsigned value) const {
    auto [lhs, rhs] = tree.sidesOf(value);
    return {lhs, rhs};
  }
  void addRecomputedSides(unsigned value, std::vector<unsigned> &region) const {
    for (unsigned side : sidesOf(value))
      if (isRecomputed(side))
        region.push_back(side);
  }

  /// While the gradients of the sides are computed, without that of the result.
  Count productsPeak(unsigned value) const {
    const StepFigures &step = tree.stepOf(value);
    unsigned lhs = tree.sidesOf(value).first, rhs = tree.sidesOf(value).second;
    Count insides = inside(lhs) + inside(rhs);
    // The first product reads one side; if there are two, that side is gone
    // before the second one.
    auto inOrder = [&](unsigned first, unsigned second, bool both) {
      Count one = heldBytes(lhs) + heldBytes(rhs) + tree.bytesOf(first);
      Count two = heldBytes(first) + tree.bytesOf(first) + tree.bytesOf(second);
      return insides + (both ? std::max(one, two) : one);
    };
    if (step.leftGradient && step.rightGradient)
      return std::min(inOrder(lhs, rhs, true), inOrder(rhs, lhs, true));
    return step.leftGradient ? inOrder(lhs, rhs, false)
                             : inOrder(rhs, lhs, false);
  }

  /// While the sides are visited, in the better order.
  Count sidesPeak(unsigned value) const {
    auto [lhs, rhs] = tree.sidesOf(value);
    const StepFigures &step = tree.stepOf(value);
    auto waiting = [&](unsigned side, bool gradient) {
      return (gradient ? tree.bytesOf(side) : 0) + inside(side);
    };
    auto inOrder = [&](unsigned first, unsigned second, Count secondWaits) {
      return std::max(peaks[first] + secondWaits, peaks[second]);
    };
    return std::min(inOrder(lhs, rhs, waiting(rhs, step.rightGradient)),
                    inOrder(rhs, lhs, waiting(lhs, step.leftGradient)));
  }

  const TrainingTree &tree;
  ArrayRef<Retention> retentions;
  ValueBits needed;
  std::vector<Count> before, after; // strictly inside, see above
  std::vector<Count> peaks;         // of visits; 0 where there is none
};
} // namespace

Count conveinsum::backwardPeakOf(const TrainingTree &tree,
                                 ArrayRef<Retention> retentions) {
  return BackwardWalk(tree, retentions).peak();
}
