// RUN: conveinsum-opt %s --conveinsum-arena --split-input-file --verify-diagnostics

func.func @in_a_loop(%x: memref<4xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    // expected-error @below {{expected a dense allocation of static size outside all loops, got 'memref<4xf32>'}}
    %a = memref.alloc() : memref<4xf32>
    linalg.copy ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  }
  return
}

// -----

func.func @dynamic(%n: index) {
  // expected-error @below {{expected a dense allocation of static size outside all loops, got 'memref<?xf32>'}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

func.func @recursive(%x: memref<4xf32>) {
  // expected-error @below {{expected no recursion, got a call of @recursive inside itself}}
  call @recursive(%x) : (memref<4xf32>) -> ()
  return
}
