//===- OutputFiles.h - Whether a file may be written ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nobody loses a file without having said so. Before a network is computed:
//
//   its output is none of its inputs
//   no other line of the batch writes the same file, or exports the same names
//   code and headers replace only what conveinsum made, unless forced
//
// Files are compared by what they are, not by how they are spelt: `y.npy`,
// `./y.npy` and a link to it are one.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_OUTPUTFILES_H
#define CONVEINSUM_LIB_COMMAND_OUTPUTFILES_H

#include "Network.h"

namespace conveinsum::command {

/// Refuses to write one of the files that the network comes from.
bool checkIsNoInput(llvm::StringRef output, const Network &network,
                    const Arguments &arguments, ErrorFn onError);

/// Refuses to write one file twice.
bool checkAreDistinct(llvm::ArrayRef<std::string> outputs, ErrorFn onError);

enum class FileKind { Code, Header };
/// Refuses to replace a file that conveinsum did not make, unless --force is
/// given; what is no regular file is refused always.
bool checkReplaceable(llvm::StringRef path, FileKind kind,
                      const Arguments &arguments, ErrorFn onError);

/// What the networks of one call write and export.
class OutputClaims {
public:
  /// Refuses a file that another line writes.
  bool claimFile(llvm::StringRef path, const Network &network, ErrorFn onError);
  /// Refuses a symbol that another line exports, or whose macros it has.
  bool claimSymbol(llvm::StringRef symbol, const Network &network,
                   ErrorFn onError);

private:
  std::map<std::string, uint64_t> files, symbols; ///< to lines
};

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_OUTPUTFILES_H
