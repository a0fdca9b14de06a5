// Borders as ops of their own, where a padded copy would cost as much as the
// step.
// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg="peel-borders" | FileCheck %s
// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg | FileCheck %s --check-prefix=PADDED

// Rows inside are read where they are; the first and the last one have two taps.
// CHECK-LABEL: func.func @depthwise(
// CHECK-SAME:    %[[X:.*]]: tensor<2x4x9x8xf32>, %[[K:.*]]: tensor<4x3xf32>)
// CHECK-NOT:     tensor.pad
// CHECK:         linalg.generic {{.*}} tensor<2x4x2x8xf32>, tensor<4x2xf32>) outs({{.*}} : tensor<2x4x1x8xf32>)
// CHECK:         linalg.generic {{.*}} ins(%[[X]], %[[K]] : {{.*}} outs({{.*}} : tensor<2x4x7x8xf32>)
// CHECK:         linalg.generic {{.*}} tensor<2x4x2x8xf32>, tensor<4x2xf32>) outs({{.*}} : tensor<2x4x1x8xf32>)
// CHECK:         return
// PADDED-LABEL: func.func @depthwise(
// PADDED:         tensor.pad
func.func @depthwise(%x: tensor<2x4x9x8xf32>, %k: tensor<4x3xf32>) -> tensor<2x4x9x8xf32> {
  %0 = conveinsum.einsum "bchw,ch->bchw|h" where [h: i0 - i1 + 1 = o]
         ins(%x, %k : tensor<2x4x9x8xf32>, tensor<4x3xf32>) : tensor<2x4x9x8xf32>
  return %0 : tensor<2x4x9x8xf32>
}

// Stride 2, no padding below: one border.
// CHECK-LABEL: func.func @strided(
// CHECK-NOT:     tensor.pad
// CHECK-COUNT-2: linalg.generic
// CHECK-NOT:     linalg.generic
// CHECK:         return
func.func @strided(%x: tensor<4x10x8xf32>, %k: tensor<4x3xf32>) -> tensor<4x5x8xf32> {
  %0 = conveinsum.einsum "chw,ch->chw|h" where [h: i0 - i1 + 1 = 2 o]
         ins(%x, %k : tensor<4x10x8xf32>, tensor<4x3xf32>) : tensor<4x5x8xf32>
  return %0 : tensor<4x5x8xf32>
}

// Not where the mode lies innermost, where channels are summed, where two modes
// are padded, or where the border is most of it.
// CHECK-LABEL: func.func @padded(
// CHECK-COUNT-4: tensor.pad
// CHECK:         return
func.func @padded(%x: tensor<4x9x9xf32>, %k: tensor<4x3xf32>, %s: tensor<5x4x3xf32>, %d: tensor<4x3x3xf32>, %l: tensor<4x7xf32>)
    -> (tensor<4x9x9xf32>, tensor<5x9x9xf32>, tensor<4x9x9xf32>, tensor<4x9x9xf32>) {
  %0 = conveinsum.einsum "chw,cw->chw|w" where [w: i0 - i1 + 1 = o]
         ins(%x, %k : tensor<4x9x9xf32>, tensor<4x3xf32>) : tensor<4x9x9xf32>
  %1 = conveinsum.einsum "shw,tsh->thw|h" where [h: i0 - i1 + 1 = o]
         ins(%x, %s : tensor<4x9x9xf32>, tensor<5x4x3xf32>) : tensor<5x9x9xf32>
  %2 = conveinsum.einsum "chw,chw->chw|hw" where [h: i0 - i1 + 1 = o, w: i0 - i1 + 1 = o]
         ins(%x, %d : tensor<4x9x9xf32>, tensor<4x3x3xf32>) : tensor<4x9x9xf32>
  %3 = conveinsum.einsum "chw,ch->chw|h" where [h: i0 - i1 + 3 = o]
         ins(%x, %l : tensor<4x9x9xf32>, tensor<4x7xf32>) : tensor<4x9x9xf32>
  return %0, %1, %2, %3 : tensor<4x9x9xf32>, tensor<5x9x9xf32>, tensor<4x9x9xf32>, tensor<4x9x9xf32>
}
