// The two counts choose different orders, because the kernels are longer than
// the feature and most of their taps meet padding.
// RUN: conveinsum-opt %s --conveinsum-plan='count=exact' --remarks-filter=conveinsum-plan 2>&1 | FileCheck %s --check-prefix=EXACT
// RUN: conveinsum-opt %s --conveinsum-plan='count=dense' --remarks-filter=conveinsum-plan 2>&1 | FileCheck %s --check-prefix=DENSE

// EXACT: dense-macs=450, {{.*}} exact-macs=130, {{.*}} tree="(0,(1,2))"
// DENSE: dense-macs=285, {{.*}} exact-macs=195, {{.*}} tree="((0,1),2)"
func.func @network(%x: tensor<3x2xf32>, %k: tensor<5xf32>, %w: tensor<5x6xf32>)
    -> tensor<3x5x2xf32> {
  %0 = conveinsum.einsum "ah,h,bh->abh|h"
         ins(%x, %k, %w : tensor<3x2xf32>, tensor<5xf32>, tensor<5x6xf32>)
         : tensor<3x5x2xf32>
  return %0 : tensor<3x5x2xf32>
}
