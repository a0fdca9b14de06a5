// Plans stay what they are and stay valid when modes leave.
// RUN: conveinsum-opt %s --conveinsum-simplify --split-input-file | FileCheck %s

// The modes of extent 1, a and c, leave, and with a its cut; b keeps its own,
// which has another number then.
// CHECK-LABEL: func @unit_modes
// CHECK: conveinsum.einsum "b,b,b->b" {{.*}} plan ((1,2),0) keep [3] slice [b: 2] :
func.func @unit_modes(%x: tensor<1x4xf32>, %y: tensor<4x1xf32>, %z: tensor<4xf32>) -> tensor<1x4xf32> {
  %0 = conveinsum.einsum "ab,bc,b->ab" ins(%x, %y, %z : tensor<1x4xf32>, tensor<4x1xf32>, tensor<4xf32>)
         plan ((1,2),0) keep [3] slice [a: 1, b: 2] : tensor<1x4xf32>
  return %0 : tensor<1x4xf32>
}

// -----

// The kernel that was cut is gone, so the feature is.
// CHECK-LABEL: func @unit_kernel
// CHECK: conveinsum.einsum "bh,h,b->bh|h" where [h: i0 - i1 + 1 = o] {{.*}} plan ((0,1),2) group [3, 4] slice [h: 4] :
func.func @unit_kernel(%x: tensor<2x8xf32>, %k: tensor<3xf32>, %l: tensor<2x1xf32>) -> tensor<2x8xf32> {
  %0 = conveinsum.einsum "bh,h,bh->bh|h" where [h: i0 - i1 + 5 i2 + 1 = o]
         ins(%x, %k, %l : tensor<2x8xf32>, tensor<3xf32>, tensor<2x1xf32>)
         plan ((0,1),2) group [3, 4] slice [h: 4 of i2] : tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// -----

// A plain mode has no operand to cut.
// CHECK-LABEL: func @plain
// CHECK: conveinsum.einsum "bh,h->bh" {{.*}} plan (0,1) slice [h: 4, b: 1] :
// CHECK-NOT: of i0
func.func @plain(%x: tensor<2x8xf32>, %k: tensor<8xf32>, %l: tensor<1xf32>) -> tensor<2x8xf32> {
  %0 = conveinsum.einsum "bh->bh|h" where [h: i0 = o] ins(%x : tensor<2x8xf32>)
         plan 0 slice [h: 4 of i0] : tensor<2x8xf32>
  %1 = conveinsum.einsum "bh,h->bh" ins(%0, %k : tensor<2x8xf32>, tensor<8xf32>)
         plan (0,1) slice [h: 4, b: 1] : tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// -----

// CHECK-LABEL: func @becomes_plain
// CHECK: conveinsum.einsum "bh,b->bh" {{.*}} plan (0,1) slice [h: 4] :
func.func @becomes_plain(%x: tensor<2x8xf32>, %y: tensor<2xf32>) -> tensor<2x8xf32> {
  %0 = conveinsum.einsum "bh,b->bh|h" where [h: i0 = o]
         ins(%x, %y : tensor<2x8xf32>, tensor<2xf32>) plan (0,1) slice [h: 4 of i0] : tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// -----

// A private mode is summed before the operands are joined, and its cut leaves.
// CHECK-LABEL: func @private
// CHECK: conveinsum.einsum "{{.*}}" ins(%{{[^:]*}} : tensor<4x5xf32>) : tensor<4xf32>
// CHECK: conveinsum.einsum "i,ij->ij" {{.*}} plan (0,1) slice [j: 3] :
func.func @private(%x: tensor<4x5xf32>, %y: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %0 = conveinsum.einsum "ip,ij->ij" ins(%x, %y : tensor<4x5xf32>, tensor<4x6xf32>)
         plan (0,1) slice [p: 2, j: 3] : tensor<4x6xf32>
  return %0 : tensor<4x6xf32>
}
