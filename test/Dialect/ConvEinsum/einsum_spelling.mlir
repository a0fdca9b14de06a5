// Equal einsums get the labels of the first, so that cse merges them.
// RUN: conveinsum-opt %s --conveinsum-simplify --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --canonicalize --cse --split-input-file | FileCheck %s --check-prefix=CSE

// CHECK-LABEL: func @relabelled
// CHECK-COUNT-3: conveinsum.einsum "ijk,jk->ik|k" where [k: i0 - i1 + 1 = o]
// CSE-LABEL: func @relabelled
// CSE: %[[Y:.*]] = conveinsum.einsum "ijk,jk->ik|k" where [k: i0 - i1 + 1 = o]
// CSE-NOT: conveinsum.einsum
// CSE: return %[[Y]], %[[Y]], %[[Y]]
func.func @relabelled(%x: tensor<2x3x8xf32>, %k: tensor<3x3xf32>)
    -> (tensor<2x8xf32>, tensor<2x8xf32>, tensor<2x8xf32>) {
  %0 = conveinsum.einsum "ijk,jk->ik|k"
         ins(%x, %k : tensor<2x3x8xf32>, tensor<3x3xf32>) : tensor<2x8xf32>
  %1 = conveinsum.einsum "abc,bc->ac|c"
         ins(%x, %k : tensor<2x3x8xf32>, tensor<3x3xf32>) : tensor<2x8xf32>
  %2 = conveinsum.einsum "kji,ji->ki|i"
         ins(%x, %k : tensor<2x3x8xf32>, tensor<3x3xf32>) : tensor<2x8xf32>
  return %0, %1, %2 : tensor<2x8xf32>, tensor<2x8xf32>, tensor<2x8xf32>
}

// -----

// Another order of operands or of the result, another stride, another type, and
// another way from the feature's extent to the result's: not equal.
// CHECK-LABEL: func @different
// CHECK: conveinsum.einsum "h,h->h|h" where [h: i0 - i1 = 2 o extent (n0 - 1) floordiv 2]
// CHECK: conveinsum.einsum "a,a->a|a" where [a: -i0 + i1 = 2 o
// CHECK: conveinsum.einsum "b,b->b|b" where [b: i0 - i1 = 2 o extent (n0 + 1) floordiv 2]
// CHECK: conveinsum.einsum "c,c->c|c" where [c: i0 - i1 = o
// CHECK: conveinsum.einsum "d,d->d|d" {{.*}} : tensor<?xf64>
func.func @different(%x: tensor<?xf32>, %k: tensor<3xf32>)
    -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf64>) {
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 = 2 o extent (n0 - 1) floordiv 2]
         ins(%x, %k : tensor<?xf32>, tensor<3xf32>) : tensor<?xf32>
  %1 = conveinsum.einsum "a,a->a|a" where [a: i1 - i0 = 2 o extent (n1 - 1) floordiv 2 feature i1]
         ins(%k, %x : tensor<3xf32>, tensor<?xf32>) : tensor<?xf32>
  %2 = conveinsum.einsum "b,b->b|b" where [b: i0 - i1 = 2 o extent (n0 + 1) floordiv 2]
         ins(%x, %k : tensor<?xf32>, tensor<3xf32>) : tensor<?xf32>
  %3 = conveinsum.einsum "c,c->c|c" where [c: i0 - i1 = o extent n0 - 2]
         ins(%x, %k : tensor<?xf32>, tensor<3xf32>) : tensor<?xf32>
  %4 = conveinsum.einsum "d,d->d|d" where [d: i0 - i1 = 2 o extent (n0 - 1) floordiv 2]
         ins(%x, %k : tensor<?xf32>, tensor<3xf32>) : tensor<?xf64>
  return %0, %1, %2, %3, %4
      : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf64>
}

// -----

// The first one gives the labels, also to a region below it; one in another
// region gives none.
// CHECK-LABEL: func @regions
// CHECK: conveinsum.einsum "ab,bc->ac"
// CHECK: conveinsum.einsum "ij,jk->ik"
// CHECK: scf.yield
// CHECK: conveinsum.einsum "ij,jk->ik"
// CHECK: scf.if
// CHECK: conveinsum.einsum "ij,jk->ik"
func.func @regions(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>, %if: i1)
    -> (tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>) {
  %0 = scf.if %if -> tensor<2x4xf32> {
    %3 = conveinsum.einsum "ab,bc->ac" ins(%a, %b : tensor<2x3xf32>, tensor<3x4xf32>)
           : tensor<2x4xf32>
    scf.yield %3 : tensor<2x4xf32>
  } else {
    %3 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<2x3xf32>, tensor<3x4xf32>)
           : tensor<2x4xf32>
    scf.yield %3 : tensor<2x4xf32>
  }
  %1 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<2x3xf32>, tensor<3x4xf32>)
         : tensor<2x4xf32>
  %2 = scf.if %if -> tensor<2x4xf32> {
    %3 = conveinsum.einsum "xy,yz->xz" ins(%a, %b : tensor<2x3xf32>, tensor<3x4xf32>)
           : tensor<2x4xf32>
    scf.yield %3 : tensor<2x4xf32>
  } else {
    scf.yield %1 : tensor<2x4xf32>
  }
  return %0, %1, %2 : tensor<2x4xf32>, tensor<2x4xf32>, tensor<2x4xf32>
}
