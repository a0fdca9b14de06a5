// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --linalg-specialize-generic-ops --split-input-file | FileCheck %s

// Convolutions have the loops of upstream's named ops, so that its specialization
// recognises them: channels before taps where the operands have them so.

// CHECK-LABEL: func @nchw
// CHECK-SAME: (%[[X:.*]]: tensor<1x8x10x10xf32>, %[[W:.*]]: tensor<4x8x3x3xf32>)
// CHECK: %[[P:.*]] = tensor.pad %[[X]]
// CHECK: linalg.conv_2d_nchw_fchw {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>} ins(%[[P]], %[[W]] :
func.func @nchw(%x: tensor<1x8x10x10xf32>, %w: tensor<4x8x3x3xf32>)
    -> tensor<1x4x10x10xf32> {
  %y = conveinsum.einsum "bshw,tshw->bthw|hw"
         ins(%x, %w : tensor<1x8x10x10xf32>, tensor<4x8x3x3xf32>)
         : tensor<1x4x10x10xf32>
  return %y : tensor<1x4x10x10xf32>
}

// -----

// CHECK-LABEL: func @nchw_strided_dilated
// CHECK: linalg.conv_2d_nchw_fchw {dilations = dense<[2, 1]> : tensor<2xi64>, strides = dense<[2, 3]> : tensor<2xi64>}
func.func @nchw_strided_dilated(%x: tensor<1x8x10x10xf32>,
                                %w: tensor<4x8x3x3xf32>)
    -> tensor<1x4x5x4xf32> {
  %y = conveinsum.einsum "bshw,tshw->bthw|hw"
         where [h: stride = 2, dilation = 2, w: stride = 3]
         ins(%x, %w : tensor<1x8x10x10xf32>, tensor<4x8x3x3xf32>)
         : tensor<1x4x5x4xf32>
  return %y : tensor<1x4x5x4xf32>
}

// -----

// A kernel with more taps than channels has its channels first too.
// CHECK-LABEL: func @few_channels
// CHECK: linalg.conv_2d_nchw_fchw
func.func @few_channels(%x: tensor<1x2x10x10xf32>, %w: tensor<4x2x5x5xf32>)
    -> tensor<1x4x10x10xf32> {
  %y = conveinsum.einsum "bshw,tshw->bthw|hw"
         ins(%x, %w : tensor<1x2x10x10xf32>, tensor<4x2x5x5xf32>)
         : tensor<1x4x10x10xf32>
  return %y : tensor<1x4x10x10xf32>
}

// -----

// CHECK-LABEL: func @nhwc
// CHECK: linalg.conv_2d_nhwc_hwcf {dilations = dense<1> : tensor<2xi64>, strides = dense<1> : tensor<2xi64>}
func.func @nhwc(%x: tensor<1x10x10x8xf32>, %w: tensor<3x3x8x4xf32>)
    -> tensor<1x10x10x4xf32> {
  %y = conveinsum.einsum "bhws,hwst->bhwt|hw"
         ins(%x, %w : tensor<1x10x10x8xf32>, tensor<3x3x8x4xf32>)
         : tensor<1x10x10x4xf32>
  return %y : tensor<1x10x10x4xf32>
}

// -----

// CHECK-LABEL: func @nhwc_strided_dilated
// CHECK: linalg.conv_2d_nhwc_hwcf {dilations = dense<[2, 1]> : tensor<2xi64>, strides = dense<[1, 2]> : tensor<2xi64>}
func.func @nhwc_strided_dilated(%x: tensor<1x10x10x8xf32>,
                                %w: tensor<3x3x8x4xf32>)
    -> tensor<1x10x5x4xf32> {
  %y = conveinsum.einsum "bhws,hwst->bhwt|hw"
         where [h: dilation = 2, w: stride = 2]
         ins(%x, %w : tensor<1x10x10x8xf32>, tensor<3x3x8x4xf32>)
         : tensor<1x10x5x4xf32>
  return %y : tensor<1x10x5x4xf32>
}

// -----

// CHECK-LABEL: func @depthwise_nhwc
// CHECK: linalg.depthwise_conv_2d_nhwc_hwc
func.func @depthwise_nhwc(%x: tensor<1x10x10x8xf32>, %w: tensor<3x3x8xf32>)
    -> tensor<1x10x10x8xf32> {
  %y = conveinsum.einsum "bhws,hws->bhws|hw"
         ins(%x, %w : tensor<1x10x10x8xf32>, tensor<3x3x8xf32>)
         : tensor<1x10x10x8xf32>
  return %y : tensor<1x10x10x8xf32>
}

// -----

// CHECK-LABEL: func @depthwise_nchw
// CHECK: linalg.depthwise_conv_2d_nchw_chw {dilations = dense<[1, 2]> : tensor<2xi64>, strides = dense<[2, 1]> : tensor<2xi64>}
func.func @depthwise_nchw(%x: tensor<1x8x10x10xf32>, %w: tensor<8x3x3xf32>)
    -> tensor<1x8x5x10xf32> {
  %y = conveinsum.einsum "bshw,shw->bshw|hw"
         where [h: stride = 2, w: dilation = 2]
         ins(%x, %w : tensor<1x8x10x10xf32>, tensor<8x3x3xf32>)
         : tensor<1x8x5x10xf32>
  return %y : tensor<1x8x5x10xf32>
}

// -----

// CHECK-LABEL: func @depthwise_ncw
// CHECK: linalg.depthwise_conv_1d_ncw_cw
func.func @depthwise_ncw(%x: tensor<2x8x10xf32>, %w: tensor<8x3xf32>)
    -> tensor<2x8x10xf32> {
  %y = conveinsum.einsum "bsh,sh->bsh|h"
         ins(%x, %w : tensor<2x8x10xf32>, tensor<8x3xf32>)
         : tensor<2x8x10xf32>
  return %y : tensor<2x8x10xf32>
}

// -----

// CHECK-LABEL: func @depthwise_multiplier
// CHECK: linalg.depthwise_conv_2d_nhwc_hwcm
func.func @depthwise_multiplier(%x: tensor<1x10x10x8xf32>,
                                %w: tensor<3x3x8x2xf32>)
    -> tensor<1x10x10x8x2xf32> {
  %y = conveinsum.einsum "bhws,hwsm->bhwsm|hw"
         ins(%x, %w : tensor<1x10x10x8xf32>, tensor<3x3x8x2xf32>)
         : tensor<1x10x10x8x2xf32>
  return %y : tensor<1x10x10x8x2xf32>
}

// -----

// CHECK-LABEL: func @grouped
// CHECK: linalg.conv_2d_ngchw_gfchw
func.func @grouped(%x: tensor<1x2x8x10x10xf32>, %w: tensor<2x4x8x3x3xf32>)
    -> tensor<1x2x4x10x10xf32> {
  %y = conveinsum.einsum "bgshw,gtshw->bgthw|hw"
         ins(%x, %w : tensor<1x2x8x10x10xf32>, tensor<2x4x8x3x3xf32>)
         : tensor<1x2x4x10x10xf32>
  return %y : tensor<1x2x4x10x10xf32>
}

// -----

// The windowed side stands first, whichever operand it is.
// CHECK-LABEL: func @kernel_first
// CHECK-SAME: (%[[W:.*]]: tensor<4x8x3xf32>, %[[X:.*]]: tensor<1x8x10xf32>)
// CHECK: %[[P:.*]] = tensor.pad %[[X]]
// CHECK: linalg.conv_1d_ncw_fcw {{.*}} ins(%[[P]], %[[W]] :
func.func @kernel_first(%w: tensor<4x8x3xf32>, %x: tensor<1x8x10xf32>)
    -> tensor<1x4x10xf32> {
  %y = conveinsum.einsum "tsw,bsw->btw|w" where [w: feature = i1]
         ins(%w, %x : tensor<4x8x3xf32>, tensor<1x8x10xf32>)
         : tensor<1x4x10xf32>
  return %y : tensor<1x4x10xf32>
}

// -----

// CHECK-LABEL: func @three_dimensional
// CHECK: linalg.conv_3d_ncdhw_fcdhw
func.func @three_dimensional(%x: tensor<1x2x6x6x6xf32>,
                             %w: tensor<4x2x3x3x3xf32>)
    -> tensor<1x4x6x6x6xf32> {
  %y = conveinsum.einsum "bsdhw,tsdhw->btdhw|dhw"
         ins(%x, %w : tensor<1x2x6x6x6xf32>, tensor<4x2x3x3x3xf32>)
         : tensor<1x4x6x6x6xf32>
  return %y : tensor<1x4x6x6x6xf32>
}
