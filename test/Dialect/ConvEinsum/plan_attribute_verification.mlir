// Attributes by which the IR asks for plans: one diagnostic for each fault.
// RUN: conveinsum-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expected argument 0 to have one of 'conveinsum.constant' and 'conveinsum.gradient', got both [C96]}}
func.func private @both(tensor<2xf32> {conveinsum.constant, conveinsum.gradient})

// -----

// expected-error@+1 {{expected 'conveinsum.constant' of argument 1 to have no value, got true [C96]}}
func.func private @value(tensor<2xf32>, tensor<2xf32> {conveinsum.constant = true})

// -----

// expected-error@+1 {{expected 'conveinsum.gradient' on arguments of functions only [C96]}}
func.func private @on_op(tensor<2xf32>) attributes {conveinsum.gradient}

// -----

// expected-error@+1 {{expected 'conveinsum.budget' on ops, got argument 0 [C97]}}
func.func private @on_argument(tensor<2xf32> {conveinsum.budget = "10ms"})

// -----

// expected-error@+1 {{expected 'conveinsum.minimize' to be flops, size, write, combo-K, roof-F, time or peak, got 'speed' [C97]}}
func.func private @word() attributes {conveinsum.minimize = "speed"}

// -----

// expected-error@+1 {{expected 'conveinsum.planner' to be auto, exact, anneal, greedy, left or rebuild, got 'best' [C97]}}
func.func private @planner() attributes {conveinsum.planner = "best"}

// -----

// expected-error@+1 {{expected 'conveinsum.count' to be exact or dense, got 'all' [C97]}}
func.func private @count() attributes {conveinsum.count = "all"}

// -----

// expected-error@+1 {{expected 'conveinsum.budget' to be a time or a number of moves such as 10ms, 1.5s or 20000moves, got 'soon' [C97]}}
func.func private @budget() attributes {conveinsum.budget = "soon"}

// -----

// expected-error@+1 {{expected 'conveinsum.target' to be a string, got 3 : i64 [C97]}}
func.func private @type() attributes {conveinsum.target = 3}

// -----

// expected-error@+1 {{expected 'conveinsum.memory_limit' to be a size such as 2GiB, got 'much' [C97]}}
func.func private @size() attributes {conveinsum.memory_limit = "much"}

// -----

// expected-error@+1 {{expected 'conveinsum.keep_limit' to be a string or an i64 of at least 0, got -1 : i64 [C97]}}
func.func private @negative() attributes {conveinsum.keep_limit = -1}

// -----

// expected-error@+1 {{expected 'conveinsum.memory_limit' to be a string or an i64 of at least 0, got 1 : i32 [C97]}}
func.func private @narrow() attributes {conveinsum.memory_limit = 1 : i32}

// -----

func.func @on_einsum(%a: tensor<2x2xf32>) -> tensor<2x2xf32> {
  // expected-error@+1 {{expected 'conveinsum.minimize' to be a string, got unit [C97]}}
  %0 = conveinsum.einsum "ij,jk->ik" ins(%a, %a : tensor<2x2xf32>, tensor<2x2xf32>) {conveinsum.minimize}
         : tensor<2x2xf32>
  return %0 : tensor<2x2xf32>
}

// -----

// All of them, rightly; what others call theirs is not ours to judge.
func.func private @fine(tensor<2xf32> {conveinsum.constant, my.note = 1}, tensor<2xf32> {conveinsum.gradient})
  attributes {conveinsum.planner = "exact", conveinsum.minimize = "combo-8", conveinsum.count = "dense",
              conveinsum.target = "my-machine.json", conveinsum.budget = "100moves",
              conveinsum.memory_limit = "2GiB", conveinsum.keep_limit = 4096}
