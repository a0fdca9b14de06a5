// Budgets that say nothing, the pass on a function alone, and what cannot be differentiated.
// RUN: not conveinsum-opt %s --conveinsum-plan-training=budget=some 2>&1 | FileCheck %s --check-prefix=WORD
// RUN: not conveinsum-opt %s --pass-pipeline='builtin.module(func.func(conveinsum-plan-training))' 2>&1 | FileCheck %s --check-prefix=ALONE
// RUN: not conveinsum-opt %s --conveinsum-plan-training=budget=min 2>&1 | FileCheck %s --check-prefix=OP

// WORD: error: expected budget to be bytes with a unit (64MiB), a share of what keeping everything takes, at most 1 (0.5, 50%), min or max, got 'some'
// ALONE: error: 'func.func' op cannot be planned for training: expected to run on what holds functions, not on one alone
// OP: plan_training_errors.mlir:[[#@LINE+4]]:{{[0-9]+}}: error: 'linalg.reduce' op expected a body that computes each entry once
// OP-NOT: error:
func.func @f(%x: tensor<4x4xf32>, %a: tensor<4x4xf32> {conveinsum.gradient}, %b: tensor<4x4xf32> {conveinsum.gradient}, %o: tensor<4xf32>) -> tensor<4xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %a, %b : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  %1 = linalg.reduce { arith.maximumf } ins(%0 : tensor<4x4xf32>) outs(%o : tensor<4xf32>) dimensions = [1]
  return %1 : tensor<4xf32>
}
