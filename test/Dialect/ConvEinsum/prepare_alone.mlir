// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(func.func(conveinsum-prepare))' --verify-diagnostics

// The pass makes a function beside the one it cuts.

// expected-error@+1 {{cannot be prepared: expected to run on what holds the function, not on it alone}}
func.func @f(%a: tensor<3xf32> {conveinsum.constant}) -> tensor<3xf32> {
  return %a : tensor<3xf32>
}
