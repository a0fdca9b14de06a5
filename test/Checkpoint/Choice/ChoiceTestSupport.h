//===- ChoiceTestSupport.h - Random forward passes --------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Problems, and all choices of a problem by a walk that computes what is
// missing when it is asked for and knows nothing of states.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_CHECKPOINT_CHOICE_CHOICETESTSUPPORT_H
#define CONVEINSUM_TEST_CHECKPOINT_CHOICE_CHOICETESTSUPPORT_H

#include "Equation/RandomEquation.h"
#include "conveinsum/Checkpoint/Choice/Choice.h"
#include "gtest/gtest.h"
#include <map>
#include <set>

namespace conveinsum {

struct RandomProblemOptions {
  unsigned values = 10;
  /// One value in so many is needed; else nothing but a recomputation reads it.
  int64_t neededOneIn = 2;
  int64_t pinnedOneIn = 6;
  /// Bytes and MACs are at most this.
  int64_t most = 9;
};

inline CheckpointProblem randomProblem(SplitMix64 &random,
                                       const RandomProblemOptions &options) {
  CheckpointProblem problem;
  for (unsigned index = 0; index < options.values; ++index) {
    CheckpointValue value;
    value.bytes = random.between(0, options.most);
    value.macs = random.oneIn(3) ? 0 : random.between(0, options.most);
    value.written = random.between(0, 3);
    value.isNeeded = random.oneIn(options.neededOneIn);
    value.isFree = random.oneIn(8);
    if (random.oneIn(options.pinnedOneIn))
      value.pin =
          random.oneIn(2) ? CheckpointPin::Keep : CheckpointPin::Recompute;
    for (int64_t inputs = random.between(0, 3); index > 0 && inputs > 0;
         --inputs)
      value.inputs.push_back(random.between(0, index - 1));
    problem.push_back(std::move(value));
  }
  return problem;
}

/// Gives one value in so many two or three ways, each with values of its own.
/// Values keep their order, and ways stand before the value that has them.
inline CheckpointProblem withRandomWays(SplitMix64 &random,
                                        const CheckpointProblem &problem,
                                        const RandomProblemOptions &options,
                                        int64_t oneIn) {
  CheckpointProblem result;
  std::vector<unsigned> renumbered;
  auto someOf = [&](int64_t most) {
    llvm::SmallVector<unsigned, 2> some;
    for (int64_t count = random.between(0, most);
         !renumbered.empty() && count > 0; --count)
      some.push_back(renumbered[random.between(0, renumbered.size() - 1)]);
    return some;
  };
  for (CheckpointValue value : problem) {
    for (unsigned &input : value.inputs)
      input = renumbered[input];
    int64_t ways =
        !value.isFree && random.oneIn(oneIn) ? random.between(2, 3) : 0;
    for (int64_t index = 0; index < ways; ++index) {
      CheckpointAlternative way;
      way.first = result.size();
      way.inputs = someOf(2);
      way.needs = someOf(1);
      way.macs = random.between(0, options.most);
      way.written = random.between(0, 3);
      way.fixedMacs = random.between(0, options.most);
      for (int64_t count = random.between(0, 2); count > 0; --count) {
        CheckpointValue own;
        own.bytes = random.between(0, options.most);
        own.macs = random.between(0, options.most);
        own.written = random.between(0, 3);
        own.isNeeded = random.oneIn(2);
        own.inputs = someOf(2);
        if (result.size() > way.first)
          own.inputs.push_back(result.size() - 1);
        result.push_back(std::move(own));
      }
      way.end = result.size();
      if (way.end > way.first)
        way.inputs.push_back(way.end - 1);
      value.alternatives.push_back(std::move(way));
    }
    if (ways) {
      value.inputs.clear();
      value.macs = value.written = 0;
    }
    renumbered.push_back(result.size());
    result.push_back(std::move(value));
  }
  return result;
}

/// Runs the backward pass of one choice: asks for every needed value, and
/// computes what is not there.
class CheckpointRun {
public:
  CheckpointRun(const CheckpointProblem &problem, uint64_t keep)
      : problem(problem), keep(keep) {
    for (unsigned value = 0; value < problem.size(); ++value)
      if (problem[value].isNeeded)
        read(value);
  }

  Count bytes, macs, written;
  bool meetsPins = true;

private:
  void read(unsigned value) {
    if (problem[value].isFree || !there.insert(value).second)
      return;
    bool isKept = keep >> value & 1;
    CheckpointPin pin = problem[value].pin;
    meetsPins &=
        pin == CheckpointPin::None || isKept == (pin == CheckpointPin::Keep);
    if (isKept) {
      bytes += problem[value].bytes;
      return;
    }
    macs += problem[value].macs;
    written += problem[value].written;
    for (unsigned input : problem[value].inputs)
      read(input);
  }

  const CheckpointProblem &problem;
  uint64_t keep;
  std::set<unsigned> there;
};

using Work = std::pair<Count, Count>; // MACs, elements written
/// Kept bytes -> least work.
using BestChoices = std::map<Count, Work>;

/// The choices that no other one beats.
inline BestChoices bestOf(const BestChoices &choices) {
  BestChoices best;
  for (const auto &[bytes, work] : choices)
    if (best.empty() || work < best.rbegin()->second)
      best.emplace(bytes, work);
  return best;
}

/// By all subsets of the values.
inline BestChoices bestBySubsets(const CheckpointProblem &problem) {
  BestChoices all;
  for (uint64_t keep = 0; keep < uint64_t(1) << problem.size(); ++keep) {
    CheckpointRun run(problem, keep);
    if (!run.meetsPins)
      continue;
    Work work{run.macs, run.written};
    auto [at, isNew] = all.try_emplace(run.bytes, work);
    if (!isNew)
      at->second = std::min(at->second, work);
  }
  return bestOf(all);
}

/// A choice must be what its kept values say, and honour pins.
inline void expectConsistent(const CheckpointProblem &problem,
                             const CheckpointFront &front) {
  for (auto [index, point] : llvm::enumerate(front.points())) {
    CheckpointChoice choice = front.choice(index);
    EXPECT_EQ(choice.keptBytes, point.keptBytes);
    EXPECT_EQ(choice.macs, point.macs);
    EXPECT_EQ(choice.written, point.written);
    for (unsigned value : choice.kept)
      EXPECT_NE(problem[value].pin, CheckpointPin::Recompute);
    for (unsigned value : choice.recomputed)
      EXPECT_NE(problem[value].pin, CheckpointPin::Keep);
    if (problem.size() > 64)
      continue;
    uint64_t keep = 0;
    for (unsigned value : choice.kept)
      keep |= uint64_t(1) << value;
    CheckpointRun run(problem, keep);
    EXPECT_EQ(run.bytes, point.keptBytes);
    EXPECT_EQ(run.macs, point.macs);
    EXPECT_EQ(run.written, point.written);
    EXPECT_TRUE(run.meetsPins);
  }
}

inline void expectPoints(const CheckpointFront &front,
                         const BestChoices &expected) {
  ASSERT_EQ(front.points().size(), expected.size());
  auto at = expected.begin();
  for (const CheckpointFront::Point &point : front.points()) {
    EXPECT_EQ(point.keptBytes, at->first);
    EXPECT_EQ(point.macs, at->second.first);
    EXPECT_EQ(point.written, at->second.second);
    ++at;
  }
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_CHECKPOINT_CHOICE_CHOICETESTSUPPORT_H
