// The budget holds where no tree is to be chosen, and where it is too small.
// RUN: conveinsum-opt %s --conveinsum-plan-training=budget=0B --conveinsum-plan --conveinsum-decompose --conveinsum-differentiate --conveinsum-checkpoint --split-input-file --verify-diagnostics | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-plan-training=budget=1KiB --split-input-file | FileCheck %s --check-prefix=SAYS

// SAYS-LABEL: func.func @pairs(
// SAYS:       attributes {conveinsum.kept_budget = 1024 : i64}
// CHECK-LABEL: func.func @pairs_forward(
// CHECK-SAME:  -> tensor<4x2xf32> attributes
// CHECK-LABEL: func.func @pairs_backward(
// CHECK:       conveinsum.barrier
func.func @pairs(%x: tensor<4x8xf32>, %a: tensor<8x8xf32> {conveinsum.gradient}, %b: tensor<8x2xf32> {conveinsum.gradient}) -> tensor<4x2xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%x, %a : tensor<4x8xf32>, tensor<8x8xf32>) : tensor<4x8xf32>
  %1 = math.tanh %0 : tensor<4x8xf32>
  %2 = conveinsum.einsum "ij,jk->ik" ins(%1, %b : tensor<4x8xf32>, tensor<8x2xf32>) : tensor<4x2xf32>
  return %2 : tensor<4x2xf32>
}

// -----

// SAYS-LABEL: func.func @pinned(
// SAYS:       attributes {conveinsum.kept_budget = 1024 : i64}
// CHECK-LABEL: func.func @pinned_forward(
// CHECK-SAME:  -> tensor<4x2xf32> attributes
func.func @pinned(%x: tensor<4x8xf32>, %a: tensor<8x8xf32> {conveinsum.gradient}, %b: tensor<8x2xf32> {conveinsum.gradient}) -> tensor<4x2xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %a, %b : tensor<4x8xf32>, tensor<8x8xf32>, tensor<8x2xf32>) plan ((0,1),2) : tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}

// -----

// SAYS-LABEL: func.func @kept(
// SAYS:       attributes {conveinsum.kept_budget = 1024 : i64}
// expected-error@below {{cannot be checkpointed: expected a budget of at least 128 bytes}}
func.func @kept(%x: tensor<4x8xf32>, %a: tensor<8x8xf32> {conveinsum.gradient}, %b: tensor<8x2xf32> {conveinsum.gradient}, %c: tensor<2x3xf32> {conveinsum.gradient}) -> tensor<4x3xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%x, %a : tensor<4x8xf32>, tensor<8x8xf32>) : tensor<4x8xf32>
  %1 = math.sin %0 {conveinsum.keep} : tensor<4x8xf32>
  %2 = conveinsum.einsum "ij,jk,kl->il" ins(%1, %b, %c : tensor<4x8xf32>, tensor<8x2xf32>, tensor<2x3xf32>) : tensor<4x3xf32>
  return %2 : tensor<4x3xf32>
}
