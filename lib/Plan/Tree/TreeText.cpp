//===- TreeText.cpp - The text forms of a tree ----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads and prints ((0,2),1), the SSA path and the linear path. The readers use
// no recursion, so that no text can exhaust the stack, and point at the byte of
// every fault.
//
//===----------------------------------------------------------------------===//

#include "PathChecks.h"
#include "conveinsum/Plan/Tree/ContractionTree.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace conveinsum;
using llvm::StringRef;
using Step = ContractionTree::Step;

//===----------------------------------------------------------------------===//
// A cursor over the text
//===----------------------------------------------------------------------===//

namespace {
/// Position in the text, with the faults that every form shares.
class Cursor {
public:
  Cursor(StringRef text, ErrorFn onError) : text(text), onError(onError) {}

  size_t position() const { return at; }
  bool atEnd() {
    skipBlanks();
    return at == text.size();
  }
  /// The next character that is not blank; 0 at the end.
  char peek() { return atEnd() ? '\0' : text[at]; }
  char take() { return text[at++]; }
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
    StringRef digits = text.substr(at).take_while(llvm::isDigit);
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

  StringRef text;
  ErrorFn onError;
  size_t at = 0;
};

/// Reader of the nested form.
class TreeReader {
public:
  TreeReader(StringRef text, unsigned numOperands, ErrorFn onError)
      : cursor(text, onError), operands(numOperands), seen(numOperands) {}

  std::optional<ContractionTree> read() {
    do {
      if (cursor.peekOpen()) {
        char open = cursor.take();
        pairs.push_back({Cursor::closing(open), {}});
        continue;
      }
      std::optional<unsigned> leaf = readLeaf();
      if (!leaf || !place(*leaf))
        return std::nullopt;
    } while (!pairs.empty());
    if (!cursor.expectEnd() || !checkComplete())
      return std::nullopt;
    return ContractionTree(operands, steps);
  }

private:
  /// A pair whose closing bracket has not come yet.
  struct OpenPair {
    char close;
    std::optional<unsigned> first;
  };

  std::optional<unsigned> readLeaf() {
    if (!cursor.peekNumber()) {
      cursor.failHere("expected an operand position or '('");
      return std::nullopt;
    }
    size_t position = cursor.position();
    std::optional<unsigned> leaf = cursor.number();
    if (!leaf)
      return std::nullopt;
    if (*leaf >= operands) {
      cursor.fail("expected an operand position below " +
                      std::to_string(operands) + ", got " +
                      std::to_string(*leaf),
                  position);
      return std::nullopt;
    }
    if (seen.test(*leaf)) {
      cursor.fail("expected every operand once, got operand " +
                      std::to_string(*leaf) + " again",
                  position, *leaf);
      return std::nullopt;
    }
    seen.set(*leaf);
    return leaf;
  }

  /// Puts a value into the innermost open pair and closes what is complete.
  bool place(unsigned value) {
    while (!pairs.empty()) {
      OpenPair &pair = pairs.back();
      if (!pair.first) {
        pair.first = value;
        return cursor.expect(',');
      }
      if (!cursor.expect(pair.close))
        return false;
      steps.push_back({*pair.first, value});
      pairs.pop_back();
      value = operands + steps.size() - 1;
    }
    return true;
  }

  bool checkComplete() {
    int missing = seen.find_first_unset();
    if (missing < 0)
      return true;
    return cursor.fail("expected " + std::to_string(operands) +
                           " operands in the tree, operand " +
                           std::to_string(missing) + " is missing",
                       cursor.position(), missing);
  }

  Cursor cursor;
  unsigned operands;
  llvm::BitVector seen;
  std::vector<OpenPair> pairs;
  llvm::SmallVector<Step, 8> steps;
};

/// A list of pairs with the byte of every number.
struct PathText {
  llvm::SmallVector<Step, 8> path;
  llvm::SmallVector<std::pair<size_t, size_t>, 8> positions;
  size_t end = 0;

  /// The byte that a fault points at.
  size_t position(const PathFault &fault) const {
    if (!fault.pair)
      return end;
    const auto &[first, second] = positions[*fault.pair];
    return fault.side == 0 ? first : second;
  }
};
} // namespace

static bool readPair(Cursor &cursor, PathText &out) {
  if (!cursor.peekOpen())
    return cursor.failHere("expected '('");
  char close = Cursor::closing(cursor.take());
  std::pair<size_t, size_t> positions;
  cursor.peek(); // moves to the number
  positions.first = cursor.position();
  std::optional<unsigned> first = cursor.number();
  if (!first || !cursor.expect(','))
    return false;
  cursor.peek();
  positions.second = cursor.position();
  std::optional<unsigned> second = cursor.number();
  if (!second || !cursor.expect(close))
    return false;
  out.path.push_back({*first, *second});
  out.positions.push_back(positions);
  return true;
}

/// Reads pairs separated by commas, with or without outer brackets.
static std::optional<PathText> readPath(StringRef text, ErrorFn onError) {
  Cursor cursor(text, onError);
  PathText out;
  // Two brackets in a row, or an empty pair of them, are outer brackets.
  std::optional<char> outer;
  if (cursor.peekOpen()) {
    Cursor ahead = cursor;
    char close = Cursor::closing(ahead.take());
    if (ahead.peekOpen() || ahead.peek() == close) {
      outer = close;
      cursor = ahead;
    }
  }
  bool empty = outer ? cursor.peek() == *outer : cursor.atEnd();
  while (!empty) {
    if (!readPair(cursor, out))
      return std::nullopt;
    if (cursor.peek() != ',')
      break;
    cursor.take();
  }
  if (outer && !cursor.expect(*outer))
    return std::nullopt;
  if (!cursor.expectEnd())
    return std::nullopt;
  out.end = cursor.position();
  return out;
}

std::optional<ContractionTree> ContractionTree::parseTree(StringRef text,
                                                          unsigned numOperands,
                                                          ErrorFn onError) {
  return TreeReader(text, numOperands, onError).read();
}

std::optional<ContractionTree>
ContractionTree::parseLinearPath(StringRef text, unsigned numOperands,
                                 ErrorFn onError) {
  std::optional<PathText> read = readPath(text, onError);
  if (!read)
    return std::nullopt;
  llvm::SmallVector<Step, 8> steps;
  if (auto fault = checkLinearPath(numOperands, read->path, steps)) {
    onError(fault->diagnostic(read->position(*fault)));
    return std::nullopt;
  }
  return ContractionTree(numOperands, steps);
}

std::optional<ContractionTree>
ContractionTree::parseSsaPath(StringRef text, unsigned numOperands,
                              ErrorFn onError) {
  std::optional<PathText> read = readPath(text, onError);
  if (!read)
    return std::nullopt;
  if (auto fault = checkSsaPath(numOperands, read->path)) {
    onError(fault->diagnostic(read->position(*fault)));
    return std::nullopt;
  }
  return ContractionTree(numOperands, read->path);
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

static std::string spellPath(llvm::ArrayRef<Step> path) {
  std::string text;
  for (const Step &step : path) {
    if (!text.empty())
      text += ',';
    text += '(' + std::to_string(step.first) + ',' +
            std::to_string(step.second) + ')';
  }
  return text;
}

std::string ContractionTree::linearPathText() const {
  return spellPath(linearPath());
}

std::string ContractionTree::ssaPathText() const { return spellPath(stepList); }

std::string ContractionTree::treeText() const {
  // Items still to print: a value, or a character.
  struct Item {
    bool isValue;
    unsigned content;
  };
  std::string text;
  llvm::SmallVector<Item, 16> pending;
  if (operands > 0)
    pending.push_back({true, unsigned(operands + stepList.size() - 1)});
  while (!pending.empty()) {
    Item item = pending.pop_back_val();
    if (!item.isValue) {
      text += char(item.content);
    } else if (item.content < operands) {
      text += std::to_string(item.content);
    } else {
      const Step &step = stepList[item.content - operands];
      text += '(';
      pending.push_back({false, ')'});
      pending.push_back({true, step.second});
      pending.push_back({false, ','});
      pending.push_back({true, step.first});
    }
  }
  return text;
}
