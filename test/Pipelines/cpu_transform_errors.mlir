// RUN: conveinsum-opt %s --transform-interpreter --verify-diagnostics

module attributes {transform.with_named_sequence} {
  // expected-error @below {{expected builtin.module, because functions are compiled with their callers}}
  // expected-note @below {{target op}}
  func.func @f(%a: tensor<4xf32>) -> tensor<4xf32> {
    return %a : tensor<4xf32>
  }
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %f = transform.structured.match attributes {sym_name = "f"} in %root : (!transform.any_op) -> !transform.any_op
    // expected-error @below {{pass pipeline failed}}
    %g = transform.apply_registered_pass "linalg-to-llvm-cpu" to %f : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}
