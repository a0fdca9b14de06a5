// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file --verify-roundtrip -o /dev/null

// Parallel loops are the result's dimensions in order, reductions are inside.

// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d3)>
// CHECK-DAG: #[[$B:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d3, d2)>
// CHECK-DAG: #[[$C:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>
// CHECK-LABEL: func @batched_contraction
// CHECK-SAME: (%[[X:.*]]: tensor<2x3x4xf32>, %[[Y:.*]]: tensor<2x4x5xf32>)
// CHECK: %[[EMPTY:.*]] = tensor.empty() : tensor<2x3x5xf32>
// CHECK: %[[ZERO:.*]] = linalg.fill {{.*}} outs(%[[EMPTY]]
// CHECK: %[[Z:.*]] = linalg.generic {indexing_maps = [#[[$A]], #[[$B]], #[[$C]]], iterator_types = ["parallel", "parallel", "parallel", "reduction"]} ins(%[[X]], %[[Y]] : {{.*}}) outs(%[[ZERO]]
// CHECK: return %[[Z]]
func.func @batched_contraction(%x: tensor<2x3x4xf32>, %y: tensor<2x4x5xf32>)
    -> tensor<2x3x5xf32> {
  %z = conveinsum.einsum "bij,bjk->bik"
         ins(%x, %y : tensor<2x3x4xf32>, tensor<2x4x5xf32>) : tensor<2x3x5xf32>
  return %z : tensor<2x3x5xf32>
}

// -----

// A grouped convolution without padding needs no preparation.
// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d2 + d3 * 3, d4)>
// CHECK-DAG: #[[$B:.*]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d4, d3)>
// CHECK-LABEL: func @grouped_dilated
// CHECK-SAME: (%[[X:.*]]: tensor<2x13x4xf32>, %[[W:.*]]: tensor<2x5x4x3xf32>)
// CHECK-NOT: slice
// CHECK: linalg.generic {indexing_maps = [#[[$A]], #[[$B]], #{{.*}}]
// CHECK-SAME: ins(%[[X]], %[[W]]
func.func @grouped_dilated(%x: tensor<2x13x4xf32>, %w: tensor<2x5x4x3xf32>)
    -> tensor<2x5x7xf32> {
  %y = conveinsum.einsum "ghs,gtsh->gth|h" where [h: i0 - 3 i1 = o]
         ins(%x, %w : tensor<2x13x4xf32>, tensor<2x5x4x3xf32>)
         : tensor<2x5x7xf32>
  return %y : tensor<2x5x7xf32>
}

// -----

// Without reductions the result is written once and never read.
// CHECK-LABEL: func @outer_product
// CHECK-NOT: linalg.fill
// CHECK: %[[EMPTY:.*]] = tensor.empty() : tensor<4x3xf32>
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} {{.*}} outs(%[[EMPTY]]
// CHECK: ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %{{.*}}: f32):
// CHECK-NEXT: %[[P:.*]] = arith.mulf %[[A]], %[[B]] fastmath<contract>
// CHECK-NEXT: linalg.yield %[[P]]
func.func @outer_product(%x: tensor<3xf32>, %y: tensor<4xf32>)
    -> tensor<4x3xf32> {
  %z = conveinsum.einsum "i,j->ji" ins(%x, %y : tensor<3xf32>, tensor<4xf32>)
         : tensor<4x3xf32>
  return %z : tensor<4x3xf32>
}

// -----

// Also a copy lives in a tensor of its own.
// CHECK-LABEL: func @identity
// CHECK-SAME: (%[[X:.*]]: tensor<3xf32>)
// CHECK: %[[EMPTY:.*]] = tensor.empty()
// CHECK: %[[Y:.*]] = linalg.generic {{.*}} ins(%[[X]] : {{.*}}) outs(%[[EMPTY]]
// CHECK: return %[[Y]]
func.func @identity(%x: tensor<3xf32>) -> tensor<3xf32> {
  %y = conveinsum.einsum "i->i" ins(%x : tensor<3xf32>) : tensor<3xf32>
  return %y : tensor<3xf32>
}
