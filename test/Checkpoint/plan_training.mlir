// Whose trees are chosen, and whose are left to others.
// RUN: conveinsum-opt %s --conveinsum-plan-training=budget=min | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-plan-training=budget=min --conveinsum-plan --conveinsum-decompose --conveinsum-prepare \
// RUN:   --conveinsum-differentiate --conveinsum-checkpoint | FileCheck %s --check-prefix=KEPT --implicit-check-not=kept_budget

// What it says on one function.
// RUN: conveinsum-opt %s --conveinsum-plan-training=budget=min --remarks-filter=conveinsum-plan-training -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK


// REMARK: remark: [Passed] trees | Category:conveinsum-plan-training | Function=chosen | budget-bytes=0, exact=yes, kept-bytes=0, macs={{[0-9]+}}, macs-of-first-trees={{[0-9]+}}, networks=2, trees={{[0-9]+}}
// CHECK-LABEL: @chosen
// CHECK-SAME: conveinsum.kept_budget = 0 : i64
// CHECK-COUNT-2: plan (
// KEPT: @chosen_forward({{.*}}) -> tensor<16x5xf32> attributes
func.func @chosen(%x: tensor<16x6xf32>, %a: tensor<6x5xf32> {conveinsum.gradient}, %b: tensor<5x7xf32> {conveinsum.gradient},
                  %c: tensor<7x4xf32> {conveinsum.gradient}, %d: tensor<4x5xf32> {conveinsum.gradient}) -> tensor<16x5xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %a, %b : tensor<16x6xf32>, tensor<6x5xf32>, tensor<5x7xf32>) : tensor<16x7xf32>
  %1 = math.tanh %0 : tensor<16x7xf32>
  %2 = conveinsum.einsum "ij,jk,kl->il" ins(%1, %c, %d : tensor<16x7xf32>, tensor<7x4xf32>, tensor<4x5xf32>) : tensor<16x5xf32>
  return %2 : tensor<16x5xf32>
}

// Pinned orders, other objectives and limits stay what they are.
// CHECK-LABEL: @pinned
// CHECK-SAME: conveinsum.kept_budget
// CHECK: conveinsum.einsum {{.*}} plan ((0,2),1)
// CHECK-NOT: plan
// CHECK: conveinsum.einsum {{.*}} {conveinsum.minimize = "size"}
// CHECK-NOT: plan
// CHECK: conveinsum.einsum {{.*}} {conveinsum.keep_limit = "1KiB"}
// CHECK: conveinsum.einsum {{.*}} plan (
func.func @pinned(%x: tensor<8x6xf32>, %a: tensor<6x6xf32> {conveinsum.gradient}, %b: tensor<6x6xf32> {conveinsum.gradient}) -> tensor<8x6xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %a, %b : tensor<8x6xf32>, tensor<6x6xf32>, tensor<6x6xf32>) plan ((0,2),1) : tensor<8x6xf32>
  %1 = conveinsum.einsum "ij,jk,kl->il" ins(%0, %a, %b : tensor<8x6xf32>, tensor<6x6xf32>, tensor<6x6xf32>) {conveinsum.minimize = "size"} : tensor<8x6xf32>
  %2 = conveinsum.einsum "ij,jk,kl->il" ins(%1, %a, %b : tensor<8x6xf32>, tensor<6x6xf32>, tensor<6x6xf32>) {conveinsum.keep_limit = "1KiB"} : tensor<8x6xf32>
  %3 = conveinsum.einsum "ij,jk,kl->il" ins(%2, %a, %b : tensor<8x6xf32>, tensor<6x6xf32>, tensor<6x6xf32>) : tensor<8x6xf32>
  return %3 : tensor<8x6xf32>
}

// Functions that become others first, and those that are not trained.
// CHECK-LABEL: @constant
// CHECK-NOT: plan
// CHECK-LABEL: @inference
// CHECK-NOT: plan
func.func @constant(%x: tensor<8x6xf32>, %a: tensor<6x6xf32> {conveinsum.gradient}, %b: tensor<6x6xf32> {conveinsum.constant}) -> tensor<8x6xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %a, %b : tensor<8x6xf32>, tensor<6x6xf32>, tensor<6x6xf32>) : tensor<8x6xf32>
  return %0 : tensor<8x6xf32>
}
func.func @inference(%x: tensor<8x6xf32>, %a: tensor<6x6xf32>, %b: tensor<6x6xf32>) -> tensor<8x6xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %a, %b : tensor<8x6xf32>, tensor<6x6xf32>, tensor<6x6xf32>) : tensor<8x6xf32>
  return %0 : tensor<8x6xf32>
}

// Which trees read %0 depends on them, as %b has no gradient: that is not exact.
// REMARK: Function=frozen | {{.*}}exact=no
// CHECK-LABEL: @frozen
// CHECK-COUNT-2: plan (
func.func @frozen(%x: tensor<8x6xf32>, %a: tensor<6x6xf32> {conveinsum.gradient}, %b: tensor<6x6xf32>) -> tensor<8x6xf32> {
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %a, %b : tensor<8x6xf32>, tensor<6x6xf32>, tensor<6x6xf32>) : tensor<8x6xf32>
  %1 = conveinsum.einsum "ij,jk,kl->il" ins(%0, %a, %b : tensor<8x6xf32>, tensor<6x6xf32>, tensor<6x6xf32>) : tensor<8x6xf32>
  return %1 : tensor<8x6xf32>
}
