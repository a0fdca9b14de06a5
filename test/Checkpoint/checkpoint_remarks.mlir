// What was decided, and what it costs: three values of 100352 bytes, of which the
// first takes 2 x 8 x 16 x 28 x 28 = 200704 MACs, and each of the others, of kernels of 3
// along 28, of which two ends do not meet, 2 x 16 x 28 x 82 = 73472.
// RUN: conveinsum-opt %s --conveinsum-checkpoint --remarks-filter=conveinsum-checkpoint -o /dev/null 2>&1 | FileCheck %s --check-prefix=MAX
// RUN: conveinsum-opt %s --conveinsum-checkpoint=budget=100352B --remarks-filter=conveinsum-checkpoint -o /dev/null 2>&1 | FileCheck %s --check-prefix=ONE
// RUN: conveinsum-opt %s --conveinsum-checkpoint=budget=0 --remarks-filter=conveinsum-checkpoint -o /dev/null 2>&1 | FileCheck %s --check-prefix=NONE
// RUN: conveinsum-opt %s --conveinsum-checkpoint -o /dev/null 2>&1 | count 0
// What the remark says of MACs is what is there afterwards.
// RUN: conveinsum-opt %s --conveinsum-count-macs | FileCheck %s --check-prefix=BEFORE
// RUN: conveinsum-opt %s --conveinsum-checkpoint=budget=0 --conveinsum-count-macs | FileCheck %s --check-prefix=AFTER

// MAX: remark: [Passed] checkpoint | Category:conveinsum-checkpoint | Function=cp_forward | {{.*}}forward-peak=301056, forward-workspace=107520, kept=3, kept-bytes=301056, recomputed=0, recomputed-macs=0
// ONE: forward-peak=301056, forward-workspace=308224, kept=1, kept-bytes=100352, recomputed=2, recomputed-macs=146944
// NONE: backward-workspace=408576, forward-peak=200704, forward-workspace=308224, kept=0, kept-bytes=0, recomputed=3, recomputed-macs=347648
// BEFORE: @cp_backward{{.*}}conveinsum.macs = 401408
// AFTER: @cp_backward{{.*}}conveinsum.macs = 749056
func.func @cp_forward(%x: tensor<2x8x28x28xf32>, %s: tensor<16x8xf32>, %h: tensor<16x3xf32>, %w: tensor<16x3xf32>, %t: tensor<14x16xf32>)
    -> (tensor<2x14x28x28xf32>, tensor<2x16x28x28xf32> {conveinsum.role = "kept"},
        tensor<2x16x28x28xf32> {conveinsum.role = "kept"}, tensor<2x16x28x28xf32> {conveinsum.role = "kept"})
    attributes {conveinsum.backward = @cp_backward} {
  %a = conveinsum.einsum "bshw,rs->brhw" ins(%x, %s : tensor<2x8x28x28xf32>, tensor<16x8xf32>) : tensor<2x16x28x28xf32>
  %b = conveinsum.einsum "brhw,rh->brhw|h" where [h: i0 - i1 + 1 = o]
         ins(%a, %h : tensor<2x16x28x28xf32>, tensor<16x3xf32>) : tensor<2x16x28x28xf32>
  %c = conveinsum.einsum "brhw,rw->brhw|w" where [w: i0 - i1 + 1 = o]
         ins(%b, %w : tensor<2x16x28x28xf32>, tensor<16x3xf32>) : tensor<2x16x28x28xf32>
  %y = conveinsum.einsum "brhw,tr->bthw" ins(%c, %t : tensor<2x16x28x28xf32>, tensor<14x16xf32>) : tensor<2x14x28x28xf32>
  return %y, %a, %b, %c : tensor<2x14x28x28xf32>, tensor<2x16x28x28xf32>, tensor<2x16x28x28xf32>, tensor<2x16x28x28xf32>
}
func.func @cp_backward(%x: tensor<2x8x28x28xf32>, %s: tensor<16x8xf32>, %h: tensor<16x3xf32>, %w: tensor<16x3xf32>, %t: tensor<14x16xf32>,
    %g: tensor<2x14x28x28xf32> {conveinsum.role = "cotangent"}, %a: tensor<2x16x28x28xf32> {conveinsum.role = "kept"},
    %b: tensor<2x16x28x28xf32> {conveinsum.role = "kept"}, %c: tensor<2x16x28x28xf32> {conveinsum.role = "kept"})
    -> (tensor<14x16xf32>, tensor<16x3xf32>, tensor<16x3xf32>) attributes {conveinsum.forward = @cp_forward} {
  %gt = conveinsum.einsum "bthw,brhw->tr" ins(%g, %c : tensor<2x14x28x28xf32>, tensor<2x16x28x28xf32>) : tensor<14x16xf32>
  %gw = conveinsum.einsum "brhw,brhw->r" ins(%b, %b : tensor<2x16x28x28xf32>, tensor<2x16x28x28xf32>) : tensor<16xf32>
  %gh = conveinsum.einsum "brhw,brhw->r" ins(%a, %a : tensor<2x16x28x28xf32>, tensor<2x16x28x28xf32>) : tensor<16xf32>
  %0 = tensor.empty() : tensor<16x3xf32>
  %1 = linalg.broadcast ins(%gw : tensor<16xf32>) outs(%0 : tensor<16x3xf32>) dimensions = [1]
  %2 = linalg.broadcast ins(%gh : tensor<16xf32>) outs(%0 : tensor<16x3xf32>) dimensions = [1]
  return %gt, %1, %2 : tensor<14x16xf32>, tensor<16x3xf32>, tensor<16x3xf32>
}
