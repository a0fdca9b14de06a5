// What stands beside an einsum, and what lowering puts around it, has at most
// 2^62 bytes.
// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --verify-diagnostics --split-input-file

// expected-error@+1 {{expected tensors of at most 2^62 bytes, got 'tensor<2305843009213693952xf32>'}}
func.func @beside(%x: tensor<2305843009213693952xf32>, %y: tensor<3xf32>) -> tensor<f32> {
  %0 = conveinsum.einsum "i->" ins(%y : tensor<3xf32>) : tensor<f32>
  return %0 : tensor<f32>
}

// -----

// The padded operand is two entries longer than what is asked for.
func.func @halo(%x: tensor<1152921504606846976xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{cannot be lowered: expected tensors of at most 2^62 bytes, got 'tensor<1152921504606846978xf32>' on the way}}
  %0 = conveinsum.einsum "h,h->h|h"
         ins(%x, %k : tensor<1152921504606846976xf32>, tensor<3xf32>) : tensor<1152921504606846976xf32>
  return
}

// -----

// Zeros between the entries of a small operand.
func.func @zeros(%x: tensor<2048x1099511627776xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{cannot be lowered: expected tensors of at most 2^62 bytes, got 'tensor<2048x1099511627775001xf32}}
  %0 = conveinsum.einsum "bh,h->bh|h" where [h: 1000 i0 - 7 i1 = 999983 o]
         ins(%x, %k : tensor<2048x1099511627776xf32>, tensor<3xf32>) : tensor<2048x1099511627xf32>
  return
}
