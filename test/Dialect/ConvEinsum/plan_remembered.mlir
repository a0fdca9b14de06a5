// Layers that are equal are planned once, in whichever functions they stand;
// another goal or other types make another layer. A folder keeps plans for other
// runs.
// RUN: conveinsum-opt %s --pass-pipeline='builtin.module(func.func(conveinsum-plan))' --remarks-filter=conveinsum-plan -o /dev/null 2>&1 | FileCheck %s --check-prefix=ONCE
// RUN: rm -rf %t.plans
// RUN: conveinsum-opt %s --mlir-disable-threading --conveinsum-plan=cache=%t.plans --remarks-filter=conveinsum-plan -o /dev/null 2>&1 | FileCheck %s --check-prefix=COLD
// RUN: conveinsum-opt %s --conveinsum-plan=cache=%t.plans --remarks-filter=conveinsum-plan -o /dev/null 2>&1 | FileCheck %s --check-prefix=WARM
// RUN: touch %t.file
// RUN: not conveinsum-opt %s --conveinsum-plan=cache=%t.file 2>&1 | FileCheck %s --check-prefix=FILE

// Functions may be planned at the same time, so that the order is not told.
// ONCE-COUNT-2: from=memory
// ONCE-NOT: from=memory
// COLD-NOT: from=
// COLD: objective=flops
// COLD-COUNT-2: from=cache
// COLD-NOT: from=
// WARM-COUNT-4: from=cache
// FILE: error: expected cache to be a folder, got '{{.*}}.file': {{.+}}
func.func @first(%a: tensor<6x9xf32>, %b: tensor<9x9xf32>, %c: tensor<9x7xf32>) -> (tensor<6x7xf32>, tensor<6x7xf32>) {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         : tensor<6x7xf32>
  %1 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         : tensor<6x7xf32>
  return %0, %1 : tensor<6x7xf32>, tensor<6x7xf32>
}
func.func @second(%a: tensor<6x9xf32>, %b: tensor<9x9xf32>, %c: tensor<9x7xf32>) -> tensor<6x7xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         : tensor<6x7xf32>
  return %0 : tensor<6x7xf32>
}
func.func @other(%a: tensor<6x9xf32>, %b: tensor<9x9xf32>, %c: tensor<9x7xf32>) -> tensor<6x7xf32>
    attributes {conveinsum.minimize = "write"} {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x7xf32>)
         : tensor<6x7xf32>
  return %0 : tensor<6x7xf32>
}
