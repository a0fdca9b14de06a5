//===- Models.h - Which ops have a VJP --------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One file for each family of ops; each registers its external models.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_AUTODIFF_MODELS_H
#define CONVEINSUM_AUTODIFF_MODELS_H

namespace mlir {
class DialectRegistry;
} // namespace mlir

namespace conveinsum {

void registerEinsumModel(mlir::DialectRegistry &registry);
void registerArithModels(mlir::DialectRegistry &registry);
void registerMathModels(mlir::DialectRegistry &registry);
void registerComplexModels(mlir::DialectRegistry &registry);
void registerTensorModels(mlir::DialectRegistry &registry);
void registerLinalgModels(mlir::DialectRegistry &registry);
void registerCallModel(mlir::DialectRegistry &registry);

} // namespace conveinsum

#endif // CONVEINSUM_AUTODIFF_MODELS_H
