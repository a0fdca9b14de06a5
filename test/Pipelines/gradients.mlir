// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(conveinsum-to-linalg{count-macs=true},linalg-to-cpu-loops)' | FileCheck %s
// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(conveinsum-to-linalg{checkpoint=min count-macs=true},linalg-to-cpu-loops)' | FileCheck %s --check-prefix=LESS
// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(conveinsum-to-linalg{differentiate=false})' | FileCheck %s --check-prefix=WHOLE
// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(conveinsum-to-linalg,linalg-to-llvm-cpu)' | FileCheck %s --check-prefix=LLVM

// From a network whose arguments need gradients to the two functions that C programs call. Steps cost 2x3x4 and 2x4x5, and x a is
// kept; with less room it is computed twice.

// CHECK-DAG: func.func @f_forward({{.*}}: memref<2x5xf32> {{[^,]*}}, {{.*}}: memref<32xi8> {llvm.align = 64 : i64, llvm.noalias}, {{.*}}: memref<{{[0-9]+}}xi8> {{.*}}) attributes {conveinsum.backward = @f_backward, conveinsum.kept_bytes = 32 : i64, conveinsum.macs = 64 : ui128
// CHECK-DAG: func.func @f_backward({{.*}}: memref<2x5xf32> {conveinsum.role = "cotangent", llvm.noalias}, {{.*}}: memref<32xi8> {llvm.align = 64 : i64, llvm.noalias}, {{.*}}: memref<2x3xf32> {{[^,]*}}, {{.*}}: memref<3x4xf32> {{[^,]*}}, {{.*}}: memref<4x5xf32> {{[^,]*}}, {{.*}}: memref<{{[0-9]+}}xi8> {{.*}}) attributes {conveinsum.forward = @f_forward, conveinsum.kept_bytes = 32 : i64, conveinsum.macs = 128 : ui128

// LESS-DAG: func.func @f_forward({{.*}}conveinsum.kept_bytes = 0 : i64, conveinsum.macs = 64 : ui128
// LESS-DAG: func.func @f_backward({{.*}}conveinsum.kept_bytes = 0 : i64, conveinsum.macs = 152 : ui128

// WHOLE-NOT: @f_forward
// WHOLE:     func.func @f({{.*}}: tensor<2x3xf32> {conveinsum.gradient}, {{.*}}: tensor<3x4xf32> {conveinsum.gradient}, {{.*}}: tensor<4x5xf32> {conveinsum.gradient})

// LLVM-DAG: llvm.func @f_forward(
// LLVM-DAG: llvm.func @f_backward(
func.func @f(%x: tensor<2x3xf32> {conveinsum.gradient}, %a: tensor<3x4xf32> {conveinsum.gradient},
             %b: tensor<4x5xf32> {conveinsum.gradient}) -> tensor<2x5xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %a, %b : tensor<2x3xf32>, tensor<3x4xf32>, tensor<4x5xf32>) : tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}
