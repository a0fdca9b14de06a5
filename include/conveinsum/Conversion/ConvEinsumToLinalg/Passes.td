//===- Passes.td - Einsums to linalg -----------------------*- tablegen -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass that lowers the steps of a plan.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CONVERSION_CONVEINSUMTOLINALG_PASSES_TD
#define CONVEINSUM_CONVERSION_CONVEINSUMTOLINALG_PASSES_TD

include "mlir/Pass/PassBase.td"

def ConvertConvEinsumToLinalgPass : Pass<"convert-conveinsum-to-linalg"> {
  let summary = "Lower einsums of one or two operands to linalg on tensors";
  let description = [{
    Replaces every `conveinsum.einsum` by linalg on tensors: any coefficients,
    offsets, strides, circular modes and element types. Ops with more operands
    are refused (run `conveinsum-decompose` first). Plain modes and the features
    of conv modes may have dynamic extents.

    What comes out is in gather form (docs/Lowering.md): results are never
    scattered to, and the only index that is not a loop by itself is `S o + D k`,
    which never leaves its operand, or the reversal of an operand by a copy. Pads
    and halos are `tensor.pad`, so that upstream's tiling pulls them into a tile.
    Convolutions have the loops of upstream's named ops. Sums are made in the
    accumulator type of docs/Semantics.md, section 6.

    Before:
    ```mlir
    %y = conveinsum.einsum "sh,tsh->th|h" where [h: i0 - i1 + 1 = 2 o]
           ins(%x, %w : tensor<4x9xf32>, tensor<8x4x3xf32>) : tensor<8x5xf32>
    ```
    After, with `%padded` the 4x11 of `%x` between two columns of zeros:
    ```mlir
    %y = linalg.generic {
           indexing_maps = [affine_map<(t, h, s, k) -> (s, h * 2 + k)>,
                            affine_map<(t, h, s, k) -> (t, s, k)>,
                            affine_map<(t, h, s, k) -> (t, h)>],
           iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
           ins(%padded, %w : tensor<4x11xf32>, tensor<8x4x3xf32>)
           outs(%zero : tensor<8x5xf32>) { ... } -> tensor<8x5xf32>
    ```
  }];
  let options = [
    Option<"peelBorders", "peel-borders", "bool", /*default=*/"false",
           "Make positions whose windows reach into padding ops of their own, "
           "where a padded copy would cost as much as the step">
  ];
  let statistics = [
    Statistic<"numLowered", "num-lowered", "Einsums lowered to linalg">
  ];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect", "::mlir::complex::ComplexDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"
  ];
}

#endif // CONVEINSUM_CONVERSION_CONVEINSUMTOLINALG_PASSES_TD
