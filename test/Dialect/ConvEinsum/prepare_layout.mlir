// RUN: conveinsum-opt %s --conveinsum-prepare | FileCheck %s

// The rows of 14 entries are shorter than a vector: the channels that the
// prepared kernel brings become its innermost mode.

// CHECK-LABEL: @short_rows_prepare
// CHECK: conveinsum.einsum "rth,rsw->swht"
// CHECK-SAME: : tensor<8x3x3x32xf32>
// CHECK-LABEL: @short_rows(
// CHECK: conveinsum.einsum "bshw,swht->bthw|hw"
func.func @short_rows(%x: tensor<2x8x14x14xf32>,
                      %a: tensor<5x32x3xf32> {conveinsum.constant},
                      %b: tensor<5x8x3xf32> {conveinsum.constant}) -> tensor<2x32x14x14xf32> {
  %k = conveinsum.einsum "rth,rsw->swth" ins(%a, %b : tensor<5x32x3xf32>, tensor<5x8x3xf32>) : tensor<8x3x32x3xf32>
  %y = conveinsum.einsum "bshw,swth->bthw|hw" ins(%x, %k : tensor<2x8x14x14xf32>, tensor<8x3x32x3xf32>) : tensor<2x32x14x14xf32>
  return %y : tensor<2x32x14x14xf32>
}

// Rows of a vector and more run along the rows.

// CHECK-LABEL: @long_rows_prepare
// CHECK: conveinsum.einsum "rth,rsw->swth"
func.func @long_rows(%x: tensor<2x8x14x16xf32>,
                     %a: tensor<5x32x3xf32> {conveinsum.constant},
                     %b: tensor<5x8x3xf32> {conveinsum.constant}) -> tensor<2x32x14x16xf32> {
  %k = conveinsum.einsum "rth,rsw->swth" ins(%a, %b : tensor<5x32x3xf32>, tensor<5x8x3xf32>) : tensor<8x3x32x3xf32>
  %y = conveinsum.einsum "bshw,swth->bthw|hw" ins(%x, %k : tensor<2x8x14x16xf32>, tensor<8x3x32x3xf32>) : tensor<2x32x14x16xf32>
  return %y : tensor<2x32x14x16xf32>
}

// A value with two readers, and one that is a constant itself, stay.

// CHECK-LABEL: @two_readers_prepare
// CHECK: conveinsum.einsum "rth,rsw->swth"
func.func @two_readers(%x: tensor<2x8x14x14xf32>,
                       %a: tensor<5x32x3xf32> {conveinsum.constant},
                       %b: tensor<5x8x3xf32> {conveinsum.constant})
    -> (tensor<2x32x14x14xf32>, tensor<2x32x14x14xf32>) {
  %k = conveinsum.einsum "rth,rsw->swth" ins(%a, %b : tensor<5x32x3xf32>, tensor<5x8x3xf32>) : tensor<8x3x32x3xf32>
  %y = conveinsum.einsum "bshw,swth->bthw|hw" ins(%x, %k : tensor<2x8x14x14xf32>, tensor<8x3x32x3xf32>) : tensor<2x32x14x14xf32>
  %z = conveinsum.einsum "bshw,swth->bthw|hw" where [h: padding = circular] ins(%x, %k : tensor<2x8x14x14xf32>, tensor<8x3x32x3xf32>) : tensor<2x32x14x14xf32>
  return %y, %z : tensor<2x32x14x14xf32>, tensor<2x32x14x14xf32>
}
