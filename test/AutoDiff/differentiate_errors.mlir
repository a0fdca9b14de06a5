// What cannot be differentiated is refused before anything is changed.
// RUN: conveinsum-opt %s --split-input-file --verify-diagnostics --conveinsum-differentiate

// expected-error@+1 {{cannot be differentiated: expected argument 1 to be a ranked tensor of floating or complex numbers, got 'tensor<4xi32>'}}
func.func @integers(%x: tensor<4xf32>, %a: tensor<4xi32> {conveinsum.gradient}) -> tensor<4xi32> {
  return %a : tensor<4xi32>
}

// -----

func.func @dynamic(%a: tensor<?xf32> {conveinsum.gradient}) -> tensor<?xf32> {
  // expected-error@+1 {{cannot be differentiated: expected ranked tensors of static shape, got 'tensor<?xf32>'}}
  %0 = math.exp %a : tensor<?xf32>
  return %0 : tensor<?xf32>
}

// -----

// expected-error@+1 {{cannot be differentiated: expected a body, got a declaration}}
func.func private @declaration(%a: tensor<4xf32> {conveinsum.gradient}) -> tensor<4xf32>

// -----

// expected-error@+1 {{cannot be differentiated: expected a body of one block, got 2}}
func.func @blocks(%a: tensor<4xf32> {conveinsum.gradient}) -> tensor<4xf32> {
  cf.br ^next
^next:
  return %a : tensor<4xf32>
}

// -----

// expected-error@+1 {{cannot be differentiated: expected no uses of a function that becomes two}}
func.func @called(%a: tensor<4xf32> {conveinsum.gradient}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
func.func @caller(%a: tensor<4xf32>) -> tensor<4xf32> {
  %0 = call @called(%a) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// expected-error@+1 {{cannot be differentiated: expected no symbol @named_backward beside it}}
func.func @named(%a: tensor<4xf32> {conveinsum.gradient}) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
func.func @named_backward() {
  return
}

// -----

func.func @effects(%a: tensor<4xf32> {conveinsum.gradient}, %m: memref<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{cannot be differentiated: expected ops without side effects}}
  bufferization.materialize_in_destination %a in restrict writable %m : (tensor<4xf32>, memref<4xf32>) -> ()
  return %a : tensor<4xf32>
}

// -----

func.func @unknown(%a: tensor<4xf32> {conveinsum.gradient}) -> tensor<4xf32> {
  // expected-error@+1 {{expected an op that has a gradient, got one that does not implement DifferentiableOpInterface}}
  %0 = arith.remf %a, %a : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// An op without a gradient may stand where none is asked for.
func.func @unasked(%a: tensor<4xf32> {conveinsum.gradient}, %b: tensor<4xf32>) -> tensor<4xf32> {
  %0 = arith.remf %b, %b : tensor<4xf32>
  %1 = arith.mulf %a, %0 : tensor<4xf32>
  return %1 : tensor<4xf32>
}

// -----

func.func @body(%a: tensor<4xf32> {conveinsum.gradient}) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
         ins(%a : tensor<4xf32>) outs(%e : tensor<4xf32>) {
    ^bb0(%x: f32, %o: f32):
      // expected-error@+1 {{expected an op that has a gradient, got one that does not implement DifferentiableOpInterface}}
      %r = arith.remf %x, %x : f32
      linalg.yield %r : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @windows(%a: tensor<6xf32> {conveinsum.gradient}, %k: tensor<3xf32>, %o: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expected indexing maps without arithmetic in an op whose gradient is asked for, got affine_map<(d0, d1) -> (d0 + d1)>; a convolution is a conveinsum.einsum}}
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i + j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>],
                       iterator_types = ["parallel", "reduction"]}
         ins(%a, %k : tensor<6xf32>, tensor<3xf32>) outs(%o : tensor<4xf32>) {
    ^bb0(%x: f32, %y: f32, %s: f32):
      %p = arith.mulf %x, %y : f32
      %q = arith.addf %s, %p : f32
      linalg.yield %q : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @maximum(%a: tensor<4x6xf32> {conveinsum.gradient}, %o: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{expected a body that computes each entry once or sums up with arith.addf, as its gradient is asked for}}
  %0 = linalg.reduce { arith.maximumf } ins(%a : tensor<4x6xf32>) outs(%o : tensor<4xf32>) dimensions = [1]
  return %0 : tensor<4xf32>
}

// -----

func.func @captured(%a: tensor<f32> {conveinsum.gradient}, %b: tensor<4xf32>) -> tensor<4xf32> {
  %s = tensor.extract %a[] : tensor<f32>
  %e = tensor.empty() : tensor<4xf32>
  // expected-error@+1 {{expected what needs a gradient among the inputs, got it used in the body}}
  %0 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
         ins(%b : tensor<4xf32>) outs(%e : tensor<4xf32>) {
    ^bb0(%x: f32, %o: f32):
      %r = arith.mulf %x, %s : f32
      linalg.yield %r : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func private @plain(%a: tensor<4xf32>) -> tensor<4xf32>
func.func @call(%a: tensor<4xf32> {conveinsum.gradient}) -> tensor<4xf32> {
  // expected-error@+1 {{expected 'conveinsum.vjp' on function @plain, as its gradient is asked for; or inline the call}}
  %0 = call @plain(%a) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func private @wrong(%a: tensor<4xf32>) -> tensor<4xf32> attributes {conveinsum.vjp = @wrong_vjp}
func.func private @wrong_vjp(%a: tensor<4xf32>) -> tensor<4xf32>
func.func @call(%a: tensor<4xf32> {conveinsum.gradient}) -> tensor<4xf32> {
  // expected-error@+1 {{expected @wrong_vjp, which is 'conveinsum.vjp' of @wrong, to have type '(tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>', got '(tensor<4xf32>) -> tensor<4xf32>'}}
  %0 = call @wrong(%a) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func private @lost(%a: tensor<4xf32>) -> tensor<4xf32> attributes {conveinsum.vjp = @nowhere}
func.func @call(%a: tensor<4xf32> {conveinsum.gradient}) -> tensor<4xf32> {
  // expected-error@+1 {{expected a function @nowhere beside @lost, whose 'conveinsum.vjp' it is}}
  %0 = call @lost(%a) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @padding(%a: tensor<4xf32>, %b: tensor<f32> {conveinsum.gradient}) -> tensor<5xf32> {
  %s = tensor.extract %b[] : tensor<f32>
  // expected-error@+1 {{expected a constant that is padded with, whose gradient nobody asks for}}
  %0 = tensor.pad %a low[0] high[1] {
    ^bb0(%i: index):
      tensor.yield %s : f32
  } : tensor<4xf32> to tensor<5xf32>
  return %0 : tensor<5xf32>
}
