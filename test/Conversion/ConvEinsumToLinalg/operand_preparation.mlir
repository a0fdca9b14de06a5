// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file --verify-roundtrip -o /dev/null

// Diagonals first, then sums of private modes, then the contraction.
// CHECK-DAG: #[[$D:.*]] = affine_map<(d0, d1) -> (d0, d0, d1)>
// CHECK-LABEL: func @diagonal_and_private
// CHECK-SAME: (%[[X:.*]]: tensor<3x3x5xf32>, %[[Y:.*]]: tensor<3x4xf32>)
// CHECK: %[[DIAGONAL:.*]] = linalg.generic {indexing_maps = [#[[$D]], {{.*}}} ins(%[[X]]
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[DIAGONAL]] : {{.*}}) outs({{.*}} : tensor<3xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[SUM]], %[[Y]]
func.func @diagonal_and_private(%x: tensor<3x3x5xf32>, %y: tensor<3x4xf32>)
    -> tensor<4xf32> {
  %z = conveinsum.einsum "iip,ij->j"
         ins(%x, %y : tensor<3x3x5xf32>, tensor<3x4xf32>) : tensor<4xf32>
  return %z : tensor<4xf32>
}

// -----

// A conv mode with one participant is a slice, with zeros where there is nothing.
// CHECK-LABEL: func @slice
// CHECK-SAME: (%[[X:.*]]: tensor<9xf32>
// CHECK: %[[S:.*]] = tensor.extract_slice %[[X]][1] [4] [2]
// CHECK: %[[P:.*]] = tensor.pad %[[S]] low[1] high[0]
// CHECK: linalg.generic {{.*}} ins(%[[P]]
func.func @slice(%x: tensor<9xf32>) -> tensor<5xf32> {
  %y = conveinsum.einsum "h->h|h" where [h: i0 + 1 = 2 o]
         ins(%x : tensor<9xf32>) : tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

// A kernel of one tap is no window.
// CHECK-LABEL: func @one_tap
// CHECK-SAME: (%[[X:.*]]: tensor<9xf32>, %[[W:.*]]: tensor<4x1xf32>)
// CHECK: %[[T:.*]] = tensor.extract_slice %[[W]][0, 0] [4, 1] [1, 1] : tensor<4x1xf32> to tensor<4xf32>
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel"]} ins(%[[X]], %[[T]]
func.func @one_tap(%x: tensor<9xf32>, %w: tensor<4x1xf32>) -> tensor<4x9xf32> {
  %y = conveinsum.einsum "h,th->th|h" where [h: i0 - i1 = o]
         ins(%x, %w : tensor<9xf32>, tensor<4x1xf32>) : tensor<4x9xf32>
  return %y : tensor<4x9xf32>
}

// -----

// Nothing contributes.
// CHECK-LABEL: func @empty_sum
// CHECK-NOT: linalg.generic
// CHECK: %[[Y:.*]] = linalg.fill {{.*}} -> tensor<3x4xf32>
// CHECK: return %[[Y]]
func.func @empty_sum(%x: tensor<3x0xf32>, %y: tensor<0x4xf32>)
    -> tensor<3x4xf32> {
  %z = conveinsum.einsum "ij,jk->ik"
         ins(%x, %y : tensor<3x0xf32>, tensor<0x4xf32>) : tensor<3x4xf32>
  return %z : tensor<3x4xf32>
}

// -----

// CHECK-LABEL: func @no_elements
// CHECK: linalg.fill {{.*}} -> tensor<0x4xf32>
func.func @no_elements(%x: tensor<0x2xf32>, %y: tensor<2x4xf32>)
    -> tensor<0x4xf32> {
  %z = conveinsum.einsum "ij,jk->ik"
         ins(%x, %y : tensor<0x2xf32>, tensor<2x4xf32>) : tensor<0x4xf32>
  return %z : tensor<0x4xf32>
}
