// What the parser refuses, at the place where it stands in the text.
// RUN: conveinsum-opt %s --split-input-file --verify-diagnostics

// C1 to C17 are those of the string; one of them here, all in the unit tests of
// the room Equation.
func.func @string(%a: tensor<2x3xf32>) {
  // expected-error@+1 {{[C13]}}
  %0 = conveinsum.einsum "ij->jk" ins(%a : tensor<2x3xf32>) : tensor<3x2xf32>
  return
}

// -----

// C23
func.func @sizes(%a: tensor<2x3xf32>, %b: tensor<4x5xf32>) {
  // expected-error@+1 {{[C23]}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<2x3xf32>,
         tensor<4x5xf32>) : tensor<2x5xf32>
  return
}

// -----

// C30
func.func @plain_mode(%a: tensor<2x3xf32>) {
  // expected-error@+1 {{[C30]}}
  %0 = conveinsum.einsum "ij->ji" where [j: stride = 2]
         ins(%a : tensor<2x3xf32>) : tensor<3x2xf32>
  return
}

// -----

// C40
func.func @padding_word(%x: tensor<8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{unknown padding 'reflect': expected same, same_upper, same_lower, valid, full, causal, circular or numbers; this border is copied into the operand first, as numpy.pad(x, widths, 'reflect') does, and then padding=valid is right [C40]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: padding = reflect]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return
}

// -----

// C40: words of other libraries in capitals are for the command line.
func.func @padding_word_in_capitals(%x: tensor<8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{circular or numbers; did you mean 'same_upper'? [C40]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: padding = SAME]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return
}

// -----

// C26 to C29
func.func @transposed_causal(%x: tensor<8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{got causal [C27]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: transposed, padding = causal]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return
}

// -----

func.func @transposed_dynamic(%x: tensor<?xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{expected a static one, got a dynamic one [C26]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: transposed]
         ins(%x, %k : tensor<?xf32>, tensor<3xf32>) : tensor<?xf32>
  return
}

// -----

func.func @output_padding_alone(%x: tensor<8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{expected a transposed mode, got one that is not [C28]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: output_padding = 1]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return
}

// -----

func.func @nothing_left(%x: tensor<2xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{expected at least 1, got 0 [C29]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: transposed, padding = full]
         ins(%x, %k : tensor<2xf32>, tensor<3xf32>) : tensor<0xf32>
  return
}

// -----

// C41
func.func @padding_numbers(%x: tensor<8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{expected padding [low, high], got 3 numbers [C41]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: padding = [1, 2, 3]]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return
}

// -----

// C42
func.func @kind(%x: tensor<8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{expected kind linear or circular, got 'round' [C42]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: kind = round]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return
}

// -----

// C43
func.func @unknown_key(%x: tensor<8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{unknown key 'strides' in the geometry of mode 'h': expected stride, dilation, padding, flip, feature, kind, transposed or output_padding; did you mean 'stride'?; an equation may stand here as well [C43]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: strides = 2]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return
}

// -----

// C43
func.func @key_twice(%x: tensor<8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{'stride' is given twice for conv mode 'h' [C43]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: stride = 2, stride = 2]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return
}

// -----

// C43
func.func @mode_twice(%x: tensor<8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{conv mode 'h' is given twice [C43]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: stride = 2, h: flip]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return
}

// -----

// C45
func.func @integer(%x: tensor<8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{integer does not fit 64 bits [C45]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 + 9223372036854775808 = o]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return
}

// -----

// C65: an operand that does not hold the mode.
func.func @not_a_participant(%x: tensor<8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{i2 stands in the equation of conv mode 'h', but operand 2 does not hold it [C65]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 + i2 = o]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return
}

// -----

// C65: a term twice.
func.func @term_twice(%x: tensor<8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{i0 stands twice in the equation [C65]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 + i0 = o]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return
}

// -----

// C69
func.func @modulus(%x: tensor<8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{expected a modulus of at least 1, got 0 [C69]}}
  %0 = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 = o (mod 0)]
         ins(%x, %k : tensor<8xf32>, tensor<3xf32>) : tensor<8xf32>
  return
}

// -----

// C80: an attribute has no types to resolve an ellipsis with.
// expected-error@+1 {{expected an equation with a result and without '...' [C80]}}
#ellipsis = #conveinsum.eq<"...i->...i">

// -----

// C80
// expected-error@+1 {{expected an equation with a result and without '...' [C80]}}
#implicit = #conveinsum.eq<"ij,jk">

// -----

// C81
// expected-error@+1 {{expected an equation of conv mode 'h' after 'where' [C81]}}
#missing = #conveinsum.eq<"h,h->h|h">

// -----

// C81
// expected-error@+1 {{'k' is not a conv mode [C81]}}
#other = #conveinsum.eq<"hk,h->hk|h" where [h: i0 - i1 = o, k: i0 = o]>

// -----

// C81
// expected-error@+1 {{conv mode 'h' has two equations [C81]}}
#twice = #conveinsum.eq<"h,h->h|h" where [h: i0 - i1 = o, h: i0 - i1 = o]>

// -----

// C81: an attribute takes no words.
// expected-error@+1 {{expected an equation for conv mode 'h', got words, which an op takes for all of its conv modes or for none [C81]}}
#words = #conveinsum.eq<"h,h->h|h" where [h: stride = 2]>

// -----

// C81
func.func @mixed(%x: tensor<8x8xf32>, %k: tensor<3x3xf32>) {
  // expected-error@+1 {{expected words for conv mode 'w' as for those before it, got an equation [C81]}}
  %0 = conveinsum.einsum "hw,hw->hw|hw" where [h: stride = 2, w: i0 - i1 = o]
         ins(%x, %k : tensor<8x8xf32>, tensor<3x3xf32>) : tensor<4x6xf32>
  return
}

// -----

// C83
// expected-error@+1 {{expected no extent for conv mode 'h', because the result holds it [C83]}}
#extent = #conveinsum.eq<"h,h->h|h" where [h: i0 - i1 = o extent 5]>

// -----

// C68: without an extent nothing says where `o` ends.
// expected-error@+1 {{[C68]}}
#no_extent = #conveinsum.eq<"h,h->|h" where [h: i0 - i1 = o]>

// -----

// C84
// expected-error@+1 {{expected the extent to be divided by the coefficient of o, 2, got 3 [C84]}}
#divisor = #conveinsum.eq<"h,h->h|h" where [h: i0 - i1 = 2 o extent (n0 + 1) floordiv 3]>

// -----

// C84
// expected-error@+1 {{expected the extent to depend on the feature, got n1 [C84]}}
#feature = #conveinsum.eq<"h,h->h|h" where [h: i0 - i1 = o extent n1]>

// -----

// C90: no tree.
// expected-error@+1 {{[C90]}}
#plan = #conveinsum.plan<((0,1),1)>

// -----

// C90
// expected-error@+1 {{expected operand positions below 3 in a plan of 3 operands, got 3 [C90]}}
#position = #conveinsum.plan<((0,3),1)>

// -----

// expected-error@+1 {{expected ','}}
#pair = #conveinsum.plan<((0),1)>

// -----

// C90
// expected-error@+1 {{expected an operand position of at least 0, got -1 [C90]}}
#negative = #conveinsum.plan<(0,-1)>

// -----

// C90
// expected-error@+1 {{expected an operand position below 2147483648, got 4294967296 [C90]}}
#large = #conveinsum.plan<(0,4294967296)>

// -----

// expected-error@+1 {{expected a conv mode after 'where'}}
#empty = #conveinsum.eq<"h,h->h|h" where []>

// -----

func.func @dictionary(%a: tensor<2x3xf32>) {
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<2x3xf32>)
         // expected-error@+1 {{expected 'plan' before the attribute dictionary, not in it}}
         {plan = #conveinsum.plan<0>} : tensor<3x2xf32>
  return
}
