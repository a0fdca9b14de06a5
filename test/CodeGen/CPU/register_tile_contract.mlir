// RUN: conveinsum-opt %s --conveinsum-register-tile="min-vector-work=0" | FileCheck %s --check-prefix=FUSED
// RUN: conveinsum-opt %s --conveinsum-register-tile="min-vector-work=0 contract=false" | FileCheck %s --check-prefix=APART
// RUN: conveinsum-opt %s --conveinsum-register-tile="vector-bits=0 contract=false" | FileCheck %s --check-prefix=APART

// Ops allow products and sums to be fused, and the option takes it away again;
// other flags stay.

// FUSED-DAG: arith.mulf {{.*}} fastmath<contract>
// FUSED-DAG: arith.addf {{.*}} fastmath<nnan,contract>
// APART-NOT: contract
// APART:     arith.mulf {{%[^ ]*}}, {{%[^ ]*}} :
// APART-NOT: contract
// APART:     arith.addf {{.*}} fastmath<nnan>
// APART-NOT: contract
func.func @f(%x: memref<4x16xf32>, %y: memref<4x16xf32>, %z: memref<16xf32>) {
  linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i)>],
      iterator_types = ["parallel", "reduction"]}
      ins(%x, %y : memref<4x16xf32>, memref<4x16xf32>) outs(%z : memref<16xf32>) {
    ^bb0(%a: f32, %b: f32, %c: f32):
      %p = arith.mulf %a, %b fastmath<contract> : f32
      %s = arith.addf %c, %p fastmath<nnan,contract> : f32
      linalg.yield %s : f32
  }
  return
}
