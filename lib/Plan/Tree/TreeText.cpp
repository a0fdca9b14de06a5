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
#include "TextCursor.h"
#include "conveinsum/Plan/Tree/ContractionTree.h"
#include "llvm/ADT/BitVector.h"

using namespace conveinsum;
using llvm::StringRef;
using Step = ContractionTree::Step;

namespace {
/// Reader of the nested form.
class TreeReader {
public:
  TreeReader(StringRef text, unsigned numOperands, ErrorFn onError)
      : cursor(text, onError), operands(numOperands), seen(numOperands) {}

  std::optional<ContractionTree> read() {
    do {
      if (cursor.peekOpen()) {
        char open = cursor.take();
        pairs.push_back({TextCursor::closing(open), {}});
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

  TextCursor cursor;
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

static bool readPair(TextCursor &cursor, PathText &out) {
  if (!cursor.peekOpen())
    return cursor.failHere("expected '('");
  char close = TextCursor::closing(cursor.take());
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
  TextCursor cursor(text, onError);
  PathText out;
  // Two brackets in a row, or an empty pair of them, are outer brackets.
  std::optional<char> outer;
  if (cursor.peekOpen()) {
    TextCursor ahead = cursor;
    char close = TextCursor::closing(ahead.take());
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
