// A plan of fewest MACs that is predicted to take longer than another tree.
// RUN: conveinsum-opt %s --conveinsum-plan=target=gpu --remarks-filter=conveinsum-plan 2>&1 | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-plan='target=gpu minimize=time' --remarks-filter=conveinsum-plan 2>&1 | FileCheck %s --check-prefix=TIME

// CHECK: remark: [Missed] faster | Category:conveinsum-plan | plan-ps=[[#%u,PLAN:]], predicted-ps=[[#%u,FAST:]], target=gpu, tree="[[TREE:.*]]"
// TIME-NOT: [Missed]
// TIME: objective=time
// TIME-NOT: [Missed]
func.func @layer(%x: tensor<128x64x56x56xf32>, %t: tensor<26x64xf32>, %s: tensor<26x64xf32>, %k: tensor<26x3x3xf32>)
    -> tensor<128x64x56x56xf32> {
  %0 = conveinsum.einsum "bshw,rt,rs,rhw->bthw|hw"
         ins(%x, %t, %s, %k : tensor<128x64x56x56xf32>, tensor<26x64xf32>, tensor<26x64xf32>, tensor<26x3x3xf32>)
         : tensor<128x64x56x56xf32>
  return %0 : tensor<128x64x56x56xf32>
}
