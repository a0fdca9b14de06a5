// Orders of dimensions are chosen for a CPU with 512-bit vectors.
// RUN: conveinsum-opt %s --conveinsum-choose-layouts="cpu=x86-64-v4" --split-input-file | FileCheck %s
// RUN: conveinsum-opt %s --conveinsum-choose-layouts="cpu=x86-64-v4 functions=untrained" --split-input-file | FileCheck %s --check-prefix=UNTRAINED
// RUN: conveinsum-opt %s --conveinsum-choose-layouts="cpu=x86-64-v4 functions=pairs" --split-input-file | FileCheck %s --check-prefix=PAIRS
// RUN: not conveinsum-opt %s --conveinsum-choose-layouts="cpu=nonsense" --split-input-file 2>&1 | FileCheck %s --check-prefix=UNKNOWN

// UNKNOWN: expected cpu to be host or a CPU that LLVM knows, got 'nonsense'

// The weight is made with its sums in the order in which x has them.

// CHECK-LABEL: func.func @intermediate(
// CHECK:         %[[W:.*]] = conveinsum.einsum "r0 r1 s1, r1 r2 s2 -> s1 s2 r0 r2"
// CHECK:         conveinsum.einsum "b(s1)(s2),(s1)(s2)(r0)(r2)->b(r0)(r2)" ins(%{{.*}}, %[[W]]
// CHECK-SAME:      {tag = "kept on the step"}
func.func @intermediate(%a: tensor<8x8x32xf32>, %c: tensor<8x8x32xf32>, %x: tensor<512x32x32xf32>) -> tensor<512x8x8xf32> {
  %0 = conveinsum.einsum "(r0)(r1)(s1),(r1)(r2)(s2)->(r0)(r2)(s2)(s1)" ins(%a, %c
         : tensor<8x8x32xf32>, tensor<8x8x32xf32>) : tensor<8x8x32x32xf32>
  %1 = conveinsum.einsum "b(s1)(s2),(r0)(r2)(s2)(s1)->b(r0)(r2)" ins(%x, %0
         : tensor<512x32x32xf32>, tensor<8x8x32x32xf32>) {tag = "kept on the step"} : tensor<512x8x8xf32>
  return %1 : tensor<512x8x8xf32>
}

// -----

// A weight that is given is copied, once for both of its readers; one that another
// op reads, too, is left in its order.

// CHECK-LABEL: func.func @given(
// CHECK-SAME:    %{{.*}}: tensor<512x32x32xf32>, %[[W:.*]]: tensor<64x32x32xf32>
// CHECK:         %[[COPY:.*]] = conveinsum.einsum "r(s2)(s1)->[[ORDER:.*\(s1\)\(s2\).*]]" ins(%[[W]]
// CHECK-NOT:     ins(%[[W]]
// CHECK:         conveinsum.einsum "b(s1)(s2),[[ORDER]]->br" ins(%{{.*}}, %[[COPY]]
// CHECK:         conveinsum.einsum "b(s1)(s2),[[ORDER]]->br" ins(%{{.*}}, %[[COPY]]
func.func @given(%x: tensor<512x32x32xf32>, %w: tensor<64x32x32xf32>, %y: tensor<512x32x32xf32>) -> (tensor<512x64xf32>, tensor<512x64xf32>) {
  %0 = conveinsum.einsum "b(s1)(s2),(r)(s2)(s1)->b(r)" ins(%x, %w
         : tensor<512x32x32xf32>, tensor<64x32x32xf32>) : tensor<512x64xf32>
  %1 = conveinsum.einsum "b(s1)(s2),(r)(s2)(s1)->b(r)" ins(%y, %w
         : tensor<512x32x32xf32>, tensor<64x32x32xf32>) : tensor<512x64xf32>
  return %0, %1 : tensor<512x64xf32>, tensor<512x64xf32>
}

// -----

// What a limit was planned for gets no copies.

// CHECK-LABEL: func.func @limited(
// CHECK-COUNT-1: conveinsum.einsum
// CHECK-NOT:     conveinsum.einsum
func.func @limited(%x: tensor<512x32x32xf32>, %w: tensor<64x32x32xf32>) -> tensor<512x64xf32>
    attributes {conveinsum.memory_limit = 10000000 : i64} {
  %0 = conveinsum.einsum "b(s1)(s2),(r)(s2)(s1)->b(r)" ins(%x, %w
         : tensor<512x32x32xf32>, tensor<64x32x32xf32>) : tensor<512x64xf32>
  return %0 : tensor<512x64xf32>
}

// -----

// Diagonals, dynamic extents and small steps stay as they are.

// CHECK-LABEL: func.func @unchanged(
// CHECK-COUNT-3: conveinsum.einsum
// CHECK-NOT:     conveinsum.einsum
func.func @unchanged(%a: tensor<64x64xf32>, %b: tensor<?x512xf32>, %c: tensor<512x512xf32>, %d: tensor<4x4xf32>) -> (tensor<64x64xf32>, tensor<?x512xf32>, tensor<4x4xf32>) {
  %0 = conveinsum.einsum "ii,jk->jk" ins(%a, %a : tensor<64x64xf32>, tensor<64x64xf32>) : tensor<64x64xf32>
  %1 = conveinsum.einsum "bs,ts->bt" ins(%b, %c : tensor<?x512xf32>, tensor<512x512xf32>) : tensor<?x512xf32>
  %2 = conveinsum.einsum "ij,kj->ik" ins(%d, %d : tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  return %0, %1, %2 : tensor<64x64xf32>, tensor<?x512xf32>, tensor<4x4xf32>
}

// -----

// Functions that need gradients wait until these are there.

// CHECK-LABEL: func.func @trained(
// CHECK-COUNT-2: conveinsum.einsum
// UNTRAINED-LABEL: func.func @trained(
// UNTRAINED-COUNT-1: conveinsum.einsum
// UNTRAINED-NOT:     conveinsum.einsum
// PAIRS-LABEL: func.func @trained(
// PAIRS-COUNT-1: conveinsum.einsum
// PAIRS-NOT:     conveinsum.einsum
func.func @trained(%x: tensor<512x32x32xf32>, %w: tensor<64x32x32xf32> {conveinsum.gradient}) -> tensor<512x64xf32> {
  %0 = conveinsum.einsum "b(s1)(s2),(r)(s2)(s1)->b(r)" ins(%x, %w
         : tensor<512x32x32xf32>, tensor<64x32x32xf32>) : tensor<512x64xf32>
  return %0 : tensor<512x64xf32>
}
