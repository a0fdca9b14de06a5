// What is computed again behind a barrier stays, whatever cleans up.
// RUN: conveinsum-opt %s --cse | FileCheck %s
// RUN: conveinsum-opt %s --canonicalize | FileCheck %s
// RUN: conveinsum-opt %s --sccp --cse --canonicalize --loop-invariant-code-motion --cse | FileCheck %s
// RUN: conveinsum-opt %s --inline --cse --canonicalize | FileCheck %s --check-prefixes=CHECK,INLINED

// CHECK-LABEL: func @again
// CHECK: conveinsum.einsum
// CHECK: conveinsum.barrier
// CHECK: conveinsum.einsum
// CHECK: return
func.func @again(%x: tensor<2x3xf32>, %w: tensor<3x3xf32>, %dy: tensor<2x3xf32>)
    -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%x, %w : tensor<2x3xf32>, tensor<3x3xf32>) : tensor<2x3xf32>
  %x1, %w1 = conveinsum.barrier %x, %w after %dy : tensor<2x3xf32>, tensor<3x3xf32> after tensor<2x3xf32>
  %1 = conveinsum.einsum "ij,jk->ik" ins(%x1, %w1 : tensor<2x3xf32>, tensor<3x3xf32>) : tensor<2x3xf32>
  return %0, %1 : tensor<2x3xf32>, tensor<2x3xf32>
}

// Constants are not looked at through a barrier.

// CHECK-LABEL: func @constants
// CHECK: conveinsum.barrier
// CHECK: arith.addf
func.func @constants(%dy: tensor<2xf32>) -> tensor<2xf32> {
  %one = arith.constant dense<1.0> : tensor<2xf32>
  %0 = conveinsum.barrier %one after %dy : tensor<2xf32> after tensor<2xf32>
  %1 = arith.addf %0, %0 : tensor<2xf32>
  return %1 : tensor<2xf32>
}

func.func private @forward(%x: tensor<2x3xf32>, %w: tensor<3x3xf32>) -> tensor<2x3xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%x, %w : tensor<2x3xf32>, tensor<3x3xf32>) : tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}
func.func private @backward(%x: tensor<2x3xf32>, %w: tensor<3x3xf32>, %dy: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %x1, %w1 = conveinsum.barrier %x, %w after %dy : tensor<2x3xf32>, tensor<3x3xf32> after tensor<2x3xf32>
  %0 = conveinsum.einsum "ij,jk->ik" ins(%x1, %w1 : tensor<2x3xf32>, tensor<3x3xf32>) : tensor<2x3xf32>
  %1 = arith.mulf %0, %dy : tensor<2x3xf32>
  return %1 : tensor<2x3xf32>
}

// In a loop whose cotangent depends on the iteration nothing leaves the loop.

// CHECK-LABEL: func @loop
// INLINED: %[[Y:.*]] = conveinsum.einsum "ij,jk->ik" ins(%{{.*}}, %{{.*}} :
// INLINED: scf.for
// INLINED: conveinsum.barrier
// INLINED: conveinsum.einsum
// INLINED: scf.yield
func.func @loop(%x: tensor<2x3xf32>, %w: tensor<3x3xf32>, %n: index) -> (tensor<2x3xf32>, tensor<2x3xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = call @forward(%x, %w) : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
  %1 = scf.for %i = %c0 to %n step %c1 iter_args(%dy = %0) -> tensor<2x3xf32> {
    %2 = func.call @backward(%x, %w, %dy) : (tensor<2x3xf32>, tensor<3x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    scf.yield %2 : tensor<2x3xf32>
  }
  return %0, %1 : tensor<2x3xf32>, tensor<2x3xf32>
}
