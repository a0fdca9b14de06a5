// A user's words are resolved once, against the types of the operands.
// RUN: conveinsum-opt %s | FileCheck %s
// RUN: conveinsum-opt %s --verify-roundtrip -o /dev/null

// CHECK-LABEL: func @defaults
// CHECK: conveinsum.einsum "bsh,tsh->bth|h" where [h: i0 - i1 + 1 = o] ins
func.func @defaults(%x: tensor<2x4x8xf32>, %k: tensor<3x4x3xf32>)
    -> tensor<2x3x8xf32> {
  %0 = conveinsum.einsum "bsh,tsh|h"
         ins(%x, %k : tensor<2x4x8xf32>, tensor<3x4x3xf32>) : tensor<2x3x8xf32>
  return %0 : tensor<2x3x8xf32>
}

// CHECK-LABEL: func @words
// CHECK: where [h: i0 - 2 i1 + 2 = 2 o, w: i0 - i1 = o] ins
func.func @words(%x: tensor<8x9xf32>, %k: tensor<3x3xf32>) -> tensor<4x7xf32> {
  %0 = conveinsum.einsum "hw,hw->hw|hw"
         where [h: stride = 2, dilation = 2, padding = same, w: padding = valid]
         ins(%x, %k : tensor<8x9xf32>, tensor<3x3xf32>) : tensor<4x7xf32>
  return %0 : tensor<4x7xf32>
}

// Modes that are not mentioned have the defaults.
// CHECK-LABEL: func @some
// CHECK: where [h: i0 - i1 + 1 = o, w: i0 - i1 + 2 = o] ins
func.func @some(%x: tensor<8x9xf32>, %k: tensor<3x3xf32>) -> tensor<8x11xf32> {
  %0 = conveinsum.einsum "hw,hw->hw|hw" where [w: padding = full]
         ins(%x, %k : tensor<8x9xf32>, tensor<3x3xf32>) : tensor<8x11xf32>
  return %0 : tensor<8x11xf32>
}

// CHECK-LABEL: func @numbers
// CHECK: where [h: i0 - 2 i1 - 3 i2 - 1 = o] ins
// CHECK: where [h: i0 - i1 + 2 = o] ins
func.func @numbers(%x: tensor<20xf32>, %k: tensor<3xf32>, %l: tensor<2xf32>)
    -> (tensor<16xf32>, tensor<22xf32>) {
  %0 = conveinsum.einsum "h,h,h->h|h"
         where [h: dilation = [2, 3], padding = [-1, 4]]
         ins(%x, %k, %l : tensor<20xf32>, tensor<3xf32>, tensor<2xf32>)
         : tensor<16xf32>
  %1 = conveinsum.einsum "h,h->h|h" where [h: padding = 2]
         ins(%x, %k : tensor<20xf32>, tensor<3xf32>) : tensor<22xf32>
  return %0, %1 : tensor<16xf32>, tensor<22xf32>
}

// CHECK-LABEL: func @circular
// CHECK: where [h: i0 - i1 + 1 = 2 o (mod 8)] ins
// CHECK: where [h: i0 - i1 + 2 = o (mod 8)] ins
func.func @circular(%x: tensor<8xf32>, %k: tensor<3xf32>)
    -> (tensor<4xf32>, tensor<8xf32>) {
  %0 = conveinsum.einsum "h,h->h|h" where [h: padding = circular, stride = 2]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<4xf32>
  %1 = conveinsum.einsum "h,h->h|h" where [h: kind = circular, padding = [2, 0]]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return %0, %1 : tensor<4xf32>, tensor<8xf32>
}

// CHECK-LABEL: func @flip_and_feature
// CHECK: where [h: i0 + i1 - 1 = o] ins
// CHECK: where [h: -i0 + i1 + 1 = o feature i1] ins
func.func @flip_and_feature(%x: tensor<8xf32>, %k: tensor<3xf32>)
    -> (tensor<8xf32>, tensor<8xf32>) {
  %0 = conveinsum.einsum "h,h->h|h" where [h: flip]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  %1 = conveinsum.einsum "h,h->h|h" where [h: feature = i1, padding = same]
         ins(%k, %x : tensor<3xf32>, tensor<8xf32>) : tensor<8xf32>
  return %0, %1 : tensor<8xf32>, tensor<8xf32>
}

// A transposed mode spreads its feature; what padding adds elsewhere is cut.
// CHECK-LABEL: func @transposed
// CHECK: where [h: 2 i0 + i1 - 1 = o] ins
// CHECK: where [h: 3 i0 - 2 i1 + 4 = o] ins
// CHECK: where [h: 2 i0 + i1 - 1 = o] ins
func.func @transposed(%x: tensor<5xf32>, %k: tensor<3xf32>, %l: tensor<4xf32>)
    -> (tensor<10xf32>, tensor<17xf32>, tensor<10xf32>) {
  %0 = conveinsum.einsum "h,h->h|h"
         where [h: transposed, stride = 2, padding = 1, output_padding = 1]
         ins(%x, %k : tensor<5xf32>, tensor<3xf32>) : tensor<10xf32>
  %1 = conveinsum.einsum "h,h->h|h"
         where [h: transposed, stride = 3, padding = valid, flip, dilation = 2]
         ins(%x, %k : tensor<5xf32>, tensor<3xf32>) : tensor<17xf32>
  %2 = conveinsum.einsum "h,h->h|h"
         where [h: transposed, stride = 2, padding = same_upper]
         ins(%x, %l : tensor<5xf32>, tensor<4xf32>) : tensor<10xf32>
  return %0, %1, %2 : tensor<10xf32>, tensor<17xf32>, tensor<10xf32>
}

// A keyword has no hyphens: `same-upper` and `same-lower` have underscores.
// CHECK-LABEL: func @paddings
// CHECK: where [h: i0 - i1 + 1 = 2 o] ins
// CHECK: where [h: i0 - i1 + 2 = o] ins
// CHECK: where [h: i0 - i1 + 3 = o] ins
func.func @paddings(%x: tensor<8xf32>, %k: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<8xf32>, tensor<8xf32>) {
  %0 = conveinsum.einsum "h,h->h|h" where [h: padding = same_upper, stride = 2]
         ins(%x, %k : tensor<8xf32>, tensor<4xf32>) : tensor<4xf32>
  %1 = conveinsum.einsum "h,h->h|h" where [h: padding = same_lower]
         ins(%x, %k : tensor<8xf32>, tensor<4xf32>) : tensor<8xf32>
  %2 = conveinsum.einsum "h,h->h|h" where [h: padding = causal]
         ins(%x, %k : tensor<8xf32>, tensor<4xf32>) : tensor<8xf32>
  return %0, %1, %2 : tensor<4xf32>, tensor<8xf32>, tensor<8xf32>
}

// Signs of other alphabets are read as what they mean.
// CHECK-LABEL: func @signs
// CHECK: conveinsum.einsum "ij,jk->ik" ins
func.func @signs(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>) -> tensor<2x4xf32> {
  %0 = conveinsum.einsum "ij，jk→ik"
         ins(%a, %b : tensor<2x3xf32>, tensor<3x4xf32>) : tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// The ellipsis and the implicit result are spelled out.
// CHECK-LABEL: func @spelled_out
// CHECK: conveinsum.einsum "[[LHS:.*]]i,ij->[[LHS]]j" ins
// CHECK: conveinsum.einsum "ab,ca->bc" ins
func.func @spelled_out(%x: tensor<2x3x4xf32>, %w: tensor<4x5xf32>)
    -> (tensor<2x3x5xf32>, tensor<5x5xf32>) {
  %0 = conveinsum.einsum "...i,ij->...j"
         ins(%x, %w : tensor<2x3x4xf32>, tensor<4x5xf32>) : tensor<2x3x5xf32>
  %t = conveinsum.einsum "i j -> j i" ins(%w : tensor<4x5xf32>) : tensor<5x4xf32>
  %1 = conveinsum.einsum "ab,ca" ins(%w, %t : tensor<4x5xf32>, tensor<5x4xf32>)
         : tensor<5x5xf32>
  return %0, %1 : tensor<2x3x5xf32>, tensor<5x5xf32>
}

// With a dynamic feature the text says how the result's extent follows.
// CHECK-LABEL: func @dynamic
// CHECK: where [h: i0 - i1 + 1 = o extent n0] ins
// CHECK: where [h: i0 - i1 = 2 o extent (n0 - 1) floordiv 2] ins
// CHECK: where [h: i0 - i1 + 1 = 3 o extent (n0 + 2) floordiv 3] ins
func.func @dynamic(%x: tensor<?xf32>, %k: tensor<3xf32>) {
  %0 = conveinsum.einsum "h,h->h|h"
         ins(%x, %k : tensor<?xf32>, tensor<3xf32>) : tensor<?xf32>
  %1 = conveinsum.einsum "h,h->h|h" where [h: padding = valid, stride = 2]
         ins(%x, %k : tensor<?xf32>, tensor<3xf32>) : tensor<?xf32>
  %2 = conveinsum.einsum "h,h->h|h" where [h: stride = 3]
         ins(%x, %k : tensor<?xf32>, tensor<3xf32>) : tensor<?xf32>
  return
}
