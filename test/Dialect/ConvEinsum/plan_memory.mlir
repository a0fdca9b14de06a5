// The best plan within a limit on live bytes. The chain takes its fewest MACs
// from the left, whatever the limit.
// RUN: conveinsum-opt %s --conveinsum-plan=memory-limit=4KiB --remarks-filter=conveinsum-plan --split-input-file 2>&1 | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-plan='memory-limit=3296' --split-input-file | FileCheck %s --check-prefix=LEAST
// RUN: not conveinsum-opt %s --conveinsum-plan='memory-limit=3295' --split-input-file 2>&1 | FileCheck %s --check-prefix=BELOW
// RUN: not conveinsum-opt %s --conveinsum-plan='memory-limit=much' --split-input-file 2>&1 | FileCheck %s --check-prefix=WORD

// CHECK: live-bytes=3296,
// LEAST: plan (0,(1,2))
// BELOW: error: 'conveinsum.einsum' op cannot be planned: expected a memory limit of at least 3296 bytes, the smallest peak of all trees, got 3295 bytes; {{.*}}slicing
// BELOW: error: 'conveinsum.einsum' op cannot be planned: expected a memory limit of at least 3296 bytes, the peak of the pinned order, got 3295 bytes
// WORD: error: expected memory-limit to be a size such as 2GiB, got 'much'
func.func @chain(%a: tensor<30x4xf32>, %b: tensor<4x50xf32>, %c: tensor<50x6xf32>) -> tensor<30x6xf32> {
  %0 = conveinsum.einsum "ab,bc,cd->ad" ins(%a, %b, %c : tensor<30x4xf32>,
         tensor<4x50xf32>, tensor<50x6xf32>) : tensor<30x6xf32>
  return %0 : tensor<30x6xf32>
}

// -----

func.func @pinned(%a: tensor<30x4xf32>, %b: tensor<4x50xf32>, %c: tensor<50x6xf32>) -> tensor<30x6xf32> {
  %0 = conveinsum.einsum "ab,bc,cd->ad" ins(%a, %b, %c : tensor<30x4xf32>,
         tensor<4x50xf32>, tensor<50x6xf32>) plan (0,(1,2)) : tensor<30x6xf32>
  return %0 : tensor<30x6xf32>
}

// -----

// A pair has one way to be joined and is not measured.
func.func @pair(%a: tensor<90x90xf32>) -> tensor<90x90xf32> {
  %0 = conveinsum.einsum "ab,bc->ac" ins(%a, %a : tensor<90x90xf32>, tensor<90x90xf32>) : tensor<90x90xf32>
  return %0 : tensor<90x90xf32>
}
