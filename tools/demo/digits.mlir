// A classifier of pictures of digits, and all that trains it: two factorised
// convolutions and a tensor-train layer, their loss on a batch, what counts
// right answers, and the step of the optimizer. tools/demo/digits.py compiles
// and calls it; docs/Tutorial.md explains it.

// 64 pictures of 16 x 16, and for each of ten classes a score.
func.func private @network(
    %pictures: tensor<64x16x16xf32>,
    %across: tensor<12x5xf32>, %down: tensor<12x5xf32>, %mix: tensor<12x16xf32>, %bias1: tensor<16xf32>,
    %in: tensor<16x12xf32>, %core: tensor<12x12x3x3xf32>, %out: tensor<12x24xf32>, %bias2: tensor<24xf32>,
    %train0: tensor<24x8xf32>, %train1: tensor<8x4x8xf32>, %train2: tensor<8x4x10xf32>, %bias3: tensor<10xf32>)
    -> tensor<64x10xf32> {
  // A 5 x 5 convolution from one channel to 16, as a sum of 12 separable ones (CP).
  %0 = conveinsum.einsum "bhw,rh,rw,rt->bthw|hw" where [h: stride = 2, w: stride = 2]
         ins(%pictures, %down, %across, %mix : tensor<64x16x16xf32>, tensor<12x5xf32>, tensor<12x5xf32>, tensor<12x16xf32>)
         : tensor<64x16x8x8xf32>
  %h1 = call @biased_relu1(%0, %bias1) : (tensor<64x16x8x8xf32>, tensor<16xf32>) -> tensor<64x16x8x8xf32>
  // A 3 x 3 convolution from 16 channels to 24 by way of 12 and 12 (Tucker).
  %1 = conveinsum.einsum "bshw,sp,pqhw,qt->bthw|hw" where [h: stride = 2, w: stride = 2]
         ins(%h1, %in, %core, %out : tensor<64x16x8x8xf32>, tensor<16x12xf32>, tensor<12x12x3x3xf32>, tensor<12x24xf32>)
         : tensor<64x24x4x4xf32>
  %h2 = call @biased_relu2(%1, %bias2) : (tensor<64x24x4x4xf32>, tensor<24xf32>) -> tensor<64x24x4x4xf32>
  // A matrix of 384 x 10 as a tensor train of three cores.
  %2 = conveinsum.einsum "bthw,tu,uhv,vwo->bo"
         ins(%h2, %train0, %train1, %train2 : tensor<64x24x4x4xf32>, tensor<24x8xf32>, tensor<8x4x8xf32>, tensor<8x4x10xf32>)
         : tensor<64x10xf32>
  %empty = tensor.empty() : tensor<64x10xf32>
  %spread = linalg.broadcast ins(%bias3 : tensor<10xf32>) outs(%empty : tensor<64x10xf32>) dimensions = [0]
  %scores = arith.addf %2, %spread : tensor<64x10xf32>
  return %scores : tensor<64x10xf32>
}

func.func private @biased_relu1(%x: tensor<64x16x8x8xf32>, %bias: tensor<16xf32>) -> tensor<64x16x8x8xf32> {
  %zero = arith.constant dense<0.0> : tensor<64x16x8x8xf32>
  %empty = tensor.empty() : tensor<64x16x8x8xf32>
  %spread = linalg.broadcast ins(%bias : tensor<16xf32>) outs(%empty : tensor<64x16x8x8xf32>) dimensions = [0, 2, 3]
  %sum = arith.addf %x, %spread : tensor<64x16x8x8xf32>
  %y = arith.maximumf %sum, %zero : tensor<64x16x8x8xf32>
  return %y : tensor<64x16x8x8xf32>
}

func.func private @biased_relu2(%x: tensor<64x24x4x4xf32>, %bias: tensor<24xf32>) -> tensor<64x24x4x4xf32> {
  %zero = arith.constant dense<0.0> : tensor<64x24x4x4xf32>
  %empty = tensor.empty() : tensor<64x24x4x4xf32>
  %spread = linalg.broadcast ins(%bias : tensor<24xf32>) outs(%empty : tensor<64x24x4x4xf32>) dimensions = [0, 2, 3]
  %sum = arith.addf %x, %spread : tensor<64x24x4x4xf32>
  %y = arith.maximumf %sum, %zero : tensor<64x24x4x4xf32>
  return %y : tensor<64x24x4x4xf32>
}

// The largest score of each picture. The softmax is the same whatever its
// scores are shifted by, so its gradient towards the shift is zero: that is
// what the function named by conveinsum.vjp says.
func.func private @largest(%scores: tensor<64x10xf32>) -> tensor<64x10xf32>
    attributes {no_inline, conveinsum.vjp = @largest_vjp} {
  %least = arith.constant dense<0xFF800000> : tensor<64xf32>
  %row = linalg.reduce ins(%scores : tensor<64x10xf32>) outs(%least : tensor<64xf32>) dimensions = [1]
    (%a: f32, %b: f32) {
      %larger = arith.maximumf %a, %b : f32
      linalg.yield %larger : f32
    }
  %empty = tensor.empty() : tensor<64x10xf32>
  %0 = linalg.broadcast ins(%row : tensor<64xf32>) outs(%empty : tensor<64x10xf32>) dimensions = [1]
  return %0 : tensor<64x10xf32>
}
func.func private @largest_vjp(%scores: tensor<64x10xf32>, %cotangent: tensor<64x10xf32>) -> tensor<64x10xf32>
    attributes {no_inline} {
  %zero = arith.constant dense<0.0> : tensor<64x10xf32>
  return %zero : tensor<64x10xf32>
}

// The mean over the batch of the cross-entropy of the softmax. A label is 1 at
// its class, else 0.
func.func @loss(
    %pictures: tensor<64x16x16xf32>, %labels: tensor<64x10xf32>,
    %across: tensor<12x5xf32> {conveinsum.gradient}, %down: tensor<12x5xf32> {conveinsum.gradient},
    %mix: tensor<12x16xf32> {conveinsum.gradient}, %bias1: tensor<16xf32> {conveinsum.gradient},
    %in: tensor<16x12xf32> {conveinsum.gradient}, %core: tensor<12x12x3x3xf32> {conveinsum.gradient},
    %out: tensor<12x24xf32> {conveinsum.gradient}, %bias2: tensor<24xf32> {conveinsum.gradient},
    %train0: tensor<24x8xf32> {conveinsum.gradient}, %train1: tensor<8x4x8xf32> {conveinsum.gradient},
    %train2: tensor<8x4x10xf32> {conveinsum.gradient}, %bias3: tensor<10xf32> {conveinsum.gradient}) -> tensor<f32> {
  %scores = call @network(%pictures, %across, %down, %mix, %bias1, %in, %core, %out, %bias2, %train0, %train1, %train2, %bias3)
    : (tensor<64x16x16xf32>, tensor<12x5xf32>, tensor<12x5xf32>, tensor<12x16xf32>, tensor<16xf32>, tensor<16x12xf32>,
       tensor<12x12x3x3xf32>, tensor<12x24xf32>, tensor<24xf32>, tensor<24x8xf32>, tensor<8x4x8xf32>, tensor<8x4x10xf32>,
       tensor<10xf32>) -> tensor<64x10xf32>
  %shift = call @largest(%scores) : (tensor<64x10xf32>) -> tensor<64x10xf32>
  %shifted = arith.subf %scores, %shift : tensor<64x10xf32>
  %powers = math.exp %shifted : tensor<64x10xf32>
  %sums = conveinsum.einsum "bo->b" ins(%powers : tensor<64x10xf32>) : tensor<64xf32>
  %logs = math.log %sums : tensor<64xf32>
  %logsum = conveinsum.einsum "b->" ins(%logs : tensor<64xf32>) : tensor<f32>
  %right = conveinsum.einsum "bo,bo->" ins(%labels, %shifted : tensor<64x10xf32>, tensor<64x10xf32>) : tensor<f32>
  %sum = arith.subf %logsum, %right : tensor<f32>
  %share = arith.constant dense<0.015625> : tensor<f32>
  %loss = arith.mulf %sum, %share : tensor<f32>
  return %loss : tensor<f32>
}

// How many of the pictures have their largest score where their label is.
func.func @right_answers(
    %pictures: tensor<64x16x16xf32>, %labels: tensor<64x10xf32>,
    %across: tensor<12x5xf32>, %down: tensor<12x5xf32>, %mix: tensor<12x16xf32>, %bias1: tensor<16xf32>,
    %in: tensor<16x12xf32>, %core: tensor<12x12x3x3xf32>, %out: tensor<12x24xf32>, %bias2: tensor<24xf32>,
    %train0: tensor<24x8xf32>, %train1: tensor<8x4x8xf32>, %train2: tensor<8x4x10xf32>, %bias3: tensor<10xf32>)
    -> tensor<f32> {
  %scores = call @network(%pictures, %across, %down, %mix, %bias1, %in, %core, %out, %bias2, %train0, %train1, %train2, %bias3)
    : (tensor<64x16x16xf32>, tensor<12x5xf32>, tensor<12x5xf32>, tensor<12x16xf32>, tensor<16xf32>, tensor<16x12xf32>,
       tensor<12x12x3x3xf32>, tensor<12x24xf32>, tensor<24xf32>, tensor<24x8xf32>, tensor<8x4x8xf32>, tensor<8x4x10xf32>,
       tensor<10xf32>) -> tensor<64x10xf32>
  %largest = call @largest(%scores) : (tensor<64x10xf32>) -> tensor<64x10xf32>
  %is_largest = arith.cmpf oge, %scores, %largest : tensor<64x10xf32>
  %answers = arith.uitofp %is_largest : tensor<64x10xi1> to tensor<64x10xf32>
  %right = conveinsum.einsum "bo,bo->" ins(%labels, %answers : tensor<64x10xf32>, tensor<64x10xf32>) : tensor<f32>
  return %right : tensor<f32>
}

// One step of Adam, on all weights as one vector, in which each begins at a
// multiple of 16 numbers: the running means of the gradient and of its square,
// and weights that move by the quotient of the first and the root of the second.
func.func @update(%weights: tensor<2928xf32>, %mean: tensor<2928xf32>, %square: tensor<2928xf32>, %gradient: tensor<2928xf32>)
    -> (tensor<2928xf32>, tensor<2928xf32>, tensor<2928xf32>) {
  %rate = arith.constant dense<0.003> : tensor<2928xf32>
  %tiny = arith.constant dense<1.0e-6> : tensor<2928xf32>
  %old = arith.constant dense<0.9> : tensor<2928xf32>
  %new = arith.constant dense<0.1> : tensor<2928xf32>
  %old_square = arith.constant dense<0.99> : tensor<2928xf32>
  %new_square = arith.constant dense<0.01> : tensor<2928xf32>
  %0 = arith.mulf %mean, %old : tensor<2928xf32>
  %1 = arith.mulf %gradient, %new : tensor<2928xf32>
  %next_mean = arith.addf %0, %1 : tensor<2928xf32>
  %2 = arith.mulf %square, %old_square : tensor<2928xf32>
  %3 = arith.mulf %gradient, %gradient : tensor<2928xf32>
  %4 = arith.mulf %3, %new_square : tensor<2928xf32>
  %next_square = arith.addf %2, %4 : tensor<2928xf32>
  %5 = math.sqrt %next_square : tensor<2928xf32>
  %6 = arith.addf %5, %tiny : tensor<2928xf32>
  %7 = arith.divf %next_mean, %6 : tensor<2928xf32>
  %8 = arith.mulf %7, %rate : tensor<2928xf32>
  %next_weights = arith.subf %weights, %8 : tensor<2928xf32>
  return %next_weights, %next_mean, %next_square : tensor<2928xf32>, tensor<2928xf32>, tensor<2928xf32>
}
