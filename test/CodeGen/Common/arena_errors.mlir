// RUN: conveinsum-opt %s --conveinsum-arena --split-input-file --verify-diagnostics

func.func @on_threads(%x: memref<4xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.parallel (%i) = (%c0) to (%n) step (%c1) {
    // expected-error @below {{expected allocations in scf.if and scf.for only, got one in 'scf.parallel'}}
    %a = memref.alloc() : memref<4xf32>
    linalg.copy ins(%x : memref<4xf32>) outs(%a : memref<4xf32>)
  }
  return
}

// -----

func.func @dynamic(%n: index) {
  // expected-error @below {{expected a dense allocation of static size, got 'memref<?xf32>'}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

func.func @recursive(%x: memref<4xf32>) {
  // expected-error @below {{expected no recursion, got a call of @recursive inside itself}}
  call @recursive(%x) : (memref<4xf32>) -> ()
  return
}

// -----

// expected-error @below {{expected out-parameters instead of results, as conveinsum-bufferize makes them, got 1 result}}
func.func @result(%x: memref<4xf32>) -> memref<4xf32> {
  return %x : memref<4xf32>
}

// -----

// expected-error @below {{expected out-parameters instead of results, as conveinsum-bufferize makes them, got 2 results}}
func.func @results(%x: memref<4xf32>) -> (memref<4xf32>, index) {
  %c0 = arith.constant 0 : index
  return %x, %c0 : memref<4xf32>, index
}

// -----

// expected-error @below {{expected a body}}
func.func private @declaration(memref<4xf32>)

// -----

// Each of them is small enough, but they are alive together.
// expected-error@+1 {{expected a workspace of at most 2^62 bytes}}
func.func @large(%x: memref<1xi8>) {
  %a = memref.alloc() : memref<2305843009213693952xi8>
  %b = memref.alloc() : memref<2305843009213693952xi8>
  %c = memref.alloc() : memref<1xi8>
  linalg.copy ins(%a : memref<2305843009213693952xi8>) outs(%b : memref<2305843009213693952xi8>)
  linalg.copy ins(%x : memref<1xi8>) outs(%c : memref<1xi8>)
  linalg.copy ins(%b : memref<2305843009213693952xi8>) outs(%a : memref<2305843009213693952xi8>)
  return
}

// -----

// The end of the second one is 2^63.
// expected-error@+1 {{expected a workspace of at most 2^62 bytes}}
func.func @largest(%x: memref<4611686018427387904xi8>) {
  %a = memref.alloc() : memref<4611686018427387904xi8>
  %b = memref.alloc() : memref<4611686018427387904xi8>
  linalg.copy ins(%x : memref<4611686018427387904xi8>) outs(%a : memref<4611686018427387904xi8>)
  linalg.copy ins(%a : memref<4611686018427387904xi8>) outs(%b : memref<4611686018427387904xi8>)
  linalg.copy ins(%b : memref<4611686018427387904xi8>) outs(%a : memref<4611686018427387904xi8>)
  return
}
