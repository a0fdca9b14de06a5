// RUN: conveinsum-opt %s --conveinsum-register-tile --split-input-file --verify-diagnostics

func.func @dynamic(%x: memref<?xf32>, %y: memref<?xf32>) {
  // expected-error @below {{expected static loop extents, got a dynamic extent of loop 0}}
  linalg.copy ins(%x : memref<?xf32>) outs(%y : memref<?xf32>)
  return
}

// -----

func.func @not_linear(%x: memref<4xf32>, %y: memref<8xf32>) {
  // expected-error @below {{expected a linear indexing map of operand 0}}
  linalg.generic {
      indexing_maps = [affine_map<(i) -> (i mod 4)>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]}
      ins(%x : memref<4xf32>) outs(%y : memref<8xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
  }
  return
}

// -----

func.func @scatter(%x: memref<4x3xf32>, %y: memref<6xf32>) {
  // expected-error @below {{expected the result to be indexed by all parallel loops and by no reduction}}
  linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i + j)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<4x3xf32>) outs(%y : memref<6xf32>) {
    ^bb0(%a: f32, %b: f32):
      %s = arith.addf %a, %b : f32
      linalg.yield %s : f32
  }
  return
}

// -----

func.func @two_results(%x: memref<4xf32>, %y: memref<4xf32>, %z: memref<4xf32>) {
  // expected-error @below {{expected one result, in a buffer, got 2 results}}
  linalg.generic {
      indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]}
      ins(%x : memref<4xf32>) outs(%y, %z : memref<4xf32>, memref<4xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      linalg.yield %a, %a : f32, f32
  }
  return
}

// -----

func.func @far_apart(%x: memref<5xf32, strided<[4611686018427387904]>>, %y: memref<3xf32>) {
  // expected-error @below {{expected a linear indexing map of operand 0, whose numbers fit 64 bits, got affine_map<(d0) -> (d0 * 2)>}}
  linalg.generic {
      indexing_maps = [affine_map<(i) -> (i * 2)>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]}
      ins(%x : memref<5xf32, strided<[4611686018427387904]>>) outs(%y : memref<3xf32>) {
    ^bb0(%a: f32, %b: f32):
      linalg.yield %a : f32
  }
  return
}
