// RUN: conveinsum-opt %s --conveinsum-bufferize --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-bufferize --conveinsum-register-tile --conveinsum-arena --split-input-file | FileCheck %s --check-prefix=ARENA

// Both branches compute into the place of the result.

// CHECK-LABEL: func.func @branch(
// CHECK-SAME:    %[[X:[^:]*]]: memref<4xf32>{{.*}}, %{{.*}}: memref<i1>{{.*}}, %[[R:[^:]*]]: memref<4xf32>
// CHECK-NOT:     memref.alloc
// CHECK:         scf.if
// CHECK-NEXT:      linalg.exp ins(%[[X]] : memref<4xf32>) outs(%[[R]] : memref<4xf32>)
// CHECK-NEXT:    } else {
// CHECK-NEXT:      linalg.copy ins(%[[X]] : memref<4xf32>) outs(%[[R]] : memref<4xf32>)
// CHECK-NEXT:    }

// ARENA-LABEL: func.func @branch(
// ARENA-SAME:    conveinsum.workspace_bytes = 0
func.func @branch(%x: tensor<4xf32>, %c: tensor<i1>) -> tensor<4xf32> {
  %i = tensor.extract %c[] : tensor<i1>
  %r = scf.if %i -> tensor<4xf32> {
    %e = tensor.empty() : tensor<4xf32>
    %y = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %y : tensor<4xf32>
  } else {
    scf.yield %x : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// -----

// A loop writes what it carries in place.

// CHECK-LABEL: func.func @loop(
// CHECK-SAME:    %[[X:[^:]*]]: memref<4xf32>{{.*}}, %[[R:[^:]*]]: memref<4xf32>
// CHECK-NOT:     memref.alloc
// CHECK:         linalg.copy ins(%[[X]] : memref<4xf32>) outs(%[[R]] : memref<4xf32>)
// CHECK-NEXT:    scf.for
// CHECK-NEXT:      linalg.exp ins(%[[R]] : memref<4xf32>) outs(%[[R]] : memref<4xf32>)
// CHECK-NEXT:    }
// CHECK-NEXT:    return

// ARENA-LABEL: func.func @loop(
// ARENA-SAME:    conveinsum.workspace_bytes = 0
func.func @loop(%x: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %r = scf.for %k = %c0 to %c3 step %c1 iter_args(%t = %x) -> tensor<4xf32> {
    %y = linalg.exp ins(%t : tensor<4xf32>) outs(%t : tensor<4xf32>) -> tensor<4xf32>
    scf.yield %y : tensor<4xf32>
  }
  return %r : tensor<4xf32>
}

// -----

// What is swapped is copied first. Both copies live in the workspace, beside the
// second value that is carried.

// CHECK-LABEL: func.func @swap(
// CHECK-SAME:    %{{.*}}: memref<4xf32>{{.*}}, %{{.*}}: memref<4xf32>{{.*}}, %[[T:[^:]*]]: memref<4xf32>
// CHECK:         %[[U:.*]] = memref.alloc()
// CHECK:         scf.for
// CHECK-NEXT:      %[[U0:.*]] = memref.alloc()
// CHECK-NEXT:      linalg.copy ins(%[[U]] : memref<4xf32>) outs(%[[U0]] : memref<4xf32>)
// CHECK-NEXT:      %[[T0:.*]] = memref.alloc()
// CHECK-NEXT:      linalg.copy ins(%[[T]] : memref<4xf32>) outs(%[[T0]] : memref<4xf32>)
// CHECK-NEXT:      linalg.copy ins(%[[U0]] : memref<4xf32>) outs(%[[T]] : memref<4xf32>)
// CHECK-NEXT:      linalg.copy ins(%[[T0]] : memref<4xf32>) outs(%[[U]] : memref<4xf32>)
// CHECK-NEXT:    }

// ARENA-LABEL: func.func @swap(
// ARENA-SAME:    conveinsum.workspace_bytes = 192
// ARENA-NOT:     memref.alloc
func.func @swap(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %r:2 = scf.for %k = %c0 to %c3 step %c1 iter_args(%t = %x, %u = %y) -> (tensor<4xf32>, tensor<4xf32>) {
    scf.yield %u, %t : tensor<4xf32>, tensor<4xf32>
  }
  return %r#0 : tensor<4xf32>
}
