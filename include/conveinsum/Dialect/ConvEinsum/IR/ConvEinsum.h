//===- ConvEinsum.h - The dialect for convolutional networks ----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Dialect, attributes and op of `conveinsum`, and the few functions that carry
// the value types of the rooms Equation and Plan over into IR. docs/Dialect.md
// shows how the assembly reads.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_DIALECT_CONVEINSUM_IR_CONVEINSUM_H
#define CONVEINSUM_DIALECT_CONVEINSUM_IR_CONVEINSUM_H

#include "conveinsum/Equation/Equation.h"
#include "conveinsum/Plan/Tree/Plan.h"
#include "conveinsum/Runtime/ElementType.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace conveinsum {

/// The equation as an attribute stores it: no extents but those that no type
/// carries, modes numbered in the order in which labels appear in the text.
Equation normalizedStructure(const Equation &equation);

/// The same tree with its steps in the order of its text form.
ContractionTree inPostOrder(const ContractionTree &tree);

/// The element type of docs/Semantics.md, section 6, or nothing for other
/// types.
std::optional<ElementType> toElementType(mlir::Type type);
mlir::Type fromElementType(mlir::MLIRContext *context, ElementType type);

/// `type`'s shape, kDynamic entries included.
Shape shapeOf(mlir::RankedTensorType type);

/// The type of the result of `equation`, whose extents are bound.
mlir::RankedTensorType resultTypeOf(const Equation &equation,
                                    mlir::Type elementType);

/// The extent of a conv mode in the result where it follows from a static one
/// of the feature (`extentOffset`). Nothing if it does not fit 64 bits.
std::optional<int64_t> impliedExtent(const LinearRelation &relation);

} // namespace conveinsum

#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsumDialect.h.inc"

#define GET_ATTRDEF_CLASSES
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsumAttributes.h.inc"

#define GET_OP_CLASSES
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsumOps.h.inc"

#endif // CONVEINSUM_DIALECT_CONVEINSUM_IR_CONVEINSUM_H
