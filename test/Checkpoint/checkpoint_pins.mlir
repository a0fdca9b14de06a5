// What users and plans pin is so under every budget, and the pins are gone then.
// RUN: conveinsum-opt %s --conveinsum-checkpoint | FileCheck %s --check-prefixes=CHECK,MAX
// RUN: conveinsum-opt %s --conveinsum-checkpoint=budget=min | FileCheck %s --check-prefixes=CHECK,MIN
// RUN: not conveinsum-opt %s --conveinsum-checkpoint=budget=255B 2>&1 | FileCheck %s --check-prefix=SMALL
// RUN: conveinsum-opt %s --conveinsum-checkpoint=budget=256B | FileCheck %s --check-prefixes=CHECK,MIN

// SMALL: error: 'func.func' op cannot be checkpointed: expected a budget of at least 256 bytes, which pins and values that cannot be recomputed take, got 255

// CHECK-LABEL: func.func @f_forward(
// MAX-SAME:    -> (tensor<8x8xf32>, tensor<8x8xf32> {conveinsum.role = "kept"}, tensor<8x8xf32> {conveinsum.role = "kept"})
// MIN-SAME:    -> (tensor<8x8xf32>, tensor<8x8xf32> {conveinsum.role = "kept"})
// CHECK-NOT:   conveinsum.keep
// CHECK-NOT:   conveinsum.recompute
// CHECK:       %[[A:.*]] = math.sin
// CHECK:       %[[B:.*]] = math.cos %[[A]]
// CHECK:       %[[C:.*]] = math.exp %[[B]]
// CHECK:       %[[D:.*]] = math.tanh %[[C]]
// MAX:         return %[[D]], %[[A]], %[[C]]
// MIN:         return %[[D]], %[[A]]
// CHECK-LABEL: func.func @f_backward(
// CHECK:       math.cos
// MIN:         math.exp
// CHECK:       return
func.func @f_forward(%x: tensor<8x8xf32>)
    -> (tensor<8x8xf32>, tensor<8x8xf32> {conveinsum.role = "kept"}, tensor<8x8xf32> {conveinsum.role = "kept"},
        tensor<8x8xf32> {conveinsum.role = "kept"})
    attributes {conveinsum.backward = @f_backward} {
  %a = math.sin %x {conveinsum.keep} : tensor<8x8xf32>
  %b = math.cos %a {conveinsum.recompute} : tensor<8x8xf32>
  %c = math.exp %b : tensor<8x8xf32>
  // Read by nobody in the backward pass.
  %d = math.tanh %c {conveinsum.keep} : tensor<8x8xf32>
  return %d, %a, %b, %c : tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>, tensor<8x8xf32>
}
func.func @f_backward(%x: tensor<8x8xf32>, %g: tensor<8x8xf32> {conveinsum.role = "cotangent"},
    %a: tensor<8x8xf32> {conveinsum.role = "kept"}, %b: tensor<8x8xf32> {conveinsum.role = "kept"},
    %c: tensor<8x8xf32> {conveinsum.role = "kept"}) -> tensor<8x8xf32> attributes {conveinsum.forward = @f_forward} {
  %0 = arith.mulf %g, %c : tensor<8x8xf32>
  %1 = arith.mulf %0, %b : tensor<8x8xf32>
  %2 = arith.mulf %1, %a : tensor<8x8xf32>
  return %2 : tensor<8x8xf32>
}
