// RUN: conveinsum-opt %s --verify-diagnostics --split-input-file

// expected-error@+1 {{expected an attribute of the dialect, got 'conveinsum.foo' [C97]}}
func.func @on_function() attributes {conveinsum.foo = 1 : i64} { return }

// -----

// expected-error@+1 {{expected an attribute of the dialect, got 'conveinsum.constants' on argument 0 [C97]}}
func.func @on_argument(%a: tensor<2xf32> {conveinsum.constants}) { return }

// -----

func.func @on_einsum(%a: tensor<2x3xf32>) -> tensor<3x2xf32> {
  // expected-error@+1 {{expected an attribute of the dialect, got 'conveinsum.minimise' [C97]}}
  %0 = conveinsum.einsum "ij->ji" ins(%a : tensor<2x3xf32>) {conveinsum.minimise = "peak"} : tensor<3x2xf32>
  return %0 : tensor<3x2xf32>
}
