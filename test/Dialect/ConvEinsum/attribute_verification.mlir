// What the dialect says of its attributes on other ops.
// RUN: conveinsum-opt %s --split-input-file --verify-diagnostics

func.func @bytes(%x: tensor<2xf32>) attributes {conveinsum.workspace_bytes = 0 : i64} {
  return
}
// Other function-like ops too.
gpu.module @m {
  gpu.func @kernel() attributes {conveinsum.workspace_bytes = 64 : i64} {
    gpu.return
  }
}

// -----

// C92
// expected-error@+1 {{expected 'conveinsum.workspace_bytes' to be an i64 of at least 0, got "bad" [C92]}}
func.func @string() attributes {conveinsum.workspace_bytes = "bad"} {
  return
}

// -----

// C92
// expected-error@+1 {{expected 'conveinsum.workspace_bytes' to be an i64 of at least 0, got 8 : i32 [C92]}}
func.func @width() attributes {conveinsum.workspace_bytes = 8 : i32} {
  return
}

// -----

// C92
// expected-error@+1 {{expected 'conveinsum.workspace_bytes' to be an i64 of at least 0, got -1 : i64 [C92]}}
func.func @negative() attributes {conveinsum.workspace_bytes = -1 : i64} {
  return
}

// -----

// C92
func.func @no_function() {
  // expected-error@+1 {{expected 'conveinsum.workspace_bytes' on functions only [C92]}}
  return {conveinsum.workspace_bytes = 8 : i64}
}

// -----

// C92
// expected-error@+1 {{expected 'conveinsum.prepared_bytes' to be an i64 of at least 0, got -64 : i64 [C92]}}
func.func @negative_prepared() attributes {conveinsum.prepared_bytes = -64 : i64} {
  return
}

// -----

// expected-error@+1 {{expected 'conveinsum.forward' to be the symbol of a function, got "f" [C98]}}
func.func @link_text() attributes {conveinsum.forward = "f"} { return }

// -----

func.func @link_on_op(%a: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // expected-error@+1 {{expected 'conveinsum.vjp' on functions only [C98]}}
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<2x3xf32>) {conveinsum.vjp = @f} : tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}

// -----

// expected-error@+1 {{expected 'conveinsum.kept_budget' to be an i64 of at least 0, got -1 : i64 [C98]}}
func.func private @f(tensor<4xf32>) attributes {conveinsum.kept_budget = -1 : i64}

// -----

// expected-error@+1 {{expected 'conveinsum.kept_budget' to be an i64 of at least 0, got "4KiB" [C98]}}
func.func private @f(tensor<4xf32>) attributes {conveinsum.kept_budget = "4KiB"}

// -----

func.func @f(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected 'conveinsum.kept_budget' on functions only [C98]}}
  return {conveinsum.kept_budget = 4 : i64}
}
