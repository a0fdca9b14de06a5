// RUN: conveinsum-opt %s --split-input-file --verify-diagnostics

func.func @no_values(%dy: tensor<4xf32>) {
  // expected-error@+1 {{expected at least one value before 'after' [C99]}}
  "conveinsum.barrier"(%dy) <{operandSegmentSizes = array<i32: 0, 1>}> : (tensor<4xf32>) -> ()
  return
}

// -----

func.func @after_nothing(%x: tensor<4xf32>) {
  // expected-error@+1 {{expected at least one value behind 'after' [C99]}}
  %0 = "conveinsum.barrier"(%x) <{operandSegmentSizes = array<i32: 1, 0>}> : (tensor<4xf32>) -> tensor<4xf32>
  return
}

// -----

func.func @other_type(%x: tensor<4xf32>) {
  // expected-error@+2 {{failed to infer returned types}}
  // expected-error@+1 {{inferred type(s) 'tensor<4xf32>' are incompatible with return type(s) of operation 'tensor<?xf32>'}}
  %0 = "conveinsum.barrier"(%x, %x) <{operandSegmentSizes = array<i32: 1, 1>}> : (tensor<4xf32>, tensor<4xf32>) -> tensor<?xf32>
  return
}

// -----

func.func @scalar(%x: f32, %dy: tensor<4xf32>) {
  // expected-error@+1 {{operand #0 must be variadic of ranked tensor of any type values, but got 'f32'}}
  %0 = "conveinsum.barrier"(%x, %dy) <{operandSegmentSizes = array<i32: 1, 1>}> : (f32, tensor<4xf32>) -> f32
  return
}
