// A barrier is nothing on buffers: no copy, no buffer, the order stays.
// RUN: conveinsum-opt %s --conveinsum-bufferize --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @argument(
// CHECK-SAME:    %[[X:.*]]: memref<4xf32> {llvm.noalias}, %{{.*}}: memref<2xf32> {llvm.noalias}, %[[Y:.*]]: memref<4xf32> {llvm.noalias}) {
// CHECK-NEXT:    linalg.exp ins(%[[X]] : memref<4xf32>) outs(%[[Y]] : memref<4xf32>)
// CHECK-NEXT:    return
func.func @argument(%x: tensor<4xf32>, %dy: tensor<2xf32>) -> tensor<4xf32> {
  %0 = conveinsum.barrier %x after %dy : tensor<4xf32> after tensor<2xf32>
  %e = tensor.empty() : tensor<4xf32>
  %y = linalg.exp ins(%0 : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// A value of the function's own, and a result that is the barrier's.

// CHECK-LABEL: func.func @own(
// CHECK-SAME:    %[[X:.*]]: memref<4xf32> {{.*}}, %[[Y:.*]]: memref<4xf32>
// CHECK-NEXT:    linalg.exp ins(%[[X]] : memref<4xf32>) outs(%[[Y]] : memref<4xf32>)
// CHECK-NEXT:    return
func.func @own(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %y = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  %0 = conveinsum.barrier %y after %x : tensor<4xf32> after tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// Who writes into what comes out of a barrier writes into the value itself, so
// an argument is copied first.

// CHECK-LABEL: func.func @written(
// CHECK-SAME:    %[[X:.*]]: memref<4xf32> {{.*}}, %{{.*}}: memref<2xf32> {{.*}}, %[[Y:.*]]: memref<4xf32>
// CHECK:         linalg.copy ins(%[[X]] : memref<4xf32>) outs(%[[Y]] : memref<4xf32>)
// CHECK:         linalg.generic {{.*}} outs(%[[Y]] : memref<4xf32>)
func.func @written(%x: tensor<4xf32>, %dy: tensor<2xf32>) -> tensor<4xf32> {
  %0 = conveinsum.barrier %x after %dy : tensor<4xf32> after tensor<2xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
         outs(%0 : tensor<4xf32>) {
  ^bb0(%o: f32):
    %1 = arith.addf %o, %o : f32
    linalg.yield %1 : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}
