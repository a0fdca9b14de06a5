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
#include "llvm/ADT/Twine.h"
#include <string>

namespace conveinsum {

/// Function attribute: the bytes of workspace a compiled function needs.
inline constexpr llvm::StringLiteral kWorkspaceBytesAttr =
    "conveinsum.workspace_bytes";

/// On an argument of a function, without a value: it is the same in every call,
/// or it needs a gradient.
inline constexpr llvm::StringLiteral kConstantAttr = "conveinsum.constant";
inline constexpr llvm::StringLiteral kGradientAttr = "conveinsum.gradient";

/// Argument attribute, an i64: the operand of the network that an argument is,
/// where functions were split and positions no longer say it.
inline constexpr llvm::StringLiteral kOperandAttr = "conveinsum.operand";

/// Argument and result attribute, a string such as `prepared`: what one
/// function hands to another. All of one role travel in one buffer.
inline constexpr llvm::StringLiteral kRoleAttr = "conveinsum.role";

/// Function attribute, an array of strings: the roles for which the function
/// takes a buffer, in the order of these arguments.
inline constexpr llvm::StringLiteral kPacksAttr = "conveinsum.packs";

/// The role of what `conveinsum-prepare` computes from constants.
inline constexpr llvm::StringLiteral kPreparedRole = "prepared";

/// The roles of what the backward pass reads of the forward pass, and of the
/// gradient of a result that it is given.
inline constexpr llvm::StringLiteral kKeptRole = "kept";
inline constexpr llvm::StringLiteral kCotangentRole = "cotangent";

/// Function attributes, symbols: the backward function of a forward one, and
/// the other way round.
inline constexpr llvm::StringLiteral kBackwardAttr = "conveinsum.backward";
inline constexpr llvm::StringLiteral kForwardAttr = "conveinsum.forward";

/// Function attribute, an i64: the bytes that the function may keep for its
/// backward pass, for which its trees were chosen.
inline constexpr llvm::StringLiteral kKeptBudgetAttr = "conveinsum.kept_budget";

/// Function attribute, a symbol: the function that takes the arguments of this
/// one and cotangents of its results, and returns cotangents of its arguments.
inline constexpr llvm::StringLiteral kVjpAttr = "conveinsum.vjp";

/// Function attribute, a symbol: the function that this one prepares for.
inline constexpr llvm::StringLiteral kPreparesAttr = "conveinsum.prepares";

/// Function attribute, a ui128: the multiply-adds of its einsums, exact count.
inline constexpr llvm::StringLiteral kMacsAttr = "conveinsum.macs";

/// Function attribute: the bytes of the buffer of a role, such as
/// `conveinsum.prepared_bytes`.
inline std::string packedBytesAttr(llvm::StringRef role) {
  return ("conveinsum." + role + "_bytes").str();
}

/// On a step, without a value: its result stays for the backward pass, or the
/// backward pass recomputes it where it reads it.
inline constexpr llvm::StringLiteral kKeepAttr = "conveinsum.keep";
inline constexpr llvm::StringLiteral kRecomputeAttr = "conveinsum.recompute";

/// On a step: the number of the group it runs in, an i64. Two steps below the
/// op that was decomposed are in one group if and only if the numbers are
/// equal.
inline constexpr llvm::StringLiteral kGroupAttr = "conveinsum.group";

} // namespace conveinsum

#endif // CONVEINSUM_DIALECT_CONVEINSUM_IR_ATTRIBUTENAMES_H
