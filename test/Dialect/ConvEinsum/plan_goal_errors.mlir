// Operands that an einsum does not have, or has twice.
// RUN: conveinsum-opt %s --conveinsum-plan=gradients=0,3 --verify-diagnostics --split-input-file
// RUN: not conveinsum-opt %s --conveinsum-plan=constants=1,1 --split-input-file 2>&1 | FileCheck %s --check-prefix=TWICE
// RUN: not conveinsum-opt %s --conveinsum-plan='gradients=0,1 constants=1' --split-input-file 2>&1 | FileCheck %s --check-prefix=BOTH

// TWICE-COUNT-2: cannot be planned: expected every operand once in constants, got operand 1 twice
// BOTH-COUNT-2: cannot be planned: expected a constant operand to need no gradient, got operand 1 in both gradients and constants

func.func @planned(%a: tensor<9x9xf32>, %b: tensor<9x2xf32>) -> tensor<9x2xf32> {
  // expected-error@+1 {{cannot be planned: expected an operand below 3 in gradients, got 3}}
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %a, %b : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x2xf32>) : tensor<9x2xf32>
  return %0 : tensor<9x2xf32>
}

// -----

func.func @pinned(%a: tensor<9x9xf32>, %b: tensor<9x2xf32>) -> tensor<9x2xf32> {
  // expected-error@+1 {{cannot be planned: expected an operand below 3 in gradients, got 3}}
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %a, %b : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x2xf32>) plan ((0,1),2) : tensor<9x2xf32>
  return %0 : tensor<9x2xf32>
}

// -----

// Two operands need no plan, whatever the goal is.
func.func @pair(%a: tensor<9x9xf32>, %b: tensor<9x2xf32>) -> tensor<9x2xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<9x9xf32>,
         tensor<9x2xf32>) : tensor<9x2xf32>
  return %0 : tensor<9x2xf32>
}
