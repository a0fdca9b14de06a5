//===- Choice.cpp - Which values to keep for the backward pass ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The numbers of one choice, from the definition, and the front: what one run
// of the search finds, what a second one proves of it.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Checkpoint/Choice/Choice.h"
#include "ChoiceSearch.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"

using namespace conveinsum;
using llvm::ArrayRef;
using llvm::BitVector;

CheckpointProblem conveinsum::withWays(const CheckpointProblem &problem,
                                       ArrayRef<unsigned> ways,
                                       Count &fixedMacs) {
  CheckpointProblem resolved = problem;
  size_t next = 0;
  for (CheckpointValue &value : resolved) {
    if (value.alternatives.empty())
      continue;
    std::vector<CheckpointAlternative> alternatives;
    std::swap(alternatives, value.alternatives);
    unsigned chosen = ways[next++];
    for (auto [index, way] : llvm::enumerate(alternatives))
      if (index != chosen)
        for (unsigned own = way.first; own < way.end; ++own)
          resolved[own] = CheckpointValue();
    const CheckpointAlternative &way = alternatives[chosen];
    value.macs = way.macs;
    value.written = way.written;
    value.inputs = way.inputs;
    for (unsigned need : way.needs)
      resolved[need].isNeeded = true;
    fixedMacs += way.fixedMacs;
  }
  assert(next == ways.size() && "one way for each value that has several");
  return resolved;
}

CheckpointChoice
conveinsum::evaluateCheckpoint(const CheckpointProblem &problem,
                               const BitVector &keep, ArrayRef<unsigned> ways) {
  CheckpointChoice choice;
  if (!ways.empty()) {
    Count fixedMacs;
    CheckpointProblem resolved = withWays(problem, ways, fixedMacs);
    choice = evaluateCheckpoint(resolved, keep);
    choice.macs += fixedMacs;
    choice.ways = ways;
    return choice;
  }
  BitVector isRead(problem.size());
  for (unsigned value : llvm::reverse(llvm::seq<unsigned>(0, problem.size()))) {
    const CheckpointValue &what = problem[value];
    assert(what.alternatives.empty() && "its way is named");
    if (what.isFree || !(what.isNeeded || isRead.test(value)))
      continue;
    if (keep.test(value)) {
      choice.kept.push_back(value);
      choice.keptBytes += what.bytes;
      continue;
    }
    choice.recomputed.push_back(value);
    choice.macs += what.macs;
    choice.written += what.written;
    for (unsigned input : what.inputs)
      isRead.set(input);
  }
  std::reverse(choice.kept.begin(), choice.kept.end());
  std::reverse(choice.recomputed.begin(), choice.recomputed.end());
  return choice;
}

//===----------------------------------------------------------------------===//
// The front
//===----------------------------------------------------------------------===//

/// The point of the least work that keeps at most so many bytes.
template <class Points, class BytesOf>
static std::optional<size_t> pickAmong(const Points &points, const Count &bytes,
                                       BytesOf bytesOf) {
  auto after = std::partition_point(
      points.begin(), points.end(),
      [&](const auto &point) { return bytesOf(point) <= bytes; });
  if (after == points.begin())
    return std::nullopt;
  return after - points.begin() - 1;
}

/// The choices that keep all that pins allow, or as little: the ends of the
/// front where pins do not say otherwise.
static std::vector<BitVector> endsOf(const CheckpointProblem &problem) {
  BitVector most(problem.size()), least(problem.size());
  for (auto [value, what] : llvm::enumerate(problem)) {
    most[value] = what.pin != CheckpointPin::Recompute;
    least[value] = what.pin == CheckpointPin::Keep;
  }
  return {most, least};
}

/// The first way of every value that has several.
static std::vector<unsigned> firstWays(const CheckpointProblem &problem) {
  return std::vector<unsigned>(
      llvm::count_if(problem,
                     [](const CheckpointValue &value) {
                       return !value.alternatives.empty();
                     }),
      0);
}

/// The point of a choice that has a name.
static FrontPoint pointOf(const CheckpointProblem &problem,
                          const WorkUnits &units, const BitVector &keep,
                          uint32_t name) {
  CheckpointChoice choice =
      evaluateCheckpoint(problem, keep, firstWays(problem));
  FrontPoint point;
  point.kept = choice.keptBytes;
  point.macs = units.workOf(choice.macs, choice.written);
  point.sum = name;
  return point;
}

/// Work by which `found` can miss choices of which each has a point of `bound`
/// that is worse by no more than `error`.
static Count missedWork(const Front &found, const Front &bound,
                        const Count &error) {
  Count missed;
  for (const FrontPoint &point : bound) {
    std::optional<size_t> best = pickAmong(
        found, point.kept, [](const FrontPoint &point) { return point.kept; });
    if (!best)
      return Count::infinity();
    if (found[*best].macs > point.macs)
      missed = std::max(missed, found[*best].macs - point.macs);
  }
  return missed + error;
}

CheckpointFront::CheckpointFront(const CheckpointProblem &problem,
                                 const CheckpointOptions &options)
    : problem(problem) {
  assert(options.maxPoints >= 2 && options.maxStates >= 1);
  WorkUnits units(problem);
  ChoiceSearch search(problem, units, options, ExcessStates::Drop);
  Front found = search.front();
  Count missed = search.thinningError();
  std::vector<BitVector> ends;
  if (search.hadExcessStates()) {
    ends = endsOf(problem);
    for (auto [index, keep] : llvm::enumerate(ends))
      found = mergeFronts(found, {pointOf(problem, units, keep, index + 1)});
    ChoiceSearch bound(problem, units, options, ExcessStates::Merge);
    missed = missedWork(found, bound.front(), bound.thinningError());
  }
  // Whatever is missed has some work, and where it keeps enough bytes there is
  // a point to take its place.
  if (!missed.isInfinite())
    missed = std::min(missed, found.front().macs);
  missedBy = units.macsWithin(missed);
  for (const FrontPoint &point : found) {
    keeps.push_back(point.sum ? ends[point.sum - 1] : search.keptBy(point));
    ways.push_back(point.sum ? firstWays(problem) : search.waysOf(point));
    CheckpointChoice choice =
        evaluateCheckpoint(problem, keeps.back(), ways.back());
    front.push_back({choice.keptBytes, choice.macs, choice.written});
  }
}

CheckpointChoice CheckpointFront::choice(size_t point) const {
  return evaluateCheckpoint(problem, keeps[point], ways[point]);
}

std::optional<size_t> CheckpointFront::pick(const Count &bytes) const {
  return pickAmong(front, bytes,
                   [](const Point &point) { return point.keptBytes; });
}
