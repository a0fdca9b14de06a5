//===- Parametric.cpp - Plans for a range of sizes ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three ways through a range: the lower envelope of lines, every integer, and
// halving. All of them append pieces from left to right, and all compare with
// "not worse than the plan", so that planners without a proof can be asked too.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Parametric.h"
#include "MemoryLimitFigures.h"
#include <algorithm>

using namespace conveinsum;

const ParametricPiece &ParametricPlan::at(int64_t size) const {
  assert(!pieces.empty() && size >= pieces.front().from &&
         size <= pieces.back().to && "the size is not in the range");
  return *std::partition_point(
      pieces.begin(), pieces.end(),
      [&](const ParametricPiece &piece) { return piece.to < size; });
}

namespace {
/// A network of the range and its plan.
struct Planned {
  int64_t size = 0;
  Equation equation;
  ContractionTree tree;
  Count value = 0;
  Proof proof = Proof::Optimal;
};

class RangePlanner {
public:
  RangePlanner(EquationAt equationAt, const PlannerOptions &options,
               ErrorFn onError)
      : equationAt(equationAt), options(options), onError(onError) {}

  std::optional<ParametricPlan> run(int64_t low, int64_t high);

private:
  std::optional<Equation> network(int64_t size);
  std::optional<Planned> planAt(int64_t size);
  Count valueOf(const ContractionTree &tree, const Equation &equation) const {
    return evaluateGoal(equation, tree, options.goal).value;
  }
  std::optional<Count> valueAt(const ContractionTree &tree, int64_t size);

  /// Whether a way came to its end. If not, nothing was reported for Unfit: the
  /// way is not made for these networks.
  enum class Outcome { Done, Failed, Unfit };
  bool isAffine(const Planned &first, const Planned &last);
  Outcome isLine(const ContractionTree &tree);
  Outcome envelope(const Planned &left, const Planned &right);
  Outcome split(const Planned &left, const Planned &right, int64_t at);
  Outcome everySize(int64_t high);
  Outcome halve(const Planned &left, const Planned &right, uint64_t plans);
  Outcome border(const Planned &left, const Planned &right);
  Outcome search(const Planned &first, const Planned &last);

  void append(int64_t from, int64_t to, const Planned &planned,
              bool isProven = true);
  Outcome keepLeftTrees();
  bool fillValues();

  EquationAt equationAt;
  const PlannerOptions &options;
  ErrorFn onError;
  std::optional<Planned> lowest, highest;
  std::optional<ModeId> openMode; // the plain mode whose size is open
  std::vector<ContractionTree> lines;
  ParametricPlan result;
};
} // namespace

//===----------------------------------------------------------------------===//
// Networks and values
//===----------------------------------------------------------------------===//

static void report(ErrorFn onError, std::string message) {
  Diagnostic diagnostic;
  diagnostic.message = std::move(message);
  onError(diagnostic);
}

static bool haveSameStructure(const Equation &a, const Equation &b) {
  if (a.numOperands() != b.numOperands() || a.numModes() != b.numModes() ||
      a.resultModes() != b.resultModes())
    return false;
  for (unsigned k = 0; k < a.numOperands(); ++k)
    if (a.operandModes(k) != b.operandModes(k))
      return false;
  for (ModeId mode = 0; mode < a.numModes(); ++mode)
    if (a.label(mode) != b.label(mode) || !a.relation(mode) != !b.relation(mode))
      return false;
  return true;
}

/// Whether the networks differ in the size of this plain mode at the most.
static bool differInOnly(const Equation &a, const Equation &b, ModeId open) {
  if (!haveSameStructure(a, b) || a.relations() != b.relations())
    return false;
  for (ModeId mode = 0; mode < a.numModes(); ++mode)
    if (mode != open && !a.relation(mode) && a.size(mode) != b.size(mode))
      return false;
  return true;
}

std::optional<Equation> RangePlanner::network(int64_t size) {
  std::optional<Equation> equation = equationAt(size);
  if (!equation || !checkStaticExtents(*equation, "to plan for a range of sizes",
                                       onError))
    return std::nullopt;
  if (!lowest || haveSameStructure(*equation, lowest->equation))
    return equation;
  report(onError, "expected networks that differ in sizes only, got '" +
                      lowest->equation.text() + "' at " +
                      std::to_string(lowest->size) + " and '" +
                      equation->text() + "' at " + std::to_string(size));
  return std::nullopt;
}

std::optional<Planned> RangePlanner::planAt(int64_t size) {
  std::optional<Equation> equation = network(size);
  if (!equation)
    return std::nullopt;
  std::optional<Plan> found = plan(*equation, options, onError);
  ++result.plans;
  if (!found)
    return std::nullopt;
  return Planned{size, std::move(*equation), std::move(found->tree),
                 found->value, found->proof};
}

std::optional<Count> RangePlanner::valueAt(const ContractionTree &tree,
                                           int64_t size) {
  std::optional<Equation> equation = network(size);
  if (!equation)
    return std::nullopt;
  return valueOf(tree, *equation);
}

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

void RangePlanner::append(int64_t from, int64_t to, const Planned &planned,
                          bool isProven) {
  if (from > to)
    return;
  Proof proof = !isProven && planned.proof == Proof::Optimal ? Proof::BestFound
                                                             : planned.proof;
  result.exact &= proof == Proof::Optimal;
  if (result.pieces.empty() || !(result.pieces.back().tree == planned.tree)) {
    result.pieces.push_back({from, to, planned.tree, proof, 0, 0});
    return;
  }
  result.pieces.back().to = to;
  if (proof != Proof::Optimal)
    result.pieces.back().proof = proof;
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
        auto mine = valueAt(piece.tree, size), before = valueAt(left.tree, size);
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

bool RangePlanner::fillValues() {
  for (ParametricPiece &piece : result.pieces) {
    std::optional<Count> from = valueAt(piece.tree, piece.from);
    std::optional<Count> to = valueAt(piece.tree, piece.to);
    if (!from || !to)
      return false;
    piece.valueFrom = *from;
    piece.valueTo = *to;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// The lower envelope
//===----------------------------------------------------------------------===//

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

/// The theory checked: three values of the tree lie on a line. Counts that
/// saturate do not.
RangePlanner::Outcome RangePlanner::isLine(const ContractionTree &tree) {
  if (llvm::is_contained(lines, tree))
    return Outcome::Done;
  int64_t low = lowest->size, high = highest->size, middle = low + (high - low) / 2;
  std::optional<Equation> between = network(middle);
  if (!between)
    return Outcome::Failed;
  if (!differInOnly(lowest->equation, *between, *openMode) ||
      between->size(*openMode) != middle)
    return Outcome::Unfit;
  Count left = valueOf(tree, lowest->equation);
  Count right = valueOf(tree, highest->equation);
  Count mean = saturatingMultiply(valueOf(tree, *between), Count(high - low));
  Count sum = saturatingAdd(saturatingMultiply(left, Count(high - middle)),
                            saturatingMultiply(right, Count(middle - low)));
  if (mean != sum || mean == kMaxCount)
    return Outcome::Unfit;
  lines.push_back(tree);
  return Outcome::Done;
}

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
    if (Outcome line = isLine(end->tree); line != Outcome::Done)
      return line;
  }
  Count leftAtRight = valueOf(left.tree, right.equation);
  if (leftAtRight <= right.value || right.size - left.size <= 1) {
    append(left.size, left.size, left);
    append(left.size + 1, right.size - 1, left, isProven(right));
    return Outcome::Done;
  }
  Count rightAtLeft = valueOf(right.tree, left.equation);
  if (rightAtLeft <= left.value) {
    if (!result.pieces.empty())
      append(left.size, left.size, left);
    append(left.size + !result.pieces.empty(), right.size - 1, right,
           isProven(left));
    return Outcome::Done;
  }
  // The last size at which the tree of the left end is not the worse one.
  Count ahead = rightAtLeft - left.value, behind = leftAtRight - right.value;
  Count both = saturatingAdd(ahead, behind);
  Count scaled = saturatingMultiply(Count(right.size - left.size), ahead);
  if (both == kMaxCount || scaled == kMaxCount)
    return Outcome::Unfit;
  return split(left, right, left.size + int64_t(scaled / both));
}

/// The same if the trees of the ends, with nothing below them, would be best up
/// to `at` and from `at` + 1 on.
RangePlanner::Outcome RangePlanner::split(const Planned &left,
                                          const Planned &right, int64_t at) {
  Planned here = left;
  if (at != left.size) {
    std::optional<Planned> planned = planAt(at);
    if (!planned)
      return Outcome::Failed;
    here = std::move(*planned);
    if (valueOf(left.tree, here.equation) <= here.value)
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
  if (valueOf(right.tree, next->equation) <= next->value)
    next->tree = right.tree;
  append(at, at, here);
  return envelope(*next, right);
}

//===----------------------------------------------------------------------===//
// Every size, and halving
//===----------------------------------------------------------------------===//

RangePlanner::Outcome RangePlanner::everySize(int64_t high) {
  for (int64_t size = lowest->size;; ++size) {
    std::optional<Planned> planned;
    if (size == lowest->size)
      planned = *lowest;
    else if (size == high)
      planned = *highest;
    else
      planned = planAt(size);
    if (!planned)
      return Outcome::Failed;
    if (!result.pieces.empty() &&
        valueOf(result.pieces.back().tree, planned->equation) <= planned->value)
      planned->tree = result.pieces.back().tree;
    append(size, size, *planned);
    if (size == high)
      return Outcome::Done;
  }
}

/// As `envelope`, without a proof and with at most `plans` plans.
RangePlanner::Outcome RangePlanner::halve(const Planned &left,
                                          const Planned &right,
                                          uint64_t plans) {
  if (right.size - left.size <= 1) {
    append(left.size, left.size, left);
    return Outcome::Done;
  }
  if (plans == 0)
    return border(left, right);
  std::optional<Planned> middle =
      planAt(left.size + (right.size - left.size) / 2);
  if (!middle)
    return Outcome::Failed;
  bool holds = valueOf(left.tree, middle->equation) <= middle->value;
  if (holds)
    middle->tree = left.tree;
  if (holds && valueOf(left.tree, right.equation) <= right.value) {
    append(left.size, right.size - 1, left, /*isProven=*/false);
    return Outcome::Done;
  }
  Outcome outcome = halve(left, *middle, (plans - 1) / 2);
  return outcome == Outcome::Done ? halve(*middle, right, (plans - 1) / 2)
                                  : outcome;
}

/// As if the values of the two trees crossed once.
RangePlanner::Outcome RangePlanner::border(const Planned &left,
                                           const Planned &right) {
  int64_t last = left.size, first = right.size;
  while (first - last > 1) {
    int64_t middle = last + (first - last) / 2;
    std::optional<Equation> equation = network(middle);
    if (!equation)
      return Outcome::Failed;
    bool isLeft =
        valueOf(left.tree, *equation) <= valueOf(right.tree, *equation);
    (isLeft ? last : first) = middle;
  }
  append(left.size, last, left, /*isProven=*/false);
  append(first, right.size - 1, right, /*isProven=*/false);
  return Outcome::Done;
}

//===----------------------------------------------------------------------===//
// The range
//===----------------------------------------------------------------------===//

RangePlanner::Outcome RangePlanner::search(const Planned &first,
                                           const Planned &last) {
  if (isAffine(first, last)) {
    Outcome outcome = envelope(first, last);
    if (outcome == Outcome::Done) {
      append(last.size, last.size, last);
      return keepLeftTrees();
    }
    if (outcome == Outcome::Failed)
      return outcome;
    result.pieces.clear();
    result.exact = true;
  }
  if (uint64_t(last.size - first.size) < kMaxParametricPlans)
    return everySize(last.size);
  Outcome outcome = halve(first, last, kMaxParametricPlans - 2);
  if (outcome != Outcome::Done)
    return outcome;
  Planned end = last;
  if (valueOf(result.pieces.back().tree, last.equation) <= last.value)
    end.tree = result.pieces.back().tree;
  append(last.size, last.size, end);
  return Outcome::Done;
}

std::optional<ParametricPlan> RangePlanner::run(int64_t low, int64_t high) {
  if (low > high || low < 0) {
    report(onError,
           "expected a range of sizes from at least 0 upwards, got " +
               std::to_string(low) + " to " + std::to_string(high));
    return std::nullopt;
  }
  if (!(lowest = planAt(low)))
    return std::nullopt;
  if (low == high) {
    append(low, low, *lowest);
  } else {
    if (!(highest = planAt(high)) ||
        search(*lowest, *highest) != Outcome::Done)
      return std::nullopt;
  }
  if (!fillValues())
    return std::nullopt;
  return std::move(result);
}

std::optional<ParametricPlan>
conveinsum::planParametric(EquationAt equationAt, int64_t low, int64_t high,
                           const PlannerOptions &options, ErrorFn onError) {
  return RangePlanner(equationAt, options, onError).run(low, high);
}
