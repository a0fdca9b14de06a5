// RUN: conveinsum-opt %s --conveinsum-pack-arguments --allow-unregistered-dialect --split-input-file | FileCheck %s

// Arguments of a role become views of one aligned buffer at the end.

// CHECK-LABEL: func.func @read(
// CHECK-SAME:    %[[X:[^ :]+]]: memref<3xf32>, %[[Y:[^ :]+]]: memref<3xf32>,
// CHECK-SAME:    %[[B:[^ :]+]]: memref<192xi8> {llvm.align = 64 : i64, llvm.noalias})
// CHECK-SAME:    conveinsum.packs = ["prepared"], conveinsum.prepared_bytes = 192 : i64
// CHECK-DAG:     %[[C0:.+]] = arith.constant 0 : index
// CHECK-DAG:     %[[P:[^ :]+]] = memref.view %[[B]][%[[C0]]][] : memref<192xi8> to memref<3xf32>
// CHECK-DAG:     %[[C64:.+]] = arith.constant 64 : index
// CHECK-DAG:     %[[Q:[^ :]+]] = memref.view %[[B]][%[[C64]]][] : memref<192xi8> to memref<15xcomplex<f32>>
// CHECK:         "test.use"(%[[P]], %[[Q]], %[[X]], %[[Y]])
func.func @read(%x: memref<3xf32>, %p: memref<3xf32> {conveinsum.role = "prepared"},
                %q: memref<15xcomplex<f32>> {conveinsum.role = "prepared"}, %y: memref<3xf32>)
    attributes {conveinsum.packs = ["prepared"]} {
  "test.use"(%p, %q, %x, %y) : (memref<3xf32>, memref<15xcomplex<f32>>, memref<3xf32>, memref<3xf32>) -> ()
  return
}

// -----

// A buffer for each role that is named, empty ones too, in the order of the names.

// CHECK-LABEL: func.func @roles(
// CHECK-SAME:    %{{.+}}: memref<0xi8> {llvm.align = 64 : i64, llvm.noalias}, %{{.+}}: memref<64xi8> {llvm.align = 64 : i64, llvm.noalias})
// CHECK-SAME:    conveinsum.kept_bytes = 0 : i64
// CHECK-SAME:    conveinsum.prepared_bytes = 64 : i64
func.func @roles(%p: memref<3xf32> {conveinsum.role = "prepared"}) attributes {conveinsum.packs = ["kept", "prepared"]} {
  return
}
