// RUN: conveinsum-opt %s --conveinsum-register-tile="min-vector-work=0" --split-input-file | FileCheck %s

// A fill of another value is the start of the accumulators as well.

// CHECK-LABEL: func.func @other_value(
// CHECK-SAME:    %[[A:.*]]: memref<3x8xf32>, %[[Y:.*]]: memref<8xf32>)
// CHECK:         %[[TWO:.*]] = arith.constant 2.0
// CHECK:         vector.broadcast %[[TWO]]
// CHECK-NOT:     vector.load %[[Y]]
// CHECK:         vector.store {{.*}}, %[[Y]]
// CHECK-NOT:     vector.store {{.*}}, %[[Y]]
#sum = {indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i)>],
        iterator_types = ["parallel", "reduction"]}
func.func @other_value(%a: memref<3x8xf32>, %y: memref<8xf32>) {
  %two = arith.constant 2.0 : f32
  linalg.fill ins(%two : f32) outs(%y : memref<8xf32>)
  linalg.generic #sum ins(%a : memref<3x8xf32>) outs(%y : memref<8xf32>) {
    ^bb0(%x: f32, %acc: f32):
      %s = arith.addf %acc, %x : f32
      linalg.yield %s : f32
  }
  return
}

// -----

// A fill that something reads in between stays.

// CHECK-LABEL: func.func @read_between(
// CHECK-SAME:    %[[A:.*]]: memref<3x8xf32>, %[[Y:.*]]: memref<8xf32>, %[[Z:.*]]: memref<8xf32>)
// CHECK:         vector.store {{.*}}, %[[Y]]
// CHECK:         vector.load %[[Y]]
// CHECK:         vector.store {{.*}}, %[[Z]]
// CHECK:         vector.load %[[Y]]
// CHECK:         vector.store {{.*}}, %[[Y]]
#sum = {indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i)>],
        iterator_types = ["parallel", "reduction"]}
func.func @read_between(%a: memref<3x8xf32>, %y: memref<8xf32>, %z: memref<8xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<8xf32>)
  linalg.copy ins(%y : memref<8xf32>) outs(%z : memref<8xf32>)
  linalg.generic #sum ins(%a : memref<3x8xf32>) outs(%y : memref<8xf32>) {
    ^bb0(%x: f32, %acc: f32):
      %s = arith.addf %acc, %x : f32
      linalg.yield %s : f32
  }
  return
}

// -----

// Nothing to add: the fill is all that remains.

// CHECK-LABEL: func.func @no_iterations(
// CHECK-SAME:    %[[A:.*]]: memref<0x8xf32>, %[[Y:.*]]: memref<8xf32>)
// CHECK:         vector.store {{.*}}, %[[Y]]
// CHECK-NEXT:    return
#sum = {indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i)>],
        iterator_types = ["parallel", "reduction"]}
func.func @no_iterations(%a: memref<0x8xf32>, %y: memref<8xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<8xf32>)
  linalg.generic #sum ins(%a : memref<0x8xf32>) outs(%y : memref<8xf32>) {
    ^bb0(%x: f32, %acc: f32):
      %s = arith.addf %acc, %x : f32
      linalg.yield %s : f32
  }
  return
}
