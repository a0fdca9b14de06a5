//===- LoweredFunctions.h - Lowers, compiles, runs, compares ----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers without the CPU room: many equations become functions of one module,
// stock passes turn their linalg into plain loops, and what the compiled code
// computes is compared with the definition. Operands are small multiples of
// 1/4, so that f32 and wider types must be met exactly.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_CONVERSION_LOWEREDFUNCTIONS_H
#define CONVEINSUM_TEST_CONVERSION_LOWEREDFUNCTIONS_H

#include "TypedBuffer.h"
#include "conveinsum/Equation/Equation.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <memory>

namespace mlir {
class ExecutionEngine;
} // namespace mlir

namespace conveinsum::test {

/// An equation of one or two operands with its element types.
struct TypedEquation {
  Equation equation;
  std::vector<ElementType> operandTypes;
  ElementType resultType;

  /// All of one type.
  TypedEquation(Equation equation, ElementType type = ElementType::F64);
  TypedEquation(Equation equation, std::vector<ElementType> operandTypes,
                ElementType resultType);
};

/// The equation, its relations, sizes and types, for failure messages.
std::string describe(const TypedEquation &typed);

/// A context with every dialect of the lowering and of its compilation.
mlir::MLIRContext &context();

/// A module with one function for each equation, on tensors, verified. Returns
/// null and fills `error` if that is not possible.
mlir::OwningOpRef<mlir::ModuleOp> lower(llvm::ArrayRef<TypedEquation> equations,
                                        std::string &error);

/// Says which rule of docs/Lowering.md `module` breaks: the result of each
/// linalg.generic is indexed by parallel loops, each once; no index of an
/// operand is taken modulo anything. Empty if none.
std::string checkGatherForm(mlir::ModuleOp module);

/// Compiles by stock passes; returns null and fills `error` if that is not
/// possible. Buffers are bare pointers, or have their sizes with them and are
/// passed through the C interface.
std::unique_ptr<mlir::ExecutionEngine>
compile(mlir::ModuleOp module, bool barePointers, std::string &error);

/// Lowers, compiles and runs all equations on values drawn from `seed`. Returns
/// one line for every equation that is not computed right.
std::vector<std::string> mismatches(llvm::ArrayRef<TypedEquation> equations,
                                    uint64_t seed);

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_CONVERSION_LOWEREDFUNCTIONS_H
