// Equations and plans in bytecode, with a version.
// RUN: conveinsum-opt %s --emit-bytecode -o %t.mlirbc
// RUN: conveinsum-opt %t.mlirbc | FileCheck %s
// RUN: conveinsum-opt %s -o %t.direct && conveinsum-opt %t.mlirbc -o %t.read
// RUN: diff %t.direct %t.read

// Truncated bytecode and text, and flipped bytes: a diagnostic and exit code 1.
// RUN: %python %S/Inputs/malformed.py conveinsum-opt %t.mlirbc %t.direct

// CHECK-LABEL: func @bytecode
// CHECK: "hα,h(t1),h->h(t1)|h" where [h: i0 - 2 i1 - 3 i2 + 5 = 2 o (mod 8) feature i1] ins({{.*}}) plan ((0,2),1)
// CHECK: "h,h->|h" where [h: i0 - i1 - 1 = o extent 4 no feature]
// CHECK: "h,h->h|h" where [h: i0 - i1 = 2 o extent (n0 - 1) floordiv 2]
// CHECK: "h rank, h beta -> h beta | h" where [h: i0 - i1 = o]
func.func @bytecode(%x: tensor<8x2xf32>, %k: tensor<3x4xf32>, %l: tensor<2xf32>,
    %d: tensor<?xf32>) -> (tensor<4x4xf32>, tensor<f32>, tensor<?xf32>) {
  %0 = conveinsum.einsum "hα,h(t1),h->h(t1)|h"
         where [h: i0 - 2 i1 - 3 i2 + 5 = 2 o (mod 8) feature i1]
         ins(%x, %k, %l : tensor<8x2xf32>, tensor<3x4xf32>, tensor<2xf32>)
         plan ((0,2),1) : tensor<4x4xf32>
  %1 = conveinsum.einsum "h,h->|h"
         where [h: i0 - i1 - 1 = o extent 4 no feature]
         ins(%l, %l : tensor<2xf32>, tensor<2xf32>) : tensor<f32>
  %2 = conveinsum.einsum "h,h->h|h"
         where [h: i0 - i1 = 2 o extent (n0 - 1) floordiv 2]
         ins(%d, %l : tensor<?xf32>, tensor<2xf32>) : tensor<?xf32>
  %3 = conveinsum.einsum "h rank, h beta -> h beta | h" where [h: i0 - i1 = o]
         ins(%x, %k : tensor<8x2xf32>, tensor<3x4xf32>) : tensor<6x4xf32>
  return %0, %1, %2 : tensor<4x4xf32>, tensor<f32>, tensor<?xf32>
}
