// The stock mlir-opt with one flag: dialect and passes; N - 1 einsums are left,
// and the name of the op stands nowhere else.
// RUN: mlir-opt %s --load-dialect-plugin=%plugin --pass-pipeline='builtin.module(func.func(conveinsum-plan,conveinsum-decompose))' -o %t
// RUN: FileCheck %s < %t
// RUN: grep -o conveinsum.einsum %t | count 4
// RUN: mlir-opt %s --load-dialect-plugin=%plugin --pass-pipeline='builtin.module(conveinsum-plan{planner=left},func.func(conveinsum-decompose,conveinsum-verify-stage{stage=steps}))' | FileCheck %s --check-prefix=LEFT

// The lowering and the named pipelines come with the same flag.
// RUN: mlir-opt %s --load-dialect-plugin=%plugin --pass-pipeline='builtin.module(func.func(conveinsum-plan,conveinsum-decompose,convert-conveinsum-to-linalg))' | FileCheck %s --check-prefix=LINALG
// RUN: mlir-opt %s --load-dialect-plugin=%plugin --pass-pipeline='builtin.module(conveinsum-to-linalg,linalg-to-llvm-cpu)' | FileCheck %s --check-prefix=LLVM

// LINALG-LABEL: func.func @cp_layer(
// LINALG-NOT:   conveinsum.einsum
// LINALG:       linalg.generic
// LINALG-NOT:   conveinsum.einsum

// LLVM-LABEL: llvm.func @cp_layer(
// LLVM-SAME:  conveinsum.workspace_bytes
// LLVM-NOT:   linalg.

// CHECK-COUNT-4: = conveinsum.einsum
// LEFT: conveinsum.einsum "bshw,rt->{{.*}}"
func.func @cp_layer(%x: tensor<4x8x14x14xf32>, %wt: tensor<5x8xf32>,
    %ws: tensor<5x8xf32>, %wh: tensor<5x3xf32>, %ww: tensor<5x3xf32>)
    -> tensor<4x8x14x14xf32> {
  %y = conveinsum.einsum "bshw,rt,rs,rh,rw->bthw|hw"
         ins(%x, %wt, %ws, %wh, %ww : tensor<4x8x14x14xf32>, tensor<5x8xf32>,
             tensor<5x8xf32>, tensor<5x3xf32>, tensor<5x3xf32>)
         : tensor<4x8x14x14xf32>
  return %y : tensor<4x8x14x14xf32>
}
