// A plan that keeps nothing, because it may not, says so: decompose carries it out.
// RUN: conveinsum-opt %s --conveinsum-plan=keep=0B | FileCheck %s --check-prefix=PLAN
// RUN: conveinsum-opt %s --conveinsum-plan=keep=0B --conveinsum-decompose | FileCheck %s --check-prefix=STEPS
// RUN: conveinsum-opt %s --conveinsum-plan=keep=1KiB --conveinsum-decompose | FileCheck %s --check-prefix=FREE

// PLAN: plan ({{.*}}) {conveinsum.keep_limit = 0 : i64}
// STEPS: {conveinsum.recompute}
// FREE-NOT: conveinsum.keep
// FREE-NOT: conveinsum.recompute
func.func @f(%x: tensor<6x9xf32>, %v: tensor<9x9xf32> {conveinsum.gradient}, %w: tensor<9x9xf32> {conveinsum.gradient})
    -> tensor<6x9xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %v, %w : tensor<6x9xf32>, tensor<9x9xf32>, tensor<9x9xf32>)
         : tensor<6x9xf32>
  return %0 : tensor<6x9xf32>
}
