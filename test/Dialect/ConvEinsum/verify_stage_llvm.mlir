// RUN: conveinsum-opt %s --conveinsum-verify-stage=stage=llvm --split-input-file --verify-diagnostics

module @inner {
  llvm.func @f(%a: !llvm.ptr) {
    omp.barrier
    llvm.return
  }
}

// -----

// An op that is left is named before the casts around it.

llvm.func @f(%a: i8) -> i8 {
  %0 = builtin.unrealized_conversion_cast %a : i8 to f8E4M3FN
  // expected-error @below {{'arith.mulf' op is left, but stage llvm has only modules and the dialects llvm and omp}}
  %1 = arith.mulf %0, %0 : f8E4M3FN
  %2 = builtin.unrealized_conversion_cast %1 : f8E4M3FN to i8
  llvm.return %2 : i8
}

// -----

llvm.func @f(%a: i8) -> i8 {
  %0 = builtin.unrealized_conversion_cast %a : i8 to f8E4M3FN
  // expected-error @below {{'builtin.unrealized_conversion_cast' op is left, but stage llvm has}}
  %1 = builtin.unrealized_conversion_cast %0 : f8E4M3FN to i8
  llvm.return %1 : i8
}
