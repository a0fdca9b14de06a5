// What is constant, and what needs a gradient, is said of arguments, so that two
// einsums of one module can want different things. The chain has its fewest MACs
// from the left; with constants on the right, or a gradient of the first matrix
// alone, from the right.
// RUN: conveinsum-opt %s --conveinsum-plan | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-plan='constants=1,2' | FileCheck %s --check-prefix=DEFAULT

// CHECK-LABEL: func @neither
// CHECK: plan ((0,1),2)
// DEFAULT-LABEL: func @neither
// DEFAULT: plan (0,(1,2))
func.func @neither(%a: tensor<6x9xf32>, %b: tensor<9x9xf32>, %c: tensor<9x7xf32>) -> tensor<6x7xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         : tensor<6x7xf32>
  return %0 : tensor<6x7xf32>
}

// What pure ops make of constants is constant, with constants of the program.
// CHECK-LABEL: func @constants
// CHECK: plan (0,(1,2))
// CHECK: plan ((0,1),2)
// DEFAULT-LABEL: func @constants
func.func @constants(%a: tensor<6x9xf32>, %b: tensor<9x9xf32> {conveinsum.constant},
                     %c: tensor<9x7xf32> {conveinsum.constant}, %d: tensor<9x9xf32>)
    -> (tensor<6x7xf32>, tensor<6x7xf32>) {
  %one = arith.constant dense<1.0> : tensor<9x9xf32>
  %sum = arith.addf %b, %one : tensor<9x9xf32>
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %sum, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         : tensor<6x7xf32>
  %other = arith.addf %b, %d : tensor<9x9xf32>
  %1 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %other, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         : tensor<6x7xf32>
  return %0, %1 : tensor<6x7xf32>, tensor<6x7xf32>
}

// Effects may make anything.
// CHECK-LABEL: func @effects
// CHECK: plan ((0,1),2)
// DEFAULT-LABEL: func @effects
func.func private @read(tensor<9x9xf32>) -> tensor<9x9xf32>
func.func @effects(%a: tensor<6x9xf32>, %b: tensor<9x9xf32> {conveinsum.constant},
                   %c: tensor<9x7xf32> {conveinsum.constant}) -> tensor<6x7xf32> {
  %read = call @read(%b) : (tensor<9x9xf32>) -> tensor<9x9xf32>
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %read, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         : tensor<6x7xf32>
  return %0 : tensor<6x7xf32>
}

// Wherever a gradient's argument leads, here through a branch. A gradient of the
// argument overrides constants that the options name.
// CHECK-LABEL: func @gradients
// CHECK: plan (0,(1,2)) keep [3]
// DEFAULT-LABEL: func @gradients
func.func @gradients(%cond: i1, %a: tensor<6x9xf32> {conveinsum.gradient}, %z: tensor<6x9xf32>,
                     %b: tensor<9x9xf32>, %c: tensor<9x7xf32>) -> tensor<6x7xf32> {
  %chosen = scf.if %cond -> tensor<6x9xf32> {
    %twice = arith.addf %a, %a : tensor<6x9xf32>
    scf.yield %twice : tensor<6x9xf32>
  } else {
    scf.yield %z : tensor<6x9xf32>
  }
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%chosen, %b, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         : tensor<6x7xf32>
  return %0 : tensor<6x7xf32>
}

// The option says that operand 1 is constant, the argument knows better: with a
// gradient of the last matrix alone, the left order keeps its MACs.
// CHECK-LABEL: func @argument_wins
// CHECK: plan ((0,1),2)
// DEFAULT-LABEL: func @argument_wins
// DEFAULT: plan ((0,1),2)
func.func @argument_wins(%a: tensor<6x9xf32>, %b: tensor<9x9xf32> {conveinsum.gradient},
                         %c: tensor<9x7xf32>) -> tensor<6x7xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         : tensor<6x7xf32>
  return %0 : tensor<6x7xf32>
}
