//===- Choice.h - Which values to keep for the backward pass ----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A forward pass computes values, each from earlier ones, and the backward pass
// reads some of them: these are *needed*. A needed value is kept, or dropped
// and recomputed in the backward pass. Recomputing a value reads its inputs,
// which thereby are kept or recomputed as well, needed or not; each is
// recomputed at most once. Values that are always there, such as arguments, are
// *free*.
//
// A choice has two numbers: bytes kept, and work recomputed. Work is counted in
// MACs and, between choices of equal MACs, in elements written, so that a
// relu is not recomputed where there is room for it. The *front* has the
// choices that no other one beats in both. Worked example:
//
//   x (free) -> a: 100 bytes, 50 MACs -> b: 100 bytes, no MACs, a relu of 25
//   elements; needed are a and b
//
//   kept a, b    200 bytes     0 MACs
//   kept a       100 bytes     0 MACs, 25 elements written; b from a
//   kept nothing   0 bytes    50 MACs, 75 elements written
//
// Keeping b alone takes 100 bytes and 50 MACs for a, and is beaten.
//
// Front by dynamic programming. The values are decided from the last to the
// first. What the undecided ones must know of the decided ones is which of them
// are demanded by a recomputation: the state, the empty set at both ends.
// Values that are needed anyway are not part of it. Every state has the front
// of all decisions that lead to it:
//
//   v is kept         (state, k, m) -> (state - v,                k + bytes, m)
//   v is recomputed   (state, k, m) -> (state - v + inputs of v,  k, m + work)
//   v is not wanted   (state, k, m) -> (state, k, m)
//
// This is exact for any graph. The number of states grows with the unneeded
// values that are alive at once in a depth-first order, which are few in
// chains, trees and networks with skips. Beyond limits fronts are thinned and
// states are dropped, and the result says by how much it can miss the exact
// front. Where states are dropped, that bound comes from a second run in which
// such states are merged to what all of them demand, which makes nothing
// dearer.
//
// Alternatives. A value may be computed in several ways, as a network is by
// several trees, each through values of its own. Which one is decided with the
// value, and what all of its products cost counts as well, because ways differ
// in it: every way goes on from the states before the value by decisions on the
// values of the way, and the fronts of all ways are merged. So the choice of
// ways and of what to keep is one, and as exact as that of what to keep.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CHECKPOINT_CHOICE_CHOICE_H
#define CONVEINSUM_CHECKPOINT_CHOICE_CHOICE_H

#include "conveinsum/Equation/Count.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <vector>

namespace conveinsum {

/// What a user wants of a value that the backward pass or a recomputation
/// reads.
enum class CheckpointPin : uint8_t { None, Keep, Recompute };

/// One of several ways to compute a value.
struct CheckpointAlternative {
  /// Positions [first, end) of the values that this way alone has. They stand
  /// before the value; nothing but the way reads them.
  unsigned first = 0, end = 0;
  /// Of the last op of the way, in the place of what the value says.
  Count macs, written;
  llvm::SmallVector<unsigned, 2> inputs;
  /// Positions of other values that the backward pass reads if it is this way.
  llvm::SmallVector<unsigned, 2> needs;
  /// MACs of the way whatever is kept: of the forward pass and of gradients.
  Count fixedMacs;
};

/// A value of the forward pass.
struct CheckpointValue {
  Count bytes;   ///< if it is kept
  Count macs;    ///< if it is recomputed
  Count written; ///< elements that recomputing it writes
  /// Positions of the values that it is computed from, which are before it.
  llvm::SmallVector<unsigned, 2> inputs;
  bool isNeeded = false;
  /// It is always there, whatever else is said of it.
  bool isFree = false;
  CheckpointPin pin = CheckpointPin::None;
  /// The ways to compute it, if there are several.
  std::vector<CheckpointAlternative> alternatives;
};

using CheckpointProblem = std::vector<CheckpointValue>;

/// The numbers of one choice, and the choice.
struct CheckpointChoice {
  /// MACs are those that are recomputed, and the fixed ones of ways.
  Count keptBytes, macs, written;
  /// Ascending. Only values that something reads are in either.
  std::vector<unsigned> kept, recomputed;
  /// The way of each value that has several, in the order of the values.
  std::vector<unsigned> ways;
};

/// The problem in which every value that has several ways has the given one
/// only; what the ways cost whatever is kept is added to `fixedMacs`.
CheckpointProblem withWays(const CheckpointProblem &problem,
                           llvm::ArrayRef<unsigned> ways, Count &fixedMacs);

/// The choice that keeps the named values, if something reads them, and
/// recomputes what else is read; pins are not looked at. From the definition:
/// the checker that fronts are held against. `ways` has the way of each value
/// that has several.
CheckpointChoice evaluateCheckpoint(const CheckpointProblem &problem,
                                    const llvm::BitVector &keep,
                                    llvm::ArrayRef<unsigned> ways = {});

struct CheckpointOptions {
  /// Points, of all states together, above which fronts are thinned; at least
  /// 2. Each state has 2.
  unsigned maxPoints = 4096;
  /// States above which some are dropped; at least 1.
  unsigned maxStates = 1024;
};

/// All choices worth making.
class CheckpointFront {
public:
  CheckpointFront(const CheckpointProblem &problem,
                  const CheckpointOptions &options = {});

  struct Point {
    Count keptBytes, macs, written;
  };
  /// Ascending in bytes, descending in work; never empty.
  llvm::ArrayRef<Point> points() const { return front; }
  CheckpointChoice choice(size_t point) const;

  /// No choice that is missing is better than one that is there.
  bool isExact() const { return error() == Count(0); }
  /// For every choice (k, m) there is a point that keeps at most k and
  /// recomputes at most m + this; `infinity` if nothing is proven.
  const Count &error() const { return missedBy; }

  /// Bytes that are kept at least; pins may demand some.
  const Count &minBytes() const { return front.front().keptBytes; }
  /// Bytes that are kept where nothing is recomputed that has work and that no
  /// pin wants recomputed: more are of no use.
  const Count &maxBytes() const { return front.back().keptBytes; }
  /// The point of the least work that keeps at most so many bytes; none if
  /// there is none.
  std::optional<size_t> pick(const Count &bytes) const;

private:
  CheckpointProblem problem;
  std::vector<Point> front;
  /// Of every point, the values it keeps.
  std::vector<llvm::BitVector> keeps;
  /// And the ways that it takes.
  std::vector<std::vector<unsigned>> ways;
  Count missedBy;
};

} // namespace conveinsum

#endif // CONVEINSUM_CHECKPOINT_CHOICE_CHOICE_H
