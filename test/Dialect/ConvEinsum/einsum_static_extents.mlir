// Casts fold and extents spread; plans and attributes stay.
// RUN: conveinsum-opt %s --conveinsum-simplify --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --canonicalize --split-input-file | FileCheck %s

// Casts that forget leave the operands. Who wanted `?` gets a cast.
// CHECK-LABEL: func @operand_casts
// CHECK-SAME: (%[[A:.*]]: tensor<3x4xf32>, %[[B:.*]]: tensor<4x5xf32>, %[[C:.*]]: tensor<5x6xf32>)
// CHECK-NEXT: %[[Y:.*]] = conveinsum.einsum "ij,jk,kl->il" ins(%[[A]], %[[B]], %[[C]] : tensor<3x4xf32>, tensor<4x5xf32>, tensor<5x6xf32>) plan (0,(1,2)) {my.layer = "fc"} : tensor<3x6xf32>
// CHECK-NEXT: %[[WANTED:.*]] = tensor.cast %[[Y]] : tensor<3x6xf32> to tensor<?x?xf32>
// CHECK-NEXT: return %[[WANTED]]
func.func @operand_casts(%a: tensor<3x4xf32>, %b: tensor<4x5xf32>, %c: tensor<5x6xf32>)
    -> tensor<?x?xf32> {
  %0 = tensor.cast %a : tensor<3x4xf32> to tensor<?x?xf32>
  %1 = tensor.cast %c : tensor<5x6xf32> to tensor<5x?xf32>
  %2 = conveinsum.einsum "ij,jk,kl->il"
         ins(%0, %b, %1 : tensor<?x?xf32>, tensor<4x5xf32>, tensor<5x?xf32>)
         plan (0,(1,2)) {my.layer = "fc"} : tensor<?x?xf32>
  return %2 : tensor<?x?xf32>
}

// -----

// CHECK-LABEL: func @result_of_operands
// CHECK: %[[Y:.*]] = conveinsum.einsum "ij,jk->ik" {{.*}} : tensor<3x6xf32>
// CHECK: tensor.cast %[[Y]] : tensor<3x6xf32> to tensor<?x6xf32>
func.func @result_of_operands(%a: tensor<3x4xf32>, %b: tensor<4x6xf32>) -> tensor<?x6xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<3x4xf32>, tensor<4x6xf32>)
         : tensor<?x6xf32>
  return %0 : tensor<?x6xf32>
}

// -----

// A plain mode has one size: what one operand, or the result, says of it holds
// for all.
// CHECK-LABEL: func @operands_of_others
// CHECK-SAME: (%[[A:.*]]: tensor<?x?xf32>, %[[B:.*]]: tensor<4x?xf32>)
// CHECK-DAG: %[[A2:.*]] = tensor.cast %[[A]] : tensor<?x?xf32> to tensor<3x4xf32>
// CHECK-DAG: %[[B2:.*]] = tensor.cast %[[B]] : tensor<4x?xf32> to tensor<4x6xf32>
// CHECK: conveinsum.einsum "ij,jk->ik" ins(%[[A2]], %[[B2]] : tensor<3x4xf32>, tensor<4x6xf32>) : tensor<3x6xf32>
func.func @operands_of_others(%a: tensor<?x?xf32>, %b: tensor<4x?xf32>) -> tensor<3x6xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<?x?xf32>, tensor<4x?xf32>)
         : tensor<3x6xf32>
  return %0 : tensor<3x6xf32>
}

// -----

// The extent of a conv mode follows from that of the feature, and how it does
// need not be said any more.
// CHECK-LABEL: func @conv_extent
// CHECK-SAME: (%[[X:.*]]: tensor<2x4x9xf32>, %[[K:.*]]: tensor<3x4x3xf32>)
// CHECK: %[[Y:.*]] = conveinsum.einsum "bsh,tsh->bth|h" where [h: i0 - i1 = 2 o] ins(%[[X]], %[[K]] : tensor<2x4x9xf32>, tensor<3x4x3xf32>) : tensor<2x3x4xf32>
// CHECK: tensor.cast %[[Y]] : tensor<2x3x4xf32> to tensor<?x3x?xf32>
func.func @conv_extent(%x: tensor<2x4x9xf32>, %k: tensor<3x4x3xf32>) -> tensor<?x3x?xf32> {
  %0 = tensor.cast %x : tensor<2x4x9xf32> to tensor<?x4x?xf32>
  %1 = conveinsum.einsum "bsh,tsh->bth|h"
         where [h: i0 - i1 = 2 o extent (n0 - 1) floordiv 2]
         ins(%0, %k : tensor<?x4x?xf32>, tensor<3x4x3xf32>) : tensor<?x3x?xf32>
  return %1 : tensor<?x3x?xf32>
}

// -----

// The result's extent along a conv mode says nothing of the feature's: several
// have the same.
// CHECK-LABEL: func @feature_stays
// CHECK: "h,h->h|h" where [h: i0 - i1 = 2 o extent (n0 - 1) floordiv 2] ins({{.*}} : tensor<?xf32>, tensor<3xf32>) : tensor<4xf32>
func.func @feature_stays(%x: tensor<?xf32>, %k: tensor<3xf32>) -> tensor<4xf32> {
  %0 = conveinsum.einsum "h,h->h|h"
         where [h: i0 - i1 = 2 o extent (n0 - 1) floordiv 2]
         ins(%x, %k : tensor<?xf32>, tensor<3xf32>) : tensor<?xf32>
  %1 = tensor.cast %0 : tensor<?xf32> to tensor<4xf32>
  return %1 : tensor<4xf32>
}

// -----

// A cast that knows more becomes the type; other users keep theirs.
// CHECK-LABEL: func @result_cast
// CHECK-SAME: (%[[A:.*]]: tensor<?x4xf32>, %[[B:.*]]: tensor<4x?xf32>)
// CHECK: %[[Y:.*]] = conveinsum.einsum "ij,jk->ik" {{.*}} plan (0,1) {my.layer = "fc"} : tensor<3x6xf32>
// CHECK: %[[OLD:.*]] = tensor.cast %[[Y]] : tensor<3x6xf32> to tensor<?x?xf32>
// CHECK: return %[[OLD]], %[[Y]]
func.func @result_cast(%a: tensor<?x4xf32>, %b: tensor<4x?xf32>)
    -> (tensor<?x?xf32>, tensor<3x6xf32>) {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<?x4xf32>, tensor<4x?xf32>)
         plan (0,1) {my.layer = "fc"} : tensor<?x?xf32>
  %1 = tensor.cast %0 : tensor<?x?xf32> to tensor<3x6xf32>
  return %0, %1 : tensor<?x?xf32>, tensor<3x6xf32>
}

// -----

// A chain: what is known at its ends is known in between.
// CHECK-LABEL: func @chain
// CHECK-NOT: tensor.cast
// CHECK: %[[ONE:.*]] = conveinsum.einsum "ij,jk->ik" ins({{.*}} : tensor<3x4xf32>, tensor<4x5xf32>) : tensor<3x5xf32>
// CHECK-NEXT: %[[TWO:.*]] = conveinsum.einsum "ij,jk->ik" ins(%[[ONE]], {{.*}} : tensor<3x5xf32>, tensor<5x6xf32>) : tensor<3x6xf32>
// CHECK-NEXT: %[[THREE:.*]] = conveinsum.einsum "ij,jk->ik" ins(%[[TWO]], {{.*}} : tensor<3x6xf32>, tensor<6x7xf32>) : tensor<3x7xf32>
// CHECK-NEXT: return %[[THREE]]
func.func @chain(%a: tensor<3x4xf32>, %b: tensor<4x5xf32>, %c: tensor<5x6xf32>,
    %d: tensor<6x7xf32>) -> tensor<3x7xf32> {
  %0 = tensor.cast %a : tensor<3x4xf32> to tensor<?x4xf32>
  %1 = conveinsum.einsum "ij,jk->ik" ins(%0, %b : tensor<?x4xf32>, tensor<4x5xf32>)
         : tensor<?x?xf32>
  %2 = conveinsum.einsum "ij,jk->ik" ins(%1, %c : tensor<?x?xf32>, tensor<5x6xf32>)
         : tensor<?x6xf32>
  %3 = tensor.cast %2 : tensor<?x6xf32> to tensor<?x?xf32>
  %4 = conveinsum.einsum "ij,jk->ik" ins(%3, %d : tensor<?x?xf32>, tensor<6x7xf32>)
         : tensor<?x7xf32>
  %5 = tensor.cast %4 : tensor<?x7xf32> to tensor<3x7xf32>
  return %5 : tensor<3x7xf32>
}

// -----

// A cast that contradicts the other types stays.
// CHECK-LABEL: func @contradiction
// CHECK: %[[A:.*]] = tensor.cast %{{.*}} : tensor<5x5xf32> to tensor<?x?xf32>
// CHECK: %[[B:.*]] = tensor.cast %[[A]] : tensor<?x?xf32> to tensor<3x4xf32>
// CHECK: conveinsum.einsum "ij,jk->ik" ins(%[[B]], %{{.*}} : tensor<3x4xf32>, tensor<4x6xf32>)
func.func @contradiction(%a: tensor<5x5xf32>, %b: tensor<4x6xf32>) -> tensor<3x6xf32> {
  %0 = tensor.cast %a : tensor<5x5xf32> to tensor<?x?xf32>
  %1 = conveinsum.einsum "ij,jk->ik" ins(%0, %b : tensor<?x?xf32>, tensor<4x6xf32>)
         : tensor<3x6xf32>
  return %1 : tensor<3x6xf32>
}

// -----

// So does a cast that may never run.
func.func private @use(tensor<2x3xf64>)

// CHECK-LABEL: func @conditional_cast
// CHECK: conveinsum.einsum "ij->ji" ins({{.*}}) {{.*}}: tensor<?x?xf64>
// CHECK: scf.if
// CHECK: tensor.cast
func.func @conditional_cast(%a: tensor<?x?xf32>, %if: i1) -> tensor<?x?xf64> {
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<?x?xf32>) : tensor<?x?xf64>
  scf.if %if {
    %1 = tensor.cast %0 : tensor<?x?xf64> to tensor<2x3xf64>
    func.call @use(%1) : (tensor<2x3xf64>) -> ()
  }
  return %0 : tensor<?x?xf64>
}
