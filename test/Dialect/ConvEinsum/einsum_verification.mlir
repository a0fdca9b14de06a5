// Each constraint of docs/Semantics.md that an op can violate once its text has
// been read. Constraints of the text are in einsum_syntax_errors.mlir.
// RUN: conveinsum-opt %s --split-input-file --verify-diagnostics

// C65: a participant without a term.
func.func @c65(%x: tensor<8xf32>, %k: tensor<3xf32>) -> tensor<8xf32> {
  // expected-error@+1 {{operand 1 holds the mode but has no term [C65]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 + 1 = o]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// C66
func.func @c66(%x: tensor<8xf32>, %k: tensor<3xf32>) -> tensor<8xf32> {
  // expected-error@+1 {{expected a coefficient other than 0 for operand 1, got 0 [C66]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - 0 i1 + 1 = o]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// C67
func.func @c67(%x: tensor<8xf32>, %k: tensor<3xf32>) -> tensor<8xf32> {
  // expected-error@+1 {{expected a stride of at least 1, got -2 [C67]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 + 1 = -2 o]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// C68
func.func @c68(%x: tensor<8xf32>, %k: tensor<3xf32>) -> tensor<f32> {
  // expected-error@+1 {{expected a result extent of at least 0, got -3 [C68]}}
  %0 = conveinsum.einsum "h,h->|h" where [h: i0 - i1 + 1 = o extent -3]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<f32>
  return %0 : tensor<f32>
}

// -----

// C71
func.func @c71(%a: tensor<2x3xf32>, %b: tensor<4x5xf32>) -> tensor<2x5xf32> {
  // expected-error@+1 {{[C71]}}
  %0 = "conveinsum.einsum"(%a, %b) <{equation = #conveinsum.eq<"ij,jk->ik">}>
         : (tensor<2x3xf32>, tensor<4x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

// C72
func.func @c72(%x: tensor<8xf32>, %k: tensor<3xf32>) -> tensor<8xf32> {
  // expected-error@+1 {{the feature operand 2 does not hold the mode [C72]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 + 1 = o feature i2]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// C73: the rank of an operand.
func.func @c73(%a: tensor<2x3x1xf32>, %b: tensor<3x5xf32>) -> tensor<2x5xf32> {
  // expected-error@+1 {{operand 0: expected rank 2, got rank 3 [C73]}}
  %0 = "conveinsum.einsum"(%a, %b) <{equation = #conveinsum.eq<"ij,jk->ik">}>
         : (tensor<2x3x1xf32>, tensor<3x5xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

// C73: the rank of the result.
func.func @c73_result(%a: tensor<2x3xf32>) -> tensor<3xf32> {
  // expected-error@+1 {{expected a result of rank 2, got rank 1 [C73]}}
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<2x3xf32>) : tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// C74
func.func @c74(%x: tensor<8xf32>, %k: tensor<3xf32>) -> tensor<8xf32> {
  // expected-error@+1 {{reaches beyond signed 64 bit [C74]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - 4611686018427387904 i1 = o]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// C75: a dynamic kernel.
func.func @c75(%x: tensor<8xf32>, %k: tensor<?xf32>) -> tensor<8xf32> {
  // expected-error@+1 {{expected a static extent, got ?, as the operand is not the feature [C75]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 = o]
         ins(%x, %k : tensor<8xf32>, tensor<?xf32>) : tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// C75: a dynamic period.
func.func @c75_circular(%x: tensor<?xf32>, %k: tensor<3xf32>) -> tensor<8xf32> {
  // expected-error@+1 {{expected a static extent, got ?, as the mode is circular [C75]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 = o (mod 8)]
         ins(%x, %k : tensor<?xf32>, tensor<3xf32>) : tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// C79
func.func @c79(%a: tensor<2x3xf32>) -> tensor<3x4xf32> {
  // expected-error@+1 {{mode 'i' of the result: expected extent 2, got 4 [C79]}}
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<2x3xf32>) : tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// -----

// C84: nothing says how the extent follows from that of the feature.
func.func @c84(%x: tensor<?xf32>, %k: tensor<3xf32>) -> tensor<?xf32> {
  // expected-error@+1 {{expected 'extent' after the equation of conv mode 'h', whose extent in the result is dynamic [C84]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 + 1 = o]
         ins(%x, %k : tensor<?xf32>, tensor<3xf32>) : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// C84: the extent does not follow.
func.func @c84_size(%x: tensor<8xf32>, %k: tensor<3xf32>) -> tensor<5xf32> {
  // expected-error@+1 {{expected extent 4 of conv mode 'h' in the result, got 5 [C84]}}
  %0 = conveinsum.einsum "h,h->h|h"
         where [h: i0 - i1 + 1 = 2 o extent (n0 + 1) floordiv 2]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<5xf32>
  return %0 : tensor<5xf32>
}

// -----

// C84: a mode that the result lacks.
func.func @c84_summed(%x: tensor<?xf32>, %k: tensor<3xf32>) -> tensor<f32> {
  // expected-error@+1 {{[C68]}}
  %0 = conveinsum.einsum "h,h->|h" where [h: i0 - i1 + 1 = o extent n0]
         ins(%x, %k : tensor<?xf32>, tensor<3xf32>) : tensor<f32>
  return %0 : tensor<f32>
}

// -----

// C84: a circular mode.
func.func @c84_circular(%x: tensor<8xf32>, %k: tensor<3xf32>) -> tensor<8xf32> {
  // expected-error@+1 {{expected conv mode 'h', whose extent depends on that of the feature, to be linear, to have a feature and to be held by the result [C84]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 + 1 = o (mod 8) extent n0]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return %0 : tensor<8xf32>
}

// -----

// C85
func.func @c85(%a: tensor<2x3xf32>) -> tensor<2x5xf32> {
  // expected-error@+1 {{expected 2 operands as in the equation, got 1 [C85]}}
  %0 = "conveinsum.einsum"(%a) <{equation = #conveinsum.eq<"ij,jk->ik">}>
         : (tensor<2x3xf32>) -> tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}

// -----

// C86
func.func @c86(%a: tensor<2x3xf32, "sparse">) -> tensor<3x2xf32> {
  // expected-error@+1 {{expected operand 0 without an encoding, got 'tensor<2x3xf32, "sparse">' [C86]}}
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<2x3xf32, "sparse">)
         : tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

// C86: an unranked tensor and a user's words.
func.func @c86_unranked(%a: tensor<*xf32>) -> tensor<3x2xf32> {
  // expected-error@+1 {{expected ranked tensors, got 'tensor<*xf32>' [C86]}}
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<*xf32>) : tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

// C87
func.func @c87(%a: tensor<2x3xui8>) -> tensor<3x2xui8> {
  // expected-error@+1 {{expected elements of operand 0 of type f64, f32, f16, bf16, complex<f32>, complex<f64>, i8, i16, i32 or i64, got 'ui8' [C87]}}
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<2x3xui8>) : tensor<3x2xui8>
  return %0 : tensor<3x2xui8>
}

// -----

// C87: the result.
func.func @c87_result(%a: tensor<2x3xf32>) -> tensor<3x2xf80> {
  // expected-error@+1 {{expected elements of the result of type}}
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<2x3xf32>) : tensor<3x2xf80>
  return %0 : tensor<3x2xf80>
}

// -----

// C88
func.func @c88(%a: tensor<2x3xf32>, %b: tensor<3x5xf64>) -> tensor<2x5xf64> {
  // expected-error@+1 {{expected elements of operand 1 of type 'f32', as those of operand 0, got 'f64' [C88]}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<2x3xf32>,
         tensor<3x5xf64>) : tensor<2x5xf64>
  return %0 : tensor<2x5xf64>
}

// -----

// C89
func.func @c89(%a: tensor<2x3xf16>) -> tensor<3x2xbf16> {
  // expected-error@+1 {{expected a result of type 'f16' or a wider one of the same kind, got 'bf16' [C89]}}
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<2x3xf16>) : tensor<3x2xbf16>
  return %0 : tensor<3x2xbf16>
}

// -----

// C91
func.func @c91(%a: tensor<2x3xf32>, %b: tensor<3x5xf32>) -> tensor<2x5xf32> {
  // expected-error@+1 {{expected a plan of 2 operands, got ((0,1),2) [C91]}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<2x3xf32>,
         tensor<3x5xf32>) plan ((0,1),2) : tensor<2x5xf32>
  return %0 : tensor<2x5xf32>
}
