// RUN: conveinsum-opt %s --conveinsum-register-tile --split-input-file | FileCheck %s

// Few iterations: plain loops, the accumulator still in a register.

// CHECK-LABEL: func.func @small(
// CHECK-NOT:     vector
// CHECK:         scf.for
// CHECK:           scf.for
// CHECK:             scf.for {{.*}} iter_args({{.*}}) -> (f32)
// CHECK:             memref.store
func.func @small(%a: memref<3x4xf32>, %b: memref<4x5xf32>, %c: memref<3x5xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%c : memref<3x5xf32>)
  linalg.matmul ins(%a, %b : memref<3x4xf32>, memref<4x5xf32>) outs(%c : memref<3x5xf32>)
  return
}

// -----

// Complex numbers have no vectors: a tile of scalars.

// CHECK-LABEL: func.func @complex(
// CHECK-NOT:     vector
// CHECK:         scf.for {{.*}} iter_args({{.*}}complex<f32>, complex<f32>
// CHECK:           complex.mul
func.func @complex(%a: memref<16x16xcomplex<f32>>, %b: memref<16x16xcomplex<f32>>,
                   %c: memref<16x16xcomplex<f32>>) {
  %zero = complex.constant [0.0 : f32, 0.0 : f32] : complex<f32>
  linalg.fill ins(%zero : complex<f32>) outs(%c : memref<16x16xcomplex<f32>>)
  linalg.matmul ins(%a, %b : memref<16x16xcomplex<f32>>, memref<16x16xcomplex<f32>>)
    outs(%c : memref<16x16xcomplex<f32>>)
  return
}

// -----

// A body may read the loops' numbers.

// CHECK-LABEL: func.func @indices(
// CHECK:         scf.for %[[I:.*]] =
// CHECK:           scf.for %[[J:.*]] =
// CHECK:             arith.addi %[[I]], %[[J]] : index
// CHECK-NOT:     linalg
func.func @indices(%y: memref<3x5xindex>) {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>],
                  iterator_types = ["parallel", "parallel"]}
      outs(%y : memref<3x5xindex>) {
    ^bb0(%old: index):
      %i = linalg.index 0 : index
      %j = linalg.index 1 : index
      %s = arith.addi %i, %j : index
      linalg.yield %s : index
  }
  return
}
