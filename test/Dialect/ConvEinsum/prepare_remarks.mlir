// What was prepared, as a remark.
// RUN: conveinsum-opt %s --conveinsum-prepare --remarks-filter=conveinsum-prepare -o /dev/null 2>&1 | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-prepare -o /dev/null 2>&1 | count 0

// CHECK: remark: [Passed] prepared | Category:conveinsum-prepare | Function=f | ops=1, values=2
// CHECK-NOT: remark
func.func @f(%x: tensor<1x9xf32>, %a: tensor<9x8xf32> {conveinsum.constant},
             %b: tensor<8x9xf32> {conveinsum.constant}) -> tensor<1x8xf32> {
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %b : tensor<9x8xf32>, tensor<8x9xf32>) : tensor<9x9xf32>
  %1 = conveinsum.einsum "ai,ik->ak" ins(%x, %0 : tensor<1x9xf32>, tensor<9x9xf32>) : tensor<1x9xf32>
  %2 = conveinsum.einsum "ai,ij->aj" ins(%1, %a : tensor<1x9xf32>, tensor<9x8xf32>) : tensor<1x8xf32>
  return %2 : tensor<1x8xf32>
}
