// What is recomputed is executed, after all that LLVM does at -O3.
// RUN: conveinsum-opt %s --conveinsum-differentiate -o %t
// RUN: %python %S/Inputs/executed.py conveinsum-opt %t net | FileCheck %s

// Of 3 layers of 16 x 16 x 16 MACs all gradients but that of %x cost 8 times as much.

// CHECK: 4096 recomputed, 32768 else
// CHECK: 8192 recomputed, 32768 else
// CHECK: 8192 recomputed, 32768 else
func.func @net(%x: tensor<16x16xf32>, %u: tensor<16x16xf32> {conveinsum.gradient},
               %v: tensor<16x16xf32> {conveinsum.gradient}, %w: tensor<16x16xf32> {conveinsum.gradient}) -> tensor<16x16xf32> {
  %zero = arith.constant dense<0.0> : tensor<16x16xf32>
  %a = conveinsum.einsum "ij,jk->ik" ins(%x, %u : tensor<16x16xf32>, tensor<16x16xf32>) : tensor<16x16xf32>
  %b = arith.maximumf %a, %zero : tensor<16x16xf32>
  %c = conveinsum.einsum "ij,jk->ik" ins(%b, %v : tensor<16x16xf32>, tensor<16x16xf32>) : tensor<16x16xf32>
  %d = arith.maximumf %c, %zero : tensor<16x16xf32>
  %e = conveinsum.einsum "ij,jk->ik" ins(%d, %w : tensor<16x16xf32>, tensor<16x16xf32>) : tensor<16x16xf32>
  return %e : tensor<16x16xf32>
}
