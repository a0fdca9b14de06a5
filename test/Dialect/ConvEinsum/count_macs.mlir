// RUN: conveinsum-opt %s --conveinsum-count-macs | FileCheck %s

// Each function has the multiply-adds of its own einsums. A transposition has none.

// CHECK-LABEL: func.func @steps(
// CHECK-SAME:    attributes {conveinsum.macs = 810 : ui128}
func.func @steps(%x: tensor<1x9xf32>, %a: tensor<9x9xf32>, %b: tensor<9x9xf32>) -> tensor<9x1xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<9x9xf32>, tensor<9x9xf32>) : tensor<9x9xf32>
  %1 = conveinsum.einsum "ai,ik->ak" ins(%x, %0 : tensor<1x9xf32>, tensor<9x9xf32>) : tensor<1x9xf32>
  %2 = conveinsum.einsum "ak->ka" ins(%1 : tensor<1x9xf32>) : tensor<9x1xf32>
  return %2 : tensor<9x1xf32>
}

// A large count.
// CHECK-LABEL: func.func @many(
// CHECK-SAME:    attributes {conveinsum.macs = 1152921504606846976 : ui128}
func.func @many(%a: tensor<1073741824xf32>, %b: tensor<1073741824xf32>) {
  %0 = conveinsum.einsum "i,j->ij" ins(%a, %b : tensor<1073741824xf32>, tensor<1073741824xf32>)
         : tensor<1073741824x1073741824xf32>
  return
}

// What is not known is not said.
// CHECK-LABEL: func.func @dynamic(
// CHECK-NOT:     conveinsum.macs
// CHECK:         conveinsum.einsum
func.func @dynamic(%a: tensor<?x2xf32>, %b: tensor<2x3xf32>) -> tensor<?x3xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<?x2xf32>, tensor<2x3xf32>) : tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}
// CHECK-LABEL: func.func @network(
// CHECK-NOT:     conveinsum.macs
// CHECK:         conveinsum.einsum
func.func @network(%a: tensor<2x2xf32>) -> tensor<2x2xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %a, %a : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xf32>) : tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}
