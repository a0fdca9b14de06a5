// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file --verify-diagnostics

func.func @three_operands(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>,
                          %c: tensor<4x5xf32>) -> tensor<2x5xf32> {
  // expected-error @below {{expected one or two operands, got 3: decompose the einsum into steps first}}
  %z = conveinsum.einsum "ij,jk,kl->il"
         ins(%a, %b, %c : tensor<2x3xf32>, tensor<3x4xf32>, tensor<4x5xf32>)
         : tensor<2x5xf32>
  return %z : tensor<2x5xf32>
}

// -----

func.func @dynamic(%a: tensor<?x3xf32>, %b: tensor<3x4xf32>)
    -> tensor<?x4xf32> {
  // expected-error @below {{expected static extents, got operand 0 of type tensor<?x3xf32>}}
  %z = conveinsum.einsum "ij,jk->ik"
         ins(%a, %b : tensor<?x3xf32>, tensor<3x4xf32>) : tensor<?x4xf32>
  return %z : tensor<?x4xf32>
}
