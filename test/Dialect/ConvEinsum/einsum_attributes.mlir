// Discardable attributes outlive the einsum that carries them.
// RUN: conveinsum-opt %s --conveinsum-simplify --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --canonicalize --split-input-file | FileCheck %s

// CHECK-LABEL: func @unit_modes
// CHECK: %[[Y:.*]] = conveinsum.einsum "sh,ts->th" ins({{.*}}) {bare, my.layer = "conv1"} : tensor<3x8xf32>
// CHECK: tensor.expand_shape %[[Y]] {{\[}}[0, 1], [2]] output_shape [1, 3, 8] {my.layer = "conv1"}
func.func @unit_modes(%x: tensor<1x4x8xf32>, %k: tensor<3x4x1xf32>) -> tensor<1x3x8xf32> {
  %0 = conveinsum.einsum "bsh,tsh->bth|h"
         ins(%x, %k : tensor<1x4x8xf32>, tensor<3x4x1xf32>)
         {bare, my.layer = "conv1"} : tensor<1x3x8xf32>
  return %0 : tensor<1x3x8xf32>
}

// -----

// What an operand is prepared by is not what replaces the op.
// CHECK-LABEL: func @prepared
// CHECK: conveinsum.einsum "iij->i" ins(%{{.*}} : tensor<4x4x5xf32>) : tensor<4xf32>
// CHECK: conveinsum.einsum "i,ik->k" ins({{.*}}) {my.layer = "conv1"} : tensor<6xf32>
func.func @prepared(%x: tensor<4x4x5xf32>, %y: tensor<4x6xf32>) -> tensor<6xf32> {
  %0 = conveinsum.einsum "iij,ik->k" ins(%x, %y : tensor<4x4x5xf32>, tensor<4x6xf32>)
         {my.layer = "conv1"} : tensor<6xf32>
  return %0 : tensor<6xf32>
}

// -----

// CHECK-LABEL: func @plain_conv
// CHECK: conveinsum.einsum "h,a->ha" ins({{.*}}) {my.layer = "conv1"} : tensor<8x2xf32>
func.func @plain_conv(%x: tensor<8xf32>, %y: tensor<2xf32>) -> tensor<8x2xf32> {
  %0 = conveinsum.einsum "h,a->ha|h" where [h: i0 = o]
         ins(%x, %y : tensor<8xf32>, tensor<2xf32>) {my.layer = "conv1"} : tensor<8x2xf32>
  return %0 : tensor<8x2xf32>
}

// -----

// Other kinds of ops get the attributes with a prefix: they may have one of
// their own by a bare name.
// CHECK-LABEL: func @views
// CHECK: %[[SLICE:.*]] = tensor.extract_slice %{{.*}}[1, 0] [4, 3] [2, 1] {my.layer = "conv1"} : tensor<10x3xf32> to tensor<4x3xf32>
// CHECK: linalg.transpose ins(%[[SLICE]] : tensor<4x3xf32>) outs({{.*}}) permutation = [1, 0] {my.layer = "conv1"}
func.func @views(%x: tensor<10x3xf32>) -> tensor<3x4xf32> {
  %0 = conveinsum.einsum "ha->ah|h" where [h: i0 - 1 = 2 o]
         ins(%x : tensor<10x3xf32>)
         {my.layer = "conv1", permutation = "none"} : tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}
