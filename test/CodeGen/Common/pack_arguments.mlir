// RUN: conveinsum-opt %s --conveinsum-pack-arguments --allow-unregistered-dialect --split-input-file | FileCheck %s

// Arguments of a role become views of one aligned buffer at the end, without gaps: the ones with the roundest sizes, here 120
// bytes and then 12, first.

// CHECK-LABEL: func.func @read(
// CHECK-SAME:    %[[X:[^ :]+]]: memref<3xf32>, %[[Y:[^ :]+]]: memref<3xf32>,
// CHECK-SAME:    %[[B:[^ :]+]]: memref<132xi8> {llvm.align = 64 : i64, llvm.noalias})
// CHECK-SAME:    conveinsum.packs = ["prepared"], conveinsum.prepared_bytes = 132 : i64
// CHECK-DAG:     %[[C0:.+]] = arith.constant 0 : index
// CHECK-DAG:     %[[Q:[^ :]+]] = memref.view %[[B]][%[[C0]]][] : memref<132xi8> to memref<15xcomplex<f32>>
// CHECK-DAG:     %[[C120:.+]] = arith.constant 120 : index
// CHECK-DAG:     %[[P:[^ :]+]] = memref.view %[[B]][%[[C120]]][] : memref<132xi8> to memref<3xf32>
// CHECK:         "test.use"(%[[P]], %[[Q]], %[[X]], %[[Y]])
func.func @read(%x: memref<3xf32>, %p: memref<3xf32> {conveinsum.role = "prepared"},
                %q: memref<15xcomplex<f32>> {conveinsum.role = "prepared"}, %y: memref<3xf32>)
    attributes {conveinsum.packs = ["prepared"]} {
  "test.use"(%p, %q, %x, %y) : (memref<3xf32>, memref<15xcomplex<f32>>, memref<3xf32>, memref<3xf32>) -> ()
  return
}

// -----

// A buffer for each role that is named, empty ones too; what is prepared stands last.

// CHECK-LABEL: func.func @roles(
// CHECK-SAME:    %{{.+}}: memref<0xi8> {llvm.align = 64 : i64, llvm.noalias}, %{{.+}}: memref<12xi8> {llvm.align = 64 : i64, llvm.noalias})
// CHECK-SAME:    conveinsum.kept_bytes = 0 : i64
// CHECK-SAME:    conveinsum.prepared_bytes = 12 : i64
func.func @roles(%p: memref<3xf32> {conveinsum.role = "prepared"}) attributes {conveinsum.packs = ["prepared", "kept"]} {
  return
}

// -----

// Equally round values stay in their order, and all that the buffer's alignment divides are equally round. An empty one takes no
// room.

// CHECK-LABEL: func.func @order(
// CHECK-SAME:    memref<458xi8>
// CHECK-DAG:     %[[AT0:.+]] = arith.constant 0 : index
// CHECK-DAG:     %[[AT128:.+]] = arith.constant 128 : index
// CHECK-DAG:     %[[AT384:.+]] = arith.constant 384 : index
// CHECK-DAG:     %[[AT448:.+]] = arith.constant 448 : index
// CHECK-DAG:     %[[AT456:.+]] = arith.constant 456 : index
// CHECK-DAG:     %[[Z:[^ :]+]] = memref.view %{{.+}}[%{{.+}}][] : memref<458xi8> to memref<0xf32>
// CHECK-DAG:     %[[A:[^ :]+]] = memref.view %{{.+}}[%[[AT456]]][] : memref<458xi8> to memref<1xbf16>
// CHECK-DAG:     %[[B:[^ :]+]] = memref.view %{{.+}}[%{{.+}}][] : memref<458xi8> to memref<16x2xf32>
// CHECK-DAG:     %[[C:[^ :]+]] = memref.view %{{.+}}[%[[AT448]]][] : memref<458xi8> to memref<f64>
// CHECK-DAG:     %[[D:[^ :]+]] = memref.view %{{.+}}[%[[AT128]]][] : memref<458xi8> to memref<64xf32>
// CHECK-DAG:     %[[E:[^ :]+]] = memref.view %{{.+}}[%[[AT384]]][] : memref<458xi8> to memref<4x4xf32>
// CHECK:         "test.use"(%[[Z]], %[[A]], %[[B]], %[[C]], %[[D]], %[[E]])
func.func @order(%z: memref<0xf32> {conveinsum.role = "kept"}, %a: memref<1xbf16> {conveinsum.role = "kept"},
                 %b: memref<16x2xf32> {conveinsum.role = "kept"}, %c: memref<f64> {conveinsum.role = "kept"},
                 %d: memref<64xf32> {conveinsum.role = "kept"}, %e: memref<4x4xf32> {conveinsum.role = "kept"})
    attributes {conveinsum.packs = ["kept"]} {
  "test.use"(%z, %a, %b, %c, %d, %e)
    : (memref<0xf32>, memref<1xbf16>, memref<16x2xf32>, memref<f64>, memref<64xf32>, memref<4x4xf32>) -> ()
  return
}
