// RUN: conveinsum-opt %s --split-input-file --verify-diagnostics

// What takes the place of a step says what the step said.
func.func @elsewhere(%a: tensor<9x9xf32>) -> tensor<81xf32> {
  %0 = tensor.collapse_shape %a [[0, 1]] {conveinsum.keep, conveinsum.group = 2147483647}
         : tensor<9x9xf32> into tensor<81xf32>
  return %0 : tensor<81xf32>
}

// -----

// expected-error@+1 {{expected 'conveinsum.keep' on ops of one result only [C95]}}
func.func @no_result() attributes {conveinsum.keep} {
  return
}

// -----

func.func @value(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{expected 'conveinsum.keep' without a value, got true [C95]}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.keep = true} : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}

// -----

func.func @width(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{expected 'conveinsum.group' to be an i64 from 0 to 2147483647, got 1 : i32 [C95]}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 1 : i32} : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}

// -----

func.func @negative(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{expected 'conveinsum.group' to be an i64 from 0 to 2147483647, got -1 : i64 [C95]}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = -1} : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}

// -----

func.func @large(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{expected 'conveinsum.group' to be an i64 from 0 to 2147483647, got 2147483648 : i64 [C95]}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.group = 2147483648} : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}

// -----

func.func @recompute_value(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{expected 'conveinsum.recompute' without a value, got 1 : i64 [C95]}}
  %0 = math.exp %a {conveinsum.recompute = 1} : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}

// -----

func.func @both(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{expected 'conveinsum.keep' or 'conveinsum.recompute', got both [C95]}}
  %0 = math.exp %a {conveinsum.keep, conveinsum.recompute} : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}
