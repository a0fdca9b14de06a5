// The resolved form prints as it was read, in pretty and generic form.
// RUN: conveinsum-opt %s --verify-roundtrip | FileCheck %s
// RUN: conveinsum-opt %s --mlir-print-op-generic | conveinsum-opt | FileCheck %s
// RUN: conveinsum-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC

// CHECK-LABEL: func @network
// CHECK: conveinsum.einsum "bshw,rt,rs,rh,rw->bthw|hw" where [h: i0 - i3 + 1 = 2 o, w: i0 - i4 + 1 = 2 o] ins(%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} : tensor<32x64x56x56xf32>, tensor<13x64xf32>, tensor<13x64xf32>, tensor<13x3xf32>, tensor<13x3xf32>) : tensor<32x64x28x28xf32>
// GENERIC-LABEL: sym_name = "network"
// GENERIC: "conveinsum.einsum"
// GENERIC-SAME: <{equation = #conveinsum.eq<"bshw,rt,rs,rh,rw->bthw|hw" where [h: i0 - i3 + 1 = 2 o, w: i0 - i4 + 1 = 2 o]>}>
func.func @network(%x: tensor<32x64x56x56xf32>, %wt: tensor<13x64xf32>,
    %ws: tensor<13x64xf32>, %wh: tensor<13x3xf32>, %ww: tensor<13x3xf32>)
    -> tensor<32x64x28x28xf32> {
  %y = conveinsum.einsum "bshw,rt,rs,rh,rw->bthw|hw"
         where [h: i0 - i3 + 1 = 2 o, w: i0 - i4 + 1 = 2 o]
         ins(%x, %wt, %ws, %wh, %ww : tensor<32x64x56x56xf32>,
             tensor<13x64xf32>, tensor<13x64xf32>, tensor<13x3xf32>,
             tensor<13x3xf32>) : tensor<32x64x28x28xf32>
  return %y : tensor<32x64x28x28xf32>
}

// CHECK-LABEL: func @plan
// CHECK: conveinsum.einsum "ij,jk,kl->il" ins({{.*}}) plan ((0,2),1) : tensor<2x5xf64>
// GENERIC-LABEL: sym_name = "plan"
// GENERIC: equation = #conveinsum.eq<"ij,jk,kl->il">, plan = #conveinsum.plan<((0,2),1)>
func.func @plan(%a: tensor<2x3xf64>, %b: tensor<3x4xf64>, %c: tensor<4x5xf64>)
    -> tensor<2x5xf64> {
  %0 = conveinsum.einsum "ij,jk,kl->il"
         ins(%a, %b, %c : tensor<2x3xf64>, tensor<3x4xf64>, tensor<4x5xf64>)
         plan ((0, 2), 1) : tensor<2x5xf64>
  return %0 : tensor<2x5xf64>
}

// CHECK-LABEL: func @circular
// CHECK: where [h: i0 - 2 i1 + 2 = o (mod 8)]
func.func @circular(%x: tensor<8xf32>, %k: tensor<3xf32>) -> tensor<8xf32> {
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - 2 i1 + 2 = o (mod 8)]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return %0 : tensor<8xf32>
}

// The extent of a mode that the result lacks stands in the text.
// CHECK-LABEL: func @summed
// CHECK: where [h: i0 - i1 = o extent 6]
// GENERIC-LABEL: sym_name = "summed"
// GENERIC: #conveinsum.eq<"h,h->|h" where [h: i0 - i1 = o extent 6]>
func.func @summed(%x: tensor<8xf32>, %k: tensor<3xf32>) -> tensor<f32> {
  %0 = conveinsum.einsum "h,h->|h" where [h: i0 - i1 = o extent 6]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<f32>
  return %0 : tensor<f32>
}

// The feature is the first participant unless the text says otherwise.
// CHECK-LABEL: func @features
// CHECK: where [h: i0 - i1 = o]
// CHECK: where [h: i0 - i1 + 7 = o feature i1]
// CHECK: where [h: i0 + i1 = o no feature]
func.func @features(%x: tensor<8xf32>, %k: tensor<3xf32>)
    -> (tensor<6xf32>, tensor<10xf32>, tensor<10xf32>) {
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 = o feature i0]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<6xf32>
  %1 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 + 7 = o feature i1]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<10xf32>
  %2 = conveinsum.einsum "h,h->h|h" where [h: i0 + i1 = o no feature]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<10xf32>
  return %0, %1, %2 : tensor<6xf32>, tensor<10xf32>, tensor<10xf32>
}

// Any coefficients: a gradient, terms and modes in any order on input.
// CHECK-LABEL: func @coefficients
// CHECK: "h,k,h->hk|h" where [h: -3 i0 - i2 - 5 = 2 o (mod 7) no feature]
func.func @coefficients(%x: tensor<8xf32>, %y: tensor<2xf32>, %k: tensor<3xf32>)
    -> tensor<4x2xf32> {
  %0 = conveinsum.einsum "h,k,h->hk|h"
         where [h: -5 - i2 - 3 i0 = 2 o (mod 7) no feature]
         ins(%x, %y, %k : tensor<8xf32>, tensor<2xf32>, tensor<3xf32>)
         : tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}

// Names, letters beyond ASCII, and words of MLIR as labels.
// CHECK-LABEL: func @labels
// CHECK: "(t1)α(func),(func)α->(t1)α(func)|α(func)" where ["α": i0 - i1 + 1 = o, func: i0 - i1 + 1 = o]
// CHECK: "(t1)α(func),(func)α->(t1)α|α(func)" where ["α": i0 - i1 + 1 = o, func: i0 - i1 + 1 = o extent 9]
func.func @labels(%x: tensor<2x8x9xf32>, %k: tensor<3x3xf32>)
    -> tensor<2x8xf32> {
  %0 = conveinsum.einsum "(t1)α(func),(func)α->(t1)α(func)|α(func)"
         where [func: i0 - i1 + 1 = o, "α": i0 - i1 + 1 = o]
         ins(%x, %k : tensor<2x8x9xf32>, tensor<3x3xf32>) : tensor<2x8x9xf32>
  %1 = conveinsum.einsum "(t1)α(func),(func)α->(t1)α|α(func)"
         where [func: i0 - i1 + 1 = o extent 9, "α": i0 - i1 + 1 = o]
         ins(%x, %k : tensor<2x8x9xf32>, tensor<3x3xf32>) : tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// CHECK-LABEL: func @rank_0
// CHECK: conveinsum.einsum ",a->a" ins({{.*}}) {note = 1 : i64} : tensor<3xcomplex<f64>>
// CHECK: conveinsum.einsum "->" ins({{.*}} : tensor<i8>) : tensor<i32>
func.func @rank_0(%s: tensor<complex<f64>>, %v: tensor<3xcomplex<f64>>,
    %i: tensor<i8>) -> (tensor<3xcomplex<f64>>, tensor<i32>) {
  %0 = conveinsum.einsum ",a->a" ins(%s, %v : tensor<complex<f64>>,
         tensor<3xcomplex<f64>>) {note = 1} : tensor<3xcomplex<f64>>
  %1 = conveinsum.einsum "->" ins(%i : tensor<i8>) : tensor<i32>
  return %0, %1 : tensor<3xcomplex<f64>>, tensor<i32>
}

// Equal texts are one attribute, whatever the labels' history.
// CHECK-LABEL: func @attributes
// CHECK-SAME: a = #conveinsum.eq<"ba,ac->bc">, b = #conveinsum.plan<(0,(1,2))>
func.func @attributes() attributes {a = #conveinsum.eq<"ba,ac->bc">,
                                    b = #conveinsum.plan<(0,(1,2))>} {
  return
}

// An equation prints in the spelling in which it was written: words with blanks
// between them, letters, or names in parentheses beside letters. Names alone
// are words.
// CHECK-LABEL: func @spelling
// CHECK: "batch s h, rank s, rank h -> batch rank h | h" where [h: i0 - i2 + 1 = o]
// CHECK: "row column, column other -> row other"
// CHECK: "m0 m1, m1 m2 -> m0 m2"
// CHECK: "i(x1),(x1)j->ij"
// CHECK: "ij,jk->ik"
func.func @spelling(%x: tensor<2x3x8xf32>, %s: tensor<4x3xf32>, %h: tensor<4x3xf32>,
    %a: tensor<2x3xf32>, %b: tensor<3x4xf32>) {
  %0 = conveinsum.einsum "batch s h , rank s, rank h->batch rank h|h"
         ins(%x, %s, %h : tensor<2x3x8xf32>, tensor<4x3xf32>, tensor<4x3xf32>)
         : tensor<2x4x8xf32>
  %1 = conveinsum.einsum "row column, column other -> row other"
         ins(%a, %b : tensor<2x3xf32>, tensor<3x4xf32>) : tensor<2x4xf32>
  %2 = conveinsum.einsum "(m0)(m1),(m1)(m2)->(m0)(m2)"
         ins(%a, %b : tensor<2x3xf32>, tensor<3x4xf32>) : tensor<2x4xf32>
  %3 = conveinsum.einsum "i(x1),(x1)j->ij"
         ins(%a, %b : tensor<2x3xf32>, tensor<3x4xf32>) : tensor<2x4xf32>
  %4 = conveinsum.einsum "i j, j k -> i k"
         ins(%a, %b : tensor<2x3xf32>, tensor<3x4xf32>) : tensor<2x4xf32>
  return
}
