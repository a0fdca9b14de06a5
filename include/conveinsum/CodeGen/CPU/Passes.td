//===- Passes.td - Passes of the CPU code generator --------*- tablegen -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From linalg on buffers to loops around register tiles. docs/CpuCodegen.md says
// how this works together with the passes of all code generators.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CODEGEN_CPU_PASSES_TD
#define CONVEINSUM_CODEGEN_CPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvEinsumRegisterTile : Pass<"conveinsum-register-tile"> {
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
    ListOption<"caches", "caches", "uint64_t",
               "Bytes of the data caches, the smallest first; usual ones by "
               "default">,
    Option<"minVectorWork", "min-vector-work", "int64_t", "2048",
           "Iterations below which an op stays scalar loops, which compile "
           "fastest">,
    Option<"parallelWork", "parallel-work", "int64_t", "0",
           "Iterations from which the outermost loops run on threads, as "
           "scf.parallel; 0 for never">,
    Option<"contract", "contract", "bool", "true",
           "Keep fastmath<contract>, which lets products and sums become fused "
           "multiply-adds">
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

#endif // CONVEINSUM_CODEGEN_CPU_PASSES_TD
