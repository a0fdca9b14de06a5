//===- CanonicalForm.h - Networks that have the same plans ------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plan found for one network serves every network that is the same up to
// names and orders. Such networks have the same canonical form:
//
//   bshw,rt,rs,rh,rw->bthw|hw   and   (q)k,ijyx,(q)x,(q)j,(q)y->yxki|xy
//
// with the same sizes: other labels, other orders of the operands, of the
// dimensions and after '|'. The key of the form is a complete description of
// the network and the goal in some order of the operands, so equal keys prove
// that the networks are isomorphic, whatever the hashes inside do. The order is
// found by colour refinement on the incidence of operands and modes and, where
// symmetry is left, a search over the operands of one colour.
//
// What enters the key is what a plan may depend on: sizes, how often an operand
// holds a plain mode, relations with all their numbers, which modes the result
// holds, gradients, constants and the objective; the feature of a conv mode
// where the dense count or predicted times are asked for; element types for
// `time` and `peak`; the figures of the machine (not its name) for `time`.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_REUSE_CANONICALFORM_H
#define CONVEINSUM_PLAN_REUSE_CANONICALFORM_H

#include "conveinsum/Plan/Cost/Goal.h"

namespace conveinsum {

struct CanonicalForm {
  /// Bytes; equal for isomorphic networks if `isComplete`, and never equal for
  /// others. Stable across machines and processes.
  std::string key;
  /// order[p] is the operand at position p of the key.
  llvm::SmallVector<unsigned, 16> order;
  /// False where a network is so symmetric that the search for the order ended
  /// at its limit: the key then still describes the network, but an isomorphic
  /// one may have another.
  bool isComplete = true;
};

/// The form of a network with static shapes; the goal must verify.
CanonicalForm canonicalForm(const Equation &equation, const PlanGoal &goal);
/// The description with the operands in their own order: equal for networks
/// that differ only in labels, the order of dimensions and the order after '|'.
/// Cheaper than `canonicalForm`, and a key of the same kind.
CanonicalForm givenForm(const Equation &equation, const PlanGoal &goal);

/// The tree whose leaf p is the operand `order[p]` of the network: from
/// positions of a key to operands. In every pair the side with the lowest
/// operand comes first.
ContractionTree fromPositions(const ContractionTree &tree,
                              llvm::ArrayRef<unsigned> order);
/// The inverse: from operands to positions of a key.
ContractionTree toPositions(const ContractionTree &tree,
                            llvm::ArrayRef<unsigned> order);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_REUSE_CANONICALFORM_H
