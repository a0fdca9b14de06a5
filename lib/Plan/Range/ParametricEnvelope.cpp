//===- ParametricEnvelope.cpp - The lower envelope of lines ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two optimal trees at the ends of an interval, and plans on both sides of the
// size at which their lines cross.
//
//===----------------------------------------------------------------------===//

#include "RangePlanner.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Lines
//===----------------------------------------------------------------------===//

/// Whether the networks differ in the size of this plain mode at the most.
static bool differInOnly(const Equation &a, const Equation &b, ModeId open) {
  if (!haveSameStructure(a, b) || a.relations() != b.relations())
    return false;
  for (ModeId mode = 0; mode < a.numModes(); ++mode)
    if (mode != open && !a.relation(mode) && a.size(mode) != b.size(mode))
      return false;
  return true;
}

const Line *RangePlanner::lineOf(const ContractionTree &tree) const {
  auto line = llvm::find_if(
      lines, [&](const Line &other) { return other.tree == tree; });
  return line == lines.end() ? nullptr : &*line;
}

Count RangePlanner::lineAt(const ContractionTree &tree, int64_t size) const {
  const Line *line = lineOf(tree);
  assert(line && "the tree has no line");
  return line->atLowest + line->slope * Count(size - lowest->size);
}

/// Whether the goal is affine in the size of one plain mode, which is all that
/// differs between the two ends.
bool RangePlanner::isAffine(const Planned &first, const Planned &last) {
  ObjectiveKind kind = options.goal.objective.kind;
  if (kind != ObjectiveKind::Flops && kind != ObjectiveKind::Write &&
      kind != ObjectiveKind::Combo)
    return false;
  for (ModeId mode = 0; mode < first.equation.numModes(); ++mode)
    if (!first.equation.relation(mode) &&
        first.equation.size(mode) == first.size &&
        last.equation.size(mode) == last.size &&
        differInOnly(first.equation, last.equation, mode))
      openMode = mode;
  return openMode.has_value();
}

/// The theory checked: three values of the tree lie on a line.
RangePlanner::Outcome RangePlanner::addLine(const Planned &planned) {
  if (lineOf(planned.tree))
    return Outcome::Done;
  int64_t low = lowest->size, high = highest->size;
  int64_t half = low + (high - low) / 2;
  if (!middle && !(middle = network(half)))
    return Outcome::Failed;
  if (!differInOnly(lowest->equation, *middle, *openMode) ||
      middle->size(*openMode) != half)
    return Outcome::Unfit;
  auto value = [&](int64_t size, const Equation &equation) {
    return size == planned.size ? planned.value
                                : valueOf(planned.tree, equation);
  };
  Count left = value(low, lowest->equation);
  Count right = value(high, highest->equation);
  if (right < left || (right - left) % Count(high - low) != 0)
    return Outcome::Unfit;
  Line line{planned.tree, left, (right - left) / Count(high - low)};
  if (left + line.slope * Count(half - low) != value(half, *middle))
    return Outcome::Unfit;
  lines.push_back(std::move(line));
  return Outcome::Done;
}

//===----------------------------------------------------------------------===//
// Intervals
//===----------------------------------------------------------------------===//

static bool isProven(const Planned &planned) {
  return planned.proof == Proof::Optimal;
}

/// Pieces from the size of `left` up to the one before that of `right`.
RangePlanner::Outcome RangePlanner::envelope(const Planned &left,
                                             const Planned &right) {
  for (const Planned *end : {&left, &right}) {
    if (!differInOnly(lowest->equation, end->equation, *openMode) ||
        end->equation.size(*openMode) != end->size)
      return Outcome::Unfit;
    if (Outcome line = addLine(*end); line != Outcome::Done)
      return line;
  }
  Count leftAtRight = lineAt(left.tree, right.size);
  if (leftAtRight <= right.value || right.size - left.size <= 1) {
    append(left.size, left.size, left);
    append(left.size + 1, right.size - 1, left, isProven(right));
    return Outcome::Done;
  }
  Count rightAtLeft = lineAt(right.tree, left.size);
  if (rightAtLeft <= left.value) {
    if (!result.pieces.empty())
      append(left.size, left.size, left);
    append(left.size + !result.pieces.empty(), right.size - 1, right,
           isProven(left));
    return Outcome::Done;
  }
  // The last size at which the tree of the left end is not the worse one.
  Count ahead = rightAtLeft - left.value, behind = leftAtRight - right.value;
  Count part = Count(right.size - left.size) * ahead / (ahead + behind);
  return split(left, right, left.size + int64_t(part.word()));
}

/// The same if the trees of the ends, with nothing below them, would be best up
/// to `at` and from `at` + 1 on.
RangePlanner::Outcome RangePlanner::split(const Planned &left,
                                          const Planned &right, int64_t at) {
  // More pieces than can be paid for: sizes are tried instead.
  if (moves > kMaxParametricMoves)
    return Outcome::Unfit;
  Planned here = left;
  if (at != left.size) {
    std::optional<Planned> planned = planAt(at);
    if (!planned)
      return Outcome::Failed;
    here = std::move(*planned);
    if (lineAt(left.tree, at) <= here.value)
      here.tree = left.tree;
    if (Outcome outcome = envelope(left, here); outcome != Outcome::Done)
      return outcome;
  }
  if (at + 1 == right.size) {
    append(at, at, here);
    return Outcome::Done;
  }
  std::optional<Planned> next = planAt(at + 1);
  if (!next)
    return Outcome::Failed;
  if (lineAt(right.tree, at + 1) <= next->value)
    next->tree = right.tree;
  append(at, at, here);
  return envelope(*next, right);
}

/// Of pieces with lines as values: where a piece begins with a tie, the piece
/// before it goes on.
RangePlanner::Outcome RangePlanner::keepLeftTrees() {
  std::vector<ParametricPiece> pieces = std::move(result.pieces);
  result.pieces.clear();
  for (ParametricPiece &piece : pieces) {
    while (!result.pieces.empty() && piece.from <= piece.to) {
      ParametricPiece &left = result.pieces.back();
      auto isTie = [&](int64_t size) -> std::optional<bool> {
        auto mine = valueAt(piece.tree, size);
        auto before = valueAt(left.tree, size);
        if (!mine || !before)
          return std::nullopt;
        return *mine == *before;
      };
      std::optional<bool> begins = isTie(piece.from), ends = isTie(piece.to);
      if (!begins || !ends)
        return Outcome::Failed;
      if (!*begins)
        break;
      left.to = *ends ? piece.to : piece.from;
      piece.from = left.to + 1;
    }
    if (piece.from <= piece.to)
      result.pieces.push_back(std::move(piece));
  }
  return Outcome::Done;
}
