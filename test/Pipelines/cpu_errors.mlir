// RUN: conveinsum-opt %s --linalg-to-llvm-cpu --allow-unregistered-dialect --split-input-file --verify-diagnostics

// What the pipeline cannot compile it refuses, by name; nothing is left silently.

func.func @softmax(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  // expected-error @below {{'linalg.softmax' op expected ops of linalg that are a loop nest, got one that must be decomposed first}}
  %r = linalg.softmax dimension(1) ins(%a : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}

// -----

func.func @f8(%a: tensor<64xf8E4M3FN>) -> tensor<64xf8E4M3FN> {
  %e = tensor.empty() : tensor<64xf8E4M3FN>
  // expected-error @below {{'linalg.mul' op expected a body of element types that LLVM has, got 'f8E4M3FN' in 'arith.mulf'}}
  %r = linalg.mul ins(%a, %a : tensor<64xf8E4M3FN>, tensor<64xf8E4M3FN>) outs(%e : tensor<64xf8E4M3FN>) -> tensor<64xf8E4M3FN>
  return %r : tensor<64xf8E4M3FN>
}

// -----

// expected-error @below {{expected a body, got a declaration: nothing says where it takes its results and its workspace}}
func.func private @declaration(tensor<4xf32>) -> tensor<4xf32>

// -----

gpu.module @kernels {
  gpu.func @other_function(%a: tensor<4xf32>) {
    %i = "test.index"() : () -> index
    // expected-error @below {{'tensor.extract' op expected tensors in a func.func of a builtin.module only}}
    %0 = tensor.extract %a[%i] : tensor<4xf32>
    gpu.return
  }
}

// -----

// expected-error @below {{'gpu.module' op is left, but stage llvm has only modules and the dialects llvm and omp}}
gpu.module @empty {
}

// -----

// expected-error @below {{'tensor.empty' op expected tensors in a func.func of a builtin.module only}}
%e = tensor.empty() : tensor<4xf32>

// -----

func.func @unknown(%a: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'test.unknown' op expected ops on tensors that can be bufferized}}
  %0 = "test.unknown"(%a) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @other_region(%a: tensor<4xf32>, %c: tensor<i1>) -> tensor<4xf32> {
  // expected-error @below {{'scf.execute_region' op expected tensors to leave regions of scf.if and scf.for only, got a result of type 'tensor<4xf32>'}}
  %0 = scf.execute_region -> tensor<4xf32> {
    scf.yield %a : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

func.func @choice(%x: tensor<4xf32>, %c: tensor<i1>) -> tensor<4xf32> {
  %i = tensor.extract %c[] : tensor<i1>
  %a = memref.alloc() : memref<4xf32>
  %b = memref.alloc() : memref<4xf32>
  // expected-error @below {{'arith.select' op expected a buffer that is known when compiling, got one of several, of type 'memref<4xf32>'}}
  %0 = arith.select %i, %a, %b : memref<4xf32>
  linalg.copy ins(%0 : memref<4xf32>) outs(%a : memref<4xf32>)
  return %x : tensor<4xf32>
}

// -----

func.func @left(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @below {{'test.unknown' op is left, but stage llvm has only modules and the dialects llvm and omp}}
  "test.unknown"() : () -> ()
  return %x : tensor<4xf32>
}

// -----

func.func @dynamic_result(%a: tensor<4xf32>, %c: tensor<i1>) -> tensor<4xf32> {
  %i = tensor.extract %c[] : tensor<i1>
  %d = tensor.cast %a : tensor<4xf32> to tensor<?xf32>
  // expected-error @below {{'scf.if' op expected results of static shape, got 'tensor<?xf32>'}}
  %0 = scf.if %i -> tensor<?xf32> {
    scf.yield %d : tensor<?xf32>
  } else {
    scf.yield %d : tensor<?xf32>
  }
  %1 = tensor.cast %0 : tensor<?xf32> to tensor<4xf32>
  return %1 : tensor<4xf32>
}
