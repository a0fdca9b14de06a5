// Discardable attributes go to the step that makes the result.
// RUN: conveinsum-opt %s --conveinsum-plan=planner=left --conveinsum-decompose | FileCheck %s

// CHECK-LABEL: func @chain
// CHECK: conveinsum.einsum "ij,jk->ik" ins({{.*}} : tensor<2x3xf32>, tensor<3x4xf32>) : tensor<2x4xf32>
// CHECK: conveinsum.einsum "ik,kl->il" ins({{.*}}) {bare, my.layer = "conv1"} : tensor<2x5xf32>
func.func @chain(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>, %c: tensor<4x5xf32>)
    -> tensor<2x5xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il"
         ins(%a, %b, %c : tensor<2x3xf32>, tensor<3x4xf32>, tensor<4x5xf32>)
         {bare, my.layer = "conv1"} : tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}
