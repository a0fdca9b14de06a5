// A network becomes a forward and a backward function: every step has a product
// for each side that needs a gradient, and what they read is kept.
// RUN: conveinsum-opt %s --conveinsum-differentiate | FileCheck %s --enable-var-scope

// CHECK-LABEL: func.func @layer_forward(
// CHECK-SAME:    %[[X:.*]]: tensor<2x4x8xf32> {conveinsum.operand = 0 : i64}, %[[S:.*]]: tensor<3x4xf32> {conveinsum.operand = 1 : i64},
// CHECK-SAME:    %[[H:.*]]: tensor<3x3xf32> {conveinsum.operand = 2 : i64}, %[[T:.*]]: tensor<3x5xf32> {conveinsum.operand = 3 : i64})
// CHECK-SAME:    -> (tensor<2x5x4xf32>, tensor<2x3x8xf32> {conveinsum.role = "kept"}, tensor<2x3x4xf32> {conveinsum.role = "kept"})
// CHECK-SAME:    attributes {conveinsum.backward = @layer_backward, conveinsum.packs = ["kept"]}
// CHECK:         %[[XS:.*]] = conveinsum.einsum "bsh,rs->brh" ins(%[[X]], %[[S]] :
// CHECK:         %[[XSH:.*]] = conveinsum.einsum "brh,rh->brh|h" where [h: i0 - i1 + 1 = 2 o] ins(%[[XS]], %[[H]] :
// CHECK:         %[[Y:.*]] = conveinsum.einsum "brh,rt->bth" ins(%[[XSH]], %[[T]] :
// CHECK:         return %[[Y]], %[[XS]], %[[XSH]] :

// CHECK-LABEL: func.func @layer_backward(
// CHECK-SAME:    %[[X:[^ ]*]]: tensor<2x4x8xf32> {conveinsum.operand = 0 : i64}, %[[S:[^ ]*]]: tensor<3x4xf32> {conveinsum.operand = 1 : i64},
// CHECK-SAME:    %[[H:[^ ]*]]: tensor<3x3xf32> {conveinsum.operand = 2 : i64}, %[[T:[^ ]*]]: tensor<3x5xf32> {conveinsum.operand = 3 : i64},
// CHECK-SAME:    %[[G:[^ ]*]]: tensor<2x5x4xf32> {conveinsum.role = "cotangent"},
// CHECK-SAME:    %[[XS:[^ ]*]]: tensor<2x3x8xf32> {conveinsum.role = "kept"}, %[[XSH:[^ ]*]]: tensor<2x3x4xf32> {conveinsum.role = "kept"})
// CHECK-SAME:    -> (tensor<2x4x8xf32> {conveinsum.operand = 0 : i64}, tensor<3x4xf32> {conveinsum.operand = 1 : i64},
// CHECK-SAME:        tensor<3x3xf32> {conveinsum.operand = 2 : i64}, tensor<3x5xf32> {conveinsum.operand = 3 : i64})
// CHECK-SAME:    attributes {conveinsum.forward = @layer_forward, conveinsum.packs = ["kept"]}
// CHECK:         %[[GXSH:.*]] = conveinsum.einsum "bth,rt->brh" ins(%[[G]], %[[T]] :
// CHECK:         %[[GT:.*]] = conveinsum.einsum "bth,brh->rt" ins(%[[G]], %[[XSH]] :
// CHECK:         %[[GXS:.*]] = conveinsum.einsum "brh,rh->brh|h" where [h: 2 i0 + i1 - 1 = o no feature] ins(%[[GXSH]], %[[H]] :
// CHECK:         %[[GH:.*]] = conveinsum.einsum "brh,brh->rh|h" where [h: -2 i0 + i1 + 1 = o no feature] ins(%[[GXSH]], %[[XS]] :
// CHECK:         %[[GX:.*]] = conveinsum.einsum "brh,rs->bsh" ins(%[[GXS]], %[[S]] :
// CHECK:         %[[GS:.*]] = conveinsum.einsum "brh,bsh->rs" ins(%[[GXS]], %[[X]] :
// CHECK:         return %[[GX]], %[[GS]], %[[GH]], %[[GT]] :
func.func @layer(%x: tensor<2x4x8xf32> {conveinsum.gradient}, %s: tensor<3x4xf32> {conveinsum.gradient},
                 %h: tensor<3x3xf32> {conveinsum.gradient}, %t: tensor<3x5xf32> {conveinsum.gradient}) -> tensor<2x5x4xf32> {
  %y = conveinsum.einsum "bsh,rs,rh,rt->bth|h" where [h: i0 - i2 + 1 = 2 o]
         ins(%x, %s, %h, %t : tensor<2x4x8xf32>, tensor<3x4xf32>, tensor<3x3xf32>, tensor<3x5xf32>)
         plan (((0,1),2),3) : tensor<2x5x4xf32>
  return %y : tensor<2x5x4xf32>
}

// Nothing is asked for, so nothing is done.
// CHECK-LABEL: func.func @others(
func.func @others(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
