// RUN: conveinsum-opt %s --conveinsum-outline-steps --allow-unregistered-dialect --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(func.func(conveinsum-outline-steps))' --allow-unregistered-dialect --split-input-file | FileCheck %s --check-prefix=FUNCTIONS

// A function has no room for others beside it.

// FUNCTIONS-NOT: call @

// Equal but for labels: one function. Other types or attributes: another.

// CHECK-LABEL: module
// CHECK:         func.func private @step0(%[[A:.*]]: tensor<4x4xf32>, %[[B:.*]]: tensor<4x4xf32>) -> tensor<4x4xf32>
// CHECK-NEXT:      %[[R:.*]] = conveinsum.einsum "ij,jk->ik" ins(%[[A]], %[[B]] :
// CHECK-NEXT:      return %[[R]]
// CHECK:         func.func private @step1(
// CHECK:           conveinsum.einsum "ij,kj->ik"
// CHECK:         func.func private @step2(
// CHECK:           conveinsum.einsum {{.*}} {layer = "last"}
// CHECK:         func.func @equal(%[[X:.*]]: tensor<4x4xf32>, %[[Y:.*]]: tensor<4x4xf32>)
// CHECK-NEXT:      %[[S0:.*]] = call @step0(%[[X]], %[[Y]])
// CHECK-NEXT:      %[[S1:.*]] = call @step0(%[[S0]], %[[Y]])
// CHECK-NEXT:      %[[S2:.*]] = call @step1(%[[S1]], %[[Y]])
// CHECK-NEXT:      %[[S3:.*]] = call @step2(%[[S2]], %[[Y]])
// CHECK-NEXT:      return %[[S3]]
func.func @equal(%x: tensor<4x4xf32>, %y: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%x, %y : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  %1 = conveinsum.einsum "xy,yz->xz" ins(%0, %y : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  %2 = conveinsum.einsum "ij,kj->ik" ins(%1, %y : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  %3 = conveinsum.einsum "ij,jk->ik" ins(%2, %y : tensor<4x4xf32>, tensor<4x4xf32>) {layer = "last"} : tensor<4x4xf32>
  return %3 : tensor<4x4xf32>
}

// -----

// An einsum that is its whole function stays, unless it has an equal.

// CHECK-LABEL: func.func @whole(
// CHECK-NEXT:    conveinsum.einsum
func.func @whole(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = conveinsum.einsum "ij->ji" ins(%x : tensor<4x4xf32>) : tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}

// -----

// Names that are taken are left alone; every module gets its own functions.

// CHECK-LABEL: module
// CHECK:         func.func private @step0_0(
// CHECK:         func.func @step0(
// CHECK-NEXT:      call @step0_0(
// CHECK:         module @inner
// CHECK:           func.func private @step0(
// CHECK:           func.func @f(
// CHECK-NEXT:        call @step0(
func.func @step0(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  %0 = conveinsum.einsum "ij->ji" ins(%x : tensor<4x4xf32>) : tensor<4x4xf32>
  %1 = conveinsum.einsum "ij->ji" ins(%0 : tensor<4x4xf32>) : tensor<4x4xf32>
  return %1 : tensor<4x4xf32>
}
module @inner {
  func.func @f(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
    %0 = conveinsum.einsum "ij->ji" ins(%x : tensor<4x4xf32>) : tensor<4x4xf32>
    %1 = conveinsum.einsum "ij->ji" ins(%0 : tensor<4x4xf32>) : tensor<4x4xf32>
    return %1 : tensor<4x4xf32>
  }
}

// -----

// Where no function can be called, einsums stay.

// CHECK-LABEL: module @body
// CHECK-NOT:     call @
// CHECK:         conveinsum.einsum
// CHECK-NOT:     call @
// CHECK:         conveinsum.einsum
module @body {
  %a = "test.value"() : () -> tensor<4x4xf32>
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<4x4xf32>) : tensor<4x4xf32>
  async.func @f(%x: tensor<4x4xf32>) -> !async.value<tensor<4x4xf32>> {
    %1 = conveinsum.einsum "ij->ji" ins(%x : tensor<4x4xf32>) : tensor<4x4xf32>
    return %1 : tensor<4x4xf32>
  }
}
