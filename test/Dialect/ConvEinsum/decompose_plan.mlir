// What a plan decides besides its tree.
// RUN: conveinsum-opt %s --conveinsum-decompose --conveinsum-verify-stage=stage=steps --split-input-file --verify-roundtrip | FileCheck %s

// Steps stand in the order in which they run: the right side first, and the left
// side's second step before the first step of the right side is read.
// CHECK-LABEL: func @interleaved
// CHECK-SAME: (%[[A:.*]]: tensor<2x3xf32>, %[[B:.*]]: tensor<3x4xf32>, %[[C:.*]]: tensor<4x5xf32>, %[[D:.*]]: tensor<5x6xf32>, %[[E:.*]]: tensor<6x7xf32>)
// CHECK: %[[R:.*]] = conveinsum.einsum "{{.*}}" ins(%[[D]], %[[E]] : {{.*}}) : tensor<5x7xf32>
// CHECK: %[[L:.*]] = conveinsum.einsum "{{.*}}" ins(%[[A]], %[[B]] : {{.*}}) : tensor<2x4xf32>
// CHECK: %[[M:.*]] = conveinsum.einsum "{{.*}}" ins(%[[C]], %[[R]] : {{.*}}) : tensor<4x7xf32>
// CHECK: %[[Y:.*]] = conveinsum.einsum "{{.*}}" ins(%[[L]], %[[M]] : {{.*}}) : tensor<2x7xf32>
// CHECK: return %[[Y]]
func.func @interleaved(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>, %c: tensor<4x5xf32>,
    %d: tensor<5x6xf32>, %e: tensor<6x7xf32>) -> tensor<2x7xf32> {
  %0 = conveinsum.einsum "ij,jk,kl,lm,mn->in" ins(%a, %b, %c, %d, %e : tensor<2x3xf32>,
         tensor<3x4xf32>, tensor<4x5xf32>, tensor<5x6xf32>, tensor<6x7xf32>)
         plan [(3,4), (0,1), (2,5), (6,7)] : tensor<2x7xf32>
  return %0 : tensor<2x7xf32>
}

// -----

// CHECK-LABEL: func @keep_and_group
// CHECK: conveinsum.einsum "bsh,rs->brh" {{.*}} {conveinsum.keep} : tensor<2x3x8xf32>
// CHECK: conveinsum.einsum "brh,rh->brh|h" {{.*}} {conveinsum.group = 0 : i64} :
// CHECK: conveinsum.einsum "brh,rt->bth" {{.*}} {conveinsum.group = 0 : i64, my.layer = "conv1"} :
func.func @keep_and_group(%x: tensor<2x4x8xf32>, %s: tensor<3x4xf32>, %h: tensor<3x3xf32>,
    %t: tensor<3x5xf32>) -> tensor<2x5x8xf32> {
  %0 = conveinsum.einsum "bsh,rs,rh,rt->bth|h" where [h: i0 - i2 + 1 = o]
         ins(%x, %s, %h, %t : tensor<2x4x8xf32>, tensor<3x4xf32>, tensor<3x3xf32>,
             tensor<3x5xf32>)
         plan (((0,1),2),3) keep [4] group [5, 6] {my.layer = "conv1"} : tensor<2x5x8xf32>
  return %0 : tensor<2x5x8xf32>
}

// -----

// Groups of several networks have several numbers, above those that are there.
// CHECK-LABEL: func @two_networks
// CHECK: "ij,jk->ik" {{.*}} {conveinsum.group = 8 : i64} :
// CHECK: "ik,kl->il" {{.*}} {conveinsum.group = 8 : i64} :
// CHECK: "il,lm->im" {{.*}} {conveinsum.group = 9 : i64} :
// CHECK: "im,mn->in" {{.*}} {conveinsum.group = 9 : i64, conveinsum.keep} :
// CHECK: "in,no->io" ins({{[^)]*}}) : tensor<9x9xf32>
// CHECK: "ij,jk->ik" {{.*}} {conveinsum.group = 10 : i64} :
// CHECK: "ik,kl->il" {{.*}} {conveinsum.group = 10 : i64} :
// CHECK: "ij,jk->ik" {{.*}} {conveinsum.group = 7 : i64} :
// CHECK: "ij,jk->ik" {{.*}} {conveinsum.group = 7 : i64} :
func.func @two_networks(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  %0 = conveinsum.einsum "ij,jk,kl,lm,mn,no->io" ins(%a, %a, %a, %a, %a, %a : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         plan (((((0,1),2),3),4),5) keep [9] group [6, 7] [8, 9] : tensor<9x9xf32>
  %1 = conveinsum.einsum "ij,jk,kl->il" ins(%0, %a, %a : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x9xf32>) plan ((0,1),2) group [3, 4] : tensor<9x9xf32>
  %2 = conveinsum.einsum "ij,jk->ik" ins(%1, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 7} : tensor<9x9xf32>
  %3 = conveinsum.einsum "ij,jk->ik" ins(%2, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 7} : tensor<9x9xf32>
  return %3 : tensor<9x9xf32>
}
