// RUN: conveinsum-opt %s --conveinsum-to-linalg --allow-unregistered-dialect --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-to-linalg="outline=false" --allow-unregistered-dialect --split-input-file | FileCheck %s --check-prefix=INLINE

// Einsums are planned and lowered wherever they stand, and outlined where a
// function can be called.

// INLINE-NOT: conveinsum.
// INLINE-NOT: call @

// CHECK-LABEL: module @nested
// CHECK:         module @inner
// CHECK:           func.func private @step0(
// CHECK:             linalg.generic
// CHECK:           func.func @network(
// CHECK-COUNT-2:     call @step0(
// CHECK-NOT:     conveinsum.
module @nested {
  module @inner {
    func.func @network(%a: tensor<4x4xf32>, %b: tensor<4x4xf32>) -> tensor<4x4xf32> {
      %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %b : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
      return %0 : tensor<4x4xf32>
    }
  }
}

// -----

// CHECK-LABEL: gpu.module @kernels
// CHECK:         gpu.func @network(
// CHECK-COUNT-2:   linalg.generic
// CHECK-NOT:     conveinsum.
gpu.module @kernels {
  gpu.func @network(%a: tensor<4x4xf32>, %b: tensor<4x4xf32>) {
    %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %b : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
    "test.use"(%0) : (tensor<4x4xf32>) -> ()
    gpu.return
  }
}

// -----

// The body of a module calls nothing.

// CHECK-LABEL: module @body
// CHECK:         "test.value"
// CHECK-COUNT-2: linalg.generic
// CHECK-NOT:     conveinsum.
module @body {
  %a = "test.value"() : () -> tensor<4x4xf32>
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %a, %a : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  "test.use"(%0) : (tensor<4x4xf32>) -> ()
}

// -----

// CHECK-LABEL: async.func @other_function(
// CHECK-COUNT-2: linalg.generic
// CHECK-NOT:     conveinsum.
async.func @other_function(%a: tensor<4x4xf32>) -> !async.value<tensor<4x4xf32>> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %a, %a : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}

// -----

// CHECK-LABEL: func.func @in_regions(
// CHECK:         scf.if
// CHECK-COUNT-2:   call @step
// CHECK:         else
// CHECK:           call @step
func.func @in_regions(%c: i1, %a: tensor<4x4xf32>, %v: tensor<4xf32>) -> tensor<4xf32> {
  %0 = scf.if %c -> tensor<4xf32> {
    %1 = conveinsum.einsum "ij,jk,k->i" ins(%a, %a, %v : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4xf32>) : tensor<4xf32>
    scf.yield %1 : tensor<4xf32>
  } else {
    %1 = conveinsum.einsum "ij,i->j" ins(%a, %v : tensor<4x4xf32>, tensor<4xf32>) : tensor<4xf32>
    scf.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
