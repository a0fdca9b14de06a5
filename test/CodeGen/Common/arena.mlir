// RUN: conveinsum-opt %s --conveinsum-arena --split-input-file | FileCheck %s

// Buffers that live at the same time lie side by side, 64 bytes aligned.

// CHECK-LABEL: func.func @together(
// CHECK-SAME:    %[[X:.*]]: memref<4xf32>, %[[Y:.*]]: memref<4xf32>, %[[WS:.*]]: memref<128xi8> {llvm.align = 64 : i64, llvm.noalias})
// CHECK-SAME:    attributes {conveinsum.workspace_bytes = 128 : i64}
// CHECK-DAG:     %[[C0:.*]] = arith.constant 0 : index
// CHECK-DAG:     %[[C64:.*]] = arith.constant 64 : index
// CHECK-DAG:     memref.view %[[WS]][%[[C0]]][] : memref<128xi8> to memref<4xf32>
// CHECK-DAG:     memref.view %[[WS]][%[[C64]]][] : memref<128xi8> to memref<4xf32>
// CHECK-NOT:     memref.alloc
func.func @together(%x: memref<4xf32>, %y: memref<4xf32>) {
  %a = memref.alloc() : memref<4xf32>
  %b = memref.alloc() : memref<4xf32>
  linalg.copy ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  linalg.copy ins(%x : memref<4xf32>) outs(%b : memref<4xf32>)
  linalg.add ins(%a, %b : memref<4xf32>, memref<4xf32>) outs(%y : memref<4xf32>)
  return
}

// -----

// The third buffer takes the place of the first, which is dead by then; a use
// through a view counts.

// CHECK-LABEL: func.func @reuse(
// CHECK-SAME:    conveinsum.workspace_bytes = 8192 : i64
func.func @reuse(%x: memref<1024xf32>, %y: memref<1024xf32>) {
  %a = memref.alloc() : memref<1024xf32>
  %b = memref.alloc() : memref<1024xf32>
  %c = memref.alloc() : memref<1024xf32>
  linalg.copy ins(%x : memref<1024xf32>) outs(%a : memref<1024xf32>)
  %view = memref.expand_shape %a [[0, 1]] output_shape [32, 32] : memref<1024xf32> into memref<32x32xf32>
  %square = memref.expand_shape %b [[0, 1]] output_shape [32, 32] : memref<1024xf32> into memref<32x32xf32>
  linalg.copy ins(%view : memref<32x32xf32>) outs(%square : memref<32x32xf32>)
  linalg.copy ins(%b : memref<1024xf32>) outs(%c : memref<1024xf32>)
  linalg.copy ins(%c : memref<1024xf32>) outs(%y : memref<1024xf32>)
  return
}

// -----

// Largest first, %d would come to lie at 0 and %b at 192, so that %c, which is
// alive with both, lies above them: 448 bytes. No more than 384 are alive at
// once, and another order needs no more.

// CHECK-LABEL: func.func @gaps(
// CHECK-SAME:    conveinsum.workspace_bytes = 384 : i64
func.func @gaps(%x: memref<48xf32>, %y: memref<48xf32>) {
  %a = memref.alloc() : memref<48xf32>
  %b = memref.alloc() : memref<48xf32>
  %c = memref.alloc() : memref<16xf32>
  %d = memref.alloc() : memref<3x16xf32>
  linalg.copy ins(%x : memref<48xf32>) outs(%a : memref<48xf32>)
  linalg.copy ins(%a : memref<48xf32>) outs(%b : memref<48xf32>)
  %part = memref.subview %b[0] [16] [1] : memref<48xf32> to memref<16xf32, strided<[1]>>
  linalg.copy ins(%part : memref<16xf32, strided<[1]>>) outs(%c : memref<16xf32>)
  linalg.broadcast ins(%c : memref<16xf32>) outs(%d : memref<3x16xf32>) dimensions = [0]
  %flat = memref.collapse_shape %d [[0, 1]] : memref<3x16xf32> into memref<48xf32>
  linalg.copy ins(%flat : memref<48xf32>) outs(%y : memref<48xf32>)
  return
}

// -----

// A call needs the workspace of its callee while it runs.

// CHECK-LABEL: func.func private @callee(
// CHECK-SAME:    conveinsum.workspace_bytes = 64 : i64
// CHECK-LABEL: func.func @caller(
// CHECK-SAME:    memref<4xf32>, %{{.*}}: memref<4xf32>, %[[WS:[^:]*]]: memref<128xi8>
// CHECK:         %[[INNER:.*]] = memref.view %[[WS]]{{.*}} : memref<128xi8> to memref<64xi8>
// CHECK:         call @callee(%{{.*}}, %{{.*}}, %[[INNER]])
func.func private @callee(%x: memref<4xf32>, %y: memref<4xf32>) {
  %a = memref.alloc() : memref<4xf32>
  linalg.copy ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  linalg.copy ins(%a : memref<4xf32>) outs(%y : memref<4xf32>)
  return
}
func.func @caller(%x: memref<4xf32>, %y: memref<4xf32>) {
  %a = memref.alloc() : memref<4xf32>
  call @callee(%x, %a) : (memref<4xf32>, memref<4xf32>) -> ()
  linalg.copy ins(%a : memref<4xf32>) outs(%y : memref<4xf32>)
  return
}

// -----

// Buffers without elements have no shape that matters.

// CHECK-LABEL: func.func @empty(
// CHECK-SAME:    %{{.*}}: memref<0xf32>, %{{.*}}: memref<0xi8>
func.func @empty(%x: memref<4x0xf32>) {
  return
}
