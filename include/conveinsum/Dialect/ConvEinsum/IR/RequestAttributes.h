//===- RequestAttributes.h - What is asked of plans, in IR ------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The attributes by which ops say what plans they want: the words of
// Plan/Request/PlanWords.h, as strings.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_DIALECT_CONVEINSUM_IR_REQUESTATTRIBUTES_H
#define CONVEINSUM_DIALECT_CONVEINSUM_IR_REQUESTATTRIBUTES_H

#include "conveinsum/Plan/Request/PlanWords.h"
#include "mlir/IR/Operation.h"

namespace conveinsum {

/// What the attribute of a word says, as text: a string or, for bytes, an i64
/// of at least 0. Nothing for other attributes.
std::optional<std::string> planAttributeText(const PlanWord &word,
                                             mlir::Attribute attribute);

/// Checks an attribute of an op if it is one of those; others are left alone.
mlir::LogicalResult verifyRequestAttribute(mlir::Operation *op,
                                           mlir::NamedAttribute attribute);

} // namespace conveinsum

#endif // CONVEINSUM_DIALECT_CONVEINSUM_IR_REQUESTATTRIBUTES_H
