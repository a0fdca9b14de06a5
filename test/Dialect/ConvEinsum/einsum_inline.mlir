// A function with an einsum is inlined, into a region too.
// RUN: conveinsum-opt %s --inline | FileCheck %s

// CHECK-NOT: func private @step
func.func private @step(%a: tensor<2x3xf32>, %b: tensor<3x3xf32>) -> tensor<2x3xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<2x3xf32>, tensor<3x3xf32>)
         : tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// CHECK-LABEL: func @caller
// CHECK: %[[ONE:.*]] = conveinsum.einsum "ij,jk->ik" ins(%{{.*}}, %{{.*}} :
// CHECK: scf.for {{.*}} iter_args(%[[SUM:.*]] = %[[ONE]])
// CHECK: %[[NEXT:.*]] = conveinsum.einsum "ij,jk->ik" ins(%[[SUM]], %{{.*}} :
// CHECK: scf.yield %[[NEXT]]
// CHECK-NOT: call
func.func @caller(%a: tensor<2x3xf32>, %b: tensor<3x3xf32>, %n: index) -> tensor<2x3xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %0 = call @step(%a, %b) : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
  %1 = scf.for %i = %c0 to %n step %c1 iter_args(%sum = %0) -> tensor<2x3xf32> {
    %2 = func.call @step(%sum, %b) : (tensor<2x3xf32>, tensor<3x3xf32>) -> tensor<2x3xf32>
    scf.yield %2 : tensor<2x3xf32>
  }
  return %1 : tensor<2x3xf32>
}
