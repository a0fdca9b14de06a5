// The stock mlir-opt takes a network down to linalg, pass by pass and by the
// named pipeline, and on to LLVM.
// RUN: mlir-opt %s --load-dialect-plugin=%plugin --pass-pipeline='builtin.module(func.func(conveinsum-plan,conveinsum-decompose,convert-conveinsum-to-linalg))' -o %t.passes
// RUN: mlir-opt %s --load-dialect-plugin=%plugin --pass-pipeline='builtin.module(func.func(conveinsum-plan,conveinsum-decompose),convert-conveinsum-to-linalg)' -o %t.module
// RUN: mlir-opt %s --load-dialect-plugin=%plugin --pass-pipeline='builtin.module(conveinsum-to-linalg{outline=false})' -o %t.pipeline
// RUN: FileCheck %s < %t.passes
// RUN: diff %t.passes %t.module
// RUN: diff %t.passes %t.pipeline
// RUN: conveinsum-opt %s --conveinsum-to-linalg=outline=false | diff %t.passes -
// RUN: mlir-opt %s --load-dialect-plugin=%plugin --pass-pipeline='builtin.module(conveinsum-to-linalg,linalg-to-llvm-cpu{vector-bits=256 vector-registers=16})' | FileCheck %s --check-prefix=LLVM

// CHECK-LABEL: func.func @network(
// CHECK-NOT:     conveinsum.
// CHECK-COUNT-2: linalg.generic
// CHECK-NOT:     conveinsum.

// LLVM:        llvm.func @network(
// LLVM-COUNT-5:  !llvm.ptr
// LLVM-SAME:     conveinsum.workspace_bytes
// LLVM-NOT:      builtin.unrealized_conversion_cast
func.func @network(%x: tensor<2x3x9xf32>, %r: tensor<4x3xf32>, %k: tensor<4x3xf32>) -> tensor<2x4x9xf32> {
  %y = conveinsum.einsum "bsh,rs,rh->brh|h" ins(%x, %r, %k : tensor<2x3x9xf32>, tensor<4x3xf32>, tensor<4x3xf32>) : tensor<2x4x9xf32>
  return %y : tensor<2x4x9xf32>
}
