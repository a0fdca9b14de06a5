//===- Circular.cpp - Circular relations become linear --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An index that wraps never reaches an indexing map. The windowed side is laid
// out once on the circle of M residues and unrolled as far as the linear index
// S o + D k runs, its halo included; everything after that is linear. A few
// turns are slices; where the coefficient takes the index round the circle many
// times, its inverse says which entry stands at each residue:
//
//   160 i = r (mod 331)   at   i = 60 r mod 331,   since 160 * 60 = 29 * 331 +
//   1
//
//===----------------------------------------------------------------------===//

#include "NumberTheory.h"
#include "Step.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include <algorithm>

using namespace mlir;

namespace conveinsum::lowering {

Value StepLowering::fold(Value tensor, unsigned dim, int64_t period) {
  const int64_t extent = TensorOps::extent(tensor, dim);
  if (extent <= period)
    return tensor;
  int64_t turns = llvm::divideCeilSigned(extent, period);
  tensor = ops.place(tensor, dim, turns * period, {0, 1, extent});
  return ops.sum(ops.split(tensor, dim, period), dim, accumulator);
}

/// Turns round the circle that are slices of their own; more are one gather.
static constexpr int64_t kMaxTurns = 8;

namespace {
/// Emits arithmetic on indices, modulo numbers of at most 40 bits.
class ModularArithmetic {
public:
  ModularArithmetic(OpBuilder &builder, Location loc)
      : builder(builder), loc(loc) {}

  Value constant(int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  }
  Value add(Value a, Value b) {
    return arith::AddIOp::create(builder, loc, a, b);
  }
  Value multiply(Value a, int64_t factor) {
    return arith::MulIOp::create(builder, loc, a, constant(factor));
  }
  Value divide(Value a, int64_t divisor) {
    return arith::DivUIOp::create(builder, loc, a, constant(divisor));
  }
  Value remainder(Value a, int64_t modulus) {
    return arith::RemUIOp::create(builder, loc, a, constant(modulus));
  }
  /// a * factor mod modulus, for a and factor below modulus.
  Value multiply(Value a, int64_t factor, int64_t modulus) {
    if (factor == 1)
      return a;
    if (modulus <= int64_t(1) << 31)
      return remainder(multiply(a, factor), modulus);
    // In two halves of the factor, so that every product is below 2^60.
    constexpr int64_t half = int64_t(1) << 20;
    Value high = remainder(multiply(a, factor / half), modulus);
    Value low = multiply(a, factor % half);
    return remainder(add(multiply(high, half), low), modulus);
  }
  /// `value` if `a` is below `bound` and `b` is 0, else `otherwise`.
  Value select(Value a, int64_t bound, Value b, Value value,
               int64_t otherwise) {
    Value below = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult,
                                        a, constant(bound));
    Value zero = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                       b, constant(0));
    Value both = arith::AndIOp::create(builder, loc, below, zero);
    return arith::SelectOp::create(builder, loc, both, value,
                                   constant(otherwise));
  }

private:
  OpBuilder &builder;
  Location loc;
};
} // namespace

Value StepLowering::gatherResidues(Value tensor, unsigned dim,
                                   int64_t coefficient, int64_t modulus,
                                   Progression residues) {
  // c i = r (mod M): none if gcd(c, M) does not divide r, else i is unique
  // modulo the period.
  const int64_t divisor = std::gcd(coefficient, modulus);
  const int64_t period = modulus / divisor;
  const int64_t inverse =
      solveCongruence(coefficient / divisor, 1, period)->first;
  const int64_t extent = TensorOps::extent(tensor, dim);
  assert(extent <= period && "two entries at one residue");
  const bool hasZeros = divisor > 1 || extent < period;
  auto position = [&](OpBuilder &b, ValueRange) -> Value {
    ModularArithmetic emit(b, loc);
    Value j = linalg::IndexOp::create(b, loc, 0);
    if (residues.count > modulus)
      j = emit.remainder(j, modulus);
    Value residue =
        emit.multiply(j, llvm::mod(residues.step, modulus), modulus);
    residue = emit.remainder(
        emit.add(residue, emit.constant(llvm::mod(residues.begin, modulus))),
        modulus);
    Value quotient = divisor > 1 ? emit.divide(residue, divisor) : residue;
    Value i = emit.multiply(quotient, inverse, period);
    if (hasZeros)
      i = emit.select(i, extent, emit.remainder(residue, divisor), i, extent);
    return arith::IndexCastOp::create(b, loc, b.getI64Type(), i);
  };
  Value positions = ops.elementwise({}, {}, ops.index(residues.count),
                                    builder.getI64Type(), position);
  if (hasZeros)
    tensor = ops.place(tensor, dim, extent + 1, {0, 1, extent});
  return ops.entriesAt(tensor, dim, positions);
}

Value StepLowering::periodic(Value tensor, unsigned dim, int64_t coefficient,
                             int64_t modulus, int64_t begin, int64_t extent) {
  // Many turns: one turn, repeated by a broadcast.
  if (extent > 4 * modulus) {
    int64_t first = llvm::mod(begin, modulus);
    int64_t turns = llvm::divideCeilSigned(first + extent, modulus);
    Value turn = periodic(tensor, dim, coefficient, modulus, 0, modulus);
    Sizes shape = ops.sizes(turn);
    shape.insert(shape.begin() + dim, ops.index(turns));
    SmallVector<unsigned> indices;
    for (unsigned i = 0; i + 1 < shape.size(); ++i)
      indices.push_back(i < dim ? i : i + 1);
    Value repeated = ops.join(ops.gather(turn, indices, shape), dim);
    return ops.slice(repeated, dim, {first, 1, extent});
  }

  // Indices that differ by a period meet the same residue.
  tensor = fold(tensor, dim, modulus / std::gcd(coefficient, modulus));
  const int64_t last = TensorOps::extent(tensor, dim) - 1;
  // Index i stands at  c i + t M - begin  for every turn t, within the extent.
  struct Piece {
    Progression from, to;
  };
  SmallVector<Piece> pieces;
  int64_t covered = 0;
  int64_t firstTurn =
      llvm::divideCeilSigned(begin - coefficient * last, modulus);
  int64_t lastTurn = llvm::divideFloorSigned(begin + extent - 1, modulus);
  if (lastTurn - firstTurn >= kMaxTurns)
    return gatherResidues(tensor, dim, coefficient, modulus,
                          {begin, 1, extent});
  for (int64_t turn = firstTurn; turn <= lastTurn; ++turn) {
    int64_t shift = turn * modulus - begin;
    int64_t low =
        std::max<int64_t>(0, llvm::divideCeilSigned(-shift, coefficient));
    int64_t high = std::min(
        last, llvm::divideFloorSigned(extent - 1 - shift, coefficient));
    if (low > high)
      continue;
    int64_t count = high - low + 1;
    pieces.push_back(
        {{low, 1, count}, {coefficient * low + shift, coefficient, count}});
    covered += count;
  }
  if (pieces.size() == 1 && pieces.front().to.covers(extent))
    return ops.slice(tensor, dim, pieces.front().from);

  Sizes shape = ops.sizes(tensor);
  shape[dim] = ops.index(extent);
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
  int64_t period = relation.modulus /
                   std::gcd(relation.coefficients[other], relation.modulus);
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
