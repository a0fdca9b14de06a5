// Steps that run as one in the forward pass do not where a result between them is
// kept, and what is recomputed of them is not of the group.
// RUN: conveinsum-opt %s --conveinsum-checkpoint --conveinsum-verify-stage=stage=steps | FileCheck %s --check-prefixes=CHECK,MAX
// RUN: conveinsum-opt %s --conveinsum-checkpoint=budget=min --conveinsum-verify-stage=stage=steps | FileCheck %s --check-prefixes=CHECK,MIN

// CHECK-LABEL: func.func @f_forward(
// MAX-NOT:     conveinsum.group = 3
// MIN-COUNT-2: conveinsum.group = 3
// CHECK-COUNT-2: conveinsum.group = 4
// CHECK-LABEL: func.func @f_backward(
// CHECK-NOT:   conveinsum.group
func.func @f_forward(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>)
    -> (tensor<4x4xf32>, tensor<4x4xf32> {conveinsum.role = "kept"}) attributes {conveinsum.backward = @f_backward} {
  %a = conveinsum.einsum "ij,jk->ik" ins(%x, %w : tensor<4x4xf32>, tensor<4x4xf32>) {conveinsum.group = 3} : tensor<4x4xf32>
  %b = conveinsum.einsum "ij,jk->ik" ins(%a, %w : tensor<4x4xf32>, tensor<4x4xf32>) {conveinsum.group = 3} : tensor<4x4xf32>
  %c = conveinsum.einsum "ij,jk->ik" ins(%b, %w : tensor<4x4xf32>, tensor<4x4xf32>) {conveinsum.group = 4} : tensor<4x4xf32>
  %d = conveinsum.einsum "ij,jk->ik" ins(%c, %w : tensor<4x4xf32>, tensor<4x4xf32>) {conveinsum.group = 4} : tensor<4x4xf32>
  return %d, %a : tensor<4x4xf32>, tensor<4x4xf32>
}
func.func @f_backward(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>, %g: tensor<4x4xf32> {conveinsum.role = "cotangent"},
    %a: tensor<4x4xf32> {conveinsum.role = "kept"}) -> tensor<4x4xf32> attributes {conveinsum.forward = @f_forward} {
  %0 = conveinsum.einsum "ij,ik->jk" ins(%a, %g : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}
