// Bytes need extents, for a plan that is pinned as for one that is made.
// RUN: conveinsum-opt %s --conveinsum-plan=memory-limit=1GiB --verify-diagnostics --split-input-file

func.func @pinned(%a: tensor<?x4xf32>, %b: tensor<4x5xf32>, %c: tensor<5x6xf32>) -> tensor<?x6xf32> {
  // expected-error@+1 {{cannot be planned: expected static extents to count bytes, got a dynamic extent}}
  %0 = conveinsum.einsum "ab,bc,cd->ad" ins(%a, %b, %c : tensor<?x4xf32>,
         tensor<4x5xf32>, tensor<5x6xf32>) plan ((0,1),2) : tensor<?x6xf32>
  return %0 : tensor<?x6xf32>
}

// -----

func.func @planned(%a: tensor<?x4xf32>, %b: tensor<4x5xf32>, %c: tensor<5x6xf32>) -> tensor<?x6xf32> {
  // expected-error@+1 {{cannot be planned: expected static extents to count bytes, got a dynamic extent}}
  %0 = conveinsum.einsum "ab,bc,cd->ad" ins(%a, %b, %c : tensor<?x4xf32>,
         tensor<4x5xf32>, tensor<5x6xf32>) : tensor<?x6xf32>
  return %0 : tensor<?x6xf32>
}
