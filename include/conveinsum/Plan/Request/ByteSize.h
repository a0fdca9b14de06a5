//===- ByteSize.h - Sizes in bytes as text ----------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Limits on memory are read from options of the command and of passes.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_REQUEST_BYTESIZE_H
#define CONVEINSUM_PLAN_REQUEST_BYTESIZE_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace conveinsum {

/// A size in bytes such as 4096, 512MiB, 2G, 1.5GB. Suffixes K, M, G, T and
/// KiB, MiB, GiB, TiB are powers of 1024, kB, KB, MB, GB, TB of 1000; B is
/// allowed.
std::optional<uint64_t> parseByteSize(llvm::StringRef text);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_REQUEST_BYTESIZE_H
