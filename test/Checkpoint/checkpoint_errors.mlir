// RUN: conveinsum-opt %s --conveinsum-checkpoint=budget=min --split-input-file --verify-diagnostics

// expected-error@+1 {{cannot be checkpointed: expected 'conveinsum.backward' to name a func.func beside it, got @g}}
func.func @no_backward(%x: tensor<4xf32>) -> tensor<4xf32> attributes {conveinsum.backward = @g} {
  return %x : tensor<4xf32>
}

// -----

// expected-error@+1 {{cannot be checkpointed: expected a body, got a declaration}}
func.func private @declared(tensor<4xf32>) -> tensor<4xf32> attributes {conveinsum.backward = @b}
func.func @b(%x: tensor<4xf32>) {
  return
}

// -----

// expected-error@+1 {{cannot be checkpointed: expected a body of one block, got 2}}
func.func @blocks(%x: tensor<4xf32>) -> tensor<4xf32> attributes {conveinsum.backward = @b} {
  cf.br ^next
^next:
  return %x : tensor<4xf32>
}
func.func @b(%x: tensor<4xf32>) {
  return
}

// -----

func.func @count(%x: tensor<4xf32>) -> (tensor<4xf32> {conveinsum.role = "kept"}) attributes {conveinsum.backward = @b} {
  return %x : tensor<4xf32>
}
// expected-error@+1 {{is not the backward function of @count: expected 1 kept arguments, as many as it returns kept values, got 0}}
func.func @b(%x: tensor<4xf32>) {
  return
}

// -----

func.func @type(%x: tensor<4xf32>) -> (tensor<4xf32> {conveinsum.role = "kept"}) attributes {conveinsum.backward = @b} {
  return %x : tensor<4xf32>
}
// expected-error@+1 {{is not the backward function of @type: expected argument 1 to be the kept 'tensor<4xf32>' of its result 0, got 'tensor<5xf32>'}}
func.func @b(%x: tensor<4xf32>, %k: tensor<5xf32> {conveinsum.role = "kept"}) {
  return
}

// -----

func.func @few(%x: tensor<4xf32>, %y: tensor<4xf32>) attributes {conveinsum.backward = @b} {
  return
}
// expected-error@+1 {{is not the backward function of @few: expected its 2 arguments first, got 1 in all}}
func.func @b(%x: tensor<4xf32>) {
  return
}

// -----

func.func @other(%x: tensor<4xf32>) attributes {conveinsum.backward = @b} {
  return
}
// expected-error@+1 {{is not the backward function of @other: expected argument 0 to be its argument of type 'tensor<4xf32>', got 'tensor<3xf32>'}}
func.func @b(%x: tensor<3xf32>) {
  return
}

// -----

func.func @kept_first(%x: tensor<4xf32>) -> (tensor<4xf32> {conveinsum.role = "kept"}) attributes {conveinsum.backward = @b} {
  return %x : tensor<4xf32>
}
// expected-error@+1 {{is not the backward function of @kept_first: expected argument 0 to be its argument of type 'tensor<4xf32>', got a kept 'tensor<4xf32>'}}
func.func @b(%x: tensor<4xf32> {conveinsum.role = "kept"}) {
  return
}

// -----

func.func @called(%x: tensor<4xf32>) -> tensor<4xf32> attributes {conveinsum.backward = @b} {
  return %x : tensor<4xf32>
}
func.func @b(%x: tensor<4xf32>) {
  return
}
func.func @caller(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{uses @called, whose signature is not decided before conveinsum-checkpoint}}
  %0 = call @called(%x) : (tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

func.func @no_cotangent(%x: tensor<4xf32>) -> (tensor<4xf32> {conveinsum.role = "kept"})
    attributes {conveinsum.backward = @b} {
  %0 = math.exp %x : tensor<4xf32>
  return %0 : tensor<4xf32>
}
// expected-error@+1 {{cannot be checkpointed: expected an argument of role 'cotangent' that recomputation waits for}}
func.func @b(%x: tensor<4xf32>, %k: tensor<4xf32> {conveinsum.role = "kept"}) -> tensor<4xf32> {
  return %k : tensor<4xf32>
}

// -----

func.func @network(%x: tensor<4x4xf32>) -> tensor<4x4xf32> attributes {conveinsum.backward = @b} {
  // expected-error@+1 {{cannot be checkpointed: expected a step of static extents, such as conveinsum-decompose makes}}
  %0 = conveinsum.einsum "ij,jk,kl->il" ins(%x, %x, %x : tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) : tensor<4x4xf32>
  return %0 : tensor<4x4xf32>
}
func.func @b(%x: tensor<4x4xf32>) {
  return
}

// -----

func.func private @random() -> tensor<4xf32>
func.func @pinned_call(%x: tensor<4xf32>) -> tensor<4xf32> attributes {conveinsum.backward = @b} {
  // expected-error@+1 {{cannot be recomputed: expected 'conveinsum.recompute' on ops without side effects that read what can be kept or recomputed}}
  %0 = call @random() {conveinsum.recompute} : () -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
func.func @b(%x: tensor<4xf32>) {
  return
}

// -----

// expected-error@+1 {{cannot be checkpointed: expected kept result 0 to be a tensor of static shape, got 'tensor<?xf32>'}}
func.func @dynamic(%x: tensor<?xf32>) -> (tensor<?xf32> {conveinsum.role = "kept"}) attributes {conveinsum.backward = @b} {
  return %x : tensor<?xf32>
}
func.func @b(%x: tensor<?xf32>, %k: tensor<?xf32> {conveinsum.role = "kept"}) {
  return
}
