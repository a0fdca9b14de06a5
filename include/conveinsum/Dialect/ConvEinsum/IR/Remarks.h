//===- Remarks.h - Where remarks say they come from -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The options of all remarks of this project: a name, the pass as the category,
// and the function around the op, which files of remarks are sorted by.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_DIALECT_CONVEINSUM_IR_REMARKS_H
#define CONVEINSUM_DIALECT_CONVEINSUM_IR_REMARKS_H

#include "mlir/IR/Remarks.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace conveinsum {

/// The options of remark `name` of the pass `category` on `op`.
inline mlir::remark::RemarkOpts remarkOpts(mlir::Operation *op,
                                           llvm::StringRef name,
                                           llvm::StringRef category) {
  auto opts = mlir::remark::RemarkOpts::name(name).category(category);
  auto function = op->getParentOfType<mlir::FunctionOpInterface>();
  return function ? opts.function(mlir::SymbolTable::getSymbolName(function))
                  : opts;
}

} // namespace conveinsum

#endif // CONVEINSUM_DIALECT_CONVEINSUM_IR_REMARKS_H
