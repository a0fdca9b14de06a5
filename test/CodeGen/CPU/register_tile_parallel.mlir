// RUN: conveinsum-opt %s --conveinsum-register-tile="vector-bits=256 parallel-work=4096" --split-input-file | FileCheck %s

// Images and rows are shared among threads; the tile's loops are not.

// CHECK-LABEL: func.func @images(
// CHECK:         scf.parallel (%{{.*}}, %{{.*}}) =
// CHECK-NOT:     scf.parallel
// CHECK:           scf.for
// CHECK:             iter_args
// CHECK:           scf.reduce
func.func @images(%x: memref<4x64x16x32xf32>, %w: memref<8x64xf32>, %y: memref<4x8x8x16xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%y : memref<4x8x8x16xf32>)
  linalg.generic {
      indexing_maps = [affine_map<(n, o, h, w, c) -> (n, c, 2 * h, 2 * w)>,
                       affine_map<(n, o, h, w, c) -> (o, c)>,
                       affine_map<(n, o, h, w, c) -> (n, o, h, w)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction"]}
      ins(%x, %w : memref<4x64x16x32xf32>, memref<8x64xf32>) outs(%y : memref<4x8x8x16xf32>) {
    ^bb0(%a: f32, %b: f32, %acc: f32):
      %m = arith.mulf %a, %b fastmath<contract> : f32
      %s = arith.addf %acc, %m fastmath<contract> : f32
      linalg.yield %s : f32
  }
  return
}

// -----

// Threads must not write the same element: blocks that do not fill the loop
// leave a rest behind the threads instead of overlapping.

// CHECK-LABEL: func.func @rest(
// CHECK:         scf.parallel (%[[I:.*]]) =
// CHECK-NOT:       arith.minsi
// CHECK:           scf.reduce
// CHECK:         }
// CHECK:         vector.load
// CHECK:         vector.{{.*}}store
func.func @rest(%x: memref<10001xf32>, %y: memref<10001xf32>) {
  linalg.copy ins(%x : memref<10001xf32>) outs(%y : memref<10001xf32>)
  return
}

// -----

// Too little work for threads.

// CHECK-LABEL: func.func @little(
// CHECK-NOT:     scf.parallel
func.func @little(%x: memref<1024xf32>, %y: memref<1024xf32>) {
  linalg.copy ins(%x : memref<1024xf32>) outs(%y : memref<1024xf32>)
  return
}
