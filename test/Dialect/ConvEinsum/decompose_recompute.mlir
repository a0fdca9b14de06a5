// Steps say what becomes of their results where a plan drops some that the backward
// pass reads.
// RUN: conveinsum-opt %s --conveinsum-decompose --split-input-file | FileCheck %s

// The gradients of %t and %r read 4 and 5; 4 is kept.

// CHECK-LABEL: func @some
// CHECK: "bsh,rs->brh" ins({{.*}}) {conveinsum.keep} :
// CHECK: "brh,rh->brh|h" {{.*}} {conveinsum.recompute} :
// CHECK: "brh,rt->bth" ins(%{{[0-9]+}}, %{{[a-z0-9]+}} : tensor<2x3x8xf32>, tensor<3x5xf32>) : tensor<2x5x8xf32>
func.func @some(%x: tensor<2x4x8xf32>, %s: tensor<3x4xf32> {conveinsum.gradient},
                %h: tensor<3x3xf32> {conveinsum.gradient}, %t: tensor<3x5xf32> {conveinsum.gradient}) -> tensor<2x5x8xf32> {
  %y = conveinsum.einsum "bsh,rs,rh,rt->bth|h" where [h: i0 - i2 + 1 = o]
         ins(%x, %s, %h, %t : tensor<2x4x8xf32>, tensor<3x4xf32>, tensor<3x3xf32>, tensor<3x5xf32>)
         plan (((0,1),2),3) keep [4] : tensor<2x5x8xf32>
  return %y : tensor<2x5x8xf32>
}

// -----

// A plan that keeps all that is read has decided nothing.

// CHECK-LABEL: func @all
// CHECK-NOT: conveinsum.keep
// CHECK-NOT: conveinsum.recompute
func.func @all(%x: tensor<2x4x8xf32>, %s: tensor<3x4xf32> {conveinsum.gradient},
               %h: tensor<3x3xf32> {conveinsum.gradient}, %t: tensor<3x5xf32> {conveinsum.gradient}) -> tensor<2x5x8xf32> {
  %y = conveinsum.einsum "bsh,rs,rh,rt->bth|h" where [h: i0 - i2 + 1 = o]
         ins(%x, %s, %h, %t : tensor<2x4x8xf32>, tensor<3x4xf32>, tensor<3x3xf32>, tensor<3x5xf32>)
         plan (((0,1),2),3) keep [4, 5] : tensor<2x5x8xf32>
  return %y : tensor<2x5x8xf32>
}

// -----

// What only recomputation reads is recomputed as well; what nothing reads is not.

// CHECK-LABEL: func @unneeded
// CHECK: "bsh,rs->brh" ins({{.*}}) {conveinsum.recompute} :
// CHECK: "brh,rh->brh|h" {{.*}} {conveinsum.recompute} :
// CHECK-LABEL: func @unread
// CHECK-NOT: conveinsum.recompute
func.func @unneeded(%x: tensor<2x4x8xf32>, %s: tensor<3x4xf32>, %h: tensor<3x3xf32>,
                    %t: tensor<3x5xf32> {conveinsum.gradient}) -> tensor<2x5x8xf32> {
  %y = conveinsum.einsum "bsh,rs,rh,rt->bth|h" where [h: i0 - i2 + 1 = o]
         ins(%x, %s, %h, %t : tensor<2x4x8xf32>, tensor<3x4xf32>, tensor<3x3xf32>, tensor<3x5xf32>)
         plan (((0,1),2),3) {conveinsum.keep_limit = 0} : tensor<2x5x8xf32>
  return %y : tensor<2x5x8xf32>
}
func.func @unread(%x: tensor<2x4x8xf32> {conveinsum.gradient}, %s: tensor<3x4xf32>, %h: tensor<3x3xf32>,
                  %t: tensor<3x5xf32>) -> tensor<2x5x8xf32> {
  %y = conveinsum.einsum "bsh,rs,rh,rt->bth|h" where [h: i0 - i2 + 1 = o]
         ins(%x, %s, %h, %t : tensor<2x4x8xf32>, tensor<3x4xf32>, tensor<3x3xf32>, tensor<3x5xf32>)
         plan (((0,1),2),3) {conveinsum.keep_limit = 0} : tensor<2x5x8xf32>
  return %y : tensor<2x5x8xf32>
}

// -----

// A gradient that leads through another einsum, and what constants make, which is
// there in any case.

// CHECK-LABEL: func @chain
// CHECK: "ij,jk->ik" ins(%{{.*}}, %{{.*}}) {conveinsum.recompute} :
// CHECK: "ik,kl->il" ins(%{{.*}}, %{{.*}} : tensor<6x9xf32>, tensor<9x9xf32>) : tensor<6x9xf32>
// CHECK: "jk,kl->jl" ins(%{{.*}}, %{{.*}} : tensor<9x9xf32>, tensor<9x9xf32>) : tensor<9x9xf32>
// CHECK: "ij,jl->il" ins(%{{.*}}, %{{.*}} : tensor<6x9xf32>, tensor<9x9xf32>) : tensor<6x9xf32>
func.func @chain(%x: tensor<6x9xf32>, %v: tensor<9x9xf32>, %w: tensor<9x9xf32> {conveinsum.gradient},
                 %c: tensor<9x9xf32> {conveinsum.constant}) -> tensor<6x9xf32> attributes {conveinsum.keep_limit = "0B"} {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %v, %w : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         plan ((0,1),2) : tensor<6x9xf32>
  %1 = conveinsum.einsum "ij,jk,kl->il" ins(%0, %c, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         plan (0,(1,2)) keep [3] : tensor<6x9xf32>
  return %1 : tensor<6x9xf32>
}

// -----

// Nobody says what is kept: the plan was pinned for its order.

// CHECK-LABEL: func @order
// CHECK-NOT: conveinsum.keep
// CHECK-NOT: conveinsum.recompute
func.func @order(%x: tensor<6x9xf32>, %v: tensor<9x9xf32> {conveinsum.gradient}, %w: tensor<9x9xf32> {conveinsum.gradient})
    -> tensor<6x9xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %v, %w : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         plan ((0,1),2) : tensor<6x9xf32>
  return %0 : tensor<6x9xf32>
}
