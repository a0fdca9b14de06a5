//===- Phases.cpp - Coefficients above 1 on the windowed side -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With  c_w i + c_k k + b = s o  and c_w > 1 only every c_w-th value of the rest
// meets an index i of the windowed side. Instead of multiplying with zeros
// between the entries of that side, the result is cut into phases
//
//     o = P q + r,   P = c_w / gcd(s, c_w),   0 <= r < P
//
// in each of which  k = t + u c_w / gcd(c_k, c_w)  for one residue t, if any, so
// that the whole relation can be divided by c_w. Every phase is a step of its
// own on a strided slice of the other factor; together they do the exact number
// of multiply-adds (away from the borders). This is how transposed convolutions
// and the gradients of strided ones are computed. For a circular relation,
// gcd(c_w, M) takes the place of c_w.
//
//===----------------------------------------------------------------------===//

#include "NumberTheory.h"
#include "Step.h"
#include <cstdlib>
#include <vector>

using namespace mlir;

namespace conveinsum::lowering {

/// Phases cost code; beyond this many along a mode, zeros are inserted.
static constexpr int64_t kMaxPhases = 32;

/// What a phase split divides by, for the windowed side `side`.
static int64_t phaseDivisor(const OpenRelation &relation, unsigned side) {
  return relation.modulus == 0
             ? std::abs(relation.coefficients[side])
             : gcd(relation.coefficients[side], relation.modulus);
}

static int64_t phaseCount(const OpenRelation &relation, int64_t divisor) {
  return divisor / gcd(relation.resultCoefficient, divisor);
}

unsigned StepLowering::chooseSide(const Step &step,
                                  const OpenRelation &relation) const {
  auto cost = [&](unsigned side) {
    int64_t divisor = phaseDivisor(relation, side);
    double phases = double(phaseCount(relation, divisor));
    double taps = double(step.factors[1 - side].extent(relation.mode));
    if (phases <= double(kMaxPhases))
      taps = taps / double(divisor) * (1 + (phases - 1) / 8);
    return taps;
  };
  return cost(0) <= cost(1) ? 0 : 1;
}

Value StepLowering::closePhases(Step &step, OpenRelation &relation,
                                unsigned side) {
  const unsigned other = 1 - side;
  const int64_t divisor = phaseDivisor(relation, side);
  const int64_t phases = phaseCount(relation, divisor);
  if (divisor == 1 || phases > kMaxPhases)
    return nullptr;
  Factor &taps = step.factors[other];
  const unsigned tapsDim = taps.dim(relation.mode);
  const int64_t tapsExtent = taps.extent(relation.mode);
  const int64_t s = relation.resultCoefficient;
  const int64_t tapCoefficient = relation.coefficients[other];

  std::vector<Part> parts;
  for (int64_t r = 0; r < phases && r < relation.resultExtent; ++r) {
    std::optional<Solutions> residue = solveCongruence(
        tapCoefficient, s * r - relation.offset, divisor);
    if (!residue || residue->first >= tapsExtent)
      continue;
    Part part{step, {r, phases, (relation.resultExtent - 1 - r) / phases + 1}};
    part.step.factors[other].tensor = ops.slice(
        taps.tensor, tapsDim,
        {residue->first, residue->period,
         (tapsExtent - 1 - residue->first) / residue->period + 1});
    part.step.resultShape[step.resultDim(relation.mode)] = part.positions.count;

    OpenRelation &divided = part.step.open.emplace_back(relation);
    divided.coefficients[side] /= divisor;
    divided.coefficients[other] = tapCoefficient * residue->period / divisor;
    divided.offset =
        (relation.offset + tapCoefficient * residue->first - s * r) / divisor;
    divided.resultCoefficient = s * phases / divisor;
    divided.resultExtent = part.positions.count;
    divided.modulus /= divisor;
    parts.push_back(std::move(part));
  }
  return assemble(step, relation.mode, parts);
}

} // namespace conveinsum::lowering
