//===- ElementTypeCheck.cpp - Element types of one equation ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks C50 and C51.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/ElementTypeCheck.h"

using namespace conveinsum;

static std::string text(ElementType type) { return std::string(name(type)); }

bool conveinsum::verifyElementTypes(llvm::ArrayRef<ElementType> operands,
                                    std::optional<ElementType> result,
                                    ErrorFn onError) {
  for (unsigned k = 1; k < operands.size(); ++k) {
    if (operands[k] == operands[0])
      continue;
    onError({"element types differ: expected " + text(operands[0]) +
                 " as of operand 0, got " + text(operands[k]) + " of operand " +
                 std::to_string(k),
             std::nullopt, k, std::nullopt, "C50"});
    return false;
  }
  if (result && !operands.empty() && !isValidResultType(operands[0], *result)) {
    onError({"expected " + text(operands[0]) +
                 " or a wider type of the same kind for the result, got " +
                 text(*result),
             std::nullopt, std::nullopt, std::nullopt, "C51"});
    return false;
  }
  return true;
}
