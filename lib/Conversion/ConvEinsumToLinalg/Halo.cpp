//===- Halo.cpp - Windows with their halos --------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two participants: one side is indexed by  S o + D k,  and everything that it
// is asked for must exist. What exists is sliced; what does not is padded with
// zeros, once.
//
//===----------------------------------------------------------------------===//

#include "NumberTheory.h"
#include "Step.h"
#include <algorithm>

using namespace mlir;

namespace conveinsum::lowering {

Value StepLowering::closeWindow(Step &step, OpenRelation relation) {
  const unsigned side = chooseSide(step, relation);
  const unsigned other = 1 - side;
  if (relation.coefficients[side] < 0)
    reverseTerm(step, relation, side);
  if (shouldMergePhases(relation, side))
    return mergePhases(step, relation, side);
  // Then both o and k count upwards in  i = S o + D k + const.
  if (relation.coefficients[other] > 0)
    reverseTerm(step, relation, other);
  if (Value value = closePhases(step, relation, side))
    return value;
  if (relation.modulus > 0)
    unroll(step, relation, side);
  return closeHalo(step, relation, side);
}

/// Whether the border of the mode is worth steps of its own, so that what lies
/// inside is read where it is: where a copy would cost as much as the step, and
/// nothing else asks for one. Rows of vectors stay whole.
static bool shouldPeel(const Step &step, ModeId mode, unsigned side) {
  const Factor &window = step.factors[side], &taps = step.factors[1 - side];
  return step.inResult(mode) && step.open.empty() && step.windowed.empty() &&
         window.pads.empty() && window.modes.back() != mode &&
         llvm::all_of(window.modes,
                      [&](ModeId own) { return step.inResult(own); }) &&
         llvm::all_of(taps.modes,
                      [&](ModeId own) { return window.holds(own); });
}

Value StepLowering::closeHalo(Step &step, OpenRelation relation,
                              unsigned side) {
  Factor &window = step.factors[side];
  Factor &taps = step.factors[1 - side];
  const ModeId mode = relation.mode;
  const int64_t stride = relation.resultCoefficient;
  const int64_t dilation = -relation.coefficients[1 - side];
  const int64_t lastIndex = window.extent(mode) - 1;
  const int64_t lastResult = relation.resultExtent - 1;
  int64_t shift = -relation.offset; // i = stride o + dilation k + shift

  // Taps that meet nothing but padding.
  int64_t firstTap = std::max<int64_t>(
      0, llvm::divideCeilSigned(-shift - stride * lastResult, dilation));
  int64_t lastTap =
      std::min(taps.extent(mode) - 1,
               llvm::divideFloorSigned(lastIndex - shift, dilation));
  if (firstTap > lastTap)
    return zeros(step);
  const int64_t tapCount = lastTap - firstTap + 1;
  taps.tensor = ops.slice(taps.tensor, taps.dim(mode), {firstTap, 1, tapCount});
  shift += dilation * firstTap;
  relation.offset = -shift;

  if (tapCount == 1 && stride > 0) {
    unsigned dim = taps.dim(mode);
    taps.tensor = ops.drop(taps.tensor, dim);
    taps.modes.erase(taps.modes.begin() + dim);
    relation.coefficients[1 - side] = 0;
    return closeSingle(step, relation, side);
  }

  // Positions of the result that meet nothing but padding: worth cutting off if
  // most of the padding is theirs.
  const int64_t reach = dilation * (tapCount - 1);
  if (stride > 0) {
    int64_t begin =
        std::max<int64_t>(0, llvm::divideCeilSigned(-shift - reach, stride));
    int64_t end = std::min(lastResult,
                           llvm::divideFloorSigned(lastIndex - shift, stride));
    if (begin > end)
      return zeros(step);
    int64_t count = end - begin + 1;
    if (stride * lastResult + reach > 2 * (stride * (count - 1) + reach)) {
      Part part{step, {begin, 1, count}};
      relation.offset -= stride * begin;
      relation.resultExtent = count;
      part.step.open.push_back(relation);
      return assemble(step, mode, part);
    }
  }

  // Positions whose windows lie inside: no copy is padded for them.
  if (peelBorders && shouldPeel(step, mode, side)) {
    int64_t begin =
        std::max<int64_t>(0, llvm::divideCeilSigned(-shift, stride));
    int64_t end = std::min(
        lastResult, llvm::divideFloorSigned(lastIndex - reach - shift, stride));
    const int64_t inside = end - begin + 1;
    if (inside <= lastResult && 4 * inside >= 3 * (lastResult + 1)) {
      SmallVector<Part, 3> parts;
      for (auto [from, to] :
           {std::pair(int64_t(0), begin), std::pair(begin, end + 1),
            std::pair(end + 1, lastResult + 1)}) {
        if (from == to)
          continue;
        Part &part = parts.emplace_back(Part{step, {from, 1, to - from}});
        OpenRelation piece = relation;
        piece.offset -= stride * from;
        piece.resultExtent = to - from;
        part.step.open.push_back(piece);
      }
      return assemble(step, mode, parts);
    }
  }

  if (!step.inResult(mode)) {
    // A sum over the only o: both sides move together.
    window.tensor =
        ops.slice(window.tensor, window.dim(mode), {shift, dilation, tapCount});
    return nullptr;
  }

  const int64_t extent = stride * lastResult + reach + 1;
  int64_t from = std::max<int64_t>(0, shift);
  int64_t to = std::min(lastIndex, shift + extent - 1);
  const unsigned dim = window.dim(mode);
  window.tensor = ops.slice(window.tensor, dim, {from, 1, to - from + 1});
  padLater(window, mode, extent, {from - shift, 1, to - from + 1});
  step.windowed.push_back({mode, side, stride, dilation});
  return nullptr;
}

/// The number of elements, where dynamic extents count as much as an average
/// one.
static double likelyElements(Value tensor) {
  constexpr double dynamicExtent = 64;
  double elements = 1;
  for (int64_t extent : TensorOps::type(tensor).getShape())
    elements *= extent == kDynamic ? dynamicExtent : double(extent);
  return elements;
}

Value StepLowering::closeSummed(Step &step, const OpenRelation &relation) {
  // The window sum of a factor is a step of that factor and as many ones as the
  // mode has positions, whose result is indexed by the other factor's k.
  const ModeId mode = relation.mode;
  auto cost = [&](unsigned side) {
    double extent = double(step.factors[side].extent(mode));
    return likelyElements(step.factors[side].tensor) / (extent * extent);
  };
  const unsigned side = cost(0) <= cost(1) ? 0 : 1;
  const unsigned other = 1 - side;
  Factor &window = step.factors[side];
  padNow(window);

  Step windowSum;
  windowSum.factors.push_back(window);
  windowSum.factors.push_back(
      {ops.filled(ops.index(relation.resultExtent), accumulator, 1),
       {mode},
       {}});
  windowSum.result = window.modes;
  windowSum.resultShape = ops.sizes(window.tensor);
  windowSum.resultShape[window.dim(mode)] =
      ops.index(step.factors[other].extent(mode));
  windowSum.resultElement = accumulator;

  // c_w i - s o + b = -c_k k, with a positive coefficient on the right.
  const int64_t sign = relation.coefficients[other] > 0 ? -1 : 1;
  OpenRelation &swapped = windowSum.open.emplace_back(relation);
  swapped.coefficients[0] = sign * relation.coefficients[side];
  swapped.coefficients[1] = -sign * relation.resultCoefficient;
  swapped.offset = sign * relation.offset;
  swapped.resultCoefficient = -sign * relation.coefficients[other];
  swapped.resultExtent = step.factors[other].extent(mode);
  window.tensor = lowerPreparation(std::move(windowSum));
  return nullptr;
}

} // namespace conveinsum::lowering
