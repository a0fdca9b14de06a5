// What single attributes and options may say, but not together or not here.
// RUN: conveinsum-opt %s --conveinsum-plan='keep=1KiB gradients=all' --split-input-file --verify-diagnostics

func.func @limits(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{cannot be planned: expected one of keep and memory-limit, got both}}
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %a, %a : tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.memory_limit = "1GiB"} : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}

// -----

func.func @objective(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{cannot be planned: expected minimize to be flops beside keep, got 'peak'}}
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %a, %a : tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.minimize = "peak"} : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}

// -----

func.func @target(%a: tensor<9x9xf32>) -> tensor<9x9xf32> {
  // expected-error@+1 {{cannot be planned: expected 'conveinsum.target' to be cpu, gpu or a JSON file; cannot read 'no/such/machine.json': No such file or directory}}
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %a, %a : tensor<9x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         {conveinsum.target = "no/such/machine.json"} : tensor<9x9xf32>
  return %0 : tensor<9x9xf32>
}
