// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --canonicalize --cse --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file --verify-roundtrip -o /dev/null

// A dynamic batch: its size is asked for, and nothing else.
// CHECK-LABEL: func @batch
// CHECK-SAME: (%[[X:.*]]: tensor<?x4x8xf32>, %[[W:.*]]: tensor<3x4x3xf32>)
// CHECK: %[[B:.*]] = tensor.dim %[[X]], %c0
// CHECK: %[[P:.*]] = tensor.pad %[[X]] low[0, 0, 1] high[0, 0, 1]
// CHECK: tensor<?x4x8xf32> to tensor<?x4x10xf32>
// CHECK: %[[E:.*]] = tensor.empty(%[[B]]) : tensor<?x3x8xf32>
// CHECK: %[[ZERO:.*]] = linalg.fill {{.*}} outs(%[[E]]
// CHECK: linalg.generic {{.*}} ins(%[[P]], %[[W]] : {{.*}}) outs(%[[ZERO]] : tensor<?x3x8xf32>)
func.func @batch(%x: tensor<?x4x8xf32>, %w: tensor<3x4x3xf32>)
    -> tensor<?x3x8xf32> {
  %y = conveinsum.einsum "bsh,tsh->bth|h"
         ins(%x, %w : tensor<?x4x8xf32>, tensor<3x4x3xf32>)
         : tensor<?x3x8xf32>
  return %y : tensor<?x3x8xf32>
}

// -----

// A dynamic feature: the size of the result follows from it, and the zeros around
// it are as many for every size.
// CHECK: #[[$E:.*]] = affine_map<()[s0] -> ((s0 - 1) floordiv 2 + 1)>
// CHECK-LABEL: func @feature
// CHECK-SAME: (%[[X:.*]]: tensor<4x?xf32>
// CHECK: %[[N:.*]] = tensor.dim %[[X]], %c1
// CHECK: %[[E:.*]] = affine.apply #[[$E]]()[%[[N]]]
// CHECK: %[[P:.*]] = tensor.pad %[[X]] low[0, 1] high[0, 1]
// CHECK: tensor.empty(%[[E]]) : tensor<3x?xf32>
// CHECK: linalg.generic {{.*}} ins(%[[P]],
func.func @feature(%x: tensor<4x?xf32>, %w: tensor<3x4x3xf32>)
    -> tensor<3x?xf32> {
  %y = conveinsum.einsum "sh,tsh->th|h" where [h: stride = 2]
         ins(%x, %w : tensor<4x?xf32>, tensor<3x4x3xf32>) : tensor<3x?xf32>
  return %y : tensor<3x?xf32>
}

// -----

// Without a rule for the size of the result, zeros are as many as it needs.
// CHECK: #[[$HIGH:.*]] = affine_map<()[s0] -> (-s0 + 7, 0)>
// CHECK-LABEL: func @any_feature
// CHECK-SAME: (%[[X:.*]]: tensor<?xf32>
// CHECK: %[[N:.*]] = tensor.dim %[[X]], %c0
// CHECK: %[[HIGH:.*]] = affine.max #[[$HIGH]]()[%[[N]]]
// CHECK: tensor.pad %[[X]] low[1] high[%[[HIGH]]]
func.func @any_feature(%x: tensor<?xf32>, %w: tensor<3xf32>) -> tensor<6xf32> {
  %y = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 + 1 = o]
         ins(%x, %w : tensor<?xf32>, tensor<3xf32>) : tensor<6xf32>
  return %y : tensor<6xf32>
}

// -----

// What is static in one place is static in all; the type of the result remains.
// CHECK-LABEL: func @static_in_disguise
// CHECK-NOT: tensor.dim
// CHECK: %[[Z:.*]] = linalg.generic {{.*}} outs({{.*}} : tensor<3x6xf32>)
// CHECK: %[[C:.*]] = tensor.cast %[[Z]] : tensor<3x6xf32> to tensor<?x6xf32>
// CHECK: return %[[C]]
func.func @static_in_disguise(%x: tensor<3x4xf32>, %y: tensor<4x6xf32>)
    -> tensor<?x6xf32> {
  %z = conveinsum.einsum "ij,jk->ik"
         ins(%x, %y : tensor<3x4xf32>, tensor<4x6xf32>) : tensor<?x6xf32>
  return %z : tensor<?x6xf32>
}

// -----

// A summed mode has a static number of positions; a long feature need not meet them.
// CHECK-LABEL: func @summed
// CHECK: %[[P:.*]] = tensor.pad
// CHECK: %[[ONES:.*]] = linalg.fill {{.*}} -> tensor<6xf32>
// CHECK: %[[SUMS:.*]] = linalg.generic {{.*}} ins(%[[P]], %[[ONES]] : {{.*}}) outs({{.*}} : tensor<3xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[SUMS]],
func.func @summed(%x: tensor<?xf32>, %w: tensor<4x3xf32>) -> tensor<4xf32> {
  %y = conveinsum.einsum "h,th->t|h" where [h: i0 - i1 + 1 = o extent 6]
         ins(%x, %w : tensor<?xf32>, tensor<4x3xf32>) : tensor<4xf32>
  return %y : tensor<4xf32>
}
