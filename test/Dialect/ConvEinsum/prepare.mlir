// RUN: conveinsum-opt %s --conveinsum-prepare --split-input-file | FileCheck %s

// What depends on constants only is computed in @f_prepare; what the rest reads of
// it travels in the order in which it is read.

// CHECK-LABEL: func.func @steps_prepare(
// CHECK-SAME:    %[[A:[^ :]+]]: tensor<9x8xf32> {conveinsum.operand = 1 : i64}
// CHECK-SAME:    %[[B:[^ :]+]]: tensor<8x7xf32> {conveinsum.operand = 2 : i64}
// CHECK-SAME:    -> (tensor<9x7xf32> {conveinsum.role = "prepared"})
// CHECK-SAME:    attributes {conveinsum.packs = ["prepared"], conveinsum.prepares = @steps}
// CHECK-NEXT:    %[[AB:[^ :]+]] = conveinsum.einsum "ij,jk->ik" ins(%[[A]], %[[B]]
// CHECK-NEXT:    return %[[AB]]
// CHECK-LABEL: func.func @steps(
// CHECK-SAME:    %[[X:[^ :]+]]: tensor<1x9xf32> {conveinsum.operand = 0 : i64}
// CHECK-SAME:    %[[P:[^ :]+]]: tensor<9x7xf32> {conveinsum.role = "prepared"}) -> tensor<1x7xf32>
// CHECK-SAME:    attributes {conveinsum.packs = ["prepared"]}
// CHECK-NEXT:    %[[Y:[^ :]+]] = conveinsum.einsum "ai,ik->ak" ins(%[[X]], %[[P]]
// CHECK-NEXT:    return %[[Y]]
func.func @steps(%x: tensor<1x9xf32>, %a: tensor<9x8xf32> {conveinsum.constant},
                 %b: tensor<8x7xf32> {conveinsum.constant}) -> tensor<1x7xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<9x8xf32>, tensor<8x7xf32>) : tensor<9x7xf32>
  %1 = conveinsum.einsum "ai,ik->ak" ins(%x, %0 : tensor<1x9xf32>, tensor<9x7xf32>) : tensor<1x7xf32>
  return %1 : tensor<1x7xf32>
}

// -----

// A constant that the rest reads itself is handed on; one that nothing reads is
// taken all the same.

// CHECK-LABEL: func.func @direct_prepare(
// CHECK-SAME:    %[[A:[^ :]+]]: tensor<3xf32> {conveinsum.operand = 0 : i64, my.name = "a"}
// CHECK-SAME:    %{{.+}}: tensor<4xf32> {conveinsum.operand = 2 : i64}
// CHECK-SAME:    attributes {conveinsum.packs = ["prepared"], conveinsum.prepares = @direct, my.layer}
// CHECK-NEXT:    return %[[A]] : tensor<3xf32>
// CHECK-LABEL: func.func @direct(
// CHECK-SAME:    %[[X:[^ :]+]]: tensor<3xf32> {conveinsum.operand = 1 : i64}
// CHECK-SAME:    %[[P:[^ :]+]]: tensor<3xf32> {conveinsum.role = "prepared"}
// CHECK-NEXT:    conveinsum.einsum "i,i->i" ins(%[[P]], %[[X]]
func.func @direct(%a: tensor<3xf32> {conveinsum.constant, my.name = "a"}, %x: tensor<3xf32>,
                  %unused: tensor<4xf32> {conveinsum.constant}) -> tensor<3xf32> attributes {my.layer} {
  %0 = conveinsum.einsum "i,i->i" ins(%a, %x : tensor<3xf32>, tensor<3xf32>) : tensor<3xf32>
  return %0 : tensor<3xf32>
}

// -----

// Scalars and what depends on no argument are computed on the side that reads
// them, here on both.

// CHECK-LABEL: func.func @scalars_prepare(
// CHECK-SAME:    %[[A:[^ :]+]]: tensor<3xf32>
// CHECK-DAG:     %[[C0:.+]] = arith.constant 0 : index
// CHECK-DAG:     %[[S:[^ :]+]] = tensor.extract %[[A]][%[[C0]]]
// CHECK:         %[[Q:[^ :]+]] = tensor.from_elements %[[S]]
// CHECK:         return %[[Q]], %[[A]]
// CHECK-LABEL: func.func @scalars(
// CHECK-SAME:    %[[X:[^ :]+]]: tensor<1xf32> {conveinsum.operand = 0 : i64}
// CHECK-SAME:    %[[Q:[^ :]+]]: tensor<1xf32> {conveinsum.role = "prepared"}
// CHECK-SAME:    %[[A:[^ :]+]]: tensor<3xf32> {conveinsum.role = "prepared"}
// CHECK:         %[[S:[^ :]+]] = tensor.extract %[[A]][%{{.+}}]
// CHECK:         tensor.insert %[[S]] into %[[X]]
func.func @scalars(%x: tensor<1xf32>, %a: tensor<3xf32> {conveinsum.constant}) -> tensor<1xf32> {
  %c0 = arith.constant 0 : index
  %s = tensor.extract %a[%c0] : tensor<3xf32>
  %q = tensor.from_elements %s : tensor<1xf32>
  %0 = arith.addf %x, %q : tensor<1xf32>
  %t = tensor.insert %s into %x[%c0] : tensor<1xf32>
  %1 = arith.addf %0, %t : tensor<1xf32>
  return %1 : tensor<1xf32>
}

// -----

// An op with an effect stays, whatever it reads, and regions read what is around
// them.

// CHECK-LABEL: func.func @effects_prepare(
// CHECK-SAME:    -> (tensor<4xf32> {conveinsum.role = "prepared"})
// CHECK-NOT:     call
// CHECK:         arith.negf
// CHECK-LABEL: func.func @effects(
// CHECK-SAME:    %[[P:[^ :]+]]: tensor<4xf32> {conveinsum.role = "prepared"}
// CHECK:         call @print(%[[P]])
// CHECK:         scf.if
// CHECK:           arith.addf %{{.+}}, %[[P]]
func.func private @print(tensor<4xf32>)
func.func @effects(%x: tensor<4xf32>, %c: i1, %a: tensor<4xf32> {conveinsum.constant}) -> tensor<4xf32> {
  %n = arith.negf %a : tensor<4xf32>
  call @print(%n) : (tensor<4xf32>) -> ()
  %0 = scf.if %c -> tensor<4xf32> {
    %1 = arith.addf %x, %n : tensor<4xf32>
    scf.yield %1 : tensor<4xf32>
  } else {
    scf.yield %x : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

// All operands are constants, and extents may be dynamic.

// CHECK-LABEL: func.func @all_prepare(
// CHECK:         %[[R:[^ :]+]] = conveinsum.einsum
// CHECK-NEXT:    return %[[R]]
// CHECK-LABEL: func.func @all(
// CHECK-SAME:    %[[P:[^ :]+]]: tensor<?x3xf32> {conveinsum.role = "prepared"})
// CHECK-NEXT:    return %[[P]]
func.func @all(%a: tensor<?x2xf32> {conveinsum.constant}, %b: tensor<2x3xf32> {conveinsum.constant}) -> tensor<?x3xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<?x2xf32>, tensor<2x3xf32>) : tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// -----

// Functions without constants stay as they are, and nested modules are reached.

// CHECK-LABEL: func.func @none(
// CHECK-SAME:    tensor<3xf32>) -> tensor<3xf32> {
func.func @none(%x: tensor<3xf32>) -> tensor<3xf32> {
  return %x : tensor<3xf32>
}
// CHECK-LABEL: module @inner
module @inner {
  // CHECK:     func.func @nested_prepare(
  // CHECK:     func.func @nested(
  func.func @nested(%a: tensor<3xf32> {conveinsum.constant}) -> tensor<3xf32> {
    return %a : tensor<3xf32>
  }
}
