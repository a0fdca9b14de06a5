// RUN: conveinsum-opt %s --transform-interpreter --split-input-file | FileCheck %s

// The pipeline as one transformation, on a function and on a module. A function
// that is transformed alone gets no functions beside it.

// CHECK-LABEL: func.func @network(
// CHECK-NOT:     conveinsum.
// CHECK-COUNT-2: linalg.generic
// CHECK-LABEL: func.func @other(
// CHECK:         conveinsum.einsum
module attributes {transform.with_named_sequence} {
  func.func @network(%a: tensor<4x4xf32>) -> tensor<4x4xf32> {
    %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %a, %a : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
    return %0 : tensor<4x4xf32>
  }
  func.func @other(%a: tensor<4x4xf32>) -> tensor<4x4xf32> {
    %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<4x4xf32>) : tensor<4x4xf32>
    return %0 : tensor<4x4xf32>
  }
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %f = transform.structured.match attributes {sym_name = "network"} in %root : (!transform.any_op) -> !transform.any_op
    %g = transform.apply_registered_pass "conveinsum-to-linalg" to %f : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}

// -----

// CHECK-LABEL: module @payload
// CHECK:         func.func private @step0(
// CHECK:           linalg.generic
// CHECK:         func.func @network(
// CHECK-COUNT-2:   call @step0(
module attributes {transform.with_named_sequence} {
  module @payload {
    func.func @network(%a: tensor<4x4xf32>) -> tensor<4x4xf32> {
      %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %a, %a : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
      return %0 : tensor<4x4xf32>
    }
  }
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %m = transform.structured.match attributes {sym_name = "payload"} in %root : (!transform.any_op) -> !transform.any_op
    %n = transform.apply_registered_pass "conveinsum-to-linalg" with options = {"planner" = "left"} to %m : (!transform.any_op) -> !transform.any_op
    transform.yield
  }
}
