//===- Circular.cpp - Circular relations become linear --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An index that wraps never reaches an indexing map. The windowed side is laid
// out once on the circle of M residues and unrolled as far as the linear index
// S o + D k runs, its halo included; everything after that is linear.
//
//===----------------------------------------------------------------------===//

#include "NumberTheory.h"
#include "Step.h"
#include <algorithm>

using namespace mlir;

namespace conveinsum::lowering {

Value StepLowering::fold(Value tensor, unsigned dim, int64_t period) {
  const int64_t extent = TensorOps::extent(tensor, dim);
  if (extent <= period)
    return tensor;
  int64_t turns = ceilDivide(extent, period);
  tensor = ops.place(tensor, dim, turns * period, {0, 1, extent});
  return ops.sum(ops.split(tensor, dim, period), dim, accumulator);
}

Value StepLowering::periodic(Value tensor, unsigned dim, int64_t coefficient,
                             int64_t modulus, int64_t begin, int64_t extent) {
  // Many turns: one turn, repeated by a broadcast.
  if (extent > 4 * modulus) {
    int64_t first = modulo(begin, modulus);
    int64_t turns = ceilDivide(first + extent, modulus);
    Value turn = periodic(tensor, dim, coefficient, modulus, 0, modulus);
    Extents shape = TensorOps::extents(turn);
    shape.insert(shape.begin() + dim, turns);
    SmallVector<unsigned> indices;
    for (unsigned i = 0; i + 1 < shape.size(); ++i)
      indices.push_back(i < dim ? i : i + 1);
    Value repeated = ops.join(ops.gather(turn, indices, shape), dim);
    return ops.slice(repeated, dim, {first, 1, extent});
  }

  // Indices that differ by a period meet the same residue.
  tensor = fold(tensor, dim, modulus / gcd(coefficient, modulus));
  const int64_t last = TensorOps::extent(tensor, dim) - 1;
  // Index i stands at  c i + t M - begin  for every turn t, within the extent.
  struct Piece {
    Progression from, to;
  };
  SmallVector<Piece> pieces;
  int64_t covered = 0;
  int64_t firstTurn = ceilDivide(begin - coefficient * last, modulus);
  int64_t lastTurn = floorDivide(begin + extent - 1, modulus);
  for (int64_t turn = firstTurn; turn <= lastTurn; ++turn) {
    int64_t shift = turn * modulus - begin;
    int64_t low = std::max<int64_t>(0, ceilDivide(-shift, coefficient));
    int64_t high = std::min(last, floorDivide(extent - 1 - shift, coefficient));
    if (low > high)
      continue;
    int64_t count = high - low + 1;
    pieces.push_back(
        {{low, 1, count}, {coefficient * low + shift, coefficient, count}});
    covered += count;
  }
  if (pieces.size() == 1 && pieces.front().to.covers(extent))
    return ops.slice(tensor, dim, pieces.front().from);

  Extents shape = TensorOps::extents(tensor);
  shape[dim] = extent;
  Type element = TensorOps::type(tensor).getElementType();
  Value result = covered == extent ? ops.empty(shape, element)
                                   : ops.filled(shape, element, 0);
  for (const Piece &piece : pieces)
    result =
        ops.insert(ops.slice(tensor, dim, piece.from), result, dim, piece.to);
  return result;
}

void StepLowering::unroll(Step &step, OpenRelation &relation, unsigned side) {
  const unsigned other = 1 - side;
  Factor &taps = step.factors[other];
  const unsigned tapsDim = taps.dim(relation.mode);
  int64_t period =
      relation.modulus / gcd(relation.coefficients[other], relation.modulus);
  taps.tensor = fold(taps.tensor, tapsDim, period);

  // c_w i = s o - c_k k - b  (mod M)
  int64_t reach =
      relation.resultCoefficient * (relation.resultExtent - 1) -
      relation.coefficients[other] * (taps.extent(relation.mode) - 1);
  Factor &window = step.factors[side];
  window.tensor = periodic(window.tensor, window.dim(relation.mode),
                           relation.coefficients[side], relation.modulus,
                           -relation.offset, reach + 1);
  relation.coefficients[side] = 1;
  relation.offset = 0;
  relation.modulus = 0;
}

} // namespace conveinsum::lowering
