// A call has the gradient that its function names.
// RUN: conveinsum-opt %s --conveinsum-differentiate | FileCheck %s --enable-var-scope

func.func private @opaque(%x: tensor<4xf32>, %n: tensor<2xi32>) -> tensor<3xf32> attributes {conveinsum.vjp = @opaque_vjp}
func.func private @opaque_vjp(%x: tensor<4xf32>, %n: tensor<2xi32>, %g: tensor<3xf32>) -> tensor<4xf32>

// CHECK-LABEL: func.func @f_forward(
// CHECK:         %[[H:.*]] = math.exp
// CHECK:         %[[Y:.*]] = call @opaque(%[[H]],
// CHECK:         return %[[Y]], %[[H]] :
// CHECK-LABEL: func.func @f_backward(
// CHECK-SAME:    %{{[^ ]*}}: tensor<4xf32> {{{.*}}}, %[[N:[^ ]*]]: tensor<2xi32> {{{.*}}}, %[[G:[^ ]*]]: tensor<3xf32>
// CHECK-SAME:    %[[H:[^ ]*]]: tensor<4xf32> {conveinsum.role = "kept"})
// The forward pass has called the function; this one does not again.
// CHECK-NOT:     call @opaque(
// CHECK:         %[[GH:.*]] = call @opaque_vjp(%[[H]], %[[N]], %[[G]])
// CHECK:         linalg.generic {{.*}} ins(%[[GH]], %[[H]] :
// CHECK-NOT:     call @
func.func @f(%x: tensor<4xf32> {conveinsum.gradient}, %n: tensor<2xi32>) -> tensor<3xf32> {
  %h = math.exp %x : tensor<4xf32>
  %y = call @opaque(%h, %n) : (tensor<4xf32>, tensor<2xi32>) -> tensor<3xf32>
  return %y : tensor<3xf32>
}
