// What is recomputed is decided once; keeping all that is kept changes nothing.
// RUN: conveinsum-opt %s --conveinsum-differentiate --conveinsum-checkpoint=budget=min -o %t
// RUN: not conveinsum-opt %t --conveinsum-checkpoint=budget=min 2>&1 | FileCheck %s
// RUN: conveinsum-opt %t --conveinsum-checkpoint | diff %t -

// CHECK: error: 'func.func' op cannot be checkpointed: expected a backward function that recomputes nothing yet, got one with 'conveinsum.barrier'
func.func @f(%x: tensor<4x8xf32>, %w: tensor<8x2xf32> {conveinsum.gradient}) -> tensor<4x2xf32> {
  %h = conveinsum.einsum "ij,jk->ik" ins(%x, %w : tensor<4x8xf32>, tensor<8x2xf32>) : tensor<4x2xf32>
  %y = math.sin %h : tensor<4x2xf32>
  return %y : tensor<4x2xf32>
}
