// RUN: conveinsum-opt %s --verify-roundtrip | FileCheck %s
// RUN: conveinsum-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC
// RUN: conveinsum-opt %s --mlir-print-op-generic | conveinsum-opt | FileCheck %s

// Steps in the order of the closing brackets read as a tree; any other order is
// a list, in which results of steps have the numbers from 4 on.
// CHECK-LABEL: func @orders
// CHECK: plan ((0,1),(2,3)) :
// CHECK: plan ((1,0),(3,2)) :
// CHECK: plan [(2,3), (0,1), (5,4)] :
// CHECK: plan [(0,1), (2,3), (5,4)] :
// GENERIC-LABEL: sym_name = "orders"
// GENERIC: plan = #conveinsum.plan<((0,1),(2,3))>
// GENERIC: plan = #conveinsum.plan<((1,0),(3,2))>
// GENERIC: plan = #conveinsum.plan<[(2,3), (0,1), (5,4)]>
// GENERIC: plan = #conveinsum.plan<[(0,1), (2,3), (5,4)]>
func.func @orders(%a: tensor<9x9xf32>) {
  %0 = conveinsum.einsum "ij,jk,kl,lm->im" ins(%a, %a, %a, %a : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         plan [(0,1), (2,3), (4,5)] : tensor<9x9xf32>
  %1 = conveinsum.einsum "ij,jk,kl,lm->im" ins(%a, %a, %a, %a : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         plan ((1,0),(3,2)) : tensor<9x9xf32>
  %2 = conveinsum.einsum "ij,jk,kl,lm->im" ins(%a, %a, %a, %a : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         plan [(2, 3), (0, 1), (5, 4)] : tensor<9x9xf32>
  %3 = conveinsum.einsum "ij,jk,kl,lm->im" ins(%a, %a, %a, %a : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         plan [(0,1),(2,3),(5,4)] : tensor<9x9xf32>
  return
}

// CHECK-LABEL: func @few
// CHECK: plan 0 {my.name} :
// CHECK: plan 0 slice [j: 1] :
// CHECK: plan (1,0) :
func.func @few(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) {
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<2x3xf32>) plan [] {my.name} : tensor<3x2xf32>
  %1 = conveinsum.einsum "ij->ji" ins(%a : tensor<2x3xf32>) plan 0 slice [j: 1] : tensor<3x2xf32>
  %2 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<2x3xf32>, tensor<3x4xf32>)
         plan [(1,0)] : tensor<2x4xf32>
  return
}

// Modes are labels where the equation stands beside the plan, else numbers.
// CHECK-LABEL: func @whole
// CHECK: plan (((0,1),2),3) keep [4] group [5, 6] slice [h: 4 of i0, b: 2] {my.name} :
// CHECK: plan [(1,3), (0,2), (5,4)] keep [4, 5] slice ["α": 1] :
// CHECK: plan (((((0,1),2),3),4),5) keep [7] group [6, 7] [8, 9] :
// GENERIC-LABEL: sym_name = "whole"
// GENERIC: plan = #conveinsum.plan<(((0,1),2),3) keep [4] group [5, 6] slice [m2: 4 of i0, m0: 2]>
// GENERIC: plan = #conveinsum.plan<[(1,3), (0,2), (5,4)] keep [4, 5] slice [m2: 1]>
// GENERIC: plan = #conveinsum.plan<(((((0,1),2),3),4),5) keep [7] group [6, 7] [8, 9]>
func.func @whole(%x: tensor<2x4x8xf32>, %s: tensor<3x4xf32>, %h: tensor<3x3xf32>,
    %t: tensor<3x5xf32>, %a: tensor<9x9xf32>) {
  %0 = conveinsum.einsum "bsh,rs,rh,rt->bth|h" where [h: i0 - i2 + 1 = o]
         ins(%x, %s, %h, %t : tensor<2x4x8xf32>, tensor<3x4xf32>, tensor<3x3xf32>,
             tensor<3x5xf32>)
         plan (((0,1),2),3) keep [4] group [5, 6] slice [h: 4 of i0, b: 2] {my.name}
         : tensor<2x5x8xf32>
  %1 = conveinsum.einsum "ij,jα,αl,lm->im" ins(%a, %a, %a, %a : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         plan [(1,3), (0,2), (5,4)] keep [4, 5] slice ["α": 1] : tensor<9x9xf32>
  %2 = conveinsum.einsum "ij,jk,kl,lm,mn,no->io" ins(%a, %a, %a, %a, %a, %a : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         plan (((((0,1),2),3),4),5) keep [7] group [6, 7] [8, 9] : tensor<9x9xf32>
  return
}
