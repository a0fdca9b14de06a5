// Code generation begins with tensors and buffers of at most 2^62 bytes.
// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(linalg-to-llvm-cpu)' --verify-diagnostics --split-input-file
// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(conveinsum-register-tile)' --verify-diagnostics --split-input-file
// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(conveinsum-arena)' --verify-diagnostics --split-input-file

// expected-error@+1 {{expected tensors of at most 2^62 bytes, got 'tensor<4611686018427387905xf32>'}}
func.func @tensor(%x: tensor<4611686018427387905xf32>) -> tensor<4611686018427387905xf32> {
  return %x : tensor<4611686018427387905xf32>
}

// -----

// expected-error@+1 {{expected tensors of at most 2^62 bytes, got 'memref<4611686018427387905xi8>'}}
func.func @buffer(%x: memref<4611686018427387905xi8>) {
  return
}
