// RUN: conveinsum-opt %s --conveinsum-pack-arguments --split-input-file --verify-diagnostics

// expected-error@+1 {{expected 'conveinsum.packs' to be an array of strings, got "prepared"}}
func.func @no_array() attributes {conveinsum.packs = "prepared"} {
  return
}

// -----

// expected-error@+1 {{expected 'conveinsum.packs' to be an array of strings, got [1]}}
func.func @no_string() attributes {conveinsum.packs = [1]} {
  return
}

// -----

// expected-error@+1 {{expected role "kept" of argument 0 in 'conveinsum.packs'}}
func.func @no_name(%p: memref<3xf32> {conveinsum.role = "kept"}) {
  return
}

// -----

// expected-error@+1 {{expected argument 0 of role 'kept' to be a dense buffer of static shape, got 'memref<?xf32>'}}
func.func @dynamic(%p: memref<?xf32> {conveinsum.role = "kept"}) attributes {conveinsum.packs = ["kept"]} {
  return
}

// -----

// expected-error@+1 {{expected a body and out-parameters, as conveinsum-bufferize makes them, where 'conveinsum.packs' stands}}
func.func private @declaration() attributes {conveinsum.packs = ["kept"]}

// -----

// expected-error@+1 {{expected the buffer of role 'kept' to have at most 2^62 bytes}}
func.func @large(%p: memref<4611686018427387904xi8> {conveinsum.role = "kept"},
                 %q: memref<4611686018427387904xi8> {conveinsum.role = "kept"}) attributes {conveinsum.packs = ["kept"]} {
  return
}

// -----

func.func @f(%p: memref<3xf32> {conveinsum.role = "kept"}) attributes {conveinsum.packs = ["kept"]} {
  return
}
func.func @caller(%p: memref<3xf32>) {
  // expected-error@+1 {{expected no call of a function that packs arguments, got one of @f}}
  call @f(%p) : (memref<3xf32>) -> ()
  return
}

// -----

// expected-error@+1 {{expected 'conveinsum.role' of argument 0 to be a string, got 1 : i64}}
func.func @number(%p: memref<3xf32> {conveinsum.role = 1}) attributes {conveinsum.packs = ["kept"]} {
  return
}
