// What is kept of a relu that only its gradient reads is one bit an element.
// RUN: conveinsum-opt %s --conveinsum-differentiate -o %t
// RUN: conveinsum-opt %t --conveinsum-checkpoint | FileCheck %s
// RUN: conveinsum-opt %t --conveinsum-checkpoint=budget=min | FileCheck %s --check-prefix=MIN
// RUN: %python %S/Inputs/outputs.py conveinsum-opt %t f max min | FileCheck %s --check-prefix=NUMBERS
// RUN: conveinsum-opt %t --conveinsum-checkpoint -o %t.kept
// RUN: conveinsum-opt %t.kept --pass-pipeline='builtin.module(conveinsum-to-linalg,linalg-to-cpu-loops)' | FileCheck %s --check-prefix=BYTES

// 990 bits are 124 bytes, and 3960 bytes before.

// CHECK-LABEL: func.func @f_forward(
// CHECK-SAME:    -> (tensor<11x3xf32>, tensor<124xi8> {conveinsum.role = "kept"})
// CHECK:         %[[H:.*]] = arith.maximumf
// CHECK:         %[[M:.*]] = arith.cmpf ogt, %[[H]], %{{.*}} : tensor<11x90xf32>
// CHECK:         tensor.collapse_shape %[[M]]
// CHECK:         tensor.pad {{.*}} high[2]
// CHECK:         arith.constant dense<[1, 2, 4, 8, 16, 32, 64, -128]>
// CHECK:         linalg.generic {{.*}} outs(%{{.*}} : tensor<124xi8>)
// CHECK-LABEL: func.func @f_backward(
// CHECK-SAME:    %[[P:[^ :,]*]]: tensor<124xi8> {conveinsum.role = "kept"})
// CHECK:         linalg.generic {{.*}} ins(%[[P]], %{{.*}} : tensor<124xi8>, tensor<8xi8>) outs(%{{.*}} : tensor<124x8xi1>)
// CHECK:         tensor.extract_slice {{.*}} tensor<992xi1> to tensor<990xi1>
// CHECK:         %[[M:.*]] = tensor.expand_shape {{.*}} into tensor<11x90xi1>
// CHECK:         linalg.generic {{.*}} ins(%{{.*}}, %[[M]] : tensor<11x90xf32>, tensor<11x90xi1>)
// CHECK-NOT:     cmpf
// CHECK:         return

// Where it is not kept nothing is packed.

// MIN-NOT: i8

// BYTES: func.func @f_forward({{.*}}conveinsum.kept_bytes = 124 : i64

// NUMBERS: 124 bytes kept: 663 numbers, {{[1-9][0-9]+}} different
// NUMBERS: 0 bytes kept: 663 numbers, {{[1-9][0-9]+}} different
func.func @f(%x: tensor<11x7xf32>, %w: tensor<7x90xf32> {conveinsum.gradient}, %v: tensor<90x3xf32>) -> tensor<11x3xf32> {
  %h = conveinsum.einsum "ij,jk->ik" ins(%x, %w : tensor<11x7xf32>, tensor<7x90xf32>) : tensor<11x90xf32>
  %z = arith.constant dense<0.0> : tensor<11x90xf32>
  %r = arith.maximumf %h, %z : tensor<11x90xf32>
  %y = conveinsum.einsum "ij,jk->ik" ins(%r, %v : tensor<11x90xf32>, tensor<90x3xf32>) : tensor<11x3xf32>
  return %y : tensor<11x3xf32>
}
