//===- Lexer.cpp - From bytes to labels -----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Finds out whether the equation is blank-separated, and cuts its characters
// into tokens.
//
//===----------------------------------------------------------------------===//

#include "Lexer.h"
#include "Characters.h"
#include "conveinsum/Equation/Syntax.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Characters
//===----------------------------------------------------------------------===//

static bool isBlank(uint32_t c) { return c == ' ' || c == '\t'; }
static bool isDigit(uint32_t c) { return c >= '0' && c <= '9'; }

static bool beginsName(uint32_t c) { return isLetter(c) || c == '_'; }

//===----------------------------------------------------------------------===//
// Lexer
//===----------------------------------------------------------------------===//

namespace {
class Lexer {
public:
  Lexer(llvm::StringRef text, std::vector<Character> characters,
        ErrorFn onError)
      : text(text), characters(std::move(characters)), onError(onError),
        blankSeparated(hasBlankBetweenLabels()) {}

  std::optional<std::vector<Token>> run();

private:
  bool atEnd(size_t i) const { return i >= characters.size(); }
  uint32_t at(size_t i) const { return atEnd(i) ? 0 : characters[i].codePoint; }
  size_t byte(size_t i) const {
    return atEnd(i) ? text.size() : characters[i].begin;
  }
  bool isArrow(size_t i) const { return at(i) == '-' && at(i + 1) == '>'; }
  bool isEllipsis(size_t i) const {
    return at(i) == '.' && at(i + 1) == '.' && at(i + 2) == '.';
  }
  /// Whether the equation ends here, or its next part begins.
  bool endsPart(size_t i) const {
    return atEnd(i) || at(i) == ',' || at(i) == '|' || isArrow(i);
  }

  bool hasBlankBetweenLabels() const;
  bool lexName();
  bool lexWord();
  bool lexOther();
  void push(TokenKind kind, size_t numCharacters) {
    tokens.push_back({kind, byte(next), byte(next + numCharacters), {}});
    next += numCharacters;
  }
  bool fail(size_t position, const char *constraint, std::string message) {
    onError(
        {std::move(message), position, std::nullopt, std::nullopt, constraint});
    return false;
  }

  llvm::StringRef text;
  std::vector<Character> characters;
  ErrorFn onError;
  bool blankSeparated;
  size_t next = 0;
  std::vector<Token> tokens;
};
} // namespace

/// The rule of section 2. What stands after '|' does not count.
bool Lexer::hasBlankBetweenLabels() const {
  bool sawLabel = false, sawBlank = false, inName = false;
  for (size_t i = 0; !atEnd(i) && at(i) != '|'; ++i) {
    if (endsPart(i)) {
      i += at(i) == '-';
      sawLabel = sawBlank = inName = false;
    } else if (isBlank(at(i))) {
      sawBlank |= sawLabel && !inName;
    } else if (sawBlank) {
      return true;
    } else {
      sawLabel = true;
      inName = at(i) == '(' || (inName && at(i) != ')');
    }
  }
  return false;
}

std::optional<std::vector<Token>> Lexer::run() {
  while (!atEnd(next)) {
    uint32_t c = at(next);
    bool isGood = true;
    if (isBlank(c))
      ++next;
    else if (c == '(')
      isGood = lexName();
    else if (blankSeparated && isNameCharacter(c))
      isGood = lexWord();
    else
      isGood = lexOther();
    if (!isGood)
      return std::nullopt;
  }
  push(TokenKind::End, 0);
  return std::move(tokens);
}

/// A name in parentheses.
bool Lexer::lexName() {
  size_t first = next + 1, last = first;
  while (isNameCharacter(at(last)))
    ++last;
  if (endsPart(last))
    return fail(byte(next), "C3", "'(' without ')'");
  if (at(last) == '(')
    return fail(byte(last), "C3", "'(' inside a name");
  if (at(last) != ')')
    return fail(byte(last), "C4",
                "malformed name: expected a letter, a digit or '_', got " +
                    describe(at(last)) + adviceOf(at(last)).str());
  if (first == last)
    return fail(byte(next), "C4", "empty name '()'");
  if (!beginsName(at(first)))
    return fail(byte(first), "C4",
                "malformed name: expected a letter or '_' first, got " +
                    describe(at(first)));
  tokens.push_back({TokenKind::Label, byte(next), byte(last + 1),
                    text.slice(byte(first), byte(last)).str(),
                    /*isInParentheses=*/true});
  next = last + 1;
  return true;
}

/// A bare word of a blank-separated equation.
bool Lexer::lexWord() {
  size_t last = next;
  while (isNameCharacter(at(last)))
    ++last;
  if (!beginsName(at(next)))
    return fail(byte(next), "C4",
                "malformed word: expected a letter or '_' first, got " +
                    describe(at(next)));
  tokens.push_back({TokenKind::Label, byte(next), byte(last),
                    text.slice(byte(next), byte(last)).str()});
  next = last;
  return true;
}

/// A letter, punctuation, or nothing that belongs into an equation.
bool Lexer::lexOther() {
  uint32_t c = at(next);
  if (isLetter(c)) {
    tokens.push_back({TokenKind::Label, byte(next), byte(next + 1),
                      text.slice(byte(next), byte(next + 1)).str()});
    ++next;
    return true;
  }
  if (c == ',')
    push(TokenKind::Comma, 1);
  else if (c == '|')
    push(TokenKind::Pipe, 1);
  else if (isArrow(next))
    push(TokenKind::Arrow, 2);
  else if (isEllipsis(next))
    push(TokenKind::Ellipsis, 3);
  else if (c == ')')
    return fail(byte(next), "C3", "')' without '('");
  else
    return fail(byte(next), "C2",
                "unknown character " + describe(c) +
                    (isDigit(c) || c == '_' ? " outside a name" : "") +
                    adviceOf(c).str());
  return true;
}

std::optional<std::vector<Token>> conveinsum::lex(llvm::StringRef text,
                                                  ErrorFn onError) {
  std::optional<size_t> fault;
  std::vector<Character> characters = decode(text, fault);
  if (fault) {
    uint8_t first = text[*fault];
    onError({llvm::formatv("invalid UTF-8 at byte 0x{0}",
                           llvm::utohexstr(first, /*LowerCase=*/false, 2)),
             *fault, std::nullopt, std::nullopt, "C1"});
    return std::nullopt;
  }
  return Lexer(text, inAscii(characters), onError).run();
}

//===----------------------------------------------------------------------===//
// Labels
//===----------------------------------------------------------------------===//

bool conveinsum::isValidName(llvm::StringRef bare) {
  std::optional<size_t> fault;
  std::vector<Character> characters = decode(bare, fault);
  return !characters.empty() && beginsName(characters.front().codePoint) &&
         llvm::all_of(characters, [](const Character &c) {
           return isNameCharacter(c.codePoint);
         });
}

std::string conveinsum::spellLabel(llvm::StringRef bare) {
  std::optional<size_t> fault;
  std::vector<Character> characters = decode(bare, fault);
  if (characters.size() == 1 && isLetter(characters.front().codePoint))
    return bare.str();
  return ("(" + bare + ")").str();
}
