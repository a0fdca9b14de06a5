//===- Syntax.cpp - The parser of equations -------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cuts the tokens of an equation into operands, result and conv list, and
// checks everything that can be checked without shapes (C5 to C11, C13 to C17).
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/Syntax.h"
#include "Lexer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallBitVector.h"
#include "llvm/ADT/StringMap.h"

using namespace conveinsum;

std::optional<ModeId> Syntax::find(llvm::StringRef label) const {
  auto it = llvm::find(labels, label);
  if (it == labels.end())
    return std::nullopt;
  return it - labels.begin();
}

bool Syntax::isConv(ModeId mode) const {
  return llvm::is_contained(convModes, mode);
}

//===----------------------------------------------------------------------===//
// Parser
//===----------------------------------------------------------------------===//

namespace {
class Parser {
public:
  Parser(Syntax &syntax, std::vector<Token> tokens, ErrorFn onError)
      : syntax(syntax), tokens(std::move(tokens)), onError(onError) {}

  bool run() {
    return checkStructure() && parseOperands() && parseResult() &&
           parseConvList() && checkEllipses() && checkResult() &&
           checkConvModes();
  }

private:
  const Token &peek() const { return tokens[next]; }
  bool accept(TokenKind kind) {
    if (peek().kind != kind)
      return false;
    ++next;
    return true;
  }
  ModeId intern(const std::string &label) {
    auto [it, isNew] = modes.try_emplace(label, syntax.labels.size());
    if (isNew)
      syntax.labels.push_back(label);
    return it->second;
  }

  bool checkStructure();
  bool parseOperands();
  bool parseResult();
  bool parseConvList();
  bool parsePart(SyntaxPart &part, std::optional<unsigned> operand);

  bool checkEllipses();
  bool checkResult();
  bool checkConvModes();

  /// An empty set of modes.
  llvm::SmallBitVector noModes() const {
    return llvm::SmallBitVector(syntax.labels.size());
  }
  /// The modes that any operand holds.
  llvm::SmallBitVector heldModes() const {
    llvm::SmallBitVector held = noModes();
    for (const SyntaxPart &part : syntax.operands)
      for (ModeId mode : part.modes)
        held.set(mode);
    return held;
  }
  std::string quoted(ModeId mode) const {
    return "'" + spellLabel(syntax.labels[mode]) + "'";
  }
  bool fail(size_t position, const char *constraint, std::string message,
            std::optional<unsigned> operand = std::nullopt,
            std::optional<ModeId> mode = std::nullopt) {
    std::optional<std::string> label;
    if (mode)
      label = syntax.labels[*mode];
    onError({std::move(message), position, operand, label, constraint});
    return false;
  }

  Syntax &syntax;
  std::vector<Token> tokens;
  ErrorFn onError;
  size_t next = 0;
  llvm::StringMap<ModeId> modes;
};
} // namespace

/// How many arrows and bars there are, and in which order.
bool Parser::checkStructure() {
  const Token *arrow = nullptr, *pipe = nullptr;
  for (const Token &token : tokens) {
    if (token.kind == TokenKind::Arrow) {
      if (arrow)
        return fail(token.begin, "C5", "more than one '->'");
      if (pipe)
        return fail(pipe->begin, "C7",
                    "'|' before the result: expected it after the result");
      arrow = &token;
    } else if (token.kind == TokenKind::Pipe) {
      if (pipe)
        return fail(token.begin, "C6", "more than one '|'");
      pipe = &token;
    }
  }
  return true;
}

bool Parser::parseOperands() {
  do {
    unsigned operand = syntax.operands.size();
    if (!parsePart(syntax.operands.emplace_back(), operand))
      return false;
  } while (accept(TokenKind::Comma));
  return true;
}

bool Parser::parseResult() {
  if (!accept(TokenKind::Arrow))
    return true;
  if (!parsePart(syntax.result.emplace(), std::nullopt))
    return false;
  if (peek().kind == TokenKind::Comma)
    return fail(peek().begin, "C2", "unknown character ',' in the result");
  return true;
}

/// The labels of one operand or, without `operand`, of the result.
bool Parser::parsePart(SyntaxPart &part, std::optional<unsigned> operand) {
  part.begin = peek().begin;
  for (;; ++next) {
    const Token &token = peek();
    if (token.kind == TokenKind::Label) {
      part.modes.push_back(intern(token.label));
      part.positions.push_back(token.begin);
    } else if (token.kind == TokenKind::Ellipsis) {
      if (part.ellipsis)
        return fail(token.begin, "C9",
                    "two ellipses in " +
                        (operand ? "operand " + std::to_string(*operand)
                                 : std::string("the result")),
                    operand);
      part.ellipsis = part.modes.size();
      part.ellipsisPosition = token.begin;
    } else {
      return true;
    }
  }
}

bool Parser::parseConvList() {
  size_t pipe = peek().begin;
  if (!accept(TokenKind::Pipe))
    return true;
  if (peek().kind == TokenKind::End)
    return fail(pipe, "C8", "empty list after '|': expected a label");
  // Whether a label is due, as it is at the start and after a comma.
  bool isPartEmpty = true;
  for (;; ++next) {
    const Token &token = peek();
    switch (token.kind) {
    case TokenKind::Label:
      syntax.convModes.push_back(intern(token.label));
      syntax.convPositions.push_back(token.begin);
      isPartEmpty = false;
      break;
    case TokenKind::Comma:
      if (isPartEmpty)
        return fail(token.begin, "C8",
                    "empty part after '|': expected a label, got ','");
      isPartEmpty = true;
      break;
    case TokenKind::Ellipsis:
      return fail(token.begin, "C10", "an ellipsis after '|'");
    default:
      if (isPartEmpty)
        return fail(tokens[next - 1].begin, "C8",
                    "trailing comma after '|': expected a label");
      return true;
    }
  }
}

bool Parser::checkEllipses() {
  bool isInOperand = llvm::any_of(
      syntax.operands, [](const SyntaxPart &part) { return part.ellipsis; });
  if (!isInOperand && syntax.result && syntax.result->ellipsis)
    return fail(syntax.result->ellipsisPosition, "C11",
                "an ellipsis in the result, but in no operand");
  return true;
}

bool Parser::checkResult() {
  if (!syntax.result)
    return true;
  llvm::SmallBitVector held = heldModes(), seen = noModes();
  for (auto [mode, position] :
       llvm::zip(syntax.result->modes, syntax.result->positions)) {
    if (!held.test(mode))
      return fail(position, "C13",
                  "result label " + quoted(mode) + " is held by no operand", {},
                  mode);
    if (seen.test(mode))
      return fail(position, "C14",
                  "duplicate label " + quoted(mode) + " in the result", {},
                  mode);
    seen.set(mode);
  }
  return true;
}

bool Parser::checkConvModes() {
  llvm::SmallBitVector held = heldModes(), isConv = noModes();
  for (auto [mode, position] :
       llvm::zip(syntax.convModes, syntax.convPositions)) {
    if (!held.test(mode))
      return fail(position, "C15",
                  "conv mode " + quoted(mode) + " is held by no operand", {},
                  mode);
    if (isConv.test(mode))
      return fail(position, "C16",
                  "conv mode " + quoted(mode) + " is listed twice", {}, mode);
    isConv.set(mode);
  }
  // The operand, counted from 1, in which a mode was seen last.
  std::vector<unsigned> lastHolder(syntax.labels.size(), 0);
  for (auto [k, part] : llvm::enumerate(syntax.operands))
    for (auto [mode, position] : llvm::zip(part.modes, part.positions)) {
      if (isConv.test(mode) && lastHolder[mode] == k + 1)
        return fail(position, "C17",
                    "conv mode " + quoted(mode) + " repeats inside operand " +
                        std::to_string(k),
                    k, mode);
      lastHolder[mode] = k + 1;
    }
  return true;
}

std::optional<Syntax> Syntax::parse(llvm::StringRef text, ErrorFn onError) {
  std::optional<std::vector<Token>> tokens = lex(text, onError);
  if (!tokens)
    return std::nullopt;
  Syntax syntax;
  syntax.text = text.str();
  syntax.hasWords = llvm::any_of(*tokens, [&](const Token &token) {
    return token.kind == TokenKind::Label && !token.isInParentheses &&
           spellLabel(token.label) != token.label;
  });
  if (!Parser(syntax, std::move(*tokens), onError).run())
    return std::nullopt;
  return syntax;
}

/// The byte of `mode` within operand `operand` or, without it, after '|' or
/// where it occurs first.
static std::optional<size_t> findMode(const Syntax &syntax, ModeId mode,
                                      std::optional<unsigned> operand) {
  auto findIn = [mode](auto &modes, auto &positions) {
    auto it = llvm::find(modes, mode);
    return it == modes.end()
               ? std::optional<size_t>()
               : std::optional<size_t>(positions[it - modes.begin()]);
  };
  if (operand)
    return findIn(syntax.operands[*operand].modes,
                  syntax.operands[*operand].positions);
  std::optional<size_t> position =
      findIn(syntax.convModes, syntax.convPositions);
  for (unsigned k = 0; !position && k < syntax.operands.size(); ++k)
    position = findMode(syntax, mode, k);
  return position;
}

Fault conveinsum::locate(Fault diagnostic, llvm::StringRef equation) {
  if (diagnostic.position || !(diagnostic.mode || diagnostic.operand))
    return diagnostic;
  std::optional<Syntax> syntax = Syntax::parse(equation, [](const Fault &) {});
  if (!syntax)
    return diagnostic;
  std::optional<unsigned> operand = diagnostic.operand;
  if (operand && *operand >= syntax->operands.size())
    operand = std::nullopt;
  if (diagnostic.mode)
    if (std::optional<ModeId> mode = syntax->find(*diagnostic.mode))
      diagnostic.position = findMode(*syntax, *mode, operand);
  if (!diagnostic.position && operand)
    diagnostic.position = syntax->operands[*operand].begin;
  return diagnostic;
}
