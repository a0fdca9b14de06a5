// RUN: conveinsum-opt %s --conveinsum-simplify --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --canonicalize --split-input-file | FileCheck %s

// Modes of size 1 leave operands and result; a kernel of extent 1 is no kernel.
// CHECK-LABEL: func @unit_modes
// CHECK-SAME: (%[[X:.*]]: tensor<1x4x8xf32>, %[[K:.*]]: tensor<3x4x1xf32>, %[[W:.*]]: tensor<3x1xf32>)
// CHECK-DAG: %[[X2:.*]] = tensor.collapse_shape %[[X]] {{\[}}[0, 1], [2]] : tensor<1x4x8xf32> into tensor<4x8xf32>
// CHECK-DAG: %[[K2:.*]] = tensor.collapse_shape %[[K]] {{\[}}[0], [1, 2]] : tensor<3x4x1xf32> into tensor<3x4xf32>
// CHECK-DAG: %[[W2:.*]] = tensor.collapse_shape %[[W]] {{\[}}[0, 1]] : tensor<3x1xf32> into tensor<3xf32>
// CHECK: %[[Y:.*]] = conveinsum.einsum "sh,ts,t->th" ins(%[[X2]], %[[K2]], %[[W2]] : tensor<4x8xf32>, tensor<3x4xf32>, tensor<3xf32>) plan ((0,1),2) : tensor<3x8xf32>
// CHECK: tensor.expand_shape %[[Y]] {{\[}}[0, 1], [2]] output_shape [1, 3, 8]
func.func @unit_modes(%x: tensor<1x4x8xf32>, %k: tensor<3x4x1xf32>,
    %w: tensor<3x1xf32>) -> tensor<1x3x8xf32> {
  %0 = conveinsum.einsum "bsh,tsh,tb->bth|h"
         ins(%x, %k, %w : tensor<1x4x8xf32>, tensor<3x4x1xf32>, tensor<3x1xf32>)
         plan ((0,1),2) : tensor<1x3x8xf32>
  return %0 : tensor<1x3x8xf32>
}

// -----

// Nothing but unit modes: scalars.
// CHECK-LABEL: func @all_unit
// CHECK: conveinsum.einsum ",->" ins({{.*}} : tensor<f32>, tensor<f32>) : tensor<f32>
// CHECK: tensor.expand_shape {{.*}} [] output_shape [1, 1]
func.func @all_unit(%x: tensor<1x1xf32>, %y: tensor<1x1xf32>)
    -> tensor<1x1xf32> {
  %0 = conveinsum.einsum "ab,bc->ac"
         ins(%x, %y : tensor<1x1xf32>, tensor<1x1xf32>) : tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}

// -----

// A feature of extent 1 stays: it decides what the result's extent means. So
// does a mode whose size is not known.
// CHECK-LABEL: func @kept
// CHECK: "h,h->h|h" where [h: i0 - i1 + 1 = o] ins({{.*}} : tensor<1xf32>, tensor<3xf32>)
// CHECK: "a,a->a" ins({{.*}} : tensor<?xf32>, tensor<?xf32>)
func.func @kept(%x: tensor<1xf32>, %k: tensor<3xf32>, %d: tensor<?xf32>)
    -> (tensor<1xf32>, tensor<?xf32>) {
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 + 1 = o]
         ins(%x, %k : tensor<1xf32>, tensor<3xf32>) : tensor<1xf32>
  %1 = conveinsum.einsum "a,a->a"
         ins(%d, %d : tensor<?xf32>, tensor<?xf32>) : tensor<?xf32>
  return %0, %1 : tensor<1xf32>, tensor<?xf32>
}

// -----

// Diagonals and private modes first; sums of integers in the accumulator type.
// CHECK-LABEL: func @prepared
// CHECK-SAME: (%[[X:.*]]: tensor<4x4x5xi8>, %[[Y:.*]]: tensor<4x?xi8>, %[[Z:.*]]: tensor<4x4xi8>)
// CHECK-DAG: %[[X2:.*]] = conveinsum.einsum "iij->i" ins(%[[X]] : tensor<4x4x5xi8>) : tensor<4xi32>
// CHECK-DAG: %[[Y2:.*]] = conveinsum.einsum "ik->i" ins(%[[Y]] : tensor<4x?xi8>) : tensor<4xi32>
// CHECK-DAG: %[[Z2:.*]] = conveinsum.einsum "ii->i" ins(%[[Z]] : tensor<4x4xi8>) : tensor<4xi8>
// CHECK: conveinsum.einsum "i,i,i->i" ins(%[[X2]], %[[Y2]], %[[Z2]] : tensor<4xi32>, tensor<4xi32>, tensor<4xi8>) : tensor<4xi16>
func.func @prepared(%x: tensor<4x4x5xi8>, %y: tensor<4x?xi8>, %z: tensor<4x4xi8>)
    -> tensor<4xi16> {
  %0 = conveinsum.einsum "iij,ik,ii->i"
         ins(%x, %y, %z : tensor<4x4x5xi8>, tensor<4x?xi8>, tensor<4x4xi8>)
         : tensor<4xi16>
  return %0 : tensor<4xi16>
}

// -----

// A private mode beside a conv mode, which is handed on as it is.
// CHECK-LABEL: func @prepared_conv
// CHECK: %[[X:.*]] = conveinsum.einsum "ahb->ah" ins({{.*}}) : tensor<2x8xf32>
// CHECK: conveinsum.einsum "ah,h->ah|h" where [h: i0 - i1 + 1 = o] ins(%[[X]],
func.func @prepared_conv(%x: tensor<2x8x5xf32>, %k: tensor<3xf32>)
    -> tensor<2x8xf32> {
  %0 = conveinsum.einsum "ahb,h->ah|h"
         ins(%x, %k : tensor<2x8x5xf32>, tensor<3xf32>) : tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// -----

// CHECK-LABEL: func @identity
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>)
// CHECK: return %[[X]]
func.func @identity(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = conveinsum.einsum "ij->ij" ins(%x : tensor<2x3xf32>) : tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// CHECK-LABEL: func @identity_conv
// CHECK-SAME: (%[[X:.*]]: tensor<2x3xf32>)
// CHECK: return %[[X]]
func.func @identity_conv(%x: tensor<2x3xf32>) -> tensor<2x3xf32> {
  %0 = conveinsum.einsum "ij->ij|ij" ins(%x : tensor<2x3xf32>) : tensor<2x3xf32>
  return %0 : tensor<2x3xf32>
}

// -----

// CHECK-LABEL: func @transposition
// CHECK-SAME: (%[[X:.*]]: tensor<?x4x5xf32>)
// CHECK: %[[SIZE:.*]] = tensor.dim %[[X]], %{{.*}}
// CHECK: %[[EMPTY:.*]] = tensor.empty(%[[SIZE]]) : tensor<4x?x5xf32>
// CHECK: linalg.transpose ins(%[[X]] : tensor<?x4x5xf32>) outs(%[[EMPTY]] : tensor<4x?x5xf32>) permutation = [1, 0, 2]
func.func @transposition(%x: tensor<?x4x5xf32>) -> tensor<4x?x5xf32> {
  %0 = conveinsum.einsum "ijk->jik" ins(%x : tensor<?x4x5xf32>) : tensor<4x?x5xf32>
  return %0 : tensor<4x?x5xf32>
}

// -----

// CHECK-LABEL: func @slice
// CHECK-SAME: (%[[X:.*]]: tensor<10x3xf32>)
// CHECK: %[[SLICE:.*]] = tensor.extract_slice %[[X]][1, 0] [4, 3] [2, 1] : tensor<10x3xf32> to tensor<4x3xf32>
// CHECK: return %[[SLICE]]
func.func @slice(%x: tensor<10x3xf32>) -> tensor<4x3xf32> {
  %0 = conveinsum.einsum "ha->ha|h" where [h: i0 - 1 = 2 o]
         ins(%x : tensor<10x3xf32>) : tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}

// -----

// What reaches beyond the operand, runs backwards, wraps, sums or widens is no
// view.
// CHECK-LABEL: func @no_views
// CHECK: conveinsum.einsum "h->h|h" where [h: i0 + 1 = o]
// CHECK: conveinsum.einsum "h->h|h" where [h: -i0 + 7 = o]
// CHECK: conveinsum.einsum "h->h|h" where [h: i0 = o (mod 4)]
// CHECK: conveinsum.einsum "h->"
// CHECK: conveinsum.einsum "h->h" {{.*}} : tensor<8xf64>
func.func @no_views(%x: tensor<8xf32>)
    -> (tensor<8xf32>, tensor<8xf32>, tensor<4xf32>, tensor<f32>, tensor<8xf64>) {
  %0 = conveinsum.einsum "h->h|h" where [h: i0 + 1 = o]
         ins(%x : tensor<8xf32>) : tensor<8xf32>
  %1 = conveinsum.einsum "h->h|h" where [h: -i0 + 7 = o]
         ins(%x : tensor<8xf32>) : tensor<8xf32>
  %2 = conveinsum.einsum "h->h|h" where [h: i0 = o (mod 4)]
         ins(%x : tensor<8xf32>) : tensor<4xf32>
  %3 = conveinsum.einsum "h->" ins(%x : tensor<8xf32>) : tensor<f32>
  %4 = conveinsum.einsum "h->h" ins(%x : tensor<8xf32>) : tensor<8xf64>
  return %0, %1, %2, %3, %4
      : tensor<8xf32>, tensor<8xf32>, tensor<4xf32>, tensor<f32>, tensor<8xf64>
}

// -----

// Not a slice: no slice starts inside a dimension of size 0.

// CHECK-LABEL: func.func @slice_without_elements(
// CHECK-NOT:     tensor.extract_slice
// CHECK:         conveinsum.einsum "bh->bh|h"
func.func @slice_without_elements(%x: tensor<0x9xf32>) -> tensor<0x3xf32> {
  %y = conveinsum.einsum "bh->bh|h" where [h: i0 = 4 o]
         ins(%x : tensor<0x9xf32>) : tensor<0x3xf32>
  return %y : tensor<0x3xf32>
}
