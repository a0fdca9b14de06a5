//===- Phases.cpp - Coefficients above 1 on the windowed side -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With  c_w i + c_k k + b = s o  and c_w > 1 only every c_w-th value of the
// rest meets an index i of the windowed side. Instead of multiplying with zeros
// between the entries of that side, the result is cut into phases
//
//     o = P q + r,   P = c_w / gcd(s, c_w),   0 <= r < P
//
// in each of which  k = t + u c_w / gcd(c_k, c_w)  for one residue t, if any,
// so that the whole relation can be divided by c_w. Every phase is a step of
// its own on a strided slice of the other factor; together they do the exact
// number of multiply-adds (away from the borders). This is how transposed
// convolutions and the gradients of strided ones are computed. For a circular
// relation, gcd(c_w, M) takes the place of c_w.
//
// Many phases of the simplest relation,  c_w i + k + b = o,  are one step, in
// which the phase is a plain mode: the kernel is split as  k = c_w u + r,  the
// result as  o = c_w q + r.
//
//===----------------------------------------------------------------------===//

#include "NumberTheory.h"
#include "Step.h"
#include <algorithm>
#include <cstdlib>
#include <tuple>
#include <vector>

using namespace mlir;

namespace conveinsum::lowering {

/// Every phase is code of its own: beyond this many they become one step, and
/// where that is not possible, beyond the second limit zeros are inserted.
static constexpr int64_t kMaxSeparatePhases = 4;
static constexpr int64_t kMaxPhases = 32;

/// What a phase split divides by, for the windowed side `side`.
static int64_t phaseDivisor(const OpenRelation &relation, unsigned side) {
  return relation.modulus == 0
             ? std::abs(relation.coefficients[side])
             : std::gcd(relation.coefficients[side], relation.modulus);
}

/// Phases that have positions in the result.
static int64_t phaseCount(const OpenRelation &relation, int64_t divisor) {
  return std::min(divisor / std::gcd(relation.resultCoefficient, divisor),
                  relation.resultExtent);
}

static bool canMergePhases(const OpenRelation &relation, unsigned side) {
  return relation.modulus == 0 && relation.resultCoefficient == 1 &&
         std::abs(relation.coefficients[1 - side]) == 1;
}

bool StepLowering::shouldMergePhases(const OpenRelation &relation,
                                     unsigned side) {
  int64_t phases = phaseCount(relation, phaseDivisor(relation, side));
  return phases > kMaxSeparatePhases && canMergePhases(relation, side);
}

unsigned StepLowering::chooseSide(const Step &step,
                                  const OpenRelation &relation) const {
  auto cost = [&](unsigned side) {
    int64_t divisor = phaseDivisor(relation, side);
    int64_t phases = phaseCount(relation, divisor);
    double taps = double(step.factors[1 - side].extent(relation.mode));
    if (phases <= kMaxPhases || canMergePhases(relation, side)) {
      double overhead = double(std::min(phases, kMaxSeparatePhases) - 1) / 8;
      taps = taps / double(divisor) * (1 + overhead);
    }
    // Among equals, the side of a circle that the other's taps do not take
    // round it again and again, then the one that is not reversed.
    int64_t dilation =
        relation.modulus > 0 ? std::abs(relation.coefficients[1 - side]) : 0;
    return std::tuple(taps, dilation, relation.coefficients[side] < 0);
  };
  return cost(0) <= cost(1) ? 0 : 1;
}

Value StepLowering::closePhases(Step &step, OpenRelation &relation,
                                unsigned side) {
  const unsigned other = 1 - side;
  const int64_t divisor = phaseDivisor(relation, side);
  const int64_t phases = phaseCount(relation, divisor);
  if (divisor == 1)
    return nullptr;
  if (phases > kMaxPhases) {
    insertZeros(step, relation, side);
    return nullptr;
  }

  if (phases > 1) // what the phases share
    for (Factor &factor : step.factors)
      padNow(factor);
  Factor &taps = step.factors[other];
  const unsigned tapsDim = taps.dim(relation.mode);
  const int64_t tapsExtent = taps.extent(relation.mode);
  const int64_t s = relation.resultCoefficient;
  const int64_t period = divisor / std::gcd(s, divisor);
  const int64_t tapCoefficient = relation.coefficients[other];

  std::vector<Part> parts;
  for (int64_t r = 0; r < phases; ++r) {
    std::optional<Solutions> residue =
        solveCongruence(tapCoefficient, s * r - relation.offset, divisor);
    if (!residue || residue->first >= tapsExtent)
      continue;
    const int64_t count = (relation.resultExtent - 1 - r) / period + 1;
    Part part{step, {r, period, count}};
    part.step.factors[other].tensor =
        ops.slice(taps.tensor, tapsDim,
                  {residue->first, residue->period,
                   (tapsExtent - 1 - residue->first) / residue->period + 1});
    OpenRelation &divided = part.step.open.emplace_back(relation);
    divided.coefficients[side] /= divisor;
    divided.coefficients[other] =
        tapCoefficient / std::gcd(tapCoefficient, divisor);
    divided.offset =
        (relation.offset + tapCoefficient * residue->first - s * r) / divisor;
    divided.resultCoefficient = s / std::gcd(s, divisor);
    divided.resultExtent = count;
    divided.modulus /= divisor;
    parts.push_back(std::move(part));
  }
  return assemble(step, relation.mode, parts);
}

Value StepLowering::mergePhases(Step &step, OpenRelation &relation,
                                unsigned side) {
  const unsigned other = 1 - side;
  if (relation.coefficients[other] < 0)
    reverseTerm(step, relation, other);
  // c i + k + b = o:  with  o + lead = c q + r  and  k = c u + r  the phase r
  // is a plain mode of the taps and the result, and  i + u + (b + lead) / c =
  // q.
  const ModeId mode = relation.mode;
  const int64_t c = relation.coefficients[side];
  const int64_t lead = llvm::mod(-relation.offset, c);
  Step merged = step;
  const ModeId phase = merged.newMode();

  Factor &taps = merged.factors[other];
  const unsigned tapsDim = taps.dim(mode);
  const int64_t tapsExtent = taps.extent(mode);
  taps.tensor =
      ops.place(taps.tensor, tapsDim, llvm::divideCeilSigned(tapsExtent, c) * c,
                {0, 1, tapsExtent});
  taps.tensor = ops.split(taps.tensor, tapsDim, c);
  taps.modes.insert(taps.modes.begin() + tapsDim + 1, phase);

  const unsigned dim = merged.resultDim(mode);
  const int64_t turns = llvm::divideCeilSigned(relation.resultExtent + lead, c);
  merged.result.insert(merged.result.begin() + dim + 1, phase);
  merged.resultShape[dim] = ops.index(turns);
  merged.resultShape.insert(merged.resultShape.begin() + dim + 1, ops.index(c));

  OpenRelation &divided = merged.open.emplace_back(relation);
  divided.coefficients[side] = 1;
  divided.offset = (relation.offset + lead) / c;
  divided.resultExtent = turns;
  Value result = ops.join(lower(std::move(merged)), dim);
  return ops.copy(ops.slice(result, dim, {lead, 1, relation.resultExtent}));
}

void StepLowering::insertZeros(Step &step, OpenRelation &relation,
                               unsigned side) {
  if (relation.modulus > 0)
    return; // unrolling does so
  Factor &window = step.factors[side];
  SmallVector<Spread> spreads(window.modes.size());
  spreads[window.dim(relation.mode)].step = relation.coefficients[side];
  window.tensor = ops.place(window.tensor, spreads);
  relation.coefficients[side] = 1;
}

} // namespace conveinsum::lowering
