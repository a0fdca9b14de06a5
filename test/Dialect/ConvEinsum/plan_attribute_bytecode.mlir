// Whole plans in bytecode. A file of version 1, written before plans were more
// than trees, reads; so does one of version 2, and what is written today is it.
// RUN: conveinsum-opt %S/Inputs/version1.mlirbc | FileCheck %s --check-prefix=ONE
// RUN: conveinsum-opt %S/Inputs/version2.mlirbc | FileCheck %s
// RUN: conveinsum-opt --emit-bytecode -o %t.mlirbc < %s
// RUN: conveinsum-opt %t.mlirbc | FileCheck %s
// RUN: conveinsum-opt %s -o %t.direct && conveinsum-opt %t.mlirbc -o %t.read
// RUN: diff %t.direct %t.read
// RUN: conveinsum-opt %S/Inputs/version2.mlirbc -o %t.stored
// RUN: diff %t.direct %t.stored

// Truncated bytecode and text, and flipped bytes: a diagnostic and exit code 1.
// RUN: %python %S/Inputs/malformed.py conveinsum-opt %t.mlirbc %t.direct

// ONE-LABEL: func @layer
// ONE: "bshw,rt,rs,rh,rw->bthw|hw" where [h: i0 - i3 + 1 = 2 o, w: i0 - i4 + 1 = 2 o] ins({{.*}}) plan ((0,2),((3,4),1)) : tensor<32x64x28x28xf32>
// ONE-LABEL: func @others
// ONE: "hα,h(t1),h->h(t1)|h" where [h: i0 - 2 i1 - 3 i2 + 5 = 2 o (mod 8) feature i1] ins({{.*}}) plan ((2,0),1)
// ONE: "h,h->|h" where [h: i0 - i1 - 1 = o extent 4 no feature] ins({{[^)]*}}) : tensor<f32>
// ONE: "h,h->h|h" where [h: i0 - i1 = 2 o extent (n0 - 1) floordiv 2] ins({{.*}}) plan (1,0) : tensor<?xf32>
// ONE: "ij->ji" ins({{.*}}) plan 0 :

// CHECK-LABEL: func @plans
// CHECK: plan [(2,3), (0,1), (5,4)] :
// CHECK: plan (((0,1),2),3) keep [4] group [5, 6] slice [h: 4 of i0, b: 2] :
// CHECK: plan (((((0,1),2),3),4),5) keep [7, 9] group [6, 7] [8, 9] :
// CHECK: {my.plan = #conveinsum.plan<0 slice [m2147483647: 9223372036854775807 of i0]>} :
func.func @plans(%x: tensor<2x4x8xf32>, %s: tensor<3x4xf32>, %h: tensor<3x3xf32>,
    %t: tensor<3x5xf32>, %a: tensor<9x9xf32>) {
  %0 = conveinsum.einsum "ij,jk,kl,lm->im" ins(%a, %a, %a, %a : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         plan [(2,3), (0,1), (5,4)] : tensor<9x9xf32>
  %1 = conveinsum.einsum "bsh,rs,rh,rt->bth|h" where [h: i0 - i2 + 1 = o]
         ins(%x, %s, %h, %t : tensor<2x4x8xf32>, tensor<3x4xf32>, tensor<3x3xf32>,
             tensor<3x5xf32>)
         plan (((0,1),2),3) keep [4] group [5, 6] slice [h: 4 of i0, b: 2]
         : tensor<2x5x8xf32>
  %2 = conveinsum.einsum "ij,jk,kl,lm,mn,no->io" ins(%a, %a, %a, %a, %a, %a : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         plan (((((0,1),2),3),4),5) keep [7, 9] group [6, 7] [8, 9] : tensor<9x9xf32>
  %3 = conveinsum.einsum "ij->ji" ins(%a : tensor<9x9xf32>)
         {my.plan = #conveinsum.plan<0 slice [m2147483647: 9223372036854775807 of i0]>}
         : tensor<9x9xf32>
  return
}
