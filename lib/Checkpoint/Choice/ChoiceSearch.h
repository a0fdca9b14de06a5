//===- ChoiceSearch.h - Decisions from the last value to the first -*- C++
//-*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One run of the dynamic programme of Choice.h. Its fronts are those of
// Plan/Training/Fronts.h, with the work of a point in the place of its MACs: a
// number that orders by MACs and then by elements written.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CHECKPOINT_CHOICE_CHOICESEARCH_H
#define CONVEINSUM_LIB_CHECKPOINT_CHOICE_CHOICESEARCH_H

#include "Plan/Training/Fronts.h"
#include "conveinsum/Checkpoint/Choice/Choice.h"
#include <map>

namespace conveinsum {

/// MACs and elements written as one number, and back.
class WorkUnits {
public:
  /// No choice of the problem writes more elements than one MAC is worth.
  explicit WorkUnits(const CheckpointProblem &problem);

  Count workOf(const Count &macs, const Count &written) const {
    return macs * perMac + written;
  }
  /// MACs by which two choices differ at most if their work differs by so much.
  Count macsWithin(const Count &work) const;

private:
  Count perMac = 1;
};

/// What becomes of states beyond the limit.
enum class ExcessStates : uint8_t {
  Drop, ///< every point is a choice
  Merge ///< every choice has a point that is no worse
};

class ChoiceSearch {
public:
  ChoiceSearch(const CheckpointProblem &problem, const WorkUnits &units,
               const CheckpointOptions &options, ExcessStates excess);

  /// Kept bytes and work of the best choices.
  const Front &front() const { return result; }
  /// The values that a point keeps.
  llvm::BitVector keptBy(const FrontPoint &point) const;
  /// The ways that a point takes, in the order of the values that have several.
  std::vector<unsigned> waysOf(const FrontPoint &point) const;
  /// Work by which thinning made points worse, at most.
  const Count &thinningError() const { return error; }
  bool hadExcessStates() const { return hadExcess; }

private:
  /// The demanded values that were not decided yet, ascending in `rankOf`.
  using State = llvm::SmallVector<unsigned, 4>;
  using States = std::map<State, Front>;

  /// The op that makes a value: that of the value, or the last of a way.
  struct Recomputation {
    Count macs, written;
    llvm::ArrayRef<unsigned> inputs;
  };
  void decide(unsigned value);
  void decide(unsigned value, const Recomputation &op);
  void decideWay(unsigned value, unsigned way);
  void decideWays(unsigned value);
  void limit();
  void add(States &states, State state, const Front &from, const Count &kept,
           const Count &work, uint32_t decision);
  State withInputs(State state, llvm::ArrayRef<unsigned> inputs) const;
  void limitStates();
  void thinOutAll();
  void recordDecisions(unsigned value);
  Count bytesOf(const State &state) const;

  const CheckpointProblem &problem;
  const WorkUnits &units;
  const CheckpointOptions &options;
  const ExcessStates excess;
  /// Of every value, its place in the order of decisions.
  std::vector<unsigned> rankOf;
  States states;
  /// What a point decided last, and before: a list, of which tails are shared.
  /// A value that is kept, or a value and its way. Entry 0 ends it.
  struct Decisions {
    unsigned value;
    std::optional<unsigned> way;
    uint32_t before;
  };
  std::vector<Decisions> decisions{{0, std::nullopt, 0}};
  Front result;
  Count error;
  bool hadExcess = false;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CHECKPOINT_CHOICE_CHOICESEARCH_H
