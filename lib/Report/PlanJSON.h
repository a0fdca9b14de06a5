//===- PlanJSON.h - JSON that reports share ---------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Orders and optional figures look the same in every object.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_REPORT_PLANJSON_H
#define CONVEINSUM_LIB_REPORT_PLANJSON_H

#include "conveinsum/Report/PlanReport.h"

namespace conveinsum {

/// `[2,4,8]`.
llvm::json::Array shapeJSON(llvm::ArrayRef<int64_t> shape);
/// One shape for each operand.
llvm::json::Array shapesJSON(const Equation &equation);
/// The text, or null.
llvm::json::Value nameJSON(const std::optional<std::string> &name);
/// A finite number, or null.
llvm::json::Value optionalJSON(std::optional<double> number);
/// Adds `path`, `ssa_path` and `tree`.
void addOrder(const ContractionTree &tree, llvm::json::Object &object);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_REPORT_PLANJSON_H
