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

/// On an argument of a function, without a value: it is the same in every call,
/// or it needs a gradient.
inline constexpr llvm::StringLiteral kConstantAttr = "conveinsum.constant";
inline constexpr llvm::StringLiteral kGradientAttr = "conveinsum.gradient";

/// On a step, without a value: its result stays for the backward pass.
inline constexpr llvm::StringLiteral kKeepAttr = "conveinsum.keep";

/// On a step: the number of the group it runs in, an i64. Two steps below the
/// op that was decomposed are in one group if and only if the numbers are
/// equal.
inline constexpr llvm::StringLiteral kGroupAttr = "conveinsum.group";

} // namespace conveinsum

#endif // CONVEINSUM_DIALECT_CONVEINSUM_IR_ATTRIBUTENAMES_H
