// RUN: conveinsum-opt %s --verify-roundtrip | FileCheck %s
// RUN: conveinsum-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC
// RUN: conveinsum-opt %s --mlir-print-op-generic | conveinsum-opt | FileCheck %s
// RUN: conveinsum-opt %s --emit-bytecode | conveinsum-opt | FileCheck %s

// CHECK-LABEL: func @barrier
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>, %[[W:.*]]: tensor<?xi1>, %[[DY:.*]]: tensor<4xf64>, %[[DZ:.*]]: tensor<f64>)
// CHECK-NEXT: conveinsum.barrier %[[X]] after %[[DY]] : tensor<2x3xf32> after tensor<4xf64>
// CHECK-NEXT: %[[B:.*]]:2 = conveinsum.barrier %[[X]], %[[W]] after %[[DY]], %[[DZ]] {my.name}
// CHECK-SAME:   : tensor<2x3xf32>, tensor<?xi1> after tensor<4xf64>, tensor<f64>
// CHECK-NEXT: return %[[B]]#0, %[[B]]#1
// GENERIC: "conveinsum.barrier"(%{{.*}}, %{{.*}}) <{operandSegmentSizes = array<i32: 1, 1>}> : (tensor<2x3xf32>, tensor<4xf64>) -> tensor<2x3xf32>
func.func @barrier(%x: tensor<2x3xf32>, %w: tensor<?xi1>, %dy: tensor<4xf64>, %dz: tensor<f64>)
    -> (tensor<2x3xf32>, tensor<?xi1>) {
  %0 = conveinsum.barrier %x after %dy : tensor<2x3xf32> after tensor<4xf64>
  %1, %2 = conveinsum.barrier %x, %w after %dy, %dz {my.name}
             : tensor<2x3xf32>, tensor<?xi1> after tensor<4xf64>, tensor<f64>
  return %1, %2 : tensor<2x3xf32>, tensor<?xi1>
}
