//===- JsonObject.h - JSON from untrusted text ------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// llvm::json recurses per nesting level and asserts on strings that are not
// UTF-8. Text from outside passes these checks before it gets there.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_JSONOBJECT_H
#define CONVEINSUM_EQUATION_JSONOBJECT_H

#include "conveinsum/Equation/Count.h"
#include "conveinsum/Equation/Fault.h"
#include "llvm/Support/JSON.h"

namespace conveinsum {

/// Parses one JSON object. Anything else is reported: text that is not UTF-8,
/// not JSON, nested too deeply, or another kind of value.
std::optional<llvm::json::Object> parseJsonObject(llvm::StringRef text,
                                                  ErrorFn onError);

/// A count as a JSON integer, or a string of digits above 2^53, which not every
/// reader of JSON holds.
llvm::json::Value exactJSON(const Count &count);

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_JSONOBJECT_H
