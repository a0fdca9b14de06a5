// A plan of fewest MACs that is predicted to take longer than another tree.
// RUN: conveinsum-opt %s --conveinsum-plan=target=gpu --remarks-filter=conveinsum-plan 2>&1 | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-plan='target=gpu minimize=time' --remarks-filter=conveinsum-plan 2>&1 | FileCheck %s --check-prefix=TIME

// CHECK: remark: [Missed] faster | Category:conveinsum-plan | Function=layer | plan-ps=[[#%u,PLAN:]], predicted-ps=[[#%u,FAST:]], target=gpu, tree="[[TREE:.*]]"
// TIME-NOT: [Missed]
// TIME: objective=time
// TIME-NOT: [Missed]
func.func @layer(%x: tensor<4x8x4x4x8x28x28xf32>, %a: tensor<6x8x8x6xf32>, %b: tensor<6x4x4x6xf32>,
    %c: tensor<6x4x4x6xf32>, %d: tensor<6x3x6xf32>) -> tensor<4x8x4x4x8x28x28xf32> {
  %0 = conveinsum.einsum "bxyzdhw,quxi,ivyj,jczk,kdl,lhm,mwq->buvcdhw|dhw"
         ins(%x, %a, %b, %c, %d, %d, %d : tensor<4x8x4x4x8x28x28xf32>, tensor<6x8x8x6xf32>,
             tensor<6x4x4x6xf32>, tensor<6x4x4x6xf32>, tensor<6x3x6xf32>, tensor<6x3x6xf32>,
             tensor<6x3x6xf32>) : tensor<4x8x4x4x8x28x28xf32>
  return %0 : tensor<4x8x4x4x8x28x28xf32>
}
