//===- InputFiles.h - Operands from files -----------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The .npy files of the commands that execute. Their headers give shapes and
// types, so that an equation can be resolved before any data is read.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_INPUTFILES_H
#define CONVEINSUM_LIB_COMMAND_INPUTFILES_H

#include "Memory.h"
#include "Network.h"
#include "conveinsum/Runtime/Npy.h"

namespace conveinsum::command {

class InputFiles {
public:
  /// Reads the headers of a network's operands, resolves its equation and
  /// decides its types; opens the cotangent's file if it has one.
  static std::optional<InputFiles>
  open(const Network &network, const Arguments &arguments, ErrorFn onError);

  const Equation &equation() const { return *resolved; }
  ElementTypes types() const { return elementTypes; }
  /// The types that the files of operands hold, each once, in their order.
  std::string storedTypes() const;
  /// The type of the cotangent's file; empty if there is none.
  std::string cotangentType() const;

  /// Reads the entries of all operands; may be called once.
  std::optional<std::vector<Tensor>> readOperands(ErrorFn onError);
  /// Reads the cotangent, or makes it all ones; may be called once.
  std::optional<Tensor> readCotangent(ErrorFn onError);

private:
  InputFiles() = default;
  bool openOperands(const Network &network, ErrorFn onError);
  bool openCotangent(const Network &network, ErrorFn onError);

  std::vector<NpyReader> files;
  std::optional<NpyReader> cotangent;
  std::optional<Equation> resolved;
  ElementTypes elementTypes{};
};

/// Bytes of a tensor, not rounded by an overflow.
Count tensorBytes(llvm::ArrayRef<int64_t> shape, ElementType type);

/// Adds what writing a tensor takes beside it.
void addOutputNeed(llvm::ArrayRef<int64_t> shape, ElementType type,
                   MemoryNeed &need);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_INPUTFILES_H
