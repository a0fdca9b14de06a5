//===- Passes.td - Passes of all code generators -----------*- tablegen -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tensors to buffers, and buffers to places in one workspace: what code for a
// CPU and code for a GPU have in common. docs/CpuCodegen.md says how the passes
// work together.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CODEGEN_COMMON_PASSES_TD
#define CONVEINSUM_CODEGEN_COMMON_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvEinsumBufferize : Pass<"conveinsum-bufferize", "::mlir::ModuleOp"> {
  let summary = "Tensors of linalg functions to static row-major buffers";
  let description = [{
    Bufferizes every function of the module with one-shot bufferization and
    turns its results into trailing out-parameters. All types at function
    boundaries are row-major and dense. Arguments are never written, other than
    the out-parameters, and no two of them overlap where one is written; the
    pass marks them `llvm.noalias`.

    Copies become `linalg.copy`, which the register tiles compile, and never
    `memref.copy`, whose strided form calls a run-time library. A `tensor.pad`
    by one value becomes a fill and a copy. A result that is computed into a
    buffer of its own is computed into the out-parameter.

    ```mlir
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %e = tensor.empty() : tensor<4xf32>
      %y = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
      return %y : tensor<4xf32>
    }
    ```
    becomes
    ```mlir
    func.func @f(%x: memref<4xf32> {llvm.noalias}, %y: memref<4xf32> {llvm.noalias}) {
      linalg.exp ins(%x : memref<4xf32>) outs(%y : memref<4xf32>)
      return
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::bufferization::BufferizationDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect"
  ];
  let statistics = [
    Statistic<"numBuffers", "buffers", "Buffers allocated inside functions">,
    Statistic<"numCopies", "copies", "Copies inserted by bufferization">
  ];
}

def ConvEinsumArena : Pass<"conveinsum-arena", "::mlir::ModuleOp"> {
  let summary = "Buffers to places in one workspace of known size";
  let description = [{
    Gives every function one more argument, its workspace, and replaces its
    allocations by views of it. Buffers whose lifetimes do not overlap share
    bytes; places are aligned to 64 bytes. The bytes needed, those of callees
    included, become the attribute `conveinsum.workspace_bytes`.

    Functions must be straight-line around their allocations: an allocation
    inside a loop or of dynamic size is an error.

    ```mlir
    func.func @f(%x: memref<16xf32>, %y: memref<16xf32>) {
      %t = memref.alloc() : memref<16xf32>
      ...
    }
    ```
    becomes
    ```mlir
    func.func @f(%x: memref<16xf32>, %y: memref<16xf32>, %workspace: memref<64xi8>)
        attributes {conveinsum.workspace_bytes = 64 : i64} {
      %c0 = arith.constant 0 : index
      %t = memref.view %workspace[%c0][] : memref<64xi8> to memref<16xf32>
      ...
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"
  ];
  let statistics = [
    Statistic<"numBuffers", "buffers", "Buffers placed">,
    Statistic<"bytesSaved", "bytes-saved", "Bytes shared by lifetimes">
  ];
}

#endif // CONVEINSUM_CODEGEN_COMMON_PASSES_TD
