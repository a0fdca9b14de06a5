// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file --verify-roundtrip -o /dev/null
// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file | FileCheck %s --check-prefix=LINEAR

// LINEAR-NOT: affine_map<{{.*}} mod

// The halo is put on both ends, the rest is linear.
// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1) -> (d0 + d1)>
// CHECK-LABEL: func @halo
// CHECK-SAME: (%[[X:.*]]: tensor<8xf32>, %[[W:.*]]: tensor<3xf32>)
// CHECK: %[[EMPTY:.*]] = tensor.empty() : tensor<10xf32>
// CHECK: %[[LAST:.*]] = tensor.extract_slice %[[X]][7] [1] [1]
// CHECK: %[[U0:.*]] = tensor.insert_slice %[[LAST]] into %[[EMPTY]][0] [1] [1]
// CHECK: %[[U1:.*]] = tensor.insert_slice %[[X]] into %[[U0]][1] [8] [1]
// CHECK: %[[FIRST:.*]] = tensor.extract_slice %[[X]][0] [1] [1]
// CHECK: %[[U2:.*]] = tensor.insert_slice %[[FIRST]] into %[[U1]][9] [1] [1]
// CHECK: linalg.generic {indexing_maps = [#[[$A]], {{.*}}} ins(%[[U2]], %[[W]]
func.func @halo(%x: tensor<8xf32>, %w: tensor<3xf32>) -> tensor<8xf32> {
  %y = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 + 1 = o (mod 8)]
         ins(%x, %w : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return %y : tensor<8xf32>
}

// -----

// A side that is longer than the period is folded onto it.
// CHECK-LABEL: func @folded
// CHECK-SAME: (%[[X:.*]]: tensor<9xf32>, %[[W:.*]]: tensor<3xf32>)
// CHECK: %[[P:.*]] = tensor.pad %[[X]] low[0] high[3]
// CHECK: %[[T:.*]] = tensor.expand_shape %[[P]] {{.*}} into tensor<3x4xf32>
// CHECK: linalg.generic {{.*}} ins(%[[T]] : {{.*}}) outs({{.*}} : tensor<4xf32>)
func.func @folded(%x: tensor<9xf32>, %w: tensor<3xf32>) -> tensor<4xf32> {
  %y = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 = o (mod 4)]
         ins(%x, %w : tensor<9xf32>, tensor<3xf32>) : tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// The gradient of a stride that divides the period has phases.
// CHECK-LABEL: func @phases
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[0] [4] [2] : tensor<4xf32> into tensor<8xf32>
// CHECK: tensor.insert_slice %{{.*}} into %{{.*}}[1] [4] [2] : tensor<4xf32> into tensor<8xf32>
func.func @phases(%dy: tensor<4xf32>, %w: tensor<4xf32>) -> tensor<8xf32> {
  %dx = conveinsum.einsum "h,h->h|h" where [h: 2 i0 + i1 - 1 = o (mod 8)]
          ins(%dy, %w : tensor<4xf32>, tensor<4xf32>) : tensor<8xf32>
  return %dx : tensor<8xf32>
}

// Indices that never reach the end of the period do not wrap: a linear step.
// CHECK-LABEL: func @never_wraps(
// CHECK-NOT:     linalg.generic
// CHECK:         tensor.pad
// CHECK-NOT:     tensor.pad
// CHECK-NOT:     tensor.insert_slice
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]
func.func @never_wraps(%x: tensor<4xf64>, %k: tensor<3xf64>) -> tensor<4xf64> {
  %y = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 + 1 = o (mod 4611686018427387904)]
         ins(%x, %k : tensor<4xf64>, tensor<3xf64>) : tensor<4xf64>
  return %y : tensor<4xf64>
}

// -----

// An index that goes round the circle many times: one gather, from positions that
// are computed once; the window over it is linear.
// CHECK-DAG: #[[$A:.*]] = affine_map<(d0, d1, d2) -> (d0, d1 + d2)>
// CHECK-LABEL: func @many_turns(
// CHECK-SAME: %[[X:.*]]: tensor<2x1009xf32>
// CHECK-NOT:     insert_slice
// CHECK:         %[[AT:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<2017xi64>)
// CHECK:         %[[U:.*]] = linalg.generic {{.*}} ins(%[[AT]] : tensor<2017xi64>) outs(%{{.*}} : tensor<2x2017xf32>)
// CHECK:         tensor.extract %[[X]]
// CHECK-NOT:     insert_slice
// CHECK:         linalg.generic {indexing_maps = [#[[$A]], {{.*}}} ins(%[[U]],
func.func @many_turns(%x: tensor<2x1009xf32>, %k: tensor<1009xf32>)
    -> tensor<2x1009xf32> {
  %y = conveinsum.einsum "bh,h->bh|h" where [h: 160 i0 + i1 = o (mod 1009)]
         ins(%x, %k : tensor<2x1009xf32>, tensor<1009xf32>) : tensor<2x1009xf32>
  return %y : tensor<2x1009xf32>
}
