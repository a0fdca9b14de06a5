// RUN: conveinsum-opt %s --conveinsum-to-linalg | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-to-linalg --mlir-print-ir-after=conveinsum-verify-stage -o /dev/null 2>&1 | FileCheck %s --check-prefix=STAGES
// RUN: conveinsum-opt %s --conveinsum-to-linalg --linalg-to-llvm-cpu | FileCheck %s --check-prefix=LLVM

// A network of three operands becomes two steps of linalg, each a function of its
// own, and those become functions of bare pointers: inputs, the result, the
// workspace.

// CHECK-NOT:   conveinsum.einsum
// CHECK:       func.func private @step0(
// CHECK:         linalg.generic
// CHECK:       func.func private @step1(
// CHECK:         linalg.generic
// CHECK:       func.func @network(
// CHECK:         call @step0(
// CHECK:         call @step1(
// CHECK-NOT:   conveinsum.einsum

// The contract of each stage is checked after it.

// STAGES:     IR Dump After VerifyStagePass (conveinsum-verify-stage)
// STAGES-NOT: IR Dump
// STAGES:     plan ((0,1),2)
// STAGES:     IR Dump After VerifyStagePass
// STAGES-NOT: plan (
// STAGES:     conveinsum.einsum
// STAGES:     IR Dump After VerifyStagePass
// STAGES-NOT: conveinsum.einsum

// LLVM:        llvm.func @network(
// LLVM-COUNT-5:  !llvm.ptr
// LLVM-SAME:     conveinsum.workspace_bytes
func.func @network(%x: tensor<2x3x9xf32>, %r: tensor<4x3xf32>, %k: tensor<4x3xf32>) -> tensor<2x4x9xf32> {
  %y = conveinsum.einsum "bsh,rs,rh->brh|h" ins(%x, %r, %k : tensor<2x3x9xf32>, tensor<4x3xf32>, tensor<4x3xf32>) : tensor<2x4x9xf32>
  return %y : tensor<2x4x9xf32>
}
