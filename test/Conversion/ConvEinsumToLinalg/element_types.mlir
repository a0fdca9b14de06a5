// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --convert-conveinsum-to-linalg --split-input-file --verify-roundtrip -o /dev/null

// Sums are made in f32 and rounded once.
// CHECK-LABEL: func @bf16
// CHECK: %[[ZERO:.*]] = linalg.fill {{.*}} -> tensor<8xf32>
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} outs(%[[ZERO]] : tensor<8xf32>)
// CHECK: ^bb0(%[[A:.*]]: bf16, %[[B:.*]]: bf16, %[[ACC:.*]]: f32):
// CHECK-NEXT: %[[WA:.*]] = arith.extf %[[A]] : bf16 to f32
// CHECK-NEXT: %[[WB:.*]] = arith.extf %[[B]] : bf16 to f32
// CHECK-NEXT: %[[P:.*]] = arith.mulf %[[WA]], %[[WB]] fastmath<contract>
// CHECK-NEXT: %[[S:.*]] = arith.addf %[[ACC]], %[[P]] fastmath<contract>
// CHECK: %[[EMPTY:.*]] = tensor.empty() : tensor<8xbf16>
// CHECK: linalg.generic {{.*}} ins(%[[SUM]] : {{.*}}) outs(%[[EMPTY]]
// CHECK: arith.truncf
func.func @bf16(%x: tensor<8x4xbf16>, %y: tensor<4xbf16>) -> tensor<8xbf16> {
  %z = conveinsum.einsum "ij,j->i" ins(%x, %y : tensor<8x4xbf16>, tensor<4xbf16>)
         : tensor<8xbf16>
  return %z : tensor<8xbf16>
}

// -----

// CHECK-LABEL: func @f16_to_f32
// CHECK-COUNT-2: arith.extf
// CHECK-NOT: truncf
func.func @f16_to_f32(%x: tensor<8x4xf16>, %y: tensor<4xf16>) -> tensor<8xf32> {
  %z = conveinsum.einsum "ij,j->i" ins(%x, %y : tensor<8x4xf16>, tensor<4xf16>)
         : tensor<8xf32>
  return %z : tensor<8xf32>
}

// -----

// Integers wrap at the end, and nowhere before.
// CHECK-LABEL: func @i8
// CHECK: ^bb0(%[[A:.*]]: i8, %[[B:.*]]: i8, %[[ACC:.*]]: i32):
// CHECK-NEXT: %[[WA:.*]] = arith.extsi %[[A]] : i8 to i32
// CHECK-NEXT: %[[WB:.*]] = arith.extsi %[[B]] : i8 to i32
// CHECK-NEXT: %[[P:.*]] = arith.muli %[[WA]], %[[WB]] : i32
// CHECK-NEXT: arith.addi %[[ACC]], %[[P]] : i32
// CHECK: arith.trunci {{.*}} : i32 to i8
func.func @i8(%x: tensor<8x4xi8>, %y: tensor<4xi8>) -> tensor<8xi8> {
  %z = conveinsum.einsum "ij,j->i" ins(%x, %y : tensor<8x4xi8>, tensor<4xi8>)
         : tensor<8xi8>
  return %z : tensor<8xi8>
}

// -----

// CHECK-LABEL: func @complex
// CHECK: complex.constant [0.000000e+00 : f32, 0.000000e+00 : f32]
// CHECK: %[[P:.*]] = complex.mul
// CHECK-NEXT: complex.add %{{.*}}, %[[P]]
func.func @complex(%x: tensor<8x4xcomplex<f32>>, %y: tensor<4xcomplex<f32>>)
    -> tensor<8xcomplex<f32>> {
  %z = conveinsum.einsum "ij,j->i"
         ins(%x, %y : tensor<8x4xcomplex<f32>>, tensor<4xcomplex<f32>>)
         : tensor<8xcomplex<f32>>
  return %z : tensor<8xcomplex<f32>>
}
