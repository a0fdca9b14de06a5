//===- ChoiceSearch.cpp - Decisions from the last value to the first ------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of a point, `sum` says what was decided last and `left` is the list of the
// values that it keeps and of the ways that it takes.
//
//===----------------------------------------------------------------------===//

#include "ChoiceSearch.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include <tuple>

using namespace conveinsum;
using llvm::ArrayRef;

//===----------------------------------------------------------------------===//
// Work
//===----------------------------------------------------------------------===//

WorkUnits::WorkUnits(const CheckpointProblem &problem) {
  for (const CheckpointValue &value : problem) {
    perMac += value.written;
    for (const CheckpointAlternative &way : value.alternatives)
      perMac += way.written;
  }
}

Count WorkUnits::macsWithin(const Count &work) const {
  if (work.isInfinite())
    return work;
  // With m' P + w' <= m P + w + work and w - w' < P, m' - m is below
  // (work + P) / P.
  return (work + perMac - Count(1)) / perMac;
}

//===----------------------------------------------------------------------===//
// The order of decisions
//===----------------------------------------------------------------------===//

/// Values of one way only.
static llvm::BitVector valuesOfWays(const CheckpointProblem &problem) {
  llvm::BitVector own(problem.size());
  for (const CheckpointValue &value : problem)
    for (const CheckpointAlternative &way : value.alternatives)
      if (way.first != way.end)
        own.set(way.first, way.end);
  return own;
}

/// What a value is computed from, whatever its way is: values of ways left out.
static llvm::SmallVector<unsigned> inputsOf(const CheckpointProblem &problem,
                                            const llvm::BitVector &own,
                                            unsigned value) {
  llvm::SmallVector<unsigned> inputs;
  llvm::append_range(inputs, problem[value].inputs);
  for (const CheckpointAlternative &way : problem[value].alternatives) {
    llvm::append_range(inputs, way.inputs);
    llvm::append_range(inputs, way.needs);
    for (unsigned each = way.first; each < way.end; ++each)
      llvm::append_range(inputs, problem[each].inputs);
  }
  llvm::erase_if(inputs, [&](unsigned input) { return own.test(input); });
  return inputs;
}

/// Every value's place in an order in which inputs come first and branches one
/// after the other, whatever order they were given in: of branches that take
/// turns all would be undecided at once. Values of ways come right before the
/// value that has them.
static std::vector<unsigned> depthFirstRanks(const CheckpointProblem &problem) {
  std::vector<unsigned> ranks(problem.size());
  llvm::BitVector own = valuesOfWays(problem), seen = own;
  unsigned rank = 0;
  struct Visit {
    unsigned value;
    bool inputsDone;
  };
  for (unsigned root : llvm::reverse(llvm::seq<unsigned>(0, problem.size()))) {
    llvm::SmallVector<Visit> visits{{root, false}};
    while (!visits.empty()) {
      Visit visit = visits.pop_back_val();
      if (visit.inputsDone) {
        for (const CheckpointAlternative &way :
             problem[visit.value].alternatives)
          for (unsigned each = way.first; each < way.end; ++each)
            ranks[each] = rank++;
        ranks[visit.value] = rank++;
        continue;
      }
      if (seen.test(visit.value))
        continue;
      seen.set(visit.value);
      visits.push_back({visit.value, true});
      llvm::SmallVector<unsigned> inputs = inputsOf(problem, own, visit.value);
      for (unsigned input : llvm::reverse(inputs))
        visits.push_back({input, false});
    }
  }
  return ranks;
}

//===----------------------------------------------------------------------===//
// The search
//===----------------------------------------------------------------------===//

/// Names of what was decided last.
enum : uint32_t { IsNotKept, IsKept };

ChoiceSearch::ChoiceSearch(const CheckpointProblem &problem,
                           const WorkUnits &units,
                           const CheckpointOptions &options,
                           ExcessStates excess)
    : problem(problem), units(units), options(options), excess(excess),
      rankOf(depthFirstRanks(problem)) {
  std::vector<unsigned> order(problem.size());
  for (unsigned value = 0; value < problem.size(); ++value)
    order[rankOf[value]] = value;
  states.emplace(State(), Front{FrontPoint()});
  llvm::BitVector own = valuesOfWays(problem);
  for (unsigned value : llvm::reverse(order))
    if (!own.test(value))
      decide(value);
  assert(states.size() == 1 && "no value is left to be demanded");
  result = std::move(states.begin()->second);
}

void ChoiceSearch::decide(unsigned value) {
  const CheckpointValue &what = problem[value];
  if (!what.alternatives.empty())
    decideWays(value);
  else if (!what.isFree)
    decide(value, {what.macs, what.written, what.inputs});
}

void ChoiceSearch::decide(unsigned value, const Recomputation &op) {
  const CheckpointValue &what = problem[value];
  States next;
  for (auto &[state, front] : states) {
    bool isDemanded = !state.empty() && state.back() == value;
    if (!isDemanded && !what.isNeeded) {
      add(next, state, front, 0, 0, IsNotKept);
      continue;
    }
    State rest = state;
    if (isDemanded)
      rest.pop_back();
    if (what.pin != CheckpointPin::Recompute)
      add(next, rest, front, what.bytes, 0, IsKept);
    if (what.pin != CheckpointPin::Keep)
      add(next, withInputs(rest, op.inputs), front, 0,
          units.workOf(op.macs, op.written), IsNotKept);
  }
  states = std::move(next);
  limit();
  recordDecisions(value);
}

/// From the states before the value: it, what the way costs and reads whatever
/// is kept, and the values of the way.
void ChoiceSearch::decideWay(unsigned value, unsigned way) {
  const CheckpointAlternative &what = problem[value].alternatives[way];
  decide(value, {what.macs, what.written, what.inputs});
  States next;
  for (auto &[state, front] : states) {
    for (FrontPoint &point : front) {
      decisions.push_back({value, way, point.left});
      point.left = decisions.size() - 1;
    }
    add(next, withInputs(state, what.needs), front, 0,
        units.workOf(what.fixedMacs, 0), IsNotKept);
  }
  states = std::move(next);
  for (unsigned own = what.end; own != what.first; --own)
    decide(own - 1);
}

void ChoiceSearch::decideWays(unsigned value) {
  assert(!problem[value].isFree && "nothing that is free has ways");
  States before = std::move(states), after;
  for (unsigned way = 0; way < problem[value].alternatives.size(); ++way) {
    states = before;
    decideWay(value, way);
    for (auto &[state, front] : states)
      add(after, state, front, 0, 0, IsNotKept);
  }
  states = std::move(after);
  limit();
}

void ChoiceSearch::limit() {
  if (states.size() > options.maxStates)
    limitStates();
  thinOutAll();
}

void ChoiceSearch::add(States &states, State state, const Front &from,
                       const Count &kept, const Count &work,
                       uint32_t decision) {
  Front moved = from;
  for (FrontPoint &point : moved) {
    point.kept += kept;
    point.macs += work;
    point.sum = decision;
  }
  auto [at, isNew] = states.try_emplace(std::move(state));
  at->second =
      isNew ? std::move(moved) : mergeFronts(at->second, std::move(moved));
}

ChoiceSearch::State ChoiceSearch::withInputs(State state,
                                             ArrayRef<unsigned> inputs) const {
  for (unsigned input : inputs)
    if (!problem[input].isFree && !problem[input].isNeeded)
      state.push_back(input);
  llvm::sort(state,
             [&](unsigned a, unsigned b) { return rankOf[a] < rankOf[b]; });
  state.erase(llvm::unique(state), state.end());
  return state;
}

/// The list grows only by points that stay.
void ChoiceSearch::recordDecisions(unsigned value) {
  for (auto &[state, front] : states)
    for (FrontPoint &point : front)
      if (point.sum == IsKept) {
        decisions.push_back({value, std::nullopt, point.left});
        point.left = decisions.size() - 1;
        point.sum = IsNotKept;
      }
}

llvm::BitVector ChoiceSearch::keptBy(const FrontPoint &point) const {
  llvm::BitVector values(problem.size());
  for (uint32_t at = point.left; at != 0; at = decisions[at].before)
    if (!decisions[at].way)
      values.set(decisions[at].value);
  return values;
}

std::vector<unsigned> ChoiceSearch::waysOf(const FrontPoint &point) const {
  std::vector<unsigned> ofValue(problem.size());
  for (uint32_t at = point.left; at != 0; at = decisions[at].before)
    if (decisions[at].way)
      ofValue[decisions[at].value] = *decisions[at].way;
  std::vector<unsigned> ways;
  for (unsigned value = 0; value < problem.size(); ++value)
    if (!problem[value].alternatives.empty())
      ways.push_back(ofValue[value]);
  return ways;
}

//===----------------------------------------------------------------------===//
// Limits
//===----------------------------------------------------------------------===//

void ChoiceSearch::thinOutAll() {
  size_t points = 0;
  for (const auto &[state, front] : states)
    points += front.size();
  if (points <= options.maxPoints)
    return;
  // Any way through the graph passes one state of each step, so errors add up
  // over the steps, and of one step the largest counts.
  Count largest;
  unsigned share = std::max<size_t>(2, options.maxPoints / states.size());
  for (auto &[state, front] : states)
    largest = std::max(largest, thinOut(front, share));
  error += largest;
}

Count ChoiceSearch::bytesOf(const State &state) const {
  Count bytes;
  for (unsigned value : state)
    bytes += problem[value].bytes;
  return bytes;
}

/// Leaves the states whose best choice keeps the fewest bytes if what they
/// demand is kept.
void ChoiceSearch::limitStates() {
  hadExcess = true;
  struct Candidate {
    Count bytes;
    States::iterator at;
  };
  std::vector<Candidate> byBytes;
  for (auto at = states.begin(); at != states.end(); ++at)
    byBytes.push_back({at->second.front().kept + bytesOf(at->first), at});
  llvm::sort(byBytes, [](const Candidate &a, const Candidate &b) {
    return std::tie(a.bytes, a.at->first) < std::tie(b.bytes, b.at->first);
  });

  ArrayRef<Candidate> beyond = ArrayRef(byBytes).drop_front(
      options.maxStates - (excess == ExcessStates::Merge));
  if (excess == ExcessStates::Drop) {
    for (const Candidate &state : beyond)
      states.erase(state.at);
    return;
  }
  // What all demand, from each with what leads to it.
  State common = beyond.front().at->first;
  Front merged;
  for (const Candidate &state : beyond) {
    llvm::erase_if(common, [&](unsigned value) {
      return !llvm::is_contained(state.at->first, value);
    });
    merged = mergeFronts(merged, state.at->second);
    states.erase(state.at);
  }
  Front &stays = states[common];
  stays = mergeFronts(stays, merged);
}
