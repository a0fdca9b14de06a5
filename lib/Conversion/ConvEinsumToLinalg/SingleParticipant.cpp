//===- SingleParticipant.cpp - Relations with at most one participant -----===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A conv mode of one participant is a slice of it, with zeros where the result
// asks for indices that do not exist; one without participants, which gradients
// have, is a set of positions of the result that are not zero. Either way the
// mode is plain afterwards.
//
//===----------------------------------------------------------------------===//

#include "NumberTheory.h"
#include "Step.h"
#include <algorithm>

using namespace mlir;

namespace conveinsum::lowering {

/// The o of 0 .. E - 1 with  s o = b  (mod M, if M > 0), for b on the left
/// side.
static Progression solveResult(const OpenRelation &relation) {
  const int64_t s = relation.resultCoefficient;
  const int64_t extent = relation.resultExtent;
  if (relation.modulus == 0) {
    if (relation.offset % s != 0)
      return {};
    int64_t o = relation.offset / s;
    return {o, 1, o >= 0 && o < extent ? 1 : 0};
  }
  std::optional<Solutions> solutions =
      solveCongruence(s, relation.offset, relation.modulus);
  if (!solutions || solutions->first >= extent)
    return {};
  return {solutions->first, solutions->period,
          (extent - 1 - solutions->first) / solutions->period + 1};
}

Value StepLowering::closeVirtual(Step &step, const OpenRelation &relation) {
  Progression positions = solveResult(relation);
  if (positions.count == 0)
    return zeros(step);
  if (!step.inResult(relation.mode)) {
    // Every solution contributes the same products once.
    Factor &factor = step.factors.front();
    if (positions.count > 1)
      factor.tensor = ops.scale(factor.tensor, positions.count, accumulator);
    return nullptr;
  }
  if (positions.covers(relation.resultExtent))
    return nullptr; // a broadcast
  return assemble(step, relation.mode, Part{step, positions});
}

Value StepLowering::closeSingle(Step &step, OpenRelation relation,
                                unsigned factor) {
  if (relation.modulus > 0)
    return closeSingleCircular(step, relation, factor);
  if (relation.coefficients[factor] < 0)
    reverseTerm(step, relation, factor);
  Factor &participant = step.factors[factor];
  const unsigned dim = participant.dim(relation.mode);
  const int64_t extent = participant.extent(relation.mode);
  const int64_t c = relation.coefficients[factor];
  const int64_t s = relation.resultCoefficient;

  // c i + b = s o with coprime c and s: i advances by s while o does by c.
  Solutions indices = *solveCongruence(c, -relation.offset, s);
  if (indices.first >= extent)
    return zeros(step);
  int64_t atZero = (c * indices.first + relation.offset) / s;
  int64_t begin = std::max<int64_t>(0, llvm::divideCeilSigned(-atZero, c));
  int64_t end =
      std::min(llvm::divideFloorSigned(extent - 1 - indices.first, s),
               llvm::divideFloorSigned(relation.resultExtent - 1 - atZero, c));
  if (begin > end)
    return zeros(step);
  const int64_t count = end - begin + 1;
  participant.tensor =
      ops.slice(participant.tensor, dim, {indices.first + s * begin, s, count});
  if (step.inResult(relation.mode))
    padLater(participant, relation.mode, relation.resultExtent,
             {atZero + c * begin, c, count});
  return nullptr;
}

Value StepLowering::closeSingleCircular(Step &step, OpenRelation relation,
                                        unsigned factor) {
  if (relation.coefficients[factor] < 0)
    reverseTerm(step, relation, factor);
  Factor &participant = step.factors[factor];
  const unsigned dim = participant.dim(relation.mode);
  const int64_t s = relation.resultCoefficient;
  const int64_t count = s == 0 ? 1 : relation.resultExtent;
  const int64_t c = relation.coefficients[factor];
  const int64_t modulus = relation.modulus;
  if (s > 1 && count - 1 > 4 * modulus / s) {
    // Turns of which few entries are wanted.
    Value folded =
        fold(participant.tensor, dim, modulus / std::gcd(c, modulus));
    participant.tensor =
        gatherResidues(folded, dim, c, modulus, {-relation.offset, s, count});
    return nullptr;
  }
  participant.tensor = periodic(participant.tensor, dim, c, modulus,
                                -relation.offset, s * (count - 1) + 1);
  if (s != 0) {
    participant.tensor = ops.slice(participant.tensor, dim, {0, s, count});
    return nullptr;
  }
  // Every o meets the same indices: a broadcast, or a sum of equal entries.
  participant.tensor = ops.drop(participant.tensor, dim);
  participant.modes.erase(participant.modes.begin() + dim);
  if (!step.inResult(relation.mode) && relation.resultExtent > 1)
    participant.tensor =
        ops.scale(participant.tensor, relation.resultExtent, accumulator);
  return nullptr;
}

} // namespace conveinsum::lowering
