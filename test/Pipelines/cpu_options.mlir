// What the pipelines for the CPU refuse of options.
// RUN: not conveinsum-opt %s --linalg-to-llvm-cpu="cpu=nonsense" 2>&1 | FileCheck %s --check-prefix=CPU
// RUN: not conveinsum-opt %s --linalg-to-cpu-loops="vector-bits=100" 2>&1 | FileCheck %s --check-prefix=BITS
// RUN: not conveinsum-opt %s --cpu-loops-to-llvm="vector-bits=32" 2>&1 | FileCheck %s --check-prefix=NARROW
// RUN: not conveinsum-opt %s --linalg-to-llvm-cpu="vector-registers=0" 2>&1 | FileCheck %s --check-prefix=REGISTERS
// RUN: not conveinsum-opt %s --linalg-to-llvm-cpu="caches=65536,32768" 2>&1 | FileCheck %s --check-prefix=CACHES
// RUN: conveinsum-opt %s --linalg-to-llvm-cpu="caches=32768,65536" -o /dev/null
// RUN: not conveinsum-opt %s --linalg-to-llvm-cpu="min-vector-work=-1" 2>&1 | FileCheck %s --check-prefix=WORK
// RUN: not conveinsum-opt %s --linalg-to-llvm-cpu="parallel-work=-1" 2>&1 | FileCheck %s --check-prefix=PARALLEL
// RUN: not conveinsum-opt %s --conveinsum-register-tile="vector-bits=100" 2>&1 | FileCheck %s --check-prefix=BITS
// RUN: conveinsum-opt %s --linalg-to-llvm-cpu="cpu=x86-64 vector-bits=0 min-vector-work=0 threads parallel-work=0 contract=false" | FileCheck %s

// CPU:       expected cpu to be host or a CPU that LLVM knows, got 'nonsense'
// BITS:      expected vector-bits to be 0 or a power of two from 64 to 2048, got 100
// NARROW:    expected vector-bits to be 0 or a power of two from 64 to 2048, got 32
// CACHES: expected caches to be bytes from the smallest to the largest, got one that is smaller than the one before, or of 0 bytes
// REGISTERS: expected vector-registers to be at least 1, got 0
// WORK:      expected min-vector-work to be at least 0, got -1
// PARALLEL:  expected parallel-work to be at least 0, got -1

// CHECK:     llvm.func @f(
func.func @f(%a: tensor<4xf32>) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
