// The pipeline plans by the options of the plan pass.
// RUN: conveinsum-opt %s --conveinsum-to-linalg="planner=left" --mlir-print-ir-before=conveinsum-outline-steps -o /dev/null 2>&1 | FileCheck %s --check-prefix=LEFT
// RUN: conveinsum-opt %s --conveinsum-to-linalg --mlir-print-ir-before=conveinsum-outline-steps -o /dev/null 2>&1 | FileCheck %s --check-prefix=AUTO
// RUN: conveinsum-opt %s --conveinsum-to-linalg="constants=1,2" --mlir-print-ir-before=conveinsum-outline-steps -o /dev/null 2>&1 | FileCheck %s --check-prefix=CONSTANTS
// RUN: conveinsum-opt %s --conveinsum-to-linalg="planner=greedy minimize=size count=dense gradients=0 target=gpu budget=100moves memory-limit=1MiB outline=false" | FileCheck %s --check-prefix=ALL
// RUN: not conveinsum-opt %s --conveinsum-to-linalg="minimize=joy" 2>&1 | FileCheck %s --check-prefix=MINIMIZE
// RUN: not conveinsum-opt %s --conveinsum-to-linalg="target=tpu" 2>&1 | FileCheck %s --check-prefix=TARGET
// RUN: not conveinsum-opt %s --conveinsum-to-linalg="budget=soon" 2>&1 | FileCheck %s --check-prefix=BUDGET
// RUN: not conveinsum-opt %s --conveinsum-to-linalg="memory-limit=1KiB" 2>&1 | FileCheck %s --check-prefix=LIMIT
// RUN: not conveinsum-opt %s --conveinsum-to-linalg="planner=best" 2>&1 | FileCheck %s --check-prefix=PLANNER

// Left to right: two products of a matrix with a matrix; the optimum begins at
// the vector; constants are joined first.

// LEFT:      "ij,jk->ik"
// AUTO:      "jk,k->j"
// CONSTANTS: "jk,k->j"
// ALL-NOT:   call @
// ALL:       linalg.generic
// MINIMIZE:  expected minimize to be flops, size, write, combo-K, roof-F, time or peak, got 'joy'
// TARGET:    expected target to be cpu, gpu or a JSON file; cannot read 'tpu'
// BUDGET:    expected budget to be a time or a number of moves such as 10ms, 1.5s or 20000moves, got 'soon'
// LIMIT:     cannot be planned: expected a memory limit of at least
// PLANNER:   expected planner to be auto, exact, anneal, greedy, left or rebuild, got 'best'
func.func @network(%a: tensor<16x16xf32>, %b: tensor<16x16xf32>, %v: tensor<16xf32>) -> tensor<16xf32> {
  %0 = conveinsum.einsum "ij,jk,k->i" ins(%a, %b, %v : tensor<16x16xf32>, tensor<16x16xf32>, tensor<16xf32>) : tensor<16xf32>
  return %0 : tensor<16xf32>
}
