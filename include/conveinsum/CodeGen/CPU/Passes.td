//===- Passes.td - Passes of the CPU code generator --------*- tablegen -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The passes from linalg on tensors to loops around register tiles, on buffers
// in one workspace. docs/CpuCodegen.md says how they work together.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CODEGEN_CPU_PASSES_TD
#define CONVEINSUM_CODEGEN_CPU_PASSES_TD

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

def ConvEinsumRegisterTile
    : Pass<"conveinsum-register-tile", "::mlir::func::FuncOp"> {
  let summary = "linalg on buffers to loops around register tiles";
  let description = [{
    Compiles every linalg op with static shapes to `scf` loops around a tile of
    accumulators that live in registers. Each operand is seen as one affine
    function of the loops, `offset + sum of stride * loop`, so strides,
    dilations, halos and permutations are all one thing.

    A small cost model chooses the loop that runs in vector lanes (a parallel
    loop, or a reduction when that is the contiguous one), and up to two
    parallel loops that are unrolled, so that loads per multiply-add are few
    and the accumulators fit the registers. Reductions run innermost with the
    accumulators as `iter_args`: no load of the result stands inside a
    reduction loop. A zero fill of the result moves into the accumulators.

    The end of a vector loop is computed by a last vector that overlaps the one
    before it, or by a masked one where recomputing would be wrong. Lanes of a
    small constant stride are read by vector loads and shuffles. Complex
    numbers, and ops with few iterations, stay scalar.

    ```mlir
    linalg.fill ins(%zero : f32) outs(%c : memref<64x64xf32>)
    linalg.matmul ins(%a, %b : memref<64x64xf32>, memref<64x64xf32>) outs(%c : memref<64x64xf32>)
    ```
    becomes, with 512-bit vectors,
    ```mlir
    scf.for %n = %c0 to %c64 step %c32 {
      scf.for %m = %c0 to %c64 step %c8 {
        %acc:16 = scf.for %k = ... iter_args(%a0 = %zeros, ...) -> (vector<16xf32>, ...) {
          // 2 vector loads of %b, 8 broadcasts of %a, 16 multiply-adds
        }
        // 16 vector stores to %c
      }
    }
    ```
  }];
  let options = [
    Option<"vectorBits", "vector-bits", "unsigned", "256",
           "Bits of a vector register; 0 keeps everything scalar">,
    Option<"vectorRegisters", "vector-registers", "unsigned", "16",
           "Number of vector registers">,
    Option<"minVectorWork", "min-vector-work", "int64_t", "2048",
           "Iterations below which an op stays scalar loops, which compile "
           "fastest">,
    Option<"parallelWork", "parallel-work", "int64_t", "0",
           "Iterations from which the outermost loops run on threads, as "
           "scf.parallel; 0 for never">
  ];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect", "::mlir::vector::VectorDialect"
  ];
  let statistics = [
    Statistic<"numTiles", "tiles", "Ops compiled">,
    Statistic<"numVectorTiles", "vector-tiles", "Ops compiled with vectors">,
    Statistic<"numFoldedFills", "folded-fills",
              "Fills that became the start value of accumulators">
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

#endif // CONVEINSUM_CODEGEN_CPU_PASSES_TD
