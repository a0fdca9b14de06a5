// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file --verify-roundtrip -o /dev/null

// The gradient of a convolution of stride 2 towards its feature: even and odd
// positions of the result meet the odd and the even taps. No zeros are inserted.
// CHECK-LABEL: func @two_phases
// CHECK-SAME: (%[[DY:.*]]: tensor<5xf32>, %[[W:.*]]: tensor<4xf32>)
// CHECK: %[[F:.*]] = linalg.generic {{.*}} ins(%[[W]]
// CHECK-DAG: %[[EVEN:.*]] = tensor.extract_slice %[[F]][0] [2] [2]
// CHECK-DAG: %[[ODD:.*]] = tensor.extract_slice %[[F]][1] [2] [2]
// CHECK: %[[Y:.*]] = tensor.empty() : tensor<10xf32>
// CHECK: %[[P0:.*]] = linalg.generic {{.*}} ins(%{{.*}}, %[[EVEN]] : {{.*}}) outs({{.*}} : tensor<5xf32>)
// CHECK: %[[Y0:.*]] = tensor.insert_slice %[[P0]] into %[[Y]][0] [5] [2]
// CHECK: %[[P1:.*]] = linalg.generic {{.*}} ins(%{{.*}}, %[[ODD]] : {{.*}}) outs({{.*}} : tensor<5xf32>)
// CHECK: %[[Y1:.*]] = tensor.insert_slice %[[P1]] into %[[Y0]][1] [5] [2]
// CHECK: return %[[Y1]]
func.func @two_phases(%dy: tensor<5xf32>, %w: tensor<4xf32>) -> tensor<10xf32> {
  %dx = conveinsum.einsum "h,h->h|h" where [h: 2 i0 + i1 - 1 = o]
          ins(%dy, %w : tensor<5xf32>, tensor<4xf32>) : tensor<10xf32>
  return %dx : tensor<10xf32>
}

// -----

// Dilation and stride have a common divisor: every other position is zero.
// CHECK-LABEL: func @empty_phase
// CHECK: %[[ZERO:.*]] = linalg.fill {{.*}} -> tensor<11xf32>
// CHECK: %[[P:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<6xf32>)
// CHECK: %[[Y:.*]] = tensor.insert_slice %[[P]] into %[[ZERO]][0] [6] [2]
// CHECK: return %[[Y]]
func.func @empty_phase(%dy: tensor<5xf32>, %w: tensor<3xf32>) -> tensor<11xf32> {
  %dx = conveinsum.einsum "h,h->h|h" where [h: 2 i0 + 2 i1 - 2 = o]
          ins(%dy, %w : tensor<5xf32>, tensor<3xf32>) : tensor<11xf32>
  return %dx : tensor<11xf32>
}

// -----

// The stride of the result takes all phases but one away.
// CHECK-LABEL: func @one_phase
// CHECK-SAME: (%[[X:.*]]: tensor<5xf32>, %[[W:.*]]: tensor<4xf32>)
// CHECK-NOT: insert_slice {{.*}} [2]
// CHECK: tensor.extract_slice %{{.*}}[0] [2] [2] : tensor<4xf32>
// CHECK-COUNT-1: linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @one_phase(%x: tensor<5xf32>, %w: tensor<4xf32>) -> tensor<5xf32> {
  %y = conveinsum.einsum "h,h->h|h" where [h: 2 i0 + i1 - 1 = 2 o]
         ins(%x, %w : tensor<5xf32>, tensor<4xf32>) : tensor<5xf32>
  return %y : tensor<5xf32>
}

// -----

// Sixteen phases are one step with a plain mode for the phase.
// CHECK-LABEL: func @merged_phases
// CHECK: tensor.expand_shape {{.*}} tensor<32xf32> into tensor<2x16xf32>
// CHECK-COUNT-1: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "reduction"]
// CHECK: tensor.collapse_shape {{.*}} tensor<6x16xf32> into tensor<96xf32>
// CHECK: return
func.func @merged_phases(%dy: tensor<5xf32>, %w: tensor<32xf32>)
    -> tensor<96xf32> {
  %dx = conveinsum.einsum "h,h->h|h" where [h: 16 i0 + i1 = o]
          ins(%dy, %w : tensor<5xf32>, tensor<32xf32>) : tensor<96xf32>
  return %dx : tensor<96xf32>
}
