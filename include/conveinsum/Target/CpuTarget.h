//===- CpuTarget.h - What the code generator asks of a CPU ------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Register tiles depend on two numbers of the target: how wide a vector
// register is and how many there are. Both follow from LLVM's features of the
// CPU, never from constants in the passes.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TARGET_CPUTARGET_H
#define CONVEINSUM_TARGET_CPUTARGET_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace conveinsum {

/// A CPU as LLVM names it, and what the register tiles need to know of it.
struct CpuTarget {
  std::string triple;
  /// LLVM's name of the CPU, e.g. `znver4` or `x86-64`.
  std::string cpu;
  /// LLVM's feature string, e.g. `+avx2,+fma`; may be empty.
  std::string features;
  unsigned vectorBits = 128;
  unsigned vectorRegisters = 16;

  /// The machine the compiler runs on.
  static CpuTarget host();

  /// The CPU `cpu` of the architecture the compiler runs on; `host` or an empty
  /// name is host(). Nothing if LLVM does not know the name.
  static std::optional<CpuTarget> get(llvm::StringRef cpu,
                                      llvm::StringRef features = "");
};

} // namespace conveinsum

#endif // CONVEINSUM_TARGET_CPUTARGET_H
