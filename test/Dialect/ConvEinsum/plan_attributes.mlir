// What is asked of a plan is said on the einsum, on an op around it, or by the
// options of the pass: the nearest wins.
// RUN: conveinsum-opt %s --conveinsum-plan --remarks-filter=conveinsum-plan -o /dev/null 2>&1 | FileCheck %s --check-prefixes=CHECK,NONE
// RUN: conveinsum-opt %s --conveinsum-plan=minimize=peak --remarks-filter=conveinsum-plan -o /dev/null 2>&1 | FileCheck %s --check-prefixes=CHECK,PEAK

// NONE: objective=flops, proof=optimal
// PEAK: objective=peak, proof=optimal
func.func @nothing_said(%a: tensor<6x9xf32>, %b: tensor<9x9xf32>, %c: tensor<9x7xf32>) -> tensor<6x7xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         : tensor<6x7xf32>
  return %0 : tensor<6x7xf32>
}

// CHECK: objective=write, proof=greedy
// CHECK: objective=combo-64, proof=greedy
// CHECK: objective=write, proof=left
func.func @nearest(%a: tensor<6x9xf32>, %b: tensor<9x9xf32>, %c: tensor<9x7xf32>)
    -> (tensor<6x7xf32>, tensor<6x7xf32>, tensor<6x7xf32>)
    attributes {conveinsum.minimize = "write", conveinsum.planner = "greedy"} {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         : tensor<6x7xf32>
  %1 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         {conveinsum.minimize = "combo-64"} : tensor<6x7xf32>
  %2 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         {conveinsum.planner = "left"} : tensor<6x7xf32>
  return %0, %1, %2 : tensor<6x7xf32>, tensor<6x7xf32>, tensor<6x7xf32>
}

// The count stays what it is when the objective is said; dense MACs turn the
// order around (plan_count.mlir).
// CHECK: tree="((0,1),2)"
func.func @count(%x: tensor<3x2xf32>, %k: tensor<5xf32>, %w: tensor<5x6xf32>) -> tensor<3x5x2xf32>
    attributes {conveinsum.count = "dense"} {
  %0 = conveinsum.einsum "ah,h,bh->abh|h" ins(%x, %k, %w : tensor<3x2xf32>, tensor<5xf32>, tensor<5x6xf32>)
         {conveinsum.minimize = "flops"} : tensor<3x5x2xf32>
  return %0 : tensor<3x5x2xf32>
}
