// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s

// Discardable attributes stay with the op that computes the einsum, and every op
// has its location.

// CHECK-LABEL: func @contraction
// CHECK-NOT: my.layer
// CHECK: linalg.generic {{.*}}"reduction"{{.*}} attrs = {my.layer = "conv1", my.number = 3 : i64}
// CHECK-NOT: my.layer
// CHECK: loc("layer")
// CHECK: return
func.func @contraction(%x: tensor<4x8xf32>, %w: tensor<3x4x3xf32>)
    -> tensor<3x8xf32> {
  %y = conveinsum.einsum "sh,tsh->th|h" where [h: i0 + i1 - 1 = o]
         ins(%x, %w : tensor<4x8xf32>, tensor<3x4x3xf32>)
         {my.layer = "conv1", my.number = 3 : i64} : tensor<3x8xf32>
         loc("layer")
  return %y : tensor<3x8xf32>
}

// The sum, not the conversion of its type.
// CHECK-LABEL: func @converted
// CHECK: linalg.generic {{.*}}"reduction"{{.*}} attrs = {my.layer}
// CHECK-NOT: my.layer
// CHECK: return
func.func @converted(%x: tensor<4x8xf16>, %y: tensor<8xf16>) -> tensor<4xf16> {
  %z = conveinsum.einsum "ij,j->i" ins(%x, %y : tensor<4x8xf16>, tensor<8xf16>)
         {my.layer} : tensor<4xf16>
  return %z : tensor<4xf16>
}

// Every phase computes a part.
// CHECK-LABEL: func @phases
// CHECK-COUNT-2: attrs = {my.layer}
// CHECK-NOT: my.layer
// CHECK: return
func.func @phases(%dy: tensor<5xf32>, %w: tensor<4xf32>) -> tensor<10xf32> {
  %dx = conveinsum.einsum "h,h->h|h" where [h: 2 i0 + i1 - 1 = o]
          ins(%dy, %w : tensor<5xf32>, tensor<4xf32>) {my.layer}
          : tensor<10xf32>
  return %dx : tensor<10xf32>
}

// What prepares an operand does not compute the einsum.
// CHECK-LABEL: func @summed
// CHECK: linalg.generic {{.*}} outs({{.*}} : tensor<3xf32>) {
// CHECK-NOT: my.layer
// CHECK: linalg.generic {{.*}} attrs = {my.layer}
// CHECK-NOT: my.layer
// CHECK: return
func.func @summed(%x: tensor<9xf32>, %w: tensor<4x3xf32>) -> tensor<4xf32> {
  %y = conveinsum.einsum "h,th->t|h" where [h: i0 - i1 = o extent 7]
         ins(%x, %w : tensor<9xf32>, tensor<4x3xf32>) {my.layer}
         : tensor<4xf32>
  return %y : tensor<4xf32>
}

// CHECK-LABEL: func @nothing
// CHECK: linalg.fill {my.layer}
func.func @nothing(%x: tensor<3x0xf32>, %y: tensor<0x4xf32>)
    -> tensor<3x4xf32> {
  %z = conveinsum.einsum "ij,jk->ik"
         ins(%x, %y : tensor<3x0xf32>, tensor<0x4xf32>) {my.layer}
         : tensor<3x4xf32>
  return %z : tensor<3x4xf32>
}
