// RUN: conveinsum-opt %s --conveinsum-decompose --split-input-file --verify-diagnostics

func.func @no_plan(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{cannot be decomposed: expected a plan, such as conveinsum-plan makes}}
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %a, %a : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x9xf32>) : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}

// -----

func.func @dynamic_feature(%x: tensor<?xf32>, %k: tensor<3xf32>) -> tensor<?xf32> {
  // expected-error@+1 {{cannot be decomposed: expected a static extent of conv mode 'h' in operand 0, as 3 operands hold it, got a dynamic one}}
  %0 = conveinsum.einsum "h,h,h->h|h"
         ins(%x, %k, %k : tensor<?xf32>, tensor<3xf32>, tensor<3xf32>)
         plan ((0,1),2) : tensor<?xf32>
  return %0 : tensor<?xf32>
}
