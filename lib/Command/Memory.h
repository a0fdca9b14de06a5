//===- Memory.h - Need and availability of memory ---------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a command needs is added up before it allocates anything, and compared
// with what there is.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_MEMORY_H
#define CONVEINSUM_LIB_COMMAND_MEMORY_H

#include "Arguments.h"
#include "conveinsum/Equation/Equation.h"

namespace conveinsum::command {

/// Named parts of a need.
class MemoryNeed {
public:
  void add(llvm::StringRef what, Count bytes);
  /// Adds all parts of another need.
  void add(const MemoryNeed &other);
  Count total() const;
  /// `4.0 KiB (operands 2.0 KiB, result 2.0 KiB)`.
  std::string text() const;

private:
  llvm::SmallVector<std::pair<std::string, Count>, 6> parts;
};

/// Bytes that this process may still allocate: the least of what the system has
/// available, the limit of the address space, and that of the control group.
uint64_t availableMemory();

/// Compares the need with --memory-limit or, without one, with what is
/// available; reports what does not fit.
bool checkMemory(const MemoryNeed &need, const Arguments &arguments,
                 ErrorFn onError);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_MEMORY_H
