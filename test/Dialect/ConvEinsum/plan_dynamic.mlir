// RUN: conveinsum-opt %s --conveinsum-plan | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-plan=planner=greedy | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-plan --remarks-filter=conveinsum-plan \
// RUN:   --remark-format=emitRemark 2>&1 | FileCheck %s --check-prefix=REMARK

// Extents that are not known stand for 64: a batch of that size is worth more
// than the product of the other two matrices.

// REMARK: proof=best-found
// REMARK-NOT: value=
// CHECK-LABEL: @batch
// CHECK: plan (0,(1,2))
func.func @batch(%a: tensor<?x9xf32>, %b: tensor<9x9xf32>, %c: tensor<9x2xf32>)
    -> tensor<?x2xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<?x9xf32>,
         tensor<9x9xf32>, tensor<9x2xf32>) : tensor<?x2xf32>
  return %0 : tensor<?x2xf32>
}

// The extent of the feature, and with it the result's, are open.
// CHECK-LABEL: @feature
// CHECK: plan ((0,1),2)
func.func @feature(%x: tensor<2x64x?xf32>, %s: tensor<3x64xf32>, %h: tensor<3x3xf32>)
    -> tensor<2x3x?xf32> {
  %0 = conveinsum.einsum "bsh,rs,rh->brh|h" where [h: padding = valid]
         ins(%x, %s, %h : tensor<2x64x?xf32>, tensor<3x64xf32>, tensor<3x3xf32>)
         : tensor<2x3x?xf32>
  return %0 : tensor<2x3x?xf32>
}
