// RUN: conveinsum-opt %s --conveinsum-to-linalg | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-to-linalg --mlir-print-ir-after=conveinsum-verify-stage -o /dev/null 2>&1 | FileCheck %s --check-prefix=STAGES
// RUN: conveinsum-opt %s --conveinsum-to-linalg --linalg-to-llvm-cpu | FileCheck %s --check-prefix=LLVM

// A network of three operands becomes two steps of linalg, and those become one
// function of bare pointers: three inputs, the result, the workspace.

// CHECK-LABEL: func.func @network(
// CHECK-NOT:     conveinsum.einsum
// CHECK-COUNT-2: linalg.generic
// CHECK-NOT:     conveinsum.einsum

// The contract of each stage is checked after it.

// STAGES:     IR Dump After VerifyStagePass (conveinsum-verify-stage)
// STAGES-NOT: IR Dump
// STAGES:     plan ((0,1),2)
// STAGES:     IR Dump After VerifyStagePass
// STAGES-NOT: plan (
// STAGES:     conveinsum.einsum
// STAGES:     IR Dump After VerifyStagePass
// STAGES-NOT: conveinsum.einsum

// LLVM-LABEL:  llvm.func @network(
// LLVM-COUNT-5:  !llvm.ptr
// LLVM-SAME:     conveinsum.workspace_bytes
func.func @network(%x: tensor<2x3x9xf32>, %r: tensor<4x3xf32>, %k: tensor<4x3xf32>) -> tensor<2x4x9xf32> {
  %y = conveinsum.einsum "bsh,rs,rh->brh|h" ins(%x, %r, %k : tensor<2x3x9xf32>, tensor<4x3xf32>, tensor<4x3xf32>) : tensor<2x4x9xf32>
  return %y : tensor<2x4x9xf32>
}
