// The peaks of a CP layer are those that docs/Training.md gives for its points. The
// workspaces have a padded operand as well, and nothing of what is kept.
// RUN: conveinsum-opt %s --conveinsum-plan --conveinsum-decompose --conveinsum-differentiate -o %t
// RUN: conveinsum-opt %t --conveinsum-checkpoint=budget=min --remarks-filter=conveinsum-checkpoint -o /dev/null 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: conveinsum-opt %t --conveinsum-checkpoint=budget=22478848B --remarks-filter=conveinsum-checkpoint -o /dev/null 2>&1 | FileCheck %s --check-prefix=ONE
// RUN: conveinsum-opt %t --conveinsum-checkpoint=budget=70%% --remarks-filter=conveinsum-checkpoint -o /dev/null 2>&1 | FileCheck %s --check-prefix=TWO
// RUN: conveinsum-opt %t --conveinsum-checkpoint --remarks-filter=conveinsum-checkpoint -o /dev/null 2>&1 | FileCheck %s --check-prefix=ALL

// A plan that keeps so many bytes decides the same, and checkpoint carries it out.
// RUN: conveinsum-opt %s --conveinsum-plan=keep=22478848B --conveinsum-decompose --conveinsum-differentiate \
// RUN:   --conveinsum-checkpoint --remarks-filter=conveinsum-checkpoint -o /dev/null 2>&1 | FileCheck %s --check-prefix=ONE

// NONE: backward-peak=67436544, backward-workspace=91521728, forward-peak=44957696, forward-workspace=69042176, kept=0, kept-bytes=0, recomputed=3, recomputed-macs=752238592
// ONE: backward-peak=67436544, backward-workspace=69042880, forward-peak=67436544, forward-workspace=69042176, kept=1, kept-bytes=22478848, recomputed=2, recomputed-macs=32915456
// TWO: backward-peak=67436544, backward-workspace=69042880, forward-peak=67436544, forward-workspace=46563328, kept=2, kept-bytes=44957696, recomputed=1, recomputed-macs=16457728
// ALL: backward-peak=67436544, backward-workspace=69042880, forward-peak=67436544, forward-workspace=24084480, kept=3, kept-bytes=67436544, recomputed=0, recomputed-macs=0
func.func @cp(%x: tensor<128x128x28x28xf32> {conveinsum.gradient}, %t: tensor<56x128xf32> {conveinsum.gradient},
              %s: tensor<56x128xf32> {conveinsum.gradient}, %h: tensor<56x3xf32> {conveinsum.gradient},
              %w: tensor<56x3xf32> {conveinsum.gradient}) -> tensor<128x128x28x28xf32> {
  %y = conveinsum.einsum "bshw,rt,rs,rh,rw->bthw|hw" ins(%x, %t, %s, %h, %w : tensor<128x128x28x28xf32>,
         tensor<56x128xf32>, tensor<56x128xf32>, tensor<56x3xf32>, tensor<56x3xf32>) : tensor<128x128x28x28xf32>
  return %y : tensor<128x128x28x28xf32>
}
