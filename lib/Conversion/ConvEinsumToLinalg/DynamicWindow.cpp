//===- DynamicWindow.cpp - Windows over dynamic extents -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where extents of a conv mode are known at run time only, nothing can be
// decided by them: the participant that `dynamicSide` names is windowed, and
// what its index asks for is put around it without asking whether it is there.
//
//   i0 - i1 + 1 = 2 o,  X = ?,  K = 3,  E = (X - 1) floordiv 2 + 1
//     i0 = 2 o + k - 1: one zero before; the last index is 2 (E - 1) + 1, which
//     is X at most, so that one zero after the last entry is enough for every X
//
// In general the zeros after the last entry are an affine.max. Participants of
// a coefficient above 1 get zeros between their entries: phases would need as
// many steps as the coefficient, of sizes that are not known.
//
//===----------------------------------------------------------------------===//

#include "Step.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include <algorithm>

using namespace mlir;

namespace conveinsum::lowering {

std::optional<unsigned> dynamicSide(ArrayRef<int64_t> coefficients,
                                    ArrayRef<bool> isDynamic) {
  auto canBeWindowed = [&](unsigned side) {
    // Only static extents can be reversed.
    return coefficients[side] > 0 &&
           (coefficients[1 - side] <= 0 || !isDynamic[1 - side]);
  };
  std::optional<unsigned> best;
  auto isBetter = [&](unsigned side) {
    return !best || (isDynamic[side] && !isDynamic[*best]) ||
           (isDynamic[side] && coefficients[side] < coefficients[*best]);
  };
  for (unsigned side = 0; side < 2; ++side)
    if (canBeWindowed(side) && isBetter(side))
      best = side;
  return best;
}

/// E of a relation.
static OpFoldResult resultsOf(TensorOps &ops, const OpenRelation &relation) {
  return relation.resultExtent == kDynamic ? relation.resultSize
                                           : ops.index(relation.resultExtent);
}

void StepLowering::startWindow(Step &step, const OpenRelation &relation,
                               unsigned side, OpFoldResult taps) {
  Factor &window = step.factors[side];
  const unsigned dim = window.dim(relation.mode);
  const int64_t stride = relation.resultCoefficient;
  const int64_t dilation = -relation.coefficients[1 - side];
  const int64_t shift = -relation.offset; // i = stride o + dilation k + shift
  if (shift > 0) {
    // Entries before the first window; there may be fewer than that.
    OpFoldResult extent = ops.size(window.tensor, dim);
    OpFoldResult kept = ops.atLeastZero(ops.symbol(0) - shift, extent);
    OpFoldResult cut = ops.apply(ops.symbol(0) - ops.symbol(1), {extent, kept});
    window.tensor = ops.slice(window.tensor, dim, cut, kept, 1);
  }
  Spread spread{std::max<int64_t>(0, -shift)};
  std::optional<int64_t> tapCount = getConstantIntValue(taps);
  if (relation.extentOffset && tapCount && shift <= 0)
    // stride (E - 1)  is X + extentOffset at most.
    spread.high = ops.index(std::max<int64_t>(
        0, *relation.extentOffset + 1 + dilation * (*tapCount - 1) + shift));
  else
    spread.high = ops.atLeastZero(
        (ops.symbol(0) - 1) * stride + (ops.symbol(1) - 1) * dilation +
            (1 - spread.low) - ops.symbol(2),
        {resultsOf(ops, relation), taps, ops.size(window.tensor, dim)});
  if (spread.low > 0 || getConstantIntValue(spread.high) != 0)
    window.pads.push_back({relation.mode, spread});
}

Value StepLowering::closeDynamic(Step &step, OpenRelation relation) {
  const ModeId mode = relation.mode;
  bool isDynamic[2] = {false, false};
  for (auto [i, factor] : llvm::enumerate(step.factors))
    isDynamic[i] = factor.holds(mode) && factor.extent(mode) == kDynamic;
  const unsigned side = *dynamicSide(relation.coefficients, isDynamic);
  const unsigned other = 1 - side;
  const bool hasTaps = relation.coefficients[other] != 0;
  Factor &window = step.factors[side];
  if (relation.coefficients[side] > 1)
    insertZeros(step, relation, side);
  if (hasTaps && relation.coefficients[other] > 0)
    reverseTerm(step, relation, other);

  Factor *taps = hasTaps ? &step.factors[other] : nullptr;
  OpFoldResult tapCount =
      taps ? ops.size(taps->tensor, taps->dim(mode)) : ops.index(1);
  startWindow(step, relation, side, tapCount);
  const int64_t stride = relation.resultCoefficient;
  const int64_t dilation = -relation.coefficients[other];
  if (taps && step.inResult(mode)) {
    step.windowed.push_back({mode, side, stride, dilation});
    return nullptr;
  }
  padNow(window);
  const unsigned dim = window.dim(mode);
  OpFoldResult results = resultsOf(ops, relation);
  if (!taps) {
    window.tensor =
        ops.slice(window.tensor, dim, ops.index(0), results, stride);
    return nullptr;
  }
  if (relation.resultExtent == 1) {
    window.tensor =
        ops.slice(window.tensor, dim, ops.index(0), tapCount, dilation);
    return nullptr;
  }
  // The sum of the entries that each tap meets, by a window of as many ones as
  // the mode has positions.
  Step windowSum;
  windowSum.factors.push_back(window);
  windowSum.factors.push_back(
      {ops.filled(results, accumulator, 1), {mode}, {}});
  windowSum.result = window.modes;
  windowSum.resultShape = ops.sizes(window.tensor);
  windowSum.resultShape[dim] = tapCount;
  windowSum.resultElement = accumulator;
  windowSum.windowed.push_back({mode, 0, dilation, stride});
  window.tensor = lowerPreparation(std::move(windowSum));
  return nullptr;
}

} // namespace conveinsum::lowering
