// RUN: conveinsum-opt %s --conveinsum-plan | FileCheck %s --check-prefixes=CHECK,EXACT
// RUN: conveinsum-opt %s --conveinsum-plan=planner=auto | FileCheck %s --check-prefixes=CHECK,EXACT
// RUN: conveinsum-opt %s --conveinsum-plan=planner=exact | FileCheck %s --check-prefixes=CHECK,EXACT
// RUN: conveinsum-opt %s --conveinsum-plan='planner=anneal budget=20000moves' | FileCheck %s --check-prefixes=CHECK,EXACT
// RUN: conveinsum-opt %s --conveinsum-plan=planner=left | FileCheck %s --check-prefixes=CHECK,LEFT
// RUN: conveinsum-opt %s --conveinsum-plan=planner=rebuild | FileCheck %s --check-prefixes=CHECK,REBUILD

// CHECK-LABEL: func @chain
// EXACT: plan (0,(1,2)) : tensor<9x2xf32>
// LEFT: plan ((0,1),2) : tensor<9x2xf32>
// REBUILD: plan (0,(1,2)) : tensor<9x2xf32>
func.func @chain(%a: tensor<9x9xf32>, %b: tensor<9x9xf32>, %c: tensor<9x2xf32>)
    -> tensor<9x2xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x2xf32>) : tensor<9x2xf32>
  return %0 : tensor<9x2xf32>
}

// A pinned plan stays, and two operands need none.
// CHECK-LABEL: func @pinned
// CHECK: plan ((0,2),1) : tensor<9x2xf32>
// CHECK: "ij,jl->il" ins(%{{.*}}, %{{.*}} : tensor<9x9xf32>, tensor<9x2xf32>) : tensor<9x2xf32>
func.func @pinned(%a: tensor<9x9xf32>, %b: tensor<9x9xf32>, %c: tensor<9x2xf32>)
    -> (tensor<9x2xf32>, tensor<9x2xf32>) {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%a, %b, %c : tensor<9x9xf32>,
         tensor<9x9xf32>, tensor<9x2xf32>) plan ((0,2),1) : tensor<9x2xf32>
  %1 = conveinsum.einsum "ij,jl->il" ins(%a, %c : tensor<9x9xf32>,
         tensor<9x2xf32>) : tensor<9x2xf32>
  return %0, %1 : tensor<9x2xf32>, tensor<9x2xf32>
}
