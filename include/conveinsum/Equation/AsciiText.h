//===- AsciiText.h - An equation with the signs of ASCII --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reports repeat an equation as it was written, with its blanks, but never with
// an arrow or a comma of another alphabet: the next program may know only `->`.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_ASCIITEXT_H
#define CONVEINSUM_EQUATION_ASCIITEXT_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace conveinsum {

/// `equation` with `->`, `,`, `|`, `...` and parentheses for the characters
/// that are read as these (docs/Semantics.md, 2). Labels, blanks and what is
/// not UTF-8 stay.
std::string inAsciiSigns(llvm::StringRef equation);

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_ASCIITEXT_H
