//===- Schedule.cpp - The order that keeps fewest bytes alive -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A segment is a run of steps that nothing else comes between. What is alive
// rises by at most its hill while it runs, and by its valley once it has run.
// Of two segments that do not depend on each other, the one with the larger
// hill minus valley goes first: exchanging them never lowers the peak.
//
// The profile of a subtree is its segments, sorted by that difference. The
// profile of a step is that of its inputs merged, then the step itself: its
// hill is its size, its valley what it adds less what it frees. Where the step
// would have to go before the last segment, it cannot, since it reads what all
// of them made: the two become one segment, and so on with the one before.
// Every profile thereby is a chain in the right order already, and merging
// chains by the same key breaks none of them.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Tree/Schedule.h"
#include "Pebbling.h"
#include "llvm/ADT/DynamicAPInt.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <numeric>

using namespace conveinsum;
using llvm::ArrayRef;

//===----------------------------------------------------------------------===//
// Profiles
//===----------------------------------------------------------------------===//

namespace {
/// Bytes beside those at another time, which may be fewer.
using Level = llvm::DynamicAPInt;

Level levelOf(const Count &bytes) {
  llvm::APInt integer = bytes.integer();
  return Level(integer.zext(integer.getBitWidth() + 1));
}

/// Steps that run one after the other: a list in `next` of the profiles.
struct Segment {
  Level hill, valley;
  unsigned first, last;
};

class Profiles {
public:
  explicit Profiles(ArrayRef<PebbleStep> steps)
      : steps(steps), next(steps.size(), PebbleStep::kNoInput),
        profiles(steps.size()) {}

  std::vector<unsigned> order() {
    Profile forest;
    std::vector<bool> isRead(steps.size());
    for (unsigned index = 0; index < steps.size(); ++index) {
      addStep(index);
      for (unsigned input : steps[index].inputs)
        if (input != PebbleStep::kNoInput)
          isRead[input] = true;
    }
    for (unsigned index = 0; index < steps.size(); ++index)
      if (!isRead[index])
        merge(forest, profiles[index]);
    std::vector<unsigned> order;
    order.reserve(steps.size());
    for (const auto &[key, segment] : forest)
      for (unsigned step = segment.first; step != PebbleStep::kNoInput;
           step = next[step])
        order.push_back(step);
    return order;
  }

private:
  /// By descending hill minus valley, which is the key negated.
  using Profile = std::multimap<Level, Segment>;

  static Level keyOf(const Segment &segment) {
    return segment.valley - segment.hill;
  }

  /// Moves the smaller one into the larger.
  static void merge(Profile &into, Profile &from) {
    if (into.size() < from.size())
      into.swap(from);
    into.merge(from);
  }

  void addStep(unsigned index) {
    const PebbleStep &step = steps[index];
    Profile &profile = profiles[index];
    Segment segment{levelOf(step.size), levelOf(step.size), index, index};
    for (unsigned input : step.inputs) {
      if (input == PebbleStep::kNoInput)
        continue;
      merge(profile, profiles[input]);
      if (!steps[input].stays)
        segment.valley -= levelOf(steps[input].size);
    }
    while (!profile.empty() && goesBefore(segment, profile.rbegin()->second)) {
      segment = joined(profile.rbegin()->second, segment);
      profile.erase(std::prev(profile.end()));
    }
    profile.emplace(keyOf(segment), segment);
  }

  /// Whether `segment` would go before `other`, or as well before as after it,
  /// if it did not depend on it. What lowers the level goes before everything.
  static bool goesBefore(const Segment &segment, const Segment &other) {
    return segment.valley < 0 || !(keyOf(other) < keyOf(segment));
  }

  Segment joined(const Segment &a, const Segment &b) {
    next[a.last] = b.first;
    return {std::max(a.hill, a.valley + b.hill), a.valley + b.valley, a.first,
            b.last};
  }

  ArrayRef<PebbleStep> steps;
  std::vector<unsigned> next; // in the same segment
  std::vector<Profile> profiles;
};
} // namespace

std::vector<unsigned>
conveinsum::smallestPeakOrder(ArrayRef<PebbleStep> steps) {
  return Profiles(steps).order();
}

Count conveinsum::peakOf(ArrayRef<PebbleStep> steps, ArrayRef<unsigned> order) {
  Count live = 0, peak = 0;
  for (unsigned index : order) {
    live += steps[index].size;
    peak = std::max(peak, live);
    for (unsigned input : steps[index].inputs)
      if (input != PebbleStep::kNoInput && !steps[input].stays)
        live -= steps[input].size;
  }
  return peak;
}

//===----------------------------------------------------------------------===//
// Trees
//===----------------------------------------------------------------------===//

static std::vector<PebbleStep> pebbleSteps(const ContractionTree &tree,
                                           ArrayRef<Count> sizes) {
  assert(sizes.size() == tree.steps().size() && "one size per step");
  std::vector<PebbleStep> steps(sizes.size());
  for (auto [index, lhs, rhs, result] : tree.numberedSteps()) {
    steps[index].size = sizes[index];
    for (auto [side, value] : {std::pair(0, lhs), std::pair(1, rhs)})
      if (value >= tree.numOperands())
        steps[index].inputs[side] = value - tree.numOperands();
  }
  return steps;
}

Count conveinsum::peakOf(const ContractionTree &tree, ArrayRef<Count> sizes,
                         ArrayRef<unsigned> order) {
  return peakOf(pebbleSteps(tree, sizes), order);
}

Schedule conveinsum::smallestPeak(const ContractionTree &tree,
                                  ArrayRef<Count> sizes) {
  std::vector<PebbleStep> steps = pebbleSteps(tree, sizes);
  Schedule schedule;
  schedule.order = smallestPeakOrder(steps);
  schedule.peak = peakOf(steps, schedule.order);
  return schedule;
}

//===----------------------------------------------------------------------===//
// Depth first
//===----------------------------------------------------------------------===//

/// The sides of every step in their better order: while the second one runs,
/// the result of the first one waits.
static void sortInputs(llvm::MutableArrayRef<PebbleStep> steps) {
  std::vector<Count> peaks;
  auto peakOfSide = [&](unsigned side) {
    return side == PebbleStep::kNoInput ? 0 : peaks[side];
  };
  auto sizeOf = [&](unsigned side) {
    return side == PebbleStep::kNoInput ? 0 : steps[side].size;
  };
  for (PebbleStep &step : steps) {
    auto peakWith = [&](unsigned first, unsigned second) {
      return std::max(peakOfSide(first), sizeOf(first) + peakOfSide(second));
    };
    auto &[first, second] = step.inputs;
    if (peakWith(second, first) < peakWith(first, second))
      std::swap(first, second);
    Count together = sizeOf(first) + sizeOf(second) + step.size;
    peaks.push_back(std::max(peakWith(first, second), together));
  }
}

/// The steps in post-order, first inputs first.
static std::vector<unsigned> postOrder(ArrayRef<PebbleStep> steps) {
  std::vector<unsigned> order, stack;
  if (!steps.empty())
    stack.push_back(steps.size() - 1);
  // Backwards: a step, its second side, its first side.
  while (!stack.empty()) {
    order.push_back(stack.back());
    stack.pop_back();
    for (unsigned input : steps[order.back()].inputs)
      if (input != PebbleStep::kNoInput)
        stack.push_back(input);
  }
  std::reverse(order.begin(), order.end());
  return order;
}

Schedule conveinsum::depthFirstPeak(const ContractionTree &tree,
                                    ArrayRef<Count> sizes) {
  std::vector<PebbleStep> steps = pebbleSteps(tree, sizes);
  sortInputs(steps);
  Schedule schedule;
  schedule.order = postOrder(steps);
  schedule.peak = peakOf(steps, schedule.order);
  return schedule;
}

//===----------------------------------------------------------------------===//
// Trees in order
//===----------------------------------------------------------------------===//

unsigned ScheduledTree::numberOf(unsigned value) const {
  if (value < tree.numOperands())
    return value;
  auto place = llvm::find(schedule.order, value - tree.numOperands());
  assert(place != schedule.order.end() && "a value of the given tree");
  return tree.resultOf(place - schedule.order.begin());
}

/// With `firstSideFirst`, the side of a step that runs first comes first.
static ScheduledTree reordered(const ContractionTree &tree,
                               ArrayRef<PebbleStep> steps,
                               ArrayRef<unsigned> order, bool firstSideFirst) {
  std::vector<unsigned> numbers(tree.numOperands() + order.size());
  std::iota(numbers.begin(), numbers.end(), 0u);
  for (auto [place, index] : llvm::enumerate(order))
    numbers[tree.resultOf(index)] = tree.resultOf(place);
  std::vector<ContractionTree::Step> ordered;
  for (unsigned index : order) {
    auto [lhs, rhs] = tree.steps()[index];
    ContractionTree::Step step(numbers[lhs], numbers[rhs]);
    bool areSteps = std::min(lhs, rhs) >= tree.numOperands();
    if (firstSideFirst && areSteps && step.second < step.first)
      std::swap(step.first, step.second);
    ordered.push_back(step);
  }
  ScheduledTree scheduled;
  scheduled.tree = ContractionTree(tree.numOperands(), ordered);
  scheduled.schedule.order.assign(order.begin(), order.end());
  scheduled.schedule.peak = peakOf(steps, order);
  return scheduled;
}

ScheduledTree conveinsum::inOrder(const ContractionTree &tree,
                                  ArrayRef<Count> sizes,
                                  ArrayRef<unsigned> order) {
  return reordered(tree, pebbleSteps(tree, sizes), order,
                   /*firstSideFirst=*/false);
}

ScheduledTree conveinsum::scheduleSteps(const ContractionTree &tree,
                                        ArrayRef<Count> sizes) {
  std::vector<PebbleStep> steps = pebbleSteps(tree, sizes);
  std::vector<unsigned> best = smallestPeakOrder(steps);
  Count peak = peakOf(steps, best);
  std::vector<unsigned> asGiven = postOrder(steps);
  if (peakOf(steps, asGiven) == peak)
    return reordered(tree, steps, asGiven, /*firstSideFirst=*/true);
  std::vector<unsigned> depthFirst = depthFirstPeak(tree, sizes).order;
  if (peakOf(steps, depthFirst) == peak)
    return reordered(tree, steps, depthFirst, /*firstSideFirst=*/true);
  return reordered(tree, steps, best, /*firstSideFirst=*/false);
}

bool conveinsum::isDepthFirst(const ContractionTree &tree) {
  std::vector<Count> sizes(tree.steps().size());
  std::vector<unsigned> order = postOrder(pebbleSteps(tree, sizes));
  return llvm::is_sorted(order);
}

Count conveinsum::peakAsGiven(const ContractionTree &tree,
                              ArrayRef<Count> sizes) {
  std::vector<unsigned> order(sizes.size());
  std::iota(order.begin(), order.end(), 0u);
  return peakOf(tree, sizes, order);
}
