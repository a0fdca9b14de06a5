// Ops of all kinds are kept or recomputed as they can be.
// RUN: conveinsum-opt %s --conveinsum-checkpoint=budget=min --split-input-file | FileCheck %s

// Ops with regions, constants and scalars: what a region reads is there, scalars do
// not pass the barrier, constants come along.

// CHECK-LABEL: func.func @generic_backward(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<4xf32>, %[[S:[^:]*]]: f32, %[[G:[^:]*]]: tensor<4xf32>
// CHECK:         %[[B:.*]] = conveinsum.barrier %[[X]] after %[[G]]
// CHECK-DAG:     %[[TWO:.*]] = arith.constant 2.0
// CHECK-DAG:     %[[T:.*]] = arith.mulf %[[S]], %[[TWO]] : f32
// CHECK-DAG:     %[[E:.*]] = tensor.empty
// CHECK:         linalg.generic {{.*}} ins(%[[B]] : tensor<4xf32>) outs(%[[E]] : tensor<4xf32>)
// CHECK:           arith.mulf %{{.*}}, %[[T]]
func.func @generic_forward(%x: tensor<4xf32>, %s: f32)
    -> (tensor<4xf32>, tensor<4xf32> {conveinsum.role = "kept"}) attributes {conveinsum.backward = @generic_backward} {
  %two = arith.constant 2.0 : f32
  %t = arith.mulf %s, %two : f32
  %e = tensor.empty() : tensor<4xf32>
  %a = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
         ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
  ^bb0(%i: f32, %o: f32):
    %0 = arith.mulf %i, %t : f32
    linalg.yield %0 : f32
  } -> tensor<4xf32>
  %y = math.sin %a : tensor<4xf32>
  return %y, %a : tensor<4xf32>, tensor<4xf32>
}
func.func @generic_backward(%x: tensor<4xf32>, %s: f32, %g: tensor<4xf32> {conveinsum.role = "cotangent"},
    %a: tensor<4xf32> {conveinsum.role = "kept"}) -> tensor<4xf32> attributes {conveinsum.forward = @generic_forward} {
  %0 = math.cos %a : tensor<4xf32>
  %1 = arith.mulf %g, %0 : tensor<4xf32>
  return %1 : tensor<4xf32>
}

// -----

// An op of several results is run once for all of them.

// CHECK-LABEL: func.func @several_backward(
// CHECK:         linalg.generic
// CHECK-NOT:     linalg.generic
// CHECK:         return
func.func @several_forward(%x: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xf32> {conveinsum.role = "kept"}, tensor<4xf32> {conveinsum.role = "kept"})
    attributes {conveinsum.backward = @several_backward} {
  %e = tensor.empty() : tensor<4xf32>
  %a:2 = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
                         iterator_types = ["parallel"]}
           ins(%x : tensor<4xf32>) outs(%e, %e : tensor<4xf32>, tensor<4xf32>) {
  ^bb0(%i: f32, %o: f32, %p: f32):
    %0 = math.sin %i : f32
    %1 = math.cos %i : f32
    linalg.yield %0, %1 : f32, f32
  } -> (tensor<4xf32>, tensor<4xf32>)
  %y = arith.mulf %a#0, %a#1 : tensor<4xf32>
  return %y, %a#0, %a#1 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
func.func @several_backward(%x: tensor<4xf32>, %g: tensor<4xf32> {conveinsum.role = "cotangent"},
    %a: tensor<4xf32> {conveinsum.role = "kept"}, %b: tensor<4xf32> {conveinsum.role = "kept"}) -> tensor<4xf32>
    attributes {conveinsum.forward = @several_forward} {
  %0 = arith.mulf %g, %a : tensor<4xf32>
  %1 = arith.mulf %0, %b : tensor<4xf32>
  return %1 : tensor<4xf32>
}

// -----

// What has side effects is kept, and so is what only it could give: here a number
// read from memory, which cannot be kept.

// CHECK-LABEL: func.func @effects_forward(
// CHECK-SAME:    -> (tensor<4xf32>, tensor<4xf32> {conveinsum.role = "kept"}, tensor<4xf32> {conveinsum.role = "kept"})
// CHECK-LABEL: func.func @effects_backward(
// CHECK-NOT:     call @random
// CHECK-NOT:     tensor.splat
// CHECK:         math.exp
// CHECK:         return
func.func private @random() -> tensor<4xf32>
func.func @effects_forward(%m: memref<f32>)
    -> (tensor<4xf32>, tensor<4xf32> {conveinsum.role = "kept"}, tensor<4xf32> {conveinsum.role = "kept"},
        tensor<4xf32> {conveinsum.role = "kept"}) attributes {conveinsum.backward = @effects_backward} {
  %a = call @random() : () -> tensor<4xf32>
  %s = memref.load %m[] : memref<f32>
  %b = tensor.splat %s : tensor<4xf32>
  %c = math.exp %b : tensor<4xf32>
  return %c, %a, %b, %c : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
func.func @effects_backward(%m: memref<f32>, %g: tensor<4xf32> {conveinsum.role = "cotangent"},
    %a: tensor<4xf32> {conveinsum.role = "kept"}, %b: tensor<4xf32> {conveinsum.role = "kept"},
    %c: tensor<4xf32> {conveinsum.role = "kept"}) -> tensor<4xf32> attributes {conveinsum.forward = @effects_forward} {
  %0 = arith.mulf %a, %c : tensor<4xf32>
  %1 = arith.mulf %0, %b : tensor<4xf32>
  return %1 : tensor<4xf32>
}

// -----

// Nested modules, and pairs beside functions that are none.

// CHECK-LABEL: module @inner
// CHECK:       func.func @f_backward(
// CHECK:         conveinsum.barrier
module @outer {
  func.func @other(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
  module @inner {
    func.func @f_forward(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32> {conveinsum.role = "kept"})
        attributes {conveinsum.backward = @f_backward} {
      %a = math.sin %x : tensor<4xf32>
      return %a, %a : tensor<4xf32>, tensor<4xf32>
    }
    func.func @f_backward(%x: tensor<4xf32>, %g: tensor<4xf32> {conveinsum.role = "cotangent"},
        %a: tensor<4xf32> {conveinsum.role = "kept"}) -> tensor<4xf32> attributes {conveinsum.forward = @f_forward} {
      %0 = arith.mulf %g, %a : tensor<4xf32>
      return %0 : tensor<4xf32>
    }
  }
}
