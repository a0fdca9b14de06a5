// Values that are read for more than one comparison stay what they are; bits that a
// function keeps itself are packed too.
// RUN: conveinsum-opt %s --conveinsum-checkpoint --split-input-file | FileCheck %s

// Entries themselves are read, two comparisons, and no constant.

// CHECK-LABEL: func.func @other_forward(
// CHECK-SAME:    -> (tensor<16xf32>, tensor<16xf32> {conveinsum.role = "kept"}, tensor<16xf32> {conveinsum.role = "kept"}, tensor<16xf32> {conveinsum.role = "kept"})
#id = affine_map<(i) -> (i)>
func.func @other_forward(%x: tensor<16xf32>)
    -> (tensor<16xf32>, tensor<16xf32> {conveinsum.role = "kept"}, tensor<16xf32> {conveinsum.role = "kept"},
        tensor<16xf32> {conveinsum.role = "kept"}) attributes {conveinsum.backward = @other_backward} {
  %a = math.sin %x : tensor<16xf32>
  %b = math.cos %x : tensor<16xf32>
  %c = math.exp %x : tensor<16xf32>
  return %a, %a, %b, %c : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>
}
func.func @other_backward(%x: tensor<16xf32>, %g: tensor<16xf32> {conveinsum.role = "cotangent"},
    %a: tensor<16xf32> {conveinsum.role = "kept"}, %b: tensor<16xf32> {conveinsum.role = "kept"},
    %c: tensor<16xf32> {conveinsum.role = "kept"}) -> tensor<16xf32> attributes {conveinsum.forward = @other_forward} {
  %e = tensor.empty() : tensor<16xf32>
  %0 = linalg.generic {indexing_maps = [#id, #id, #id, #id, #id], iterator_types = ["parallel"]}
         ins(%g, %a, %b, %c : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>) outs(%e : tensor<16xf32>) {
  ^bb0(%gi: f32, %ai: f32, %bi: f32, %ci: f32, %o: f32):
    %zero = arith.constant 0.0 : f32
    %one = arith.constant 1.0 : f32
    %1 = arith.cmpf ogt, %ai, %zero : f32
    %2 = arith.select %1, %ai, %gi : f32
    %3 = arith.cmpf ogt, %bi, %zero : f32
    %4 = arith.cmpf ogt, %bi, %one : f32
    %5 = arith.andi %3, %4 : i1
    %6 = arith.select %5, %2, %gi : f32
    %7 = arith.cmpf ogt, %ci, %gi : f32
    %8 = arith.select %7, %6, %gi : f32
    linalg.yield %8 : f32
  } -> tensor<16xf32>
  return %0 : tensor<16xf32>
}

// -----

// CHECK-LABEL: func.func @bits_forward(
// CHECK-SAME:    -> (tensor<16xf32>, tensor<2xi8> {conveinsum.role = "kept"})
// CHECK-NOT:     tensor.pad
// CHECK-LABEL: func.func @bits_backward(
// CHECK-SAME:    %[[P:[^ :,]*]]: tensor<2xi8> {conveinsum.role = "kept"})
// CHECK:         linalg.generic {{.*}} ins(%[[P]],
// CHECK:         %[[M:.*]] = tensor.collapse_shape {{.*}} into tensor<16xi1>
// CHECK:         arith.select %[[M]]
func.func @bits_forward(%x: tensor<16xf32>, %y: tensor<16xf32>) -> (tensor<16xf32>, tensor<16xi1> {conveinsum.role = "kept"})
    attributes {conveinsum.backward = @bits_backward} {
  %a = arith.cmpf olt, %x, %y : tensor<16xf32>
  %b = arith.select %a, %x, %y : tensor<16xi1>, tensor<16xf32>
  return %b, %a : tensor<16xf32>, tensor<16xi1>
}
func.func @bits_backward(%x: tensor<16xf32>, %y: tensor<16xf32>, %g: tensor<16xf32> {conveinsum.role = "cotangent"},
    %a: tensor<16xi1> {conveinsum.role = "kept"}) -> tensor<16xf32> attributes {conveinsum.forward = @bits_forward} {
  %zero = arith.constant dense<0.0> : tensor<16xf32>
  %0 = arith.select %a, %g, %zero : tensor<16xi1>, tensor<16xf32>
  return %0 : tensor<16xf32>
}
