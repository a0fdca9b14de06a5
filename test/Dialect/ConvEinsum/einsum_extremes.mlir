// Extents at the end of 64 bits: what the verifier takes is planned and
// canonicalized, whatever its bytes are (tensor_sizes.mlir); the rest is refused.
// RUN: conveinsum-opt %s --conveinsum-plan --canonicalize --verify-diagnostics --split-input-file | FileCheck %s

// CHECK-LABEL: func @all
// CHECK: conveinsum.einsum "h,h->h|h" where [h: i0 - i1 = o] {{.*}} : tensor<9223372036854775805xf32>
// CHECK: conveinsum.einsum "h,h->h|h" where [h: i0 - 4611686018427387903 i1 + 1 = 4611686018427387904 o]
// CHECK: linalg.transpose {{.*}} permutation = [1, 0]
func.func @all(%x: tensor<9223372036854775807xf32>, %k: tensor<3xf32>, %l: tensor<2xf32>,
    %y: tensor<9223372036854775807x2xf32>)
    -> (tensor<9223372036854775805xf32>, tensor<2xf32>, tensor<2x9223372036854775807xf32>) {
  %0 = conveinsum.einsum "h,h->h|h" where [h: padding = valid]
         ins(%x, %k : tensor<9223372036854775807xf32>, tensor<3xf32>)
         : tensor<9223372036854775805xf32>
  %1 = conveinsum.einsum "h,h->h|h"
         where [h: i0 - 4611686018427387903 i1 + 1 = 4611686018427387904 o]
         ins(%l, %l : tensor<2xf32>, tensor<2xf32>) : tensor<2xf32>
  %2 = conveinsum.einsum "ij->ji"
         ins(%y : tensor<9223372036854775807x2xf32>) : tensor<2x9223372036854775807xf32>
  return %0, %1, %2
      : tensor<9223372036854775805xf32>, tensor<2xf32>, tensor<2x9223372036854775807xf32>
}

// -----

// C39
func.func @padded(%x: tensor<9223372036854775807xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{the padded extent of mode 'h' does not fit}}
  %0 = conveinsum.einsum "h,h->h|h"
         ins(%x, %k : tensor<9223372036854775807xf32>, tensor<3xf32>)
         : tensor<9223372036854775807xf32>
  return
}

// -----

// C74: every end of an interval fits, but what operands 0 and 1 have together
// are 2^63 entries.
func.func @window(%x: tensor<9223372036854775807xf32>, %k: tensor<2xf32>) {
  // expected-error@+1 {{the equation i0 - i1 - i2 + 1 = o reaches beyond signed 64 bit [C74]}}
  %0 = conveinsum.einsum "h,h,h->h|h" where [h: i0 - i1 - i2 + 1 = o]
         ins(%x, %k, %k : tensor<9223372036854775807xf32>, tensor<2xf32>, tensor<2xf32>)
         : tensor<9223372036854775807xf32>
  return
}
