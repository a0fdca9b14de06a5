// RUN: conveinsum-opt %s --conveinsum-register-tile="vector-bits=256 min-vector-work=0" --split-input-file | FileCheck %s

// Both inputs are contiguous along the reduction: it runs in lanes, the last four
// of 84 iterations under a mask, and the lanes are summed once at the end.

// CHECK-LABEL: func.func @rows_by_rows(
// CHECK-SAME:    %[[A:.*]]: memref<6x84xf32>, %[[B:.*]]: memref<5x84xf32>, %[[C:.*]]: memref<6x5xf32>)
// CHECK:         vector.load {{.*}} vector<8xf32>
// CHECK:         vector.maskedload {{.*}} vector<8xf32>
// CHECK:         %[[SUM:.*]] = vector.reduction <add>, {{.*}} fastmath<reassoc>
// CHECK:         arith.addf {{.*}}, %[[SUM]]
// CHECK:         memref.store
// CHECK-NOT:     vector.store
func.func @rows_by_rows(%a: memref<6x84xf32>, %b: memref<5x84xf32>, %c: memref<6x5xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%c : memref<6x5xf32>)
  linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>,
                       affine_map<(m, n, k) -> (n, k)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : memref<6x84xf32>, memref<5x84xf32>) outs(%c : memref<6x5xf32>) {
    ^bb0(%x: f32, %y: f32, %acc: f32):
      %m = arith.mulf %x, %y fastmath<contract> : f32
      %s = arith.addf %acc, %m fastmath<contract> : f32
      linalg.yield %s : f32
  }
  return
}

// -----

// A maximum is no sum: lanes do not run it.

// CHECK-LABEL: func.func @maximum(
// CHECK-NOT:     vector.reduction
// CHECK:         arith.maximumf {{.*}} : f32
func.func @maximum(%a: memref<64xf32>, %c: memref<f32>) {
  linalg.generic {
      indexing_maps = [affine_map<(k) -> (k)>, affine_map<(k) -> ()>],
      iterator_types = ["reduction"]}
      ins(%a : memref<64xf32>) outs(%c : memref<f32>) {
    ^bb0(%x: f32, %acc: f32):
      %m = arith.maximumf %acc, %x : f32
      linalg.yield %m : f32
  }
  return
}
