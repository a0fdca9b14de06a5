//===- ElementTypeCheck.h - Element types of one equation ----- -*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The constraints on the element types of one equation, for the verifiers of
// the dialect, the command line and the C API alike.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_ELEMENTTYPECHECK_H
#define CONVEINSUM_EQUATION_ELEMENTTYPECHECK_H

#include "conveinsum/Equation/Fault.h"
#include "conveinsum/Runtime/ElementType.h"
#include "llvm/ADT/ArrayRef.h"

namespace conveinsum {

/// Element types of the operands and of the result.
struct ElementTypes {
  ElementType operand, result;
};

/// Checks that all operands have one type (C50) and that `result`, if given, is
/// that type or a wider one of the same kind (C51).
bool verifyElementTypes(llvm::ArrayRef<ElementType> operands,
                        std::optional<ElementType> result, ErrorFn onError);

/// The element type that `word` calls by one of the names of
/// `parseElementType`. Reports any other word (C52); `what` says in the message
/// whose type it is.
std::optional<ElementType>
readElementType(llvm::StringRef word, llvm::StringRef what, ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_ELEMENTTYPECHECK_H
