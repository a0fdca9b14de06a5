// Functions are compiled in modules, at any depth, with their callers.
// RUN: conveinsum-opt %s --linalg-to-llvm-cpu | FileCheck %s
// RUN: not conveinsum-opt %s --pass-pipeline='builtin.module(builtin.module(func.func(linalg-to-llvm-cpu)))' 2>&1 | FileCheck %s --check-prefix=FUNC
// RUN: not conveinsum-opt %s --pass-pipeline='builtin.module(builtin.module(func.func(linalg-to-cpu-loops)))' 2>&1 | FileCheck %s --check-prefix=FUNC
// RUN: not conveinsum-opt %s --pass-pipeline='builtin.module(builtin.module(func.func(cpu-loops-to-llvm)))' 2>&1 | FileCheck %s --check-prefix=FUNC
// RUN: conveinsum-opt %s --pass-pipeline='any(linalg-to-llvm-cpu)' | FileCheck %s

// FUNC:        'func.func' op expected builtin.module, because functions are compiled with their callers

// CHECK:       module @outer
// CHECK:       module @inner
// CHECK:         llvm.func @called(
// CHECK:         llvm.func @f(
// CHECK-SAME:      conveinsum.workspace_bytes = 64
// CHECK:           llvm.call @called(
// CHECK-NOT:   memref
module @outer {
  module @inner {
    func.func private @called(%a: tensor<4xf32>) -> tensor<4xf32> {
      %e = tensor.empty() : tensor<4xf32>
      %r = linalg.add ins(%a, %a : tensor<4xf32>, tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
      return %r : tensor<4xf32>
    }
    func.func @f(%a: tensor<4xf32>) -> tensor<4xf32> {
      %0 = call @called(%a) : (tensor<4xf32>) -> tensor<4xf32>
      %1 = call @called(%0) : (tensor<4xf32>) -> tensor<4xf32>
      return %1 : tensor<4xf32>
    }
  }
}
