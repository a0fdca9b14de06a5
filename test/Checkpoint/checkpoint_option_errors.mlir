// Budgets that say nothing, and the pass on half of a pair.
// RUN: not conveinsum-opt %s --conveinsum-checkpoint=budget=some 2>&1 | FileCheck %s --check-prefix=WORD
// RUN: not conveinsum-opt %s --conveinsum-checkpoint=budget=4096 2>&1 | FileCheck %s --check-prefix=UNIT
// RUN: not conveinsum-opt %s --conveinsum-checkpoint=budget=101%% 2>&1 | FileCheck %s --check-prefix=SHARE
// RUN: not conveinsum-opt %s --pass-pipeline='builtin.module(func.func(conveinsum-checkpoint))' 2>&1 | FileCheck %s --check-prefix=HALF

// WORD: error: expected budget to be bytes with a unit (64MiB), a share of what keeping everything takes, at most 1 (0.5, 50%), min or max, got 'some'
// UNIT: got '4096'
// SHARE: got '101%'
// HALF: error: 'func.func' op cannot be checkpointed: expected to run on what holds both functions, not on one of them alone
func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> attributes {conveinsum.backward = @b} {
  return %x : tensor<4xf32>
}
func.func @b(%x: tensor<4xf32>) {
  return
}
