// A plan that does not fit its einsum.
// RUN: conveinsum-opt %s --split-input-file --verify-diagnostics

func.func @operands(%a: tensor<9x9xf32>) {
  // expected-error@+1 {{expected a plan of 2 operands, got ((0,1),2) [C91]}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         plan [(0,1), (3,2)] : tensor<9x9xf32>
  return
}

// -----

func.func @label(%a: tensor<9x9xf32>) {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
  // expected-error@+1 {{expected a mode of the equation, got 'x' [C94]}}
         plan (0,1) slice [x: 3] : tensor<9x9xf32>
  return
}

// -----

func.func @number(%a: tensor<9x9xf32>) {
  // expected-error@+1 {{expected a sliced mode below 3, got 3 [C94]}}
  %0 = "conveinsum.einsum"(%a, %a) <{equation = #conveinsum.eq<"ij,jk->ik">,
         plan = #conveinsum.plan<(0,1) slice [m3: 1]>}>
         : (tensor<9x9xf32>, tensor<9x9xf32>) -> tensor<9x9xf32>
  return
}

// -----

func.func @twice(%a: tensor<9x9xf32>) {
  // expected-error@+1 {{slicing mode i: expected every mode once, got it twice [C94]}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         plan (0,1) slice [i: 3, i: 2] : tensor<9x9xf32>
  return
}

// -----

func.func @chunk(%a: tensor<9x9xf32>) {
  // expected-error@+1 {{slicing mode i: expected chunks of 1 to 9 entries, got 10 [C94]}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         plan (0,1) slice [i: 10] : tensor<9x9xf32>
  return
}

// -----

func.func @negative(%a: tensor<9x9xf32>) {
  // expected-error@+1 {{slicing mode i: expected chunks of 1 to 9 entries, got -1 [C94]}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         plan (0,1) slice [i: -1] : tensor<9x9xf32>
  return
}

// -----

func.func @many(%a: tensor<65537xf32>) {
  // expected-error@+1 {{slicing mode i: expected at most 65536 chunks, got 65537 [C94]}}
  %0 = conveinsum.einsum "i,i->i" ins(%a, %a : tensor<65537xf32>, tensor<65537xf32>)
         plan (0,1) slice [i: 1] : tensor<65537xf32>
  return
}

// -----

func.func @plain(%a: tensor<9x9xf32>) {
  // expected-error@+1 {{slicing mode i: expected no operand to cut, as the mode is plain, got operand 0 [C94]}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         plan (0,1) slice [i: 3 of i0] : tensor<9x9xf32>
  return
}

// -----

func.func @participant(%x: tensor<2x8xf32>, %k: tensor<3xf32>, %s: tensor<2xf32>) {
  // expected-error@+1 {{slicing mode h: expected an operand that holds the mode, got operand 2 [C94]}}
  %0 = conveinsum.einsum "bh,h,b->bh|h" where [h: i0 - i1 + 1 = o]
         ins(%x, %k, %s : tensor<2x8xf32>, tensor<3xf32>, tensor<2xf32>)
         plan ((0,1),2) slice [h: 3 of i2] : tensor<2x8xf32>
  return
}

// -----

func.func @circular(%x: tensor<2x8xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{slicing mode h: expected a mode that is not circular, as tiles of it need both ends of the feature [C94]}}
  %0 = conveinsum.einsum "bh,h->bh|h" where [h: i0 - i1 + 1 = o (mod 8)]
         ins(%x, %k : tensor<2x8xf32>, tensor<3xf32>)
         plan (0,1) slice [h: 3] : tensor<2x8xf32>
  return
}

// -----

func.func @dynamic(%a: tensor<?x9xf32>) {
  // expected-error@+1 {{expected static extents to count bytes, got a dynamic extent}}
  %0 = conveinsum.einsum "ij,kj->ik" ins(%a, %a : tensor<?x9xf32>, tensor<?x9xf32>)
         plan (0,1) slice [j: 3] : tensor<?x?xf32>
  return
}
