//===- BarrierModel.h - How a barrier becomes buffers -----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The external model of `conveinsum.barrier` for bufferization.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CODEGEN_COMMON_BARRIERMODEL_H
#define CONVEINSUM_LIB_CODEGEN_COMMON_BARRIERMODEL_H

#include "mlir/IR/DialectRegistry.h"

namespace conveinsum {

void registerBarrierModel(mlir::DialectRegistry &registry);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CODEGEN_COMMON_BARRIERMODEL_H
