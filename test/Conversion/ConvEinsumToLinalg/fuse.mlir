// RUN: conveinsum-opt %s --conveinsum-to-linalg --transform-interpreter --canonicalize --cse | FileCheck %s

// A CP layer with same padding: upstream's transform ops tile the last step over
// rows and pull everything before it into the loop, pads included.

// CHECK-LABEL: func @cp_layer
// CHECK-NOT: linalg.generic
// CHECK-NOT: tensor.pad
// CHECK: scf.for
// Input channels to the rank, on the rows that the tile needs.
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]
// Its rows and their halo, then the kernel along the rows.
// CHECK: tensor.pad
// CHECK: linalg.generic
// CHECK: tensor.pad
// CHECK: linalg.generic
// The rank to the output channels.
// CHECK: linalg.generic {{.*}} iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]
// CHECK: scf.yield
// CHECK-NOT: linalg.generic
// CHECK: return
func.func @cp_layer(%x: tensor<2x8x12x10xf32>, %t: tensor<4x6xf32>,
                    %s: tensor<4x8xf32>, %h: tensor<4x3xf32>,
                    %w: tensor<4x3xf32>) -> tensor<2x6x12x10xf32> {
  %y = conveinsum.einsum "bshw,rt,rs,rh,rw->bthw|hw"
         ins(%x, %t, %s, %h, %w : tensor<2x8x12x10xf32>, tensor<4x6xf32>,
             tensor<4x8xf32>, tensor<4x3xf32>, tensor<4x3xf32>)
         plan ((((0,2),3),4),1) : tensor<2x6x12x10xf32>
  return %y : tensor<2x6x12x10xf32>
}

// One step: the pad and the fill move into the loop of the convolution.
// CHECK-LABEL: func @convolution
// CHECK-SAME: (%[[X:.*]]: tensor<1x8x12x10xf32>
// CHECK-NOT: tensor.pad
// CHECK: scf.forall
// CHECK: %[[ROWS:.*]] = tensor.extract_slice %[[X]]
// CHECK: tensor.pad %[[ROWS]]
// CHECK: linalg.generic
// CHECK: scf.forall.in_parallel
func.func @convolution(%x: tensor<1x8x12x10xf32>, %w: tensor<6x8x3x3xf32>)
    -> tensor<1x6x12x10xf32> {
  %y = conveinsum.einsum "bshw,tshw->bthw|hw"
         ins(%x, %w : tensor<1x8x12x10xf32>, tensor<6x8x3x3xf32>)
         : tensor<1x6x12x10xf32>
  return %y : tensor<1x6x12x10xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(
      %root: !transform.any_op {transform.readonly}) {
    %cp = transform.structured.match ops{["func.func"]}
            attributes {sym_name = "cp_layer"} in %root
        : (!transform.any_op) -> !transform.any_op
    %steps = transform.structured.match ops{["linalg.generic"]} in %cp
        : (!transform.any_op) -> !transform.any_op
    %others:3, %last = transform.split_handle %steps
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op,
                                  !transform.any_op, !transform.any_op)
    %tiled, %loop = transform.structured.fuse %last tile_sizes [0, 0, 4, 0]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)

    %conv = transform.structured.match ops{["func.func"]}
              attributes {sym_name = "convolution"} in %root
        : (!transform.any_op) -> !transform.any_op
    %step = transform.structured.match ops{["linalg.generic"]} in %conv
        : (!transform.any_op) -> !transform.any_op
    %pad = transform.structured.match ops{["tensor.pad"]} in %conv
        : (!transform.any_op) -> !transform.any_op
    %tile, %forall = transform.structured.tile_using_forall %step
                       tile_sizes [0, 0, 4, 0]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %fused, %around = transform.structured.fuse_into_containing_op %pad
                        into %forall
        : (!transform.any_op, !transform.any_op)
          -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
