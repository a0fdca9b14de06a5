//===- TensorOps.h - Slices, pads, reversals, sums of tensors ---*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The few operations on whole tensors that everything in this room is made of,
// each one dimension at a time. All shapes are static. Zeros around a tensor
// are a `tensor.pad`, which upstream tiles and fuses. What else is not an op's
// view of its operand is written into a `tensor.empty` of its own, by linalg
// ops and `tensor.insert_slice` only, so that bufferization meets no strided
// copies that it would turn into calls.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CONVERSION_CONVEINSUMTOLINALG_TENSOROPS_H
#define CONVEINSUM_LIB_CONVERSION_CONVEINSUMTOLINALG_TENSOROPS_H

#include "mlir/IR/AffineMap.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace conveinsum::lowering {

// Not conveinsum::SetValue, the value of a set of operands.
using mlir::OpFoldResult;
using mlir::Value;

/// kDynamic where a size is not known.
using Extents = llvm::SmallVector<int64_t, 6>;
/// Attributes of static sizes, values of dynamic ones.
using Sizes = llvm::SmallVector<OpFoldResult>;

/// An arithmetic progression of positions along one dimension.
struct Progression {
  int64_t begin = 0;
  int64_t step = 1;
  int64_t count = 0;
  /// Whether it is 0, 1, ..., extent - 1.
  bool covers(int64_t extent) const {
    return begin == 0 && count == extent && (step == 1 || count == 1);
  }
};

/// Where the entries of one dimension go among zeros.
struct Spread {
  int64_t low = 0;     ///< zeros before the first entry
  int64_t step = 1;    ///< distance of the entries
  OpFoldResult high{}; ///< zeros after the last entry; none if null
};

/// The body of an elementwise op: from the elements of the inputs to the one of
/// the output, of any type of the same kind.
using ElementFn =
    llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::ValueRange)>;

class TensorOps {
public:
  TensorOps(mlir::OpBuilder &builder, mlir::Location loc)
      : builder(builder), loc(loc) {}

  static mlir::RankedTensorType type(Value tensor) {
    return llvm::cast<mlir::RankedTensorType>(tensor.getType());
  }
  static int64_t extent(Value tensor, unsigned dim) {
    return type(tensor).getDimSize(dim);
  }
  static Extents extents(Value tensor) {
    return Extents(type(tensor).getShape());
  }
  /// The same with values for dynamic sizes.
  OpFoldResult size(Value tensor, unsigned dim);
  Sizes sizes(Value tensor);
  OpFoldResult index(int64_t value) { return builder.getIndexAttr(value); }
  /// An expression of the symbols s0, s1, ..., and the larger of 0 and it;
  /// numbers where all of them are.
  OpFoldResult apply(mlir::AffineExpr expr,
                     llvm::ArrayRef<OpFoldResult> symbols);
  OpFoldResult atLeastZero(mlir::AffineExpr expr,
                           llvm::ArrayRef<OpFoldResult> symbols);
  mlir::AffineExpr symbol(unsigned position) {
    return builder.getAffineSymbolExpr(position);
  }

  //===--------------------------------------------------------------------===//
  // New tensors
  //===--------------------------------------------------------------------===//

  Value empty(llvm::ArrayRef<OpFoldResult> shape, mlir::Type element);
  /// Every element is `value`.
  Value filled(llvm::ArrayRef<OpFoldResult> shape, mlir::Type element,
               int64_t value);

  /// A linalg.generic without reductions: `maps` are the inputs' from the
  /// dimensions of the output. Its output is a tensor of its own.
  Value elementwise(mlir::ValueRange inputs,
                    llvm::ArrayRef<mlir::AffineMap> maps,
                    llvm::ArrayRef<OpFoldResult> shape, mlir::Type element,
                    ElementFn body);

  //===--------------------------------------------------------------------===//
  // Views
  //===--------------------------------------------------------------------===//

  /// Keeps the given positions of one dimension.
  Value slice(Value tensor, unsigned dim, Progression positions);
  /// The same for a number of them that may be dynamic.
  Value slice(Value tensor, unsigned dim, OpFoldResult offset,
              OpFoldResult size, int64_t stride);
  /// Removes a dimension, keeping one position of it.
  Value drop(Value tensor, unsigned dim, int64_t position = 0);
  /// Splits a dimension in two: position p becomes (p / inner, p mod inner).
  Value split(Value tensor, unsigned dim, int64_t inner);
  /// Joins the dimensions `dim` and `dim + 1` in one.
  Value join(Value tensor, unsigned dim);

  //===--------------------------------------------------------------------===//
  // Copies
  //===--------------------------------------------------------------------===//

  /// `base` with `tensor` written to the given positions of one dimension and
  /// all of the others.
  Value insert(Value tensor, Value base, unsigned dim, Progression positions);
  /// Zeros around and between the entries of each dimension: a `tensor.pad`
  /// where there are none between.
  Value place(Value tensor, llvm::ArrayRef<Spread> spreads);
  /// `tensor` at the given positions of `extent` along one static dimension, if
  /// there are any zeros.
  Value place(Value tensor, unsigned dim, int64_t extent,
              Progression positions);
  /// What is around and between the given positions of `extent`.
  Spread spreadOf(int64_t extent, Progression positions);
  /// The positions of one dimension in the opposite order.
  Value reverse(Value tensor, unsigned dim);
  /// The entries of one dimension at `positions`, a tensor of i64 with one
  /// dimension.
  Value entriesAt(Value tensor, unsigned dim, Value positions);
  /// Dimension i of `tensor` is indexed by dimension `indices[i]` of the
  /// result, of which several may be equal; dimensions that are not named are
  /// broadcast.
  Value gather(Value tensor, llvm::ArrayRef<unsigned> indices,
               llvm::ArrayRef<OpFoldResult> shape);

  //===--------------------------------------------------------------------===//
  // Arithmetic
  //===--------------------------------------------------------------------===//

  /// Sums over `dims`, in the type `accumulator`, in which the result is
  /// stored.
  Value sum(Value tensor, llvm::ArrayRef<unsigned> dims,
            mlir::Type accumulator);
  /// Every element times `factor`, in the type `accumulator`.
  Value scale(Value tensor, int64_t factor, mlir::Type accumulator);
  /// The elements in a tensor of their own.
  Value copy(Value tensor);
  /// The elements in another type of the same kind.
  Value convert(Value tensor, mlir::Type element);

private:
  mlir::OpBuilder &builder;
  mlir::Location loc;
};

} // namespace conveinsum::lowering

#endif // CONVEINSUM_LIB_CONVERSION_CONVEINSUMTOLINALG_TENSOROPS_H
