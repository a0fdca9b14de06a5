// What is compiled keeps as many bytes as the remark says, and a barrier costs
// neither a copy nor a buffer.
// RUN: conveinsum-opt %s --conveinsum-checkpoint=budget=250B --remarks-filter=conveinsum-checkpoint -o %t 2>&1 | FileCheck %s --check-prefix=REMARK
// RUN: conveinsum-opt %t --pass-pipeline='builtin.module(conveinsum-to-linalg,linalg-to-cpu-loops)' | FileCheck %s

// Three values of 25 floats, 100 bytes each, without gaps.

// REMARK: remark: [Passed] checkpoint {{.*}} kept=2, kept-bytes=200, recomputed=1
// CHECK: func.func @f_forward({{.*}}conveinsum.kept_bytes = 200 : i64
// CHECK-NOT: memref.copy
// CHECK: func.func @f_backward({{.*}}conveinsum.kept_bytes = 200 : i64
// CHECK-NOT: memref.copy
// CHECK-NOT: conveinsum.barrier
func.func @f_forward(%x: tensor<5x5xf32>)
    -> (tensor<5x5xf32>, tensor<5x5xf32> {conveinsum.role = "kept"}, tensor<5x5xf32> {conveinsum.role = "kept"},
        tensor<5x5xf32> {conveinsum.role = "kept"})
    attributes {conveinsum.backward = @f_backward, conveinsum.packs = ["kept"]} {
  %a = math.sin %x : tensor<5x5xf32>
  %b = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<5x5xf32>, tensor<5x5xf32>) : tensor<5x5xf32>
  %c = conveinsum.einsum "ij,jk->ik" ins(%b, %a : tensor<5x5xf32>, tensor<5x5xf32>) : tensor<5x5xf32>
  %y = math.sin %c : tensor<5x5xf32>
  return %y, %a, %b, %c : tensor<5x5xf32>, tensor<5x5xf32>, tensor<5x5xf32>, tensor<5x5xf32>
}
func.func @f_backward(%x: tensor<5x5xf32>, %g: tensor<5x5xf32> {conveinsum.role = "cotangent"},
    %a: tensor<5x5xf32> {conveinsum.role = "kept"}, %b: tensor<5x5xf32> {conveinsum.role = "kept"},
    %c: tensor<5x5xf32> {conveinsum.role = "kept"}) -> tensor<5x5xf32>
    attributes {conveinsum.forward = @f_forward, conveinsum.packs = ["kept"]} {
  %0 = math.cos %c : tensor<5x5xf32>
  %1 = arith.mulf %g, %0 : tensor<5x5xf32>
  %2 = conveinsum.einsum "ij,jk->ik" ins(%1, %b : tensor<5x5xf32>, tensor<5x5xf32>) : tensor<5x5xf32>
  %3 = conveinsum.einsum "ij,jk->ik" ins(%2, %a : tensor<5x5xf32>, tensor<5x5xf32>) : tensor<5x5xf32>
  return %3 : tensor<5x5xf32>
}
