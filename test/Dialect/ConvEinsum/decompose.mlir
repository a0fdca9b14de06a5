// RUN: conveinsum-opt %s --conveinsum-decompose --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-decompose --split-input-file --verify-roundtrip -o /dev/null

// CHECK-LABEL: func @cp_layer
// CHECK-SAME: (%[[X:.*]]: tensor<32x64x56x56xf32>, %[[WT:.*]]: tensor<13x64xf32>, %[[WS:.*]]: tensor<13x64xf32>, %[[WH:.*]]: tensor<13x3xf32>, %[[WW:.*]]: tensor<13x3xf32>)
// CHECK: %[[S:.*]] = conveinsum.einsum "bshw,rs->brhw" ins(%[[X]], %[[WS]] : {{.*}}) : tensor<32x13x56x56xf32>
// CHECK: %[[K:.*]] = conveinsum.einsum "rh,rw->rhw" ins(%[[WH]], %[[WW]] : {{.*}}) : tensor<13x3x3xf32>
// CHECK: %[[C:.*]] = conveinsum.einsum "brhw,rhw->brhw|hw" where [h: i0 - i1 + 1 = 2 o, w: i0 - i1 + 1 = 2 o] ins(%[[S]], %[[K]] : {{.*}}) : tensor<32x13x28x28xf32>
// CHECK: %[[Y:.*]] = conveinsum.einsum "brhw,rt->bthw" ins(%[[C]], %[[WT]] : {{.*}}) : tensor<32x64x28x28xf32>
// CHECK-NOT: conveinsum.einsum
// CHECK: return %[[Y]]
func.func @cp_layer(%x: tensor<32x64x56x56xf32>, %wt: tensor<13x64xf32>,
    %ws: tensor<13x64xf32>, %wh: tensor<13x3xf32>, %ww: tensor<13x3xf32>)
    -> tensor<32x64x28x28xf32> {
  %y = conveinsum.einsum "bshw,rt,rs,rh,rw->bthw|hw"
         where [h: i0 - i3 + 1 = 2 o, w: i0 - i4 + 1 = 2 o]
         ins(%x, %wt, %ws, %wh, %ww : tensor<32x64x56x56xf32>,
             tensor<13x64xf32>, tensor<13x64xf32>, tensor<13x3xf32>,
             tensor<13x3xf32>) plan (((0,2),(3,4)),1) : tensor<32x64x28x28xf32>
  return %y : tensor<32x64x28x28xf32>
}

// -----

// Raw operands: a diagonal, a private mode and a conv mode with one participant
// are part of the step that reads the operand.
// CHECK-LABEL: func @raw_operands
// CHECK: %[[T:.*]] = conveinsum.einsum "iija,jh->{{.*}}|h" where [h: i1 - 1 = 2 o]
// CHECK: conveinsum.einsum
// CHECK-NOT: conveinsum.einsum
// CHECK: return
func.func @raw_operands(%x: tensor<4x4x5x6xf32>, %y: tensor<5x8xf32>,
    %z: tensor<4xf32>) -> tensor<4x3xf32> {
  %0 = conveinsum.einsum "iija,jh,i->ih|h" where [h: i1 - 1 = 2 o]
         ins(%x, %y, %z : tensor<4x4x5x6xf32>, tensor<5x8xf32>, tensor<4xf32>)
         plan ((0,1),2) : tensor<4x3xf32>
  return %0 : tensor<4x3xf32>
}

// -----

// Intermediates of integers are stored in the accumulator type, those of bf16 in
// the operands' type; the last step has the result's.
// CHECK-LABEL: func @types
// CHECK: "ij,jk->ik" {{.*}} : tensor<2x4xi32>
// CHECK: "ik,kl->il" ins({{.*}} : tensor<2x4xi32>, tensor<4x5xi8>) : tensor<2x5xi8>
// CHECK: "ij,jk->ik" {{.*}} : tensor<2x4xi64>
// CHECK: "ik,kl->il" ins({{.*}} : tensor<2x4xi64>, tensor<4x5xi8>) : tensor<2x5xi64>
// CHECK: "ij,jk->ik" {{.*}} : tensor<2x4xbf16>
// CHECK: "ik,kl->il" ins({{.*}} : tensor<2x4xbf16>, tensor<4x5xbf16>) : tensor<2x5xf32>
func.func @types(%a: tensor<2x3xi8>, %b: tensor<3x4xi8>, %c: tensor<4x5xi8>,
    %d: tensor<2x3xbf16>, %e: tensor<3x4xbf16>, %f: tensor<4x5xbf16>)
    -> (tensor<2x5xi8>, tensor<2x5xi64>, tensor<2x5xf32>) {
  %0 = conveinsum.einsum "ij,jk,kl->il"
         ins(%a, %b, %c : tensor<2x3xi8>, tensor<3x4xi8>, tensor<4x5xi8>)
         plan ((0,1),2) : tensor<2x5xi8>
  %1 = conveinsum.einsum "ij,jk,kl->il"
         ins(%a, %b, %c : tensor<2x3xi8>, tensor<3x4xi8>, tensor<4x5xi8>)
         plan ((0,1),2) : tensor<2x5xi64>
  %2 = conveinsum.einsum "ij,jk,kl->il"
         ins(%d, %e, %f : tensor<2x3xbf16>, tensor<3x4xbf16>, tensor<4x5xbf16>)
         plan ((0,1),2) : tensor<2x5xf32>
  return %0, %1, %2 : tensor<2x5xi8>, tensor<2x5xi64>, tensor<2x5xf32>
}

// -----

// Plain modes may be dynamic, and so may the features of conv modes that two
// operands hold.
// CHECK-LABEL: func @dynamic_feature
// CHECK: %[[S:.*]] = conveinsum.einsum "bshw,rs->brhw" {{.*}} : tensor<?x3x?x?xf32>
// CHECK: %[[H:.*]] = conveinsum.einsum "brhw,rh->brhw|h" where [h: i0 - i1 + 1 = 2 o extent (n0 + 1) floordiv 2] ins(%[[S]], {{.*}} : tensor<?x3x?x?xf32>
// CHECK: conveinsum.einsum "brhw,rw->brhw|w" where [w: i0 - i1 + 1 = o extent n0] ins(%[[H]], {{.*}} : tensor<?x3x?x?xf32>
func.func @dynamic_feature(%x: tensor<?x4x?x?xf32>, %s: tensor<3x4xf32>,
                           %h: tensor<3x3xf32>, %w: tensor<3x3xf32>)
    -> tensor<?x3x?x?xf32> {
  %0 = conveinsum.einsum "bshw,rs,rh,rw->brhw|hw" where [h: stride = 2, w: padding = same]
         ins(%x, %s, %h, %w : tensor<?x4x?x?xf32>, tensor<3x4xf32>, tensor<3x3xf32>,
             tensor<3x3xf32>)
         plan (((0,1),2),3) : tensor<?x3x?x?xf32>
  return %0 : tensor<?x3x?x?xf32>
}

// Plain modes alone.
// CHECK-LABEL: func @dynamic
// CHECK: conveinsum.einsum "bsh,rs->brh" {{.*}} : tensor<?x3x8xf32>
// CHECK: conveinsum.einsum "brh,rh->brh|h" {{.*}} : tensor<?x3x8xf32>
func.func @dynamic(%x: tensor<?x?x8xf32>, %s: tensor<3x?xf32>, %h: tensor<3x3xf32>)
    -> tensor<?x3x8xf32> {
  %0 = conveinsum.einsum "bsh,rs,rh->brh|h" where [h: i0 - i2 + 1 = o]
         ins(%x, %s, %h : tensor<?x?x8xf32>, tensor<3x?xf32>, tensor<3x3xf32>)
         plan ((0,1),2) : tensor<?x3x8xf32>
  return %0 : tensor<?x3x8xf32>
}

// -----

// Two operands are a step already.
// CHECK-LABEL: func @step
// CHECK: conveinsum.einsum "ij,jk->ik" ins(%{{.*}}, %{{.*}} : tensor<2x3xf32>, tensor<3x4xf32>) : tensor<2x4xf32>
func.func @step(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x4xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<2x3xf32>,
         tensor<3x4xf32>) plan (0,1) : tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
