// RUN: conveinsum-opt %s --linalg-to-cpu-loops="vector-bits=256 vector-registers=16" | FileCheck %s --check-prefix=LOOPS
// RUN: conveinsum-opt %s --linalg-to-llvm-cpu="vector-bits=256 vector-registers=16" | FileCheck %s --check-prefix=LLVM
// RUN: conveinsum-opt %s --linalg-to-cpu-loops --cpu-loops-to-llvm | FileCheck %s --check-prefix=LLVM
// RUN: conveinsum-opt %s --linalg-to-llvm-cpu="threads parallel-work=1" | FileCheck %s --check-prefix=THREADS

// LOOPS-LABEL: func.func @step(
// LOOPS-SAME:    memref<64x32xf32>{{.*}}: memref<32x64xf32>{{.*}}: memref<64x64xf32>{{.*}}: memref<0xi8>
// LOOPS-SAME:    conveinsum.workspace_bytes = 0 : i64
// LOOPS:         scf.for
// LOOPS-NOT:     linalg

// Bare pointers: inputs, result, workspace.

// LLVM-LABEL:  llvm.func @step(
// LLVM-SAME:     %{{[^:]*}}: !llvm.ptr {llvm.noalias}, %{{[^:]*}}: !llvm.ptr {llvm.noalias}, %{{[^:]*}}: !llvm.ptr {llvm.noalias}, %{{[^:]*}}: !llvm.ptr {llvm.align = 64 : i64, llvm.noalias})
// LLVM-SAME:     conveinsum.workspace_bytes = 0 : i64
// LLVM-NOT:      builtin.unrealized_conversion_cast

// THREADS:     omp.parallel
// THREADS:       omp.wsloop
func.func @step(%a: tensor<64x32xf32>, %b: tensor<32x64xf32>) -> tensor<64x64xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<64x64xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<64x64xf32>) -> tensor<64x64xf32>
  %c = linalg.matmul ins(%a, %b : tensor<64x32xf32>, tensor<32x64xf32>)
    outs(%f : tensor<64x64xf32>) -> tensor<64x64xf32>
  return %c : tensor<64x64xf32>
}
