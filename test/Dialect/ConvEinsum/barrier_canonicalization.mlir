// Barriers with equal operands merge, and what nobody reads does not wait.
// RUN: conveinsum-opt %s --canonicalize --cse | FileCheck %s

// CHECK-LABEL: func @unread
// CHECK-SAME: (%[[X:.*]]: tensor<4xf32>, %[[W:.*]]: tensor<2xf32>, %[[DY:.*]]: tensor<3xf32>)
// CHECK-NEXT: %[[B:.*]] = conveinsum.barrier %[[W]] after %[[DY]] {my.name} : tensor<2xf32> after tensor<3xf32>
// CHECK-NEXT: return %[[B]]
func.func @unread(%x: tensor<4xf32>, %w: tensor<2xf32>, %dy: tensor<3xf32>) -> tensor<2xf32> {
  %0, %1, %2 = conveinsum.barrier %x, %w, %x after %dy {my.name}
                 : tensor<4xf32>, tensor<2xf32>, tensor<4xf32> after tensor<3xf32>
  return %1 : tensor<2xf32>
}

// CHECK-LABEL: func @unused
// CHECK-NEXT: return
func.func @unused(%x: tensor<4xf32>, %dy: tensor<3xf32>) {
  %0 = conveinsum.barrier %x after %dy : tensor<4xf32> after tensor<3xf32>
  return
}

// CHECK-LABEL: func @equal
// CHECK-NEXT: %[[B:.*]] = conveinsum.barrier
// CHECK-NEXT: return %[[B]], %[[B]]
func.func @equal(%x: tensor<4xf32>, %dy: tensor<3xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = conveinsum.barrier %x after %dy : tensor<4xf32> after tensor<3xf32>
  %1 = conveinsum.barrier %x after %dy : tensor<4xf32> after tensor<3xf32>
  return %0, %1 : tensor<4xf32>, tensor<4xf32>
}
