// RUN: conveinsum-opt %s --conveinsum-bufferize --conveinsum-pack-arguments | FileCheck %s

// The role of a result is that of its out-parameter.

// CHECK-LABEL: func.func @write(
// CHECK-SAME:    %[[A:[^:]+]]: memref<3xf32> {llvm.noalias},
// CHECK-SAME:    %[[Y:[^:]+]]: memref<3xf32> {llvm.noalias},
// CHECK-SAME:    %[[B:[^:]+]]: memref<12xi8> {llvm.align = 64 : i64, llvm.noalias})
// CHECK:         %[[P:.+]] = memref.view %[[B]]
// CHECK-DAG:     linalg.copy ins(%[[A]] : memref<3xf32>) outs(%[[P]] : memref<3xf32>)
// CHECK-DAG:     linalg.copy ins(%[[A]] : memref<3xf32>) outs(%[[Y]] : memref<3xf32>)
func.func @write(%a: tensor<3xf32>) -> (tensor<3xf32> {conveinsum.role = "prepared"}, tensor<3xf32>)
    attributes {conveinsum.packs = ["prepared"]} {
  return %a, %a : tensor<3xf32>, tensor<3xf32>
}
