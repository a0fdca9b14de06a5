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

def ConvEinsumExpectModule : Pass<"conveinsum-expect-module"> {
  let summary = "Fail on any op but a module";
  let description = [{
    The first pass of pipelines that are for whole modules: they fix calling
    conventions and the types of callers with those of callees. On a function,
    for example, it fails with a diagnostic on the function.
  }];
}

def ConvEinsumBufferize : Pass<"conveinsum-bufferize", "::mlir::ModuleOp"> {
  let summary = "Tensors of linalg functions to static row-major buffers";
  let description = [{
    Bufferizes every function of the module, and of modules in it, with one-shot
    bufferization and turns its results into trailing out-parameters. All types at
    function boundaries are row-major and dense. Arguments are never written, other
    than the out-parameters, and no two of them overlap where one is written; the
    pass marks them `llvm.noalias`.

    Copies become `linalg.copy`, which the register tiles compile, and never
    `memref.copy`, whose strided form calls a run-time library. A `tensor.pad`
    by one value becomes a fill and a copy. A result that is computed into a
    buffer of its own is computed into the out-parameter.
    Tensors may leave regions of `scf.if` and `scf.for`, which write them into a
    buffer from before the op; no result of an op is one of several buffers.

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
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
    "::mlir::tensor::TensorDialect"
  ];
  let statistics = [
    Statistic<"numBuffers", "buffers", "Buffers allocated inside functions">,
    Statistic<"numCopies", "copies", "Copies inserted by bufferization">
  ];
}

def ConvEinsumPackArguments
    : Pass<"conveinsum-pack-arguments", "::mlir::ModuleOp"> {
  let summary = "All arguments of one role to one buffer of bytes";
  let description = [{
    A function that names roles in `conveinsum.packs` gets one more argument for
    each, a buffer of bytes, aligned to 64. The arguments that carry the role in
    `conveinsum.role` become views of it. As the layout depends on their types
    alone, what one function wrote as its results another reads as its arguments.
    The size of the buffer becomes the attribute `conveinsum.ROLE_bytes`.

    Nothing lies between the values: the buffer has as many bytes as they have.
    Those come first whose size is divisible by 64 bytes, then those divisible by
    32 and so on; among equals their order stays.

    The buffers stand behind all other arguments in the order of the names,
    `prepared` as the last one. The buffer of `kept` stands behind the last
    argument of the role `cotangent`, where there is one; this role is never packed.

    ```mlir
    func.func @f(%x: memref<3xf32>, %p: memref<3xf32> {conveinsum.role = "prepared"},
                 %q: memref<16xf32> {conveinsum.role = "prepared"}, %y: memref<3xf32>)
        attributes {conveinsum.packs = ["prepared"]} {
      ...
    }
    ```
    becomes
    ```mlir
    func.func @f(%x: memref<3xf32>, %y: memref<3xf32>, %prepared: memref<76xi8>)
        attributes {conveinsum.packs = ["prepared"], conveinsum.prepared_bytes = 76 : i64} {
      %c0 = arith.constant 0 : index
      %q = memref.view %prepared[%c0][] : memref<76xi8> to memref<16xf32>
      %c64 = arith.constant 64 : index
      %p = memref.view %prepared[%c64][] : memref<76xi8> to memref<3xf32>
      ...
    }
    ```

    Callers would have to follow, so a function of the module that is called is
    refused. It stands after `conveinsum-bufferize` and before `conveinsum-arena`.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::memref::MemRefDialect"
  ];
  let statistics = [
    Statistic<"numPacked", "packed", "Arguments that became views of a buffer">
  ];
}

def ConvEinsumArena : Pass<"conveinsum-arena", "::mlir::ModuleOp"> {
  let summary = "Buffers to places in one workspace of known size";
  let description = [{
    Gives every function one more argument, its workspace, and replaces its
    allocations by views of it. Buffers whose lifetimes do not overlap share
    bytes; places are aligned to 64 bytes. The bytes needed, those of callees
    included, become the attribute `conveinsum.workspace_bytes`.

    Functions are straight-line at their top level. An allocation in a branch or
    a loop has one place for all its runs; one on threads or of dynamic size is
    an error, and so are functions with results.

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

def ConvEinsumExpandComplex : Pass<"conveinsum-expand-complex"> {
  let summary = "Functions of complex numbers to those of real ones";
  let description = [{
    Rewrites the ops of the dialect complex that are neither sums, differences,
    products nor quotients in terms of these and of the dialects arith and math,
    as upstream's `convert-complex-to-standard` does. That pass would rewrite
    products too, with branches for infinities that loops have no use for.

    ```mlir
    %0 = complex.conj %x : complex<f32>
    ```
    becomes
    ```mlir
    %re = complex.re %x : complex<f32>
    %im = complex.im %x : complex<f32>
    %minus = arith.negf %im : f32
    %0 = complex.create %re, %minus : complex<f32>
    ```
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::complex::ComplexDialect",
    "::mlir::math::MathDialect"
  ];
}

#endif // CONVEINSUM_CODEGEN_COMMON_PASSES_TD
