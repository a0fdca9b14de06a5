//===- InitAll.h - The one list of what we register -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything of ours that a tool, a plugin or an embedding program registers.
// What these functions name has to be linked.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_INITALL_H
#define CONVEINSUM_INITALL_H

#include "conveinsum/AutoDiff/Passes.h"
#include "conveinsum/Checkpoint/Passes.h"
#include "conveinsum/CodeGen/CPU/Passes.h"
#include "conveinsum/CodeGen/Common/Passes.h"
#include "conveinsum/Conversion/ConvEinsumToLinalg/Passes.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Passes.h"
#include "conveinsum/Pipelines/Pipelines.h"

namespace conveinsum {

/// Our dialects and their external models.
inline void registerAllDialects(mlir::DialectRegistry &registry) {
  registry.insert<ConvEinsumDialect>();
  registerPipelineDialects(registry);
  registerDifferentiableModels(registry);
}

/// Our passes and named pipelines.
inline void registerAllPasses() {
  registerConvEinsumPasses();
  registerConvEinsumAutoDiffPasses();
  registerConvEinsumCheckpointPasses();
  registerConvEinsumToLinalgPasses();
  registerConvEinsumCodeGenCommonPasses();
  registerConvEinsumCodeGenCPUPasses();
  registerPipelines();
}

} // namespace conveinsum

#endif // CONVEINSUM_INITALL_H
