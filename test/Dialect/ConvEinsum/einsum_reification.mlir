// Result extents in terms of the operands, and values where nothing is known.
// RUN: conveinsum-opt %s --resolve-ranked-shaped-type-result-dims --canonicalize --cse | FileCheck %s

// CHECK-DAG: #[[$FLOOR:.*]] = affine_map<()[s0] -> ((s0 - 1) floordiv 2)>

// CHECK-LABEL: func @extents
// CHECK-SAME: (%[[X:.*]]: tensor<?x4x?xf32>, %[[K:.*]]: tensor<?x4x3xf32>)
// CHECK-DAG: %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG: %[[C2:.*]] = arith.constant 2 : index
// CHECK-DAG: %[[B:.*]] = tensor.dim %[[X]], %[[C0]]
// CHECK-DAG: %[[T:.*]] = tensor.dim %[[K]], %[[C0]]
// CHECK-DAG: %[[H:.*]] = tensor.dim %[[X]], %[[C2]]
// CHECK-DAG: %[[E:.*]] = affine.apply #[[$FLOOR]]()[%[[H]]]
// CHECK: return %[[B]], %[[T]], %[[E]]
func.func @extents(%x: tensor<?x4x?xf32>, %k: tensor<?x4x3xf32>)
    -> (index, index, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %y = conveinsum.einsum "bsh,tsh->bth|h"
         where [h: padding = valid, stride = 2]
         ins(%x, %k : tensor<?x4x?xf32>, tensor<?x4x3xf32>) : tensor<?x?x?xf32>
  %b = tensor.dim %y, %c0 : tensor<?x?x?xf32>
  %t = tensor.dim %y, %c1 : tensor<?x?x?xf32>
  %e = tensor.dim %y, %c2 : tensor<?x?x?xf32>
  return %b, %t, %e : index, index, index
}

// The result's type says ?, but an operand knows the size.
// CHECK-LABEL: func @known
// CHECK: %[[C4:.*]] = arith.constant 4 : index
// CHECK: return %[[C4]]
func.func @known(%x: tensor<4x?xf32>) -> index {
  %c1 = arith.constant 1 : index
  %y = conveinsum.einsum "ij->ji" ins(%x : tensor<4x?xf32>) : tensor<?x?xf32>
  %d = tensor.dim %y, %c1 : tensor<?x?xf32>
  return %d : index
}
