// One function of arguments and cotangents, which can be differentiated again.
// RUN: conveinsum-opt %s --conveinsum-differentiate=joint | FileCheck %s --enable-var-scope
// RUN: conveinsum-opt %s --conveinsum-differentiate=joint \
// RUN:   --conveinsum-differentiate="joint function=f_gradient gradients=all" | FileCheck %s --check-prefix=TWICE

// CHECK-LABEL: func.func @f(
// CHECK-NOT:     conveinsum.gradient
// CHECK-LABEL: func.func @f_gradient(
// CHECK-SAME:    %[[X:[^ ]*]]: tensor<4x8xf32> {conveinsum.operand = 0 : i64}, %[[W:[^ ]*]]: tensor<8x2xf32> {conveinsum.operand = 1 : i64},
// CHECK-SAME:    %[[G:[^ ]*]]: tensor<4x2xf32> {conveinsum.role = "cotangent"}) -> (tensor<8x2xf32> {conveinsum.operand = 1 : i64})
// CHECK:         %[[H:.*]] = conveinsum.einsum "ij,jk->ik" ins(%[[X]], %[[W]] :
// CHECK:         %[[Y:.*]] = math.exp %[[H]]
// CHECK:         %[[GH:.*]] = linalg.generic {{.*}} ins(%[[G]], %[[Y]] :
// CHECK:         %[[GW:.*]] = conveinsum.einsum "ik,ij->jk" ins(%[[GH]], %[[X]] :
// CHECK:         return %[[GW]] :

// TWICE-LABEL: func.func @f_gradient(
// TWICE-NOT:     conveinsum.gradient
// TWICE-LABEL: func.func @f_gradient_gradient(
// TWICE-SAME:    %{{.*}}: tensor<4x8xf32>{{.*}}, %{{.*}}: tensor<8x2xf32>{{.*}}, %{{.*}}: tensor<4x2xf32>{{.*}}, %{{.*}}: tensor<8x2xf32> {conveinsum.role = "cotangent"})
// TWICE-SAME:    -> (tensor<4x8xf32> {conveinsum.operand = 0 : i64}, tensor<8x2xf32> {conveinsum.operand = 1 : i64}, tensor<4x2xf32> {conveinsum.operand = 2 : i64})
func.func @f(%x: tensor<4x8xf32>, %w: tensor<8x2xf32> {conveinsum.gradient}) -> tensor<4x2xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%x, %w : tensor<4x8xf32>, tensor<8x2xf32>) : tensor<4x2xf32>
  %1 = math.exp %0 : tensor<4x2xf32>
  return %1 : tensor<4x2xf32>
}
