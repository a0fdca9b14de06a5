// What goes is computed again in front of its first reader, behind one barrier.
// RUN: conveinsum-opt %s --conveinsum-checkpoint=budget=min --split-input-file | FileCheck %s --check-prefixes=CHECK,MIN
// RUN: conveinsum-opt %s --conveinsum-checkpoint --split-input-file | FileCheck %s --check-prefixes=CHECK,MAX

// Two layers. All readers of %a read one copy of it; %b comes later than %a in the
// forward pass and is read earlier in the backward pass. A gradient that is returned,
// and what it reads for the last time, comes first.

// CHECK-LABEL: func.func @two_forward(
// MIN-SAME:    -> tensor<4x4xf32>
// MAX-SAME:    -> (tensor<4x4xf32>, tensor<4x4xf32> {conveinsum.role = "kept"}, tensor<4x4xf32> {conveinsum.role = "kept"})
// CHECK-SAME:  attributes {conveinsum.backward = @two_backward, conveinsum.packs = ["kept"]}
// CHECK:       %[[A:.*]] = conveinsum.einsum
// CHECK:       %[[B:.*]] = math.sin %[[A]]
// CHECK:       %[[Y:.*]] = conveinsum.einsum "ij,jk->ik" ins(%[[B]],
// MIN:         return %[[Y]] : tensor<4x4xf32>
// MAX:         return %[[Y]], %[[A]], %[[B]]
// CHECK-LABEL: func.func @two_backward(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<4x4xf32>, %[[W:[^:]*]]: tensor<4x4xf32>, %[[V:[^:]*]]: tensor<4x4xf32>,
// CHECK-SAME:    %[[G:[^:]*]]: tensor<4x4xf32> {conveinsum.role = "cotangent"}
// MAX-SAME:      , %[[KA:[^:]*]]: tensor<4x4xf32> {conveinsum.role = "kept"}, %[[KB:[^:]*]]: tensor<4x4xf32> {conveinsum.role = "kept"})
// MIN-SAME:      ) ->
// MIN-NEXT:    %[[T:.*]]:2 = conveinsum.barrier %[[X]], %[[W]] after %[[G]]
// MIN-NEXT:    %[[KA:.*]] = conveinsum.einsum "ij,jk->ik" ins(%[[T]]#0, %[[T]]#1
// MIN-NEXT:    %[[KB:.*]] = math.sin %[[KA]]
// CHECK-NEXT:  conveinsum.einsum "ij,ik->jk" ins(%[[KB]], %[[G]]
// CHECK-NEXT:  conveinsum.einsum "ik,jk->ij" ins(%[[G]], %[[V]]
// CHECK-NEXT:  math.cos %[[KA]]
func.func @two_forward(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>, %v: tensor<4x4xf32>)
    -> (tensor<4x4xf32>, tensor<4x4xf32> {conveinsum.role = "kept"}, tensor<4x4xf32> {conveinsum.role = "kept"})
    attributes {conveinsum.backward = @two_backward, conveinsum.packs = ["kept"]} {
  %a = conveinsum.einsum "ij,jk->ik" ins(%x, %w : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  %b = math.sin %a : tensor<4x4xf32>
  %y = conveinsum.einsum "ij,jk->ik" ins(%b, %v : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  return %y, %a, %b : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>
}
func.func @two_backward(%x: tensor<4x4xf32>, %w: tensor<4x4xf32>, %v: tensor<4x4xf32>,
    %g: tensor<4x4xf32> {conveinsum.role = "cotangent"},
    %a: tensor<4x4xf32> {conveinsum.role = "kept"}, %b: tensor<4x4xf32> {conveinsum.role = "kept"})
    -> (tensor<4x4xf32>, tensor<4x4xf32>) attributes {conveinsum.forward = @two_forward, conveinsum.packs = ["kept"]} {
  %gb = conveinsum.einsum "ik,jk->ij" ins(%g, %v : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  %gv = conveinsum.einsum "ij,ik->jk" ins(%b, %g : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  %c = math.cos %a : tensor<4x4xf32>
  %ga = arith.mulf %gb, %c : tensor<4x4xf32>
  %gw = conveinsum.einsum "ij,ik->jk" ins(%x, %ga : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  return %gw, %gv : tensor<4x4xf32>, tensor<4x4xf32>
}

// -----

// A view at the top of the backward pass does not bring recomputation there.

// MIN-LABEL: func.func @view_backward(
// MIN:       %[[SLOW:.*]] = conveinsum.einsum "ij,jk->ik" ins(%{{.*}}, %{{.*}} :
// MIN-NEXT:  %[[A:.*]] = conveinsum.einsum "ij,ij->ij"
// MIN-NEXT:  %[[R:.*]] = tensor.collapse_shape %[[A]]
// MIN-NEXT:  math.cos %[[R]]
func.func @view_forward(%x: tensor<4x4xf32>)
    -> (tensor<4x4xf32>, tensor<4x4xf32> {conveinsum.role = "kept"}) attributes {conveinsum.backward = @view_backward} {
  %a = conveinsum.einsum "ij,ij->ij" ins(%x, %x : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  return %a, %a : tensor<4x4xf32>, tensor<4x4xf32>
}
func.func @view_backward(%x: tensor<4x4xf32>, %g: tensor<4x4xf32> {conveinsum.role = "cotangent"},
    %a: tensor<4x4xf32> {conveinsum.role = "kept"}) -> tensor<4x4xf32>
    attributes {conveinsum.forward = @view_forward} {
  %r = tensor.collapse_shape %a [[0, 1]] : tensor<4x4xf32> into tensor<16xf32>
  %0 = conveinsum.einsum "ij,jk->ik" ins(%g, %g : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  %1 = math.cos %r : tensor<16xf32>
  %2 = tensor.expand_shape %1 [[0, 1]] output_shape [4, 4] : tensor<16xf32> into tensor<4x4xf32>
  %3 = arith.mulf %0, %2 : tensor<4x4xf32>
  return %3 : tensor<4x4xf32>
}

// -----

// Kept arguments that are read by nobody go, one that is an argument's value is the
// argument, and one value that travels twice travels once.

// CHECK-LABEL: func.func @odd_forward(
// MAX-SAME:    -> (tensor<4xf32>, tensor<4xf32> {conveinsum.role = "kept"})
// MIN-SAME:    -> tensor<4xf32>
// CHECK-LABEL: func.func @odd_backward(
// CHECK-SAME:    %[[X:[^:]*]]: tensor<4xf32>, %{{[^:]*}}: tensor<4xf32>
// CHECK:       %[[A:.*]] = math.exp
// CHECK:       arith.addf %{{.*}}, %[[X]]
func.func @odd_forward(%x: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<4xf32> {conveinsum.role = "kept"}, tensor<4xf32> {conveinsum.role = "kept"},
        tensor<4xf32> {conveinsum.role = "kept"}, tensor<4xf32> {conveinsum.role = "kept"})
    attributes {conveinsum.backward = @odd_backward} {
  %a = math.sin %x : tensor<4xf32>
  %b = math.cos %x : tensor<4xf32>
  return %a, %a, %b, %x, %a : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}
func.func @odd_backward(%x: tensor<4xf32>, %g: tensor<4xf32> {conveinsum.role = "cotangent"},
    %a: tensor<4xf32> {conveinsum.role = "kept"}, %b: tensor<4xf32> {conveinsum.role = "kept"},
    %c: tensor<4xf32> {conveinsum.role = "kept"}, %d: tensor<4xf32> {conveinsum.role = "kept"})
    -> tensor<4xf32> attributes {conveinsum.forward = @odd_forward} {
  %0 = math.exp %a : tensor<4xf32>
  %1 = arith.mulf %0, %d : tensor<4xf32>
  %2 = arith.addf %1, %c : tensor<4xf32>
  return %2 : tensor<4xf32>
}
