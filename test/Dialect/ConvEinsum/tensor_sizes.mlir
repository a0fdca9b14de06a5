// Tensors of 2^62 bytes are decomposed; larger ones, also between steps, are not.
// RUN: conveinsum-opt %s --conveinsum-plan --conveinsum-decompose --verify-diagnostics --split-input-file | FileCheck %s

// CHECK-LABEL: func @largest
// CHECK: conveinsum.einsum "h,h->h|h" {{.*}} : tensor<1152921504606846974xf32>, tensor<3xf32>) : tensor<1152921504606846976xf32>
// CHECK: conveinsum.einsum "h,h->h|h" {{.*}} : tensor<1152921504606846976xf32>, tensor<3xf32>) : tensor<1152921504606846974xf32>
func.func @largest(%x: tensor<1152921504606846974xf32>, %k: tensor<3xf32>)
    -> tensor<1152921504606846974xf32> {
  %0 = conveinsum.einsum "h,h,h->h|h"
         ins(%x, %k, %k : tensor<1152921504606846974xf32>, tensor<3xf32>, tensor<3xf32>)
         plan ((0,1),2) : tensor<1152921504606846974xf32>
  return %0 : tensor<1152921504606846974xf32>
}

// -----

// An intermediate is two entries longer than its operand.
func.func @between(%x: tensor<1152921504606846975xf32>, %k: tensor<3xf32>) {
  // expected-error@+1 {{cannot be decomposed: expected tensors of at most 2^62 bytes, got 'tensor<1152921504606846977xf32>' of step 'h,h->h|h'}}
  %0 = conveinsum.einsum "h,h,h->h|h"
         ins(%x, %k, %k : tensor<1152921504606846975xf32>, tensor<3xf32>, tensor<3xf32>)
         plan ((0,1),2) : tensor<1152921504606846975xf32>
  return
}

// -----

func.func @outer(%x: tensor<2000000000x2xf32>, %y: tensor<2x2000000000xf32>, %z: tensor<2000000000x3xf32>) {
  // expected-error@+1 {{cannot be decomposed: expected tensors of at most 2^62 bytes, got 'tensor<2000000000x2000000000xf32>' of step 'ij,jk->ik'}}
  %0 = conveinsum.einsum "ij,jk,kl->il"
         ins(%x, %y, %z : tensor<2000000000x2xf32>, tensor<2x2000000000xf32>, tensor<2000000000x3xf32>)
         plan ((0,1),2) : tensor<2000000000x3xf32>
  return
}

// -----

func.func @operand(%x: tensor<9223372036854775806xf32>) {
  // expected-error@+1 {{expected tensors of at most 2^62 bytes, got 'tensor<9223372036854775806xf32>'}}
  %0 = conveinsum.einsum "i,i->" ins(%x, %x : tensor<9223372036854775806xf32>, tensor<9223372036854775806xf32>) : tensor<f32>
  return
}

// -----

// Complex numbers have two parts.
func.func @parts(%x: tensor<288230376151711745xcomplex<f64>>) {
  // expected-error@+1 {{got 'tensor<288230376151711745xcomplex<f64>>'}}
  %0 = conveinsum.einsum "i,i->" ins(%x, %x : tensor<288230376151711745xcomplex<f64>>, tensor<288230376151711745xcomplex<f64>>) : tensor<complex<f64>>
  return
}

// -----

// Nothing is in it, but its strides do not fit 64 bits.
func.func @empty(%x: tensor<0x4294967296x4294967296xf32>) {
  // expected-error@+1 {{expected tensors of at most 2^62 bytes, where an extent of 0 counts as 1, got 'tensor<0x4294967296x4294967296xf32>'}}
  %0 = conveinsum.einsum "ijk->" ins(%x : tensor<0x4294967296x4294967296xf32>) : tensor<f32>
  return
}

// -----

// What is known of an open size is too much.
func.func @open(%x: tensor<?x4611686018427387904xf32>) {
  // expected-error@+1 {{expected tensors of at most 2^62 bytes, got 'tensor<?x4611686018427387904xf32>'}}
  %0 = conveinsum.einsum "ij->i" ins(%x : tensor<?x4611686018427387904xf32>) : tensor<?xf32>
  return
}
