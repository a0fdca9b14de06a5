// RUN: conveinsum-opt %s --conveinsum-bufferize --split-input-file --verify-diagnostics

// expected-error @below {{expected argument 0 to be a tensor of static shape, got 'tensor<?xf32>'}}
func.func @dynamic_argument(%x: tensor<?xf32>) -> tensor<4xf32> {
  %y = tensor.cast %x : tensor<?xf32> to tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// expected-error @below {{expected result 0 to be a tensor of static shape, got 'f32'}}
func.func @scalar_result(%x: tensor<f32>) -> f32 {
  %y = tensor.extract %x[] : tensor<f32>
  return %y : f32
}

// -----

// expected-error @below {{expected a body}}
func.func private @declaration(tensor<4xf32>) -> tensor<4xf32>
