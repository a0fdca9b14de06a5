//===- LowerEinsum.h - A step as linalg on tensors --------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The lowering as a function of the equation, without the op. How it works is
// told in docs/Lowering.md.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CONVERSION_CONVEINSUMTOLINALG_LOWEREINSUM_H
#define CONVEINSUM_CONVERSION_CONVEINSUMTOLINALG_LOWEREINSUM_H

#include "conveinsum/Equation/Equation.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/TypeRange.h"

namespace conveinsum {

/// Whether the lowering takes `equation` with these types: one or two operands,
/// element types of section 6 that are of one kind. Plain modes, and
/// participants of a linear conv mode with a positive coefficient, may have
/// dynamic extents.
bool verifyLowerable(const Equation &equation, mlir::TypeRange inputs,
                     mlir::RankedTensorType resultType, ErrorFn onError);

/// Emits linalg on tensors that computes a valid equation of one or two
/// operands. Products are summed in the accumulator type of the element types
/// (docs/Semantics.md, section 6). The value that is returned lives in a tensor
/// of its own, never in an operand. Needs the dialects affine, arith, complex,
/// linalg and tensor to be loaded. Reports at `loc` what `verifyLowerable`
/// refuses. The ops that compute the products, or the zeros if there are none,
/// get the discardable `attributes`. With `peelBorders`, positions whose
/// windows reach into padding become ops of their own where a padded copy would
/// cost as much as the step.
mlir::FailureOr<mlir::Value>
lowerEinsum(mlir::OpBuilder &builder, mlir::Location loc,
            const Equation &equation, mlir::ValueRange inputs,
            mlir::RankedTensorType resultType,
            mlir::DictionaryAttr attributes = {}, bool peelBorders = false);

} // namespace conveinsum

#endif // CONVEINSUM_CONVERSION_CONVEINSUMTOLINALG_LOWEREINSUM_H
