// RUN: conveinsum-opt %s --conveinsum-register-tile="vector-bits=256 vector-registers=16 min-vector-work=0" --split-input-file | FileCheck %s --enable-var-scope
// RUN: conveinsum-opt %s --conveinsum-register-tile="vector-bits=0 min-vector-work=0" --split-input-file | FileCheck %s --check-prefix=SCALAR

// 256 products are one chain of additions.

// CHECK-LABEL:  func.func @short(
// CHECK:          scf.for {{.*}} to %c256{{.*}} iter_args
// CHECK-NOT:      scf.for
// CHECK:          return

// SCALAR-LABEL: func.func @short(
// SCALAR-COUNT-2: scf.for {{.*}} to %c256{{.*}} iter_args
// SCALAR-NOT:     scf.for
// SCALAR:         return
func.func @short(%a: memref<256xf32>, %b: memref<256x8xf32>, %c: memref<8xf32>) {
  linalg.vecmat ins(%a, %b : memref<256xf32>, memref<256x8xf32>) outs(%c : memref<8xf32>)
  return
}

// -----

// 1000 products are blocks of 250, each of which starts from zero. The result's
// value so far is where the sum of the blocks starts.

// CHECK-LABEL:  func.func @blocks(
// CHECK:          %[[START:.*]] = vector.load
// CHECK:          %[[SUM:.*]] = scf.for %[[LOW:.*]] = %c0{{.*}} to %c1000{{.*}} step %c250{{.*}} iter_args(%[[SO_FAR:.*]] = %[[START]])
// CHECK:            %[[ZERO:.*]] = arith.constant dense<0.000000e+00> : vector<8xf32>
// CHECK:            %[[HIGH:.*]] = arith.addi %[[LOW]], %c250
// CHECK:            %[[BLOCK:.*]] = scf.for {{.*}} = %[[LOW]] to %[[HIGH]] step %c1{{.*}} iter_args(%[[IN_BLOCK:.*]] = %[[ZERO]])
// CHECK:              arith.addf %[[IN_BLOCK]], {{.*}}
// CHECK:            %[[NEXT:.*]] = arith.addf %[[SO_FAR]], %[[BLOCK]]
// CHECK:            scf.yield %[[NEXT]]
// CHECK:          vector.store %[[SUM]]
func.func @blocks(%a: memref<1000xf32>, %b: memref<1000x8xf32>, %c: memref<8xf32>) {
  linalg.vecmat ins(%a, %b : memref<1000xf32>, memref<1000x8xf32>) outs(%c : memref<8xf32>)
  return
}

// -----

// A million products in lanes: 125,001 vectors are blocks of 192, groups of 8
// blocks, groups of 8 groups, and 11 of these are two groups. The last vector is
// short, and a block of its own.

// CHECK-LABEL:  func.func @groups(
// CHECK:          %[[SUM:.*]] = scf.for {{.*}} iter_args(%[[SO_FAR:.*]] = {{.*}}) -> (vector<8xf32>)
// CHECK-COUNT-4:  scf.for {{.*}} iter_args({{.*}} = %cst{{.*}}) -> (vector<8xf32>)
// CHECK:            arith.mulf
// CHECK-COUNT-5:    arith.addf
// CHECK:          vector.maskedload
// CHECK:          %[[LAST:.*]] = arith.addf %cst{{.*}}, {{.*}}
// CHECK:          %[[ALL:.*]] = arith.addf %[[SUM]], %[[LAST]]
// CHECK:          vector.reduction <add>, %[[ALL]]

// SCALAR-LABEL: func.func @groups(
// SCALAR-COUNT-6: scf.for {{.*}} -> (f32)
// SCALAR-NOT:     scf.for
// SCALAR:         return
func.func @groups(%a: memref<1000003xf32>, %b: memref<1000003xf32>, %c: memref<f32>) {
  linalg.dot ins(%a, %b : memref<1000003xf32>, memref<1000003xf32>) outs(%c : memref<f32>)
  return
}

// -----

// Sums of an operand alone stand before products: their blocks are shorter.

// CHECK-LABEL:  func.func @numbers(
// CHECK:          scf.for {{.*}} to %c65{{.*}} step %c33{{.*}} iter_args
// CHECK:            %[[END:.*]] = arith.addi
// CHECK:            %[[HIGH:.*]] = arith.minsi %[[END]], %c65
// CHECK:            scf.for {{.*}} to %[[HIGH]]
func.func @numbers(%a: memref<65x8xf32>, %c: memref<8xf32>) {
  linalg.reduce ins(%a : memref<65x8xf32>) outs(%c : memref<8xf32>) dimensions = [0]
    (%x: f32, %sum: f32) {
      %s = arith.addf %sum, %x : f32
      linalg.yield %s : f32
    }
  return
}

// -----

// Complex numbers are cut, too.

// CHECK-LABEL:  func.func @complex(
// CHECK:          scf.for {{.*}} to %c500{{.*}} step %c250{{.*}} iter_args
// CHECK:            %[[ZERO:.*]] = complex.constant [0.000000e+00, 0.000000e+00]
// CHECK:            scf.for {{.*}} iter_args({{.*}} = %[[ZERO]])
func.func @complex(%a: memref<500xcomplex<f64>>, %b: memref<500xcomplex<f64>>, %c: memref<complex<f64>>) {
  linalg.dot ins(%a, %b : memref<500xcomplex<f64>>, memref<500xcomplex<f64>>) outs(%c : memref<complex<f64>>)
  return
}

// -----

// Integers are exact in any order, and a maximum does not round.

// CHECK-LABEL:  func.func @exact(
// CHECK:          scf.for {{.*}} iter_args
// CHECK-NOT:        scf.for
// CHECK:          scf.yield
// CHECK:          scf.for {{.*}} iter_args
// CHECK-NOT:        scf.for
// CHECK:          return
func.func @exact(%a: memref<5000x8xi32>, %b: memref<5000x8xf32>, %c: memref<8xi32>, %d: memref<8xf32>) {
  linalg.reduce ins(%a : memref<5000x8xi32>) outs(%c : memref<8xi32>) dimensions = [0]
    (%x: i32, %sum: i32) {
      %s = arith.addi %sum, %x : i32
      linalg.yield %s : i32
    }
  linalg.reduce ins(%b : memref<5000x8xf32>) outs(%d : memref<8xf32>) dimensions = [0]
    (%x: f32, %most: f32) {
      %m = arith.maximumf %most, %x : f32
      linalg.yield %m : f32
    }
  return
}
