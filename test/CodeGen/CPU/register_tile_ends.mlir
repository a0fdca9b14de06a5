// RUN: conveinsum-opt %s --conveinsum-register-tile="vector-bits=256 min-vector-work=0" --split-input-file | FileCheck %s

// 20 elements in vectors of 8: the last vector overlaps the one before.

// CHECK-LABEL: func.func @overlap(
// CHECK-SAME:    %[[X:.*]]: memref<20xf32>, %[[Y:.*]]: memref<20xf32>)
// CHECK-DAG:     %[[C8:.*]] = arith.constant 8 : index
// CHECK-DAG:     %[[C12:.*]] = arith.constant 12 : index
// CHECK-COUNT-3: vector.load %[[X]]
// CHECK-NOT:     masked
// CHECK:         vector.store {{.*}}, %[[Y]]
func.func @overlap(%x: memref<20xf32>, %y: memref<20xf32>) {
  linalg.copy ins(%x : memref<20xf32>) outs(%y : memref<20xf32>)
  return
}

// -----

// What is updated in place must be computed once: the last vector is masked.

// CHECK-LABEL: func.func @mask(
// CHECK-SAME:    %[[X:.*]]: memref<20xf32>, %[[Y:.*]]: memref<20xf32>)
// CHECK:         vector.maskedload %[[Y]]
// CHECK:         arith.constant dense<[true, true, true, true, false, false, false, false]>
// CHECK:         vector.maskedload %[[X]]
// CHECK:         vector.maskedstore %[[Y]]
func.func @mask(%x: memref<20xf32>, %y: memref<20xf32>) {
  linalg.generic {
      indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]}
      ins(%x : memref<20xf32>) outs(%y : memref<20xf32>) {
    ^bb0(%a: f32, %b: f32):
      %s = arith.addf %a, %b : f32
      linalg.yield %s : f32
  }
  return
}

// -----

// Fewer elements than lanes: the next power of two, masked.

// CHECK-LABEL: func.func @short(
// CHECK:         vector.maskedload {{.*}} : memref<3xf32>, vector<4xi1>, vector<4xf32> into vector<4xf32>
// CHECK:         vector.maskedstore {{.*}} : memref<3xf32>, vector<4xi1>, vector<4xf32>
func.func @short(%x: memref<3xf32>, %y: memref<3xf32>) {
  linalg.copy ins(%x : memref<3xf32>) outs(%y : memref<3xf32>)
  return
}
