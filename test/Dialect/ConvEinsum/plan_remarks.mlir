// The figures of a plan as a remark: of a planned one and of a pinned one.
// RUN: conveinsum-opt %s --conveinsum-plan --remarks-filter=conveinsum-plan -o /dev/null 2>&1 | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-plan -o /dev/null 2>&1 | count 0

// CHECK: remark: [Analysis] plan | Category:conveinsum-plan | Function=network | dense-macs=336, equation="bsh,rs,rh->brh|h", exact-macs=324, largest-intermediate=48, live-bytes=724, lower-bound=324, objective=flops, proof=optimal, tree="((0,1),2)", value=324, written=96
// CHECK: remark: [Analysis] plan | Category:conveinsum-plan | Function=network | {{.*}} objective=flops, proof=pinned, tree="((0,2),1)", value=720, written=240
func.func @network(%x: tensor<2x4x8xf32>, %s: tensor<3x4xf32>, %h: tensor<3x3xf32>)
    -> (tensor<2x3x8xf32>, tensor<2x3x8xf32>) {
  %0 = conveinsum.einsum "bsh,rs,rh->brh|h"
         ins(%x, %s, %h : tensor<2x4x8xf32>, tensor<3x4xf32>, tensor<3x3xf32>)
         : tensor<2x3x8xf32>
  %1 = conveinsum.einsum "bsh,rs,rh->brh|h"
         ins(%x, %s, %h : tensor<2x4x8xf32>, tensor<3x4xf32>, tensor<3x3xf32>)
         plan ((0,2),1) : tensor<2x3x8xf32>
  return %0, %1 : tensor<2x3x8xf32>, tensor<2x3x8xf32>
}
