// RUN: conveinsum-opt %s --conveinsum-prepare --split-input-file --verify-diagnostics

// expected-error@+1 {{cannot be prepared: expected a body, got a declaration}}
func.func private @declaration(tensor<3xf32> {conveinsum.constant})

// -----

// expected-error@+1 {{cannot be prepared: expected a body of one block, got 2}}
func.func @blocks(%a: tensor<3xf32> {conveinsum.constant}) -> tensor<3xf32> {
  cf.br ^end
^end:
  return %a : tensor<3xf32>
}

// -----

// expected-error@+1 {{cannot be prepared: expected a public function, which has callers outside}}
func.func private @hidden(%a: tensor<3xf32> {conveinsum.constant}) -> tensor<3xf32> {
  return %a : tensor<3xf32>
}

// -----

func.func @f_prepare() {
  return
}
// expected-error@+1 {{cannot be prepared: expected no symbol @f_prepare beside it}}
func.func @f(%a: tensor<3xf32> {conveinsum.constant}) -> tensor<3xf32> {
  return %a : tensor<3xf32>
}

// -----

// expected-error@+1 {{cannot be prepared: expected no uses of a function that takes what is prepared}}
func.func @called(%a: tensor<3xf32> {conveinsum.constant}) -> tensor<3xf32> {
  return %a : tensor<3xf32>
}
func.func @caller(%a: tensor<3xf32>) -> tensor<3xf32> {
  %0 = call @called(%a) : (tensor<3xf32>) -> tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// expected-error@+1 {{cannot be prepared: expected constant argument 1 to be a ranked tensor, got 'index'}}
func.func @scalar(%x: tensor<3xf32>, %i: index {conveinsum.constant}) -> f32 {
  %0 = tensor.extract %x[%i] : tensor<3xf32>
  return %0 : f32
}

// -----

module {
  // expected-error@+1 {{cannot be prepared: expected constant arguments of func.func only}}
  llvm.func @other(%a: i32 {conveinsum.constant}) {
    llvm.return
  }
}
