//===- ContractionPath.cpp - Orders as other planners write them ----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// First the text, then what it means.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Tree/ContractionPath.h"
#include "PathChecks.h"
#include "TextCursor.h"

using namespace conveinsum;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

namespace {
struct WrittenNumber {
  unsigned value;
  size_t position;
};
using WrittenStep = llvm::SmallVector<WrittenNumber, 2>;

class PathReader {
public:
  PathReader(StringRef text, ErrorFn onError) : cursor(text, onError) {}

  bool read();

  std::vector<WrittenStep> steps;
  size_t end = 0;

private:
  bool readMark();
  bool readStep();
  bool readNumber(WrittenStep &step);
  bool takeOuterBracket();
  bool isStepNext();

  TextCursor cursor;
  std::optional<char> outer; ///< what closes the whole
};
} // namespace

/// `array` of `np.array(`, `int64` of `np.int64(`.
static bool isArrayWord(StringRef word) {
  return word.rsplit('.').second == "array" || word == "array";
}

/// The whole stands in brackets if another bracket, the mark, an array or
/// nothing follows the first.
bool PathReader::takeOuterBracket() {
  if (!cursor.peekOpen())
    return false;
  TextCursor ahead = cursor;
  char close = TextCursor::closing(ahead.take());
  TextCursor inside = ahead;
  char next = ahead.peek();
  if (!ahead.peekOpen() && next != close && next != '\'' && next != '"' &&
      !(ahead.peekLetter() && isArrayWord(ahead.takeWord())))
    return false;
  outer = close;
  cursor = inside;
  return true;
}

/// NumPy's `'einsum_path',` in front of the steps.
bool PathReader::readMark() {
  char quote = cursor.peek();
  if (quote != '\'' && quote != '"')
    return true;
  size_t start = cursor.position();
  cursor.take();
  if (cursor.takeWord() != "einsum_path" || !cursor.consume(quote))
    return cursor.fail("expected steps or 'einsum_path', got another word",
                       start);
  cursor.consume(',');
  return true;
}

/// A number as it is or as NumPy prints it, `np.int64(3)`.
bool PathReader::readNumber(WrittenStep &step) {
  bool isWrapped = cursor.peekLetter();
  if (isWrapped) {
    cursor.takeWord();
    if (!cursor.expect('('))
      return false;
  }
  cursor.peek(); // moves to the number
  size_t position = cursor.position();
  std::optional<unsigned> value = cursor.number();
  if (!value || (isWrapped && !cursor.expect(')')))
    return false;
  step.push_back({*value, position});
  return true;
}

bool PathReader::readStep() {
  bool isWrapped = cursor.peekLetter();
  if (isWrapped) {
    size_t start = cursor.position();
    if (!isArrayWord(cursor.takeWord()))
      return cursor.fail("expected '(', got a word", start);
    if (!cursor.expect('('))
      return false;
  }
  if (!cursor.peekOpen())
    return cursor.failHere("expected '('");
  char close = TextCursor::closing(cursor.take());
  WrittenStep step;
  do {
    if (!readNumber(step))
      return false;
    // Arrays are printed without commas.
    if (!cursor.consume(',') && !(close == ']' && cursor.peekNumber()))
      break;
  } while (cursor.peek() != close);
  if (!cursor.expect(close))
    return false;
  if (isWrapped && cursor.consume(',')) {
    cursor.takeWord(); // dtype=
    if (!cursor.expect('='))
      return false;
    cursor.takeWord();
  }
  if (isWrapped && !cursor.expect(')'))
    return false;
  steps.push_back(std::move(step));
  return true;
}

bool PathReader::isStepNext() {
  return outer ? cursor.peek() != *outer : !cursor.atEnd();
}

bool PathReader::read() {
  takeOuterBracket();
  if (!readMark())
    return false;
  while (isStepNext()) {
    if (!readStep())
      return false;
    // Arrays are printed without commas.
    if (!cursor.consume(',') && !(outer == ']' && cursor.peekOpen()))
      break;
  }
  if (outer && !cursor.expect(*outer))
    return false;
  if (!cursor.expectEnd())
    return false;
  end = cursor.position();
  return true;
}

//===----------------------------------------------------------------------===//
// Meaning
//===----------------------------------------------------------------------===//

namespace {
/// Follows the steps of a path; every function reports the first fault and
/// returns false.
class PathFollower {
public:
  PathFollower(const PathReader &text, unsigned numOperands, ErrorFn onError)
      : text(text), numOperands(numOperands), onError(onError) {
    path.operands = numOperands;
  }

  std::optional<ContractionPath> follow(PathForm form);

private:
  bool followPairs(PathForm form);
  bool followLinear();
  bool followSsa();
  unsigned join(llvm::SmallVector<unsigned, 2> inputs, unsigned number);
  bool fail(std::string message, size_t position) {
    Fault fault;
    fault.message = std::move(message);
    fault.position = position;
    onError(fault);
    return false;
  }
  bool failStep(unsigned index, const WrittenNumber &number,
                const std::string &expected) {
    return fail("expected " + expected + " in step " + std::to_string(index) +
                    ", got " + std::to_string(number.value),
                number.position);
  }
  bool checkLeft(size_t left) {
    return left == 1 || fail("expected steps that leave one operand, got " +
                                 std::to_string(left) + " left",
                             text.end);
  }

  const PathReader &text;
  unsigned numOperands;
  ErrorFn onError;
  ContractionPath path;
};
} // namespace

/// Pairs have checks and words of their own, which other doors share.
bool PathFollower::followPairs(PathForm form) {
  llvm::SmallVector<ContractionTree::Step, 8> pairs, steps;
  for (const WrittenStep &step : text.steps)
    pairs.push_back({step[0].value, step[1].value});
  steps = pairs;
  std::optional<PathFault> fault =
      form == PathForm::Linear ? checkLinearPath(numOperands, pairs, steps)
                               : checkSsaPath(numOperands, pairs);
  if (fault) {
    onError(fault->diagnostic(
        fault->pair ? text.steps[*fault->pair][fault->side].position
                    : text.end));
    return false;
  }
  for (auto [number, step] : llvm::enumerate(steps))
    join({step.first, step.second}, number);
  return true;
}

/// The number of what a step makes; one input is only moved.
unsigned PathFollower::join(llvm::SmallVector<unsigned, 2> inputs,
                            unsigned number) {
  if (inputs.size() == 1)
    return inputs.front();
  path.steps.push_back({std::move(inputs), number});
  return numOperands + path.steps.size() - 1;
}

bool PathFollower::followLinear() {
  std::vector<unsigned> values(numOperands);
  for (unsigned operand = 0; operand < numOperands; ++operand)
    values[operand] = operand;
  for (auto [index, step] : llvm::enumerate(text.steps)) {
    llvm::SmallVector<unsigned, 2> inputs, positions;
    for (const WrittenNumber &number : step) {
      if (number.value >= values.size())
        return failStep(index, number,
                        "a position below " + std::to_string(values.size()));
      if (llvm::is_contained(positions, number.value))
        return failStep(index, number, "different positions");
      positions.push_back(number.value);
      inputs.push_back(values[number.value]);
    }
    llvm::sort(positions, std::greater<>());
    for (unsigned position : positions)
      values.erase(values.begin() + position);
    values.push_back(join(std::move(inputs), index));
  }
  return checkLeft(values.size());
}

bool PathFollower::followSsa() {
  // Numbers as they are written, and the values that they stand for.
  std::vector<unsigned> values(numOperands);
  for (unsigned operand = 0; operand < numOperands; ++operand)
    values[operand] = operand;
  std::vector<bool> used(numOperands);
  size_t left = numOperands;
  for (auto [index, step] : llvm::enumerate(text.steps)) {
    llvm::SmallVector<unsigned, 2> inputs;
    for (const WrittenNumber &number : step) {
      if (number.value >= values.size())
        return failStep(index, number,
                        "an SSA number below " + std::to_string(values.size()));
      if (used[number.value])
        return failStep(index, number, "every value once");
      used[number.value] = true;
      inputs.push_back(values[number.value]);
    }
    left -= inputs.size() - 1;
    values.push_back(join(std::move(inputs), index));
    used.push_back(false);
  }
  return checkLeft(left);
}

std::optional<ContractionPath> PathFollower::follow(PathForm form) {
  bool isPairwise = llvm::all_of(
      text.steps, [](const WrittenStep &step) { return step.size() == 2; });
  bool isGood = isPairwise                 ? followPairs(form)
                : form == PathForm::Linear ? followLinear()
                                           : followSsa();
  return isGood ? std::optional(std::move(path)) : std::nullopt;
}

std::optional<ContractionPath> ContractionPath::parse(StringRef text,
                                                      PathForm form,
                                                      unsigned numOperands,
                                                      ErrorFn onError) {
  PathReader reader(text, onError);
  if (!reader.read())
    return std::nullopt;
  return PathFollower(reader, numOperands, onError).follow(form);
}

ContractionTree
ContractionPath::split(llvm::ArrayRef<ContractionTree> shapes) const {
  llvm::SmallVector<ContractionTree::Step, 8> pairs;
  std::vector<unsigned> values(operands); // of this path, as those of the tree
  for (unsigned operand = 0; operand < operands; ++operand)
    values[operand] = operand;
  for (auto [step, shape] : llvm::zip_equal(steps, shapes)) {
    llvm::SmallVector<unsigned, 8> parts;
    for (unsigned input : step.inputs)
      parts.push_back(values[input]);
    for (auto [first, second] : shape.steps()) {
      pairs.push_back({parts[first], parts[second]});
      parts.push_back(operands + pairs.size() - 1);
    }
    values.push_back(parts.back());
  }
  return ContractionTree(operands, pairs);
}
