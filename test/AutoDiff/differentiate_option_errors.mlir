// The options of the pass name a function and its arguments.
// RUN: not conveinsum-opt %s --conveinsum-differentiate="function=nope gradients=all" 2>&1 | FileCheck %s --check-prefix=NAME
// RUN: not conveinsum-opt %s --conveinsum-differentiate="function=f gradients=2" 2>&1 | FileCheck %s --check-prefix=NUMBER
// RUN: not conveinsum-opt %s --conveinsum-differentiate="function=f gradients=x" 2>&1 | FileCheck %s --check-prefix=WORD
// RUN: not conveinsum-opt %s --conveinsum-differentiate="function=f" 2>&1 | FileCheck %s --check-prefix=ALONE
// RUN: not conveinsum-opt %s --conveinsum-differentiate="gradients=0" 2>&1 | FileCheck %s --check-prefix=ALONE
// RUN: not conveinsum-opt %s --conveinsum-differentiate="function=f gradients=1,0,1" 2>&1 | FileCheck %s --check-prefix=TWICE

// TWICE: error: 'func.func' op expected every argument once in gradients, got 1 twice in '1,0,1'
// NAME: error: conveinsum-differentiate expected a function of the name that its option gives, got 'nope'
// NUMBER: error: 'func.func' op expected gradients to be all, or numbers of arguments below 2 such as 0,2, got '2'
// WORD: error: 'func.func' op expected gradients to be all, or numbers of arguments below 2 such as 0,2, got 'x'
// ALONE: error: conveinsum-differentiate expected the options function and gradients together, got one of them
func.func @f(%x: tensor<4x8xf32>, %w: tensor<8x2xf32>) -> tensor<4x2xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%x, %w : tensor<4x8xf32>, tensor<8x2xf32>) : tensor<4x2xf32>
  return %0 : tensor<4x2xf32>
}
