// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file --verify-diagnostics

func.func @three_operands(%a: tensor<2x3xf32>, %b: tensor<3x4xf32>,
                          %c: tensor<4x5xf32>) -> tensor<2x5xf32> {
  // expected-error @below {{expected one or two operands, got 3: decompose the einsum into steps first}}
  %z = conveinsum.einsum "ij,jk,kl->il"
         ins(%a, %b, %c : tensor<2x3xf32>, tensor<3x4xf32>, tensor<4x5xf32>)
         : tensor<2x5xf32>
  return %z : tensor<2x5xf32>
}

// -----

func.func @dynamic_direction(%a: tensor<?xf32>, %b: tensor<3xf32>)
    -> tensor<4xf32> {
  // expected-error @below {{conv mode 'h': expected a dynamic extent that runs in the direction of the result, and no other one that does, got -i0 - i1 + 5 = o}}
  %z = conveinsum.einsum "h,h->h|h" where [h: - i0 - i1 + 5 = o]
         ins(%a, %b : tensor<?xf32>, tensor<3xf32>) : tensor<4xf32>
  return %z : tensor<4xf32>
}

// -----

func.func @dynamic_directions(%a: tensor<?xf32>, %b: tensor<?xf32>)
    -> tensor<4xf32> {
  // expected-error @below {{conv mode 'h': expected a dynamic extent that runs in the direction of the result, and no other one that does, got i0 + i1 - 5 = o}}
  %z = conveinsum.einsum "h,h->h|h" where [h: i0 + i1 - 5 = o no feature]
         ins(%a, %b : tensor<?xf32>, tensor<?xf32>) : tensor<4xf32>
  return %z : tensor<4xf32>
}

// -----

// The operand that could be windowed has one entry.
func.func @dynamic_alone(%a: tensor<?xf32>, %b: tensor<1xf32>) -> tensor<4xf32> {
  // expected-error @below {{conv mode 'h': expected a dynamic extent that runs in the direction of the result, and no other one that does, got -i0 + i1 + 3 = o}}
  %z = conveinsum.einsum "h,h->h|h" where [h: - i0 + i1 + 3 = o]
         ins(%a, %b : tensor<?xf32>, tensor<1xf32>) : tensor<4xf32>
  return %z : tensor<4xf32>
}

// -----

func.func @large_circle(%x: tensor<2xf64>, %k: tensor<2xf64>) -> tensor<4xf64> {
  // expected-error @below {{conv mode 'h': expected a period of at most 1099511627776 where indices wrap, got 9223372036854775807}}
  %y = conveinsum.einsum "h,h->h|h" where [h: 4611686018427387903 i0 - 4611686018427387903 i1 = o (mod 9223372036854775807)]
         ins(%x, %k : tensor<2xf64>, tensor<2xf64>) : tensor<4xf64>
  return %y : tensor<4xf64>
}

// -----

// Twice what the dilated kernel reaches has no room in 64 bits.
func.func @large_reach(%x: tensor<4xf32>, %k: tensor<3xf32>) -> tensor<4xf32> {
  // expected-error @below {{conv mode 'h': expected an equation of numbers below 2^62, got i0 - 2305843009213693952 i1 + 1 = o over 4 results}}
  %y = conveinsum.einsum "h,h->h|h" where [h: i0 - 2305843009213693952 i1 + 1 = o]
         ins(%x, %k : tensor<4xf32>, tensor<3xf32>) : tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// So has what a circle is gone round.
func.func @large_turns(%x: tensor<4xf32>, %k: tensor<3xf32>) -> tensor<16777217xf32> {
  // expected-error @below {{conv mode 'h': expected an equation of numbers below 2^62, got i0 - i1 = 274877906944 o (mod 1099511627775) over 16777217 results}}
  %y = conveinsum.einsum "h,h->h|h" where [h: i0 - i1 = 274877906944 o (mod 1099511627775)]
         ins(%x, %k : tensor<4xf32>, tensor<3xf32>) : tensor<16777217xf32>
  return %y : tensor<16777217xf32>
}

// -----

// The coefficient of an open extent stands in expressions.
func.func @large_stride(%x: tensor<?xf32>, %k: tensor<3xf32>) -> tensor<?xf32> {
  // expected-error @below {{conv mode 'h': expected an equation of numbers below 2^62}}
  %y = conveinsum.einsum "h,h->h|h" where [h: stride = 9223372036854775807]
         ins(%x, %k : tensor<?xf32>, tensor<3xf32>) : tensor<?xf32>
  return %y : tensor<?xf32>
}
