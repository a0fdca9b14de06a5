//===- AttributeNames.h - Names of the dialect's attributes -----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The attributes with the prefix of the dialect that other ops carry. The
// dialect verifies them wherever they stand; the rooms that make and read them
// find their names here, without the rest of the dialect.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_DIALECT_CONVEINSUM_IR_ATTRIBUTENAMES_H
#define CONVEINSUM_DIALECT_CONVEINSUM_IR_ATTRIBUTENAMES_H

#include "llvm/ADT/StringRef.h"

namespace conveinsum {

/// Function attribute: the bytes of workspace a compiled function needs.
inline constexpr llvm::StringLiteral kWorkspaceBytesAttr =
    "conveinsum.workspace_bytes";

} // namespace conveinsum

#endif // CONVEINSUM_DIALECT_CONVEINSUM_IR_ATTRIBUTENAMES_H
