// What is minimised, for which use, decides the order. The chain has its fewest
// MACs from the left; a gradient of its first matrix alone, or constants on the
// right, turn that around.
// RUN: conveinsum-opt %s --conveinsum-plan --remarks-filter=conveinsum-plan 2>&1 | FileCheck %s --check-prefix=FLOPS
// RUN: conveinsum-opt %s --conveinsum-plan='minimize=write' --remarks-filter=conveinsum-plan 2>&1 | FileCheck %s --check-prefix=WRITE
// RUN: conveinsum-opt %s --conveinsum-plan='minimize=combo-64' --remarks-filter=conveinsum-plan 2>&1 | FileCheck %s --check-prefix=COMBO
// RUN: conveinsum-opt %s --conveinsum-plan='gradients=0' --remarks-filter=conveinsum-plan 2>&1 | FileCheck %s --check-prefix=GRADIENTS
// RUN: conveinsum-opt %s --conveinsum-plan='constants=2,1' --remarks-filter=conveinsum-plan 2>&1 | FileCheck %s --check-prefix=CONSTANTS
// RUN: conveinsum-opt %s --conveinsum-plan='minimize=time target=gpu' --remarks-filter=conveinsum-plan 2>&1 | FileCheck %s --check-prefix=TIME

// FLOPS: lower-bound=864, objective=flops, proof=optimal, tree="((0,1),2)", value=864, written=96
// WRITE: objective=write, proof=optimal, tree="((0,1),2)", value=96, written=96
// COMBO: objective=combo-64, proof=optimal, tree="((0,1),2)", value=7008, written=96
// One product in the first step, two in the last.
// GRADIENTS: exact-macs=945, {{.*}} objective=flops, proof=optimal, tree="(0,(1,2))", value=1323, written=105
// CONSTANTS: exact-macs=945, {{.*}} objective=flops, proof=optimal, tree="(0,(1,2))", value=378, written=105
// TIME: objective=time, proof=optimal
func.func @chain(%a: tensor<6x9xf32>, %b: tensor<9x9xf32>, %c: tensor<9x7xf32>)
    -> tensor<6x7xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<6x9xf32>,
         tensor<9x9xf32>, tensor<9x7xf32>) : tensor<6x7xf32>
  return %0 : tensor<6x7xf32>
}
