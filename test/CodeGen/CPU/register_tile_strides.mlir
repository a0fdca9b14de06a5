// RUN: conveinsum-opt %s --conveinsum-register-tile="vector-bits=128 min-vector-work=0" --split-input-file | FileCheck %s

// Every second element: two loads, the second one ending with the last lane,
// and a shuffle.

// CHECK-LABEL: func.func @stride_two(
// CHECK-SAME:    %[[X:.*]]: memref<7xf32>, %[[Y:.*]]: memref<4xf32>)
// CHECK-DAG:     %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG:     %[[C3:.*]] = arith.constant 3 : index
// CHECK:         %[[LOW:.*]] = vector.load %[[X]][%[[C0]]]
// CHECK:         %[[HIGH:.*]] = vector.load %[[X]][%[[C3]]]
// CHECK:         %[[EVEN:.*]] = vector.shuffle %{{.*}}, %[[HIGH]] [0, 1, 5, 7]
// CHECK:         vector.store %[[EVEN]], %[[Y]]
func.func @stride_two(%x: memref<7xf32>, %y: memref<4xf32>) {
  %view = memref.subview %x[0] [4] [2] : memref<7xf32> to memref<4xf32, strided<[2]>>
  linalg.copy ins(%view : memref<4xf32, strided<[2]>>) outs(%y : memref<4xf32>)
  return
}

// -----

// Far apart, with rows that lie one after the other: squares are turned, by one
// bit of the numbers of vectors and lanes after the other.

// CHECK-LABEL: func.func @transpose(
// CHECK-COUNT-4: vector.load {{.*}} vector<4xf32>
// CHECK:         vector.shuffle {{.*}} [0, 4, 2, 6]
// CHECK:         vector.shuffle {{.*}} [1, 5, 3, 7]
// CHECK:         vector.shuffle {{.*}} [0, 1, 4, 5]
// CHECK:         vector.shuffle {{.*}} [2, 3, 6, 7]
// CHECK-NOT:     memref.load
// CHECK-COUNT-4: vector.store {{.*}} vector<4xf32>
// CHECK-NOT:     memref.store
// CHECK:         return
func.func @transpose(%x: memref<8x12xf32>, %y: memref<12x8xf32>) {
  linalg.transpose ins(%x : memref<8x12xf32>) outs(%y : memref<12x8xf32>) permutation = [1, 0]
  return
}

// -----

// Too few rows for a square: one element at a time.

// CHECK-LABEL: func.func @transpose_narrow(
// CHECK:         vector.{{from_elements|extract}}
// CHECK-NOT:     vector.shuffle
// CHECK:         return
func.func @transpose_narrow(%x: memref<12x9xf32>, %y: memref<3x12xf32>) {
  %view = memref.subview %x[0, 0] [12, 3] [1, 1] : memref<12x9xf32> to memref<12x3xf32, strided<[9, 1]>>
  linalg.transpose ins(%view : memref<12x3xf32, strided<[9, 1]>>) outs(%y : memref<3x12xf32>) permutation = [1, 0]
  return
}

// -----

// Rows that follow each other are one loop: nothing but one vector loop is left.

// CHECK-LABEL: func.func @merged(
// CHECK-SAME:    %[[X:.*]]: memref<8x3x5x16xf32>, %[[Y:.*]]: memref<8x3x5x16xf32>)
// CHECK-DAG:     %[[FLAT_X:.*]] = memref.reinterpret_cast %[[X]] to offset: [0], sizes: [1920], strides: [1]
// CHECK:         scf.for
// CHECK-NOT:     scf.for
// CHECK:         vector.load %[[FLAT_X]]
func.func @merged(%x: memref<8x3x5x16xf32>, %y: memref<8x3x5x16xf32>) {
  linalg.copy ins(%x : memref<8x3x5x16xf32>) outs(%y : memref<8x3x5x16xf32>)
  return
}

// -----

// A flipped dimension: a load and a shuffle that turns it round.

// CHECK-LABEL: func.func @reversed(
// CHECK-SAME:    %[[X:.*]]: memref<4xf32>, %[[Y:.*]]: memref<4xf32>)
// CHECK:         %[[C0:.*]] = arith.constant 0 : index
// CHECK:         %[[BACK:.*]] = vector.load %[[X]][%[[C0]]]
// CHECK:         %[[TURNED:.*]] = vector.shuffle %[[BACK]], %[[BACK]] [3, 2, 1, 0]
// CHECK:         vector.store %[[TURNED]], %[[Y]]
func.func @reversed(%x: memref<4xf32>, %y: memref<4xf32>) {
  linalg.generic {
      indexing_maps = [affine_map<(i) -> (-i + 3)>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]}
      ins(%x : memref<4xf32>) outs(%y : memref<4xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
  }
  return
}

// -----

// Fewer elements than lanes: loads are masked, so that nothing is read beyond
// the last one, and the lane that is left is a zero.

// CHECK-LABEL: func.func @stride_two_masked(
// CHECK:         vector.load
// CHECK:         %[[MASK:.*]] = arith.constant dense<[true, false, false, false]> : vector<4xi1>
// CHECK:         %[[HIGH:.*]] = vector.maskedload %{{.*}}, %[[MASK]]
// CHECK:         vector.shuffle %{{.*}}, %[[HIGH]] [0, 1, 4, 6]
func.func @stride_two_masked(%x: memref<5xf32>, %y: memref<3xf32>) {
  %view = memref.subview %x[0] [3] [2] : memref<5xf32> to memref<3xf32, strided<[2]>>
  linalg.copy ins(%view : memref<3xf32, strided<[2]>>) outs(%y : memref<3xf32>)
  return
}

// -----

// CHECK-LABEL: func.func @reversed_masked(
// CHECK:         %[[MASK:.*]] = arith.constant dense<[true, true, true, false]> : vector<4xi1>
// CHECK:         %[[BACK:.*]] = vector.maskedload %{{.*}}, %[[MASK]]
// CHECK:         vector.shuffle %[[BACK]], %[[BACK]] [2, 1, 0, 3]
func.func @reversed_masked(%x: memref<3xf32>, %y: memref<3xf32>) {
  linalg.generic {
      indexing_maps = [affine_map<(i) -> (-i + 2)>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]}
      ins(%x : memref<3xf32>) outs(%y : memref<3xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
  }
  return
}

// -----

// Every second element of the result: the masks of two stores leave alone what
// lies between them.

// CHECK-LABEL: func.func @spread(
// CHECK:         %[[VALUE:.*]] = vector.load
// CHECK:         %[[LOW:.*]] = vector.shuffle %[[VALUE]], %[[VALUE]] [0, 0, 1, 0]
// CHECK:         %[[MASK:.*]] = arith.constant dense<[true, false, true, false]> : vector<4xi1>
// CHECK:         vector.maskedstore %{{.*}}, %[[MASK]], %[[LOW]]
// CHECK:         %[[HIGH:.*]] = vector.shuffle %[[VALUE]], %[[VALUE]] [2, 0, 3, 0]
// CHECK:         vector.maskedstore %{{.*}}, %{{.*}}, %[[HIGH]]
func.func @spread(%x: memref<4xf32>, %y: memref<7xf32>) {
  %view = memref.subview %y[0] [4] [2] : memref<7xf32> to memref<4xf32, strided<[2]>>
  linalg.copy ins(%x : memref<4xf32>) outs(%view : memref<4xf32, strided<[2]>>)
  return
}
