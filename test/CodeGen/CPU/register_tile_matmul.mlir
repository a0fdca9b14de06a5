// RUN: conveinsum-opt %s --conveinsum-register-tile="vector-bits=512 vector-registers=32" | FileCheck %s --check-prefixes=CHECK,WIDE
// RUN: conveinsum-opt %s --conveinsum-register-tile="vector-bits=256 vector-registers=16" | FileCheck %s --check-prefixes=CHECK,NARROW
// RUN: conveinsum-opt %s --conveinsum-register-tile="vector-bits=0" | FileCheck %s --check-prefix=SCALAR

// Columns outside, rows inside, then one loop over the reduction that carries
// all accumulators and reads only the inputs. The fill is their start value.

// CHECK-LABEL:   func.func @matmul(
// CHECK-SAME:      %[[A:.*]]: memref<64x64xf32>, %[[B:.*]]: memref<64x256xf32>, %[[C:.*]]: memref<64x256xf32>)
// WIDE-SAME:       passthrough
// NARROW-NOT:      passthrough
// CHECK-DAG:       %[[FLAT_A:.*]] = memref.reinterpret_cast %[[A]] to offset: [0], sizes: [4096], strides: [1]
// CHECK-DAG:       %[[FLAT_B:.*]] = memref.reinterpret_cast %[[B]] to offset: [0], sizes: [16384], strides: [1]
// CHECK-DAG:       %[[FLAT_C:.*]] = memref.reinterpret_cast %[[C]] to offset: [0], sizes: [16384], strides: [1]
// CHECK-NOT:       linalg.fill
// CHECK:           scf.for
// CHECK-NOT:       iter_args
// CHECK:             scf.for
// CHECK:               scf.for {{.*}} iter_args
// WIDE-SAME:             vector<16xf32>
// NARROW-SAME:           vector<8xf32>
// CHECK-NOT:             %[[FLAT_C]]
// CHECK-DAG:             memref.load %[[FLAT_A]]
// CHECK-DAG:             vector.broadcast
// CHECK-DAG:             vector.load %[[FLAT_B]]
// CHECK-NOT:             %[[FLAT_C]]
// CHECK:                 scf.yield
// CHECK:               vector.store {{.*}}, %[[FLAT_C]]
// CHECK-NOT:       linalg

// SCALAR-LABEL:  func.func @matmul(
// SCALAR-NOT:      vector<
// SCALAR:          scf.for {{.*}} iter_args({{.*}} -> (f32
func.func @matmul(%a: memref<64x64xf32>, %b: memref<64x256xf32>, %c: memref<64x256xf32>) {
  %zero = arith.constant 0.0 : f32
  linalg.fill ins(%zero : f32) outs(%c : memref<64x256xf32>)
  linalg.matmul ins(%a, %b : memref<64x64xf32>, memref<64x256xf32>)
    outs(%c : memref<64x256xf32>)
  return
}
