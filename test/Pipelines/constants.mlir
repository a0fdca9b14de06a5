// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(conveinsum-to-linalg{count-macs=true},linalg-to-cpu-loops)' | FileCheck %s
// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(conveinsum-to-linalg{prepare=false})' | FileCheck %s --check-prefix=WHOLE
// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(conveinsum-to-linalg,linalg-to-llvm-cpu)' | FileCheck %s --check-prefix=LLVM

// From a network with constants to the two functions that C programs call. The
// equal steps of both are one function.

// CHECK-DAG: func.func private @step
// CHECK-DAG: func.func @f_prepare({{.*}}: memref<4x4xf32> {{[^,]*}}, {{.*}}: memref<4x4xf32> {{[^,]*}}, {{.*}}: memref<64xi8> {llvm.align = 64 : i64, llvm.noalias}, {{.*}}: memref<{{[0-9]+}}xi8> {{.*}}) attributes {conveinsum.macs = 64 : ui128, conveinsum.packs = ["prepared"], conveinsum.prepared_bytes = 64 : i64, conveinsum.prepares = @f, conveinsum.workspace_bytes = {{[0-9]+}} : i64
// CHECK-DAG: func.func @f({{.*}}: memref<4x4xf32> {{[^,]*}}, {{.*}}: memref<4x4xf32> {{[^,]*}}, {{.*}}: memref<64xi8> {llvm.align = 64 : i64, llvm.noalias}, {{.*}}: memref<{{[0-9]+}}xi8> {{.*}}) attributes {conveinsum.macs = 64 : ui128, conveinsum.packs = ["prepared"], conveinsum.prepared_bytes = 64 : i64, conveinsum.workspace_bytes = {{[0-9]+}} : i64

// WHOLE-NOT: @f_prepare
// WHOLE:     func.func @f({{.*}}: tensor<4x4xf32>, {{.*}}: tensor<4x4xf32> {conveinsum.constant}, {{.*}}: tensor<4x4xf32> {conveinsum.constant})

// LLVM-DAG: llvm.func @f_prepare(
// LLVM-DAG: llvm.func @f(
func.func @f(%x: tensor<4x4xf32>, %a: tensor<4x4xf32> {conveinsum.constant}, %b: tensor<4x4xf32> {conveinsum.constant}) -> tensor<4x4xf32> {
  %0 = conveinsum.einsum "ai,ij,jk->ak" ins(%x, %a, %b : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>)
         plan (0,(1,2)) : tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}
