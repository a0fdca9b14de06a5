// RUN: conveinsum-opt %s --conveinsum-bufferize --conveinsum-pack-arguments | FileCheck %s

// A forward function writes what it keeps behind its result. A backward function finds it behind the cotangents, before the
// gradients that it writes, whether there is anything or not.

// CHECK-LABEL: func.func @f_forward(
// CHECK-SAME:    %{{[^:]+}}: memref<2xf32> {llvm.noalias}, %{{[^:]+}}: memref<3xf32> {llvm.noalias},
// CHECK-SAME:    %{{[^:]+}}: memref<4xf32> {llvm.noalias}, %{{[^:]+}}: memref<32xi8> {{[^,]+, [^,]+}},
// CHECK-SAME:    %{{[^:]+}}: memref<28xi8>
func.func @f_forward(%a: tensor<2xf32> {conveinsum.operand = 0 : i64}, %b: tensor<3xf32> {conveinsum.operand = 2 : i64},
                     %p: tensor<7xf32> {conveinsum.role = "prepared"}, %y: tensor<4xf32>, %k: tensor<8xf32>)
    -> (tensor<4xf32>, tensor<8xf32> {conveinsum.role = "kept"})
    attributes {conveinsum.packs = ["prepared", "kept"], conveinsum.backward = @f_backward} {
  return %y, %k : tensor<4xf32>, tensor<8xf32>
}

// CHECK-LABEL: func.func @f_backward(
// CHECK-SAME:    %{{[^:]+}}: memref<2xf32> {llvm.noalias}, %{{[^:]+}}: memref<3xf32> {llvm.noalias},
// CHECK-SAME:    %{{[^:]+}}: memref<4xf32> {conveinsum.role = "cotangent", llvm.noalias}, %{{[^:]+}}: memref<32xi8> {{[^,]+, [^,]+}},
// CHECK-SAME:    %{{[^:]+}}: memref<2xf32> {llvm.noalias}, %{{[^:]+}}: memref<3xf32> {llvm.noalias}, %{{[^:]+}}: memref<28xi8>
func.func @f_backward(%a: tensor<2xf32> {conveinsum.operand = 0 : i64}, %b: tensor<3xf32> {conveinsum.operand = 2 : i64},
                      %p: tensor<7xf32> {conveinsum.role = "prepared"}, %g: tensor<4xf32> {conveinsum.role = "cotangent"},
                      %k: tensor<8xf32> {conveinsum.role = "kept"})
    -> (tensor<2xf32> {conveinsum.operand = 0 : i64}, tensor<3xf32> {conveinsum.operand = 2 : i64})
    attributes {conveinsum.packs = ["prepared", "kept"], conveinsum.forward = @f_forward} {
  return %a, %b : tensor<2xf32>, tensor<3xf32>
}

// CHECK-LABEL: func.func @empty_backward(
// CHECK-SAME:    %{{[^:]+}}: memref<2xf32> {llvm.noalias}, %{{[^:]+}}: memref<4xf32> {conveinsum.role = "cotangent", llvm.noalias},
// CHECK-SAME:    %{{[^:]+}}: memref<0xi8> {{[^,]+, [^,]+}}, %{{[^:]+}}: memref<2xf32> {llvm.noalias})
func.func @empty_backward(%a: tensor<2xf32>, %g: tensor<4xf32> {conveinsum.role = "cotangent"}) -> tensor<2xf32>
    attributes {conveinsum.packs = ["kept"], conveinsum.forward = @empty_forward} {
  return %a : tensor<2xf32>
}
