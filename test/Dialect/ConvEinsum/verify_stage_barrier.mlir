// A barrier holds until tensors become buffers.
// RUN: conveinsum-opt %s --conveinsum-verify-stage=stage=imported -o /dev/null
// RUN: conveinsum-opt %s --conveinsum-verify-stage=stage=steps -o /dev/null
// RUN: conveinsum-opt %s --conveinsum-verify-stage=stage=lowered -o /dev/null
// RUN: not conveinsum-opt %s --conveinsum-verify-stage=stage=llvm 2>&1 | FileCheck %s
// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(conveinsum-to-linalg,linalg-to-llvm-cpu)' -o /dev/null

// CHECK: error: 'func.func' op is left, but stage llvm has only modules and the dialects llvm and omp
func.func @f(%x: tensor<4xf32>, %dy: tensor<2xf32>) -> tensor<4xf32> {
  %0 = conveinsum.barrier %x after %dy : tensor<4xf32> after tensor<2xf32>
  %1 = arith.addf %0, %0 : tensor<4xf32>
  return %1 : tensor<4xf32>
}
