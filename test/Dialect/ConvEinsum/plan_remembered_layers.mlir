// A module of fifty layers, planned once.
// RUN: %python -c "import sys; text = open(sys.argv[1]).read(); head, layer = text.split('// LAYER\n'); print(head + ''.join(layer.replace('@layer', '@layer%%d' %% k) for k in range(50)))" %s > %t.mlir
// RUN: conveinsum-opt %t.mlir --pass-pipeline='builtin.module(func.func(conveinsum-plan))' --remarks-filter=conveinsum-plan -o /dev/null 2>&1 | grep -c from=memory | FileCheck %s

// CHECK: 49
// LAYER
func.func @layer(%x: tensor<4x16x14x14xf32>, %t: tensor<5x16xf32>, %s: tensor<5x16xf32>, %h: tensor<5x3xf32>,
                 %w: tensor<5x3xf32>) -> tensor<4x16x14x14xf32> {
  %0 = conveinsum.einsum "bshw,rt,rs,rh,rw->bthw|hw" ins(%x, %t, %s, %h, %w : tensor<4x16x14x14xf32>,
         tensor<5x16xf32>, tensor<5x16xf32>, tensor<5x3xf32>, tensor<5x3xf32>) : tensor<4x16x14x14xf32>
  return %0 : tensor<4x16x14x14xf32>
}
