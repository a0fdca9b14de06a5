//===- TextCursor.h - A cursor over the text of an order --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the readers of trees and of paths share: blanks, numbers, brackets of
// two kinds, and faults that point at a byte.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_TREE_TEXTCURSOR_H
#define CONVEINSUM_LIB_PLAN_TREE_TEXTCURSOR_H

#include "conveinsum/Equation/Fault.h"
#include "llvm/ADT/StringExtras.h"

namespace conveinsum {

/// Position in the text, with the faults that every form shares.
class TextCursor {
public:
  TextCursor(llvm::StringRef text, ErrorFn onError)
      : text(text), onError(onError) {}

  size_t position() const { return at; }
  bool atEnd() {
    skipBlanks();
    return at == text.size();
  }
  /// The next character that is not blank; 0 at the end.
  char peek() { return atEnd() ? '\0' : text[at]; }
  char take() { return text[at++]; }
  /// Takes a word of letters, digits, '_' and '.', which may be empty.
  llvm::StringRef takeWord() {
    skipBlanks();
    llvm::StringRef word = text.substr(at).take_while(
        [](char c) { return llvm::isAlnum(c) || c == '_' || c == '.'; });
    at += word.size();
    return word;
  }
  bool peekLetter() { return llvm::isAlpha(peek()); }
  /// Takes a character if it is the next one.
  bool consume(char wanted) {
    bool found = peek() == wanted;
    at += found;
    return found;
  }
  bool peekOpen() { return peek() == '(' || peek() == '['; }
  bool peekNumber() { return llvm::isDigit(peek()); }

  /// The bracket that closes `open`.
  static char closing(char open) { return open == '(' ? ')' : ']'; }

  /// Takes `wanted`, or reports what is there instead.
  bool expect(char wanted) {
    if (peek() == wanted) {
      ++at;
      return true;
    }
    return failHere(std::string("expected '") + wanted + "'");
  }

  /// Takes a decimal number of at most 32 bits.
  std::optional<unsigned> number() {
    if (!peekNumber()) {
      failHere("expected a number");
      return std::nullopt;
    }
    llvm::StringRef digits = text.substr(at).take_while(llvm::isDigit);
    unsigned value;
    if (digits.getAsInteger(10, value)) {
      fail("expected a number below 4294967296, got " + digits.str(), at);
      return std::nullopt;
    }
    at += digits.size();
    return value;
  }

  /// Nothing but blanks is left.
  bool expectEnd() { return atEnd() || failHere("expected the end"); }

  bool failHere(const std::string &expected) {
    return fail(expected + ", got " + spellNext(), at);
  }
  bool fail(std::string message, size_t position,
            std::optional<unsigned> operand = std::nullopt) {
    Fault diagnostic;
    diagnostic.message = std::move(message);
    diagnostic.position = position;
    diagnostic.operand = operand;
    diagnostic.constraint = "C90";
    onError(diagnostic);
    return false;
  }

private:
  void skipBlanks() {
    while (at < text.size() && llvm::isSpace(text[at]))
      ++at;
  }

  std::string spellNext() {
    if (atEnd())
      return "the end of the text";
    unsigned char next = text[at];
    if (next < 0x20 || next >= 0x7f)
      return "the byte 0x" + llvm::utohexstr(next, /*LowerCase=*/true);
    return std::string("'") + char(next) + "'";
  }

  llvm::StringRef text;
  ErrorFn onError;
  size_t at = 0;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_TREE_TEXTCURSOR_H
