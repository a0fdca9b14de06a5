// RUN: conveinsum-opt %s --conveinsum-bufferize --split-input-file | FileCheck %s

// Results are out-parameters, and the computation goes there without a copy.

// CHECK-LABEL: func.func @in_place_of_the_result(
// CHECK-SAME:    %[[X:.*]]: memref<4xf32> {llvm.noalias}, %[[Y:.*]]: memref<4xf32> {llvm.noalias}) {
// CHECK-NEXT:    linalg.exp ins(%[[X]] : memref<4xf32>) outs(%[[Y]] : memref<4xf32>)
// CHECK-NEXT:    return
func.func @in_place_of_the_result(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %y = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// A reshape of the result is a view of the out-parameter.

// CHECK-LABEL: func.func @reshaped_result(
// CHECK-SAME:    %[[X:.*]]: memref<2x3xf32> {{.*}}, %[[Y:.*]]: memref<6xf32>
// CHECK-NOT:     memref.alloc
// CHECK:         %[[VIEW:.*]] = memref.reinterpret_cast %[[Y]]
// CHECK:         linalg.exp ins(%[[X]] : memref<2x3xf32>) outs(%[[VIEW]] : memref<2x3xf32>)
// CHECK-NOT:     linalg.copy
func.func @reshaped_result(%x: tensor<2x3xf32>) -> tensor<6xf32> {
  %e = tensor.empty() : tensor<2x3xf32>
  %y = linalg.exp ins(%x : tensor<2x3xf32>) outs(%e : tensor<2x3xf32>) -> tensor<2x3xf32>
  %r = tensor.collapse_shape %y [[0, 1]] : tensor<2x3xf32> into tensor<6xf32>
  return %r : tensor<6xf32>
}

// -----

// Nothing to view and nothing to copy: a reshape without elements.

// CHECK-LABEL: func.func @reshaped_result_without_elements(
// CHECK-SAME:    memref<4x0xf32> {{.*}}, %[[Y:.*]]: memref<1x4x0xf32>
// CHECK-NOT:     memref.reinterpret_cast
// CHECK:         linalg.copy {{.*}} outs(%[[Y]] : memref<1x4x0xf32>)
func.func @reshaped_result_without_elements(%x: tensor<4x0xf32>) -> tensor<1x4x0xf32> {
  %e = tensor.empty() : tensor<4x0xf32>
  %y = linalg.exp ins(%x : tensor<4x0xf32>) outs(%e : tensor<4x0xf32>) -> tensor<4x0xf32>
  %r = tensor.expand_shape %y [[0, 1], [2]] output_shape [1, 4, 0] : tensor<4x0xf32> into tensor<1x4x0xf32>
  return %r : tensor<1x4x0xf32>
}

// -----

// Padding writes into a view of the padded buffer; copies are linalg ops.

// CHECK-LABEL: func.func @pad(
// CHECK-SAME:    %[[X:.*]]: memref<4xf32> {{.*}}, %[[Y:.*]]: memref<6xf32>
// CHECK:         linalg.fill {{.*}} outs(%[[Y]] : memref<6xf32>)
// CHECK:         %[[INNER:.*]] = memref.subview %[[Y]][1] [4] [1]
// CHECK:         linalg.copy ins(%[[X]] : memref<4xf32>) outs(%[[INNER]]
// CHECK-NOT:     memref.copy
func.func @pad(%x: tensor<4xf32>) -> tensor<6xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<6xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<6xf32>) -> tensor<6xf32>
  %p = tensor.insert_slice %x into %f[1] [4] [1] : tensor<4xf32> into tensor<6xf32>
  return %p : tensor<6xf32>
}

// -----

// A tensor.pad by one value is the same, wherever that value stands.

// CHECK-LABEL: func.func @tensor_pad(
// CHECK-SAME:    %[[X:.*]]: memref<2x4xf32> {{.*}}, %[[Y:.*]]: memref<5x6xf32>
// CHECK-NOT:     memref.alloc
// CHECK:         linalg.fill {{.*}} outs(%[[Y]] : memref<5x6xf32>)
// CHECK:         %[[INNER:.*]] = memref.subview %[[Y]][1, 2] [2, 4] [1, 1]
// CHECK:         linalg.copy ins(%[[X]] : memref<2x4xf32>) outs(%[[INNER]]
// CHECK-NOT:     linalg
func.func @tensor_pad(%x: tensor<2x4xf32>) -> tensor<5x6xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %x low[1, 2] high[2, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<2x4xf32> to tensor<5x6xf32>
  return %p : tensor<5x6xf32>
}

// CHECK-LABEL: func.func @tensor_pad_constant_inside(
// CHECK:         %[[C:.*]] = complex.constant
// CHECK:         linalg.fill ins(%[[C]] : complex<f32>)
// CHECK:         linalg.copy
func.func @tensor_pad_constant_inside(%x: tensor<3xcomplex<f32>>) -> tensor<5xcomplex<f32>> {
  %p = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    %c = complex.constant [7.0 : f32, 0.0 : f32] : complex<f32>
    tensor.yield %c : complex<f32>
  } : tensor<3xcomplex<f32>> to tensor<5xcomplex<f32>>
  return %p : tensor<5xcomplex<f32>>
}

// Other padding is left to upstream.

// CHECK-LABEL: func.func @tensor_pad_that_varies(
// CHECK:         linalg.map
// CHECK:         linalg.copy
func.func @tensor_pad_that_varies(%x: tensor<3xf32>) -> tensor<5xf32> {
  %p = tensor.pad %x low[1] high[1] {
  ^bb0(%i: index):
    %n = arith.index_cast %i : index to i32
    %f = arith.sitofp %n : i32 to f32
    tensor.yield %f : f32
  } : tensor<3xf32> to tensor<5xf32>
  return %p : tensor<5xf32>
}

// -----

// An argument is never written, even where a function owns its last use.

// CHECK-LABEL: func.func @argument_as_destination(
// CHECK-SAME:    %[[X:.*]]: memref<4xf32> {{.*}}, %[[ACC:.*]]: memref<4xf32> {{.*}}, %[[Y:.*]]: memref<4xf32>
// CHECK:         linalg.copy ins(%[[ACC]] : memref<4xf32>) outs(%[[Y]] : memref<4xf32>)
// CHECK:         linalg.generic {{.*}} ins(%[[X]] : memref<4xf32>) outs(%[[Y]] : memref<4xf32>)
func.func @argument_as_destination(%x: tensor<4xf32>, %acc: tensor<4xf32>) -> tensor<4xf32> {
  %y = linalg.generic {
      indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]}
      ins(%x : tensor<4xf32>) outs(%acc : tensor<4xf32>) {
    ^bb0(%a: f32, %b: f32):
      %s = arith.addf %a, %b : f32
      linalg.yield %s : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// Callers provide the buffers of the results.

// CHECK-LABEL: func.func @calls(
// CHECK-SAME:    %[[X:.*]]: memref<4xf32> {{.*}}, %[[Y:.*]]: memref<4xf32>
// CHECK:         %[[T:.*]] = memref.alloc() {alignment = 64 : i64} : memref<4xf32>
// CHECK:         call @step(%[[X]], %[[T]])
// CHECK:         call @step(%[[T]], %[[Y]])
func.func private @step(%x: tensor<4xf32>) -> tensor<4xf32> {
  %e = tensor.empty() : tensor<4xf32>
  %y = linalg.exp ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
func.func @calls(%x: tensor<4xf32>) -> tensor<4xf32> {
  %t = call @step(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %y = call @step(%t) : (tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}
