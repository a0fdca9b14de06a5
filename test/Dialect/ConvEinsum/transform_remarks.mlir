// The figures of each step, and what became of each einsum, as remarks.
// RUN: conveinsum-opt %s --conveinsum-plan --conveinsum-decompose --remarks-filter=conveinsum-decompose -o /dev/null 2>&1 | FileCheck %s --check-prefix=STEP
// RUN: conveinsum-opt %s --conveinsum-simplify --remarks-filter=conveinsum-simplify -o /dev/null 2>&1 | FileCheck %s --check-prefix=SIMPLIFIED
// RUN: conveinsum-opt %s --conveinsum-plan --conveinsum-decompose --conveinsum-simplify -o /dev/null 2>&1 | count 0

// STEP: remark: [Analysis] step | Category:conveinsum-decompose | Function=network | dense-macs=192, equation="bsh,rs->brh", exact-macs=192, kind=contraction, written=48
// STEP: remark: [Analysis] step | Category:conveinsum-decompose | Function=network | dense-macs=144, equation="brh,rh->brh|h", exact-macs=132, kind=depthwise, written=48
// STEP-NOT: remark

// Steps of dynamic sizes have no figures.

// SIMPLIFIED-DAG: remark: [Passed] simplified | Category:conveinsum-simplify | Function=views | by="i,ik->ki", equation="iij,ik->ki"
// SIMPLIFIED-DAG: remark: [Passed] simplified | Category:conveinsum-simplify | Function=views | by=linalg.transpose, equation=ij->ji
// SIMPLIFIED-DAG: remark: [Passed] simplified | Category:conveinsum-simplify | Function=views | by=operand, equation=ij->ij
func.func @network(%x: tensor<2x4x8xf32>, %s: tensor<3x4xf32>, %h: tensor<3x3xf32>) -> tensor<2x3x8xf32> {
  %0 = conveinsum.einsum "bsh,rs,rh->brh|h"
         ins(%x, %s, %h : tensor<2x4x8xf32>, tensor<3x4xf32>, tensor<3x3xf32>)
         : tensor<2x3x8xf32>
  return %0 : tensor<2x3x8xf32>
}

func.func @dynamic(%a: tensor<?x3xf32>, %b: tensor<3x4xf32>, %c: tensor<4x5xf32>) -> tensor<?x5xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il"
         ins(%a, %b, %c : tensor<?x3xf32>, tensor<3x4xf32>, tensor<4x5xf32>)
         plan ((0,1),2) : tensor<?x5xf32>
  return %0 : tensor<?x5xf32>
}

func.func @views(%x: tensor<4x4x5xf32>, %y: tensor<4x6xf32>) -> (tensor<6x4xf32>, tensor<6x4xf32>, tensor<4x6xf32>) {
  %0 = conveinsum.einsum "iij,ik->ki" ins(%x, %y : tensor<4x4x5xf32>, tensor<4x6xf32>) : tensor<6x4xf32>
  %1 = conveinsum.einsum "ij->ji" ins(%y : tensor<4x6xf32>) : tensor<6x4xf32>
  %2 = conveinsum.einsum "ij->ij" ins(%y : tensor<4x6xf32>) : tensor<4x6xf32>
  return %0, %1, %2 : tensor<6x4xf32>, tensor<6x4xf32>, tensor<4x6xf32>
}
