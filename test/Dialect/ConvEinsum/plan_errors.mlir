// RUN: conveinsum-opt %s --conveinsum-plan=planner=exact --split-input-file --verify-diagnostics

func.func @dynamic(%a: tensor<?x9xf32>, %b: tensor<9x9xf32>, %c: tensor<9x2xf32>)
    -> tensor<?x2xf32> {
  // expected-error@+1 {{cannot be planned: expected static extents for the planner 'exact', got a dynamic extent of mode i in operand 0}}
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<?x9xf32>,
         tensor<9x9xf32>, tensor<9x2xf32>) : tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}
