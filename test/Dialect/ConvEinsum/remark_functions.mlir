// RUN: conveinsum-opt %s --conveinsum-plan --conveinsum-decompose --conveinsum-simplify --remarks-filter="conveinsum-.*" --remark-format=yaml --remarks-output-file=%t.yaml -o /dev/null
// RUN: FileCheck %s < %t.yaml

// Remarks name the function that they are about.

// CHECK-NOT:  <unknown function>
// CHECK:      Pass: conveinsum-plan
// CHECK:      Function: network
// CHECK:      Pass: conveinsum-decompose
// CHECK:      Function: network
// CHECK:      Pass: conveinsum-simplify
// CHECK:      Function: transposition
// CHECK-NOT:  <unknown function>
func.func @network(%a: tensor<9x9xf32>, %b: tensor<9x9xf32>, %c: tensor<9x2xf32>) -> tensor<9x2xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x2xf32>) : tensor<9x2xf32>
  return %0 : tensor<9x2xf32>
}
func.func @transposition(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<9x9xf32>) : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}
