//===- Lexer.h - From bytes to labels ------------------------- -*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tokens of an equation. The lexer decides whether the equation is
// blank-separated, because that changes what a label is (docs/Semantics.md, 2);
// the parser never sees a blank.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_EQUATION_LEXER_H
#define CONVEINSUM_LIB_EQUATION_LEXER_H

#include "conveinsum/Equation/Fault.h"
#include <cstdint>
#include <vector>

namespace conveinsum {

enum class TokenKind : uint8_t { Label, Ellipsis, Comma, Arrow, Pipe, End };

struct Token {
  TokenKind kind;
  /// First byte.
  size_t begin;
  /// One past the last byte.
  size_t end;
  /// Bare label of a Label.
  std::string label;
  /// Whether the label stands in parentheses.
  bool isInParentheses = false;
};

/// The tokens of `text`, the last of which is End; nothing after the first
/// fault (C1 to C4).
std::optional<std::vector<Token>> lex(llvm::StringRef text, ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_EQUATION_LEXER_H
