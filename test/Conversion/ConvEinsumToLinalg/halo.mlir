// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file --verify-roundtrip -o /dev/null

// Both modes are padded by one tensor.pad.
// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1, d2, d3) -> (d0 * 2 + d2, d1 + d3 * 2)>
// CHECK-DAG: #[[$B:.*]] = affine_map<(d0, d1, d2, d3) -> (d2, d3)>
// CHECK-LABEL: func @padded
// CHECK-SAME: (%[[X:.*]]: tensor<9x7xf32>, %[[W:.*]]: tensor<3x3xf32>)
// CHECK: %[[ZERO:.*]] = arith.constant 0.0
// CHECK: %[[P:.*]] = tensor.pad %[[X]] low[1, 2] high[1, 2]
// CHECK: tensor.yield %[[ZERO]]
// CHECK: tensor<9x7xf32> to tensor<11x11xf32>
// CHECK-NOT: tensor.pad
// CHECK-NOT: insert_slice
// CHECK: linalg.generic {indexing_maps = [#[[$A]], #[[$B]], #{{.*}}], {{.*}}} ins(%[[P]], %[[W]]
func.func @padded(%x: tensor<9x7xf32>, %w: tensor<3x3xf32>) -> tensor<5x7xf32> {
  %y = conveinsum.einsum "hw,hw->hw|hw"
         where [h: i0 - i1 + 1 = 2 o, w: i0 - 2 i1 + 2 = o]
         ins(%x, %w : tensor<9x7xf32>, tensor<3x3xf32>) : tensor<5x7xf32>
  return %y : tensor<5x7xf32>
}

// -----

// Negative padding is a view.
// CHECK-LABEL: func @cropped
// CHECK-SAME: (%[[X:.*]]: tensor<9xf32>, %[[W:.*]]: tensor<3xf32>)
// CHECK-NOT: insert_slice
// CHECK: %[[C:.*]] = tensor.extract_slice %[[X]][2] [6] [1]
// CHECK: linalg.generic {{.*}} ins(%[[C]], %[[W]]
func.func @cropped(%x: tensor<9xf32>, %w: tensor<3xf32>) -> tensor<4xf32> {
  %y = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 - 2 = o]
         ins(%x, %w : tensor<9xf32>, tensor<3xf32>) : tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// A kernel that points the other way is reversed by a copy.
// CHECK-DAG: #[[$R:.*]] = affine_map<(d0) -> (-d0 + 2)>
// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1) -> (d0 + d1)>
// CHECK-LABEL: func @flipped
// CHECK-SAME: (%[[X:.*]]: tensor<9xf32>, %[[W:.*]]: tensor<3xf32>)
// CHECK: %[[F:.*]] = linalg.generic {indexing_maps = [#[[$R]], #{{.*}}], {{.*}}} ins(%[[W]]
// CHECK: linalg.generic {indexing_maps = [#[[$A]], {{.*}}} ins(%[[X]], %[[F]]
func.func @flipped(%x: tensor<9xf32>, %w: tensor<3xf32>) -> tensor<7xf32> {
  %y = conveinsum.einsum "h,h->h|h" where [h: i0 + i1 - 2 = o]
         ins(%x, %w : tensor<9xf32>, tensor<3xf32>) : tensor<7xf32>
  return %y : tensor<7xf32>
}

// -----

// The longer side is windowed and stands first, whichever operand it is; here the
// gradient towards a kernel.
// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1) -> (d1)>
// CHECK-DAG: #[[$B:.*]] = affine_map<(d0, d1) -> (d0 * 2 + d1)>
// CHECK-LABEL: func @kernel_gradient
// CHECK-SAME: (%[[DY:.*]]: tensor<5xf32>, %[[X:.*]]: tensor<9xf32>)
// CHECK: linalg.generic {indexing_maps = [#[[$B]], #[[$A]], #{{.*}}], {{.*}}} ins(%[[X]], %[[DY]]
func.func @kernel_gradient(%dy: tensor<5xf32>, %x: tensor<9xf32>)
    -> tensor<3xf32> {
  %dw = conveinsum.einsum "h,h->h|h" where [h: - i0 + i1 = 2 o]
          ins(%dy, %x : tensor<5xf32>, tensor<9xf32>) : tensor<3xf32>
  return %dw : tensor<3xf32>
}

// -----

// A summed mode: the windows of one operand are summed first.
// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1) -> (d0 + d1)>
// CHECK-LABEL: func @summed
// CHECK-SAME: (%[[X:.*]]: tensor<9xf32>, %[[W:.*]]: tensor<4x3xf32>)
// CHECK: %[[ONES:.*]] = linalg.fill {{.*}} -> tensor<7xf32>
// CHECK: %[[SUMS:.*]] = linalg.generic {indexing_maps = [#[[$A]], {{.*}}} ins(%[[X]], %[[ONES]] : {{.*}}) outs({{.*}} : tensor<3xf32>)
// CHECK: linalg.generic {{.*}} ins(%[[SUMS]], %[[W]]
func.func @summed(%x: tensor<9xf32>, %w: tensor<4x3xf32>) -> tensor<4xf32> {
  %y = conveinsum.einsum "h,th->t|h" where [h: i0 - i1 = o extent 7]
         ins(%x, %w : tensor<9xf32>, tensor<4x3xf32>) : tensor<4xf32>
  return %y : tensor<4xf32>
}
