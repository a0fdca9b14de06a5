//===- Machine.h - A CPU, for planner and code generator --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is known of a CPU, from LLVM's description of it: the vector registers
// that register tiles depend on, the cores that threads run on and the caches
// that tiles and predicted times depend on. Nothing of it is a constant in a
// pass. `TargetModel::of` makes the roofline of a machine.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TARGET_MACHINE_H
#define CONVEINSUM_TARGET_MACHINE_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace conveinsum {

struct Machine {
  std::string triple;
  /// LLVM's name of the CPU, e.g. `znver4` or `x86-64`.
  std::string cpu;
  /// LLVM's feature string, e.g. `+avx2,+fma`; may be empty.
  std::string features;
  unsigned vectorBits = 128;
  unsigned vectorRegisters = 16;
  /// Cores that this process may use, at least 1; 1 for a machine that is not
  /// this one.
  unsigned cores = 1;
  /// Bytes of the data caches, the smallest first, each at least as large as
  /// the one before. Those of this machine where the system tells; else 32 KiB,
  /// 1 MiB and 32 MiB, which are usual.
  llvm::SmallVector<uint64_t, 4> caches{32 << 10, 1 << 20, 32 << 20};

  /// The machine the compiler runs on.
  static Machine host();

  /// The CPU `cpu` of the architecture the compiler runs on; `host` or an empty
  /// name is host(). Nothing if LLVM does not know the name.
  static std::optional<Machine> get(llvm::StringRef cpu,
                                    llvm::StringRef features = "");
};

} // namespace conveinsum

#endif // CONVEINSUM_TARGET_MACHINE_H
