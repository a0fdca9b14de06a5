//===- SlicingSearch.cpp - Which modes to slice, and how fine -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// First greedily: one mode is cut finer at a time, the one that brings the peak
// down most for what it costs. Then, for small networks, every set of up to
// three modes, from coarse to fine, each with the best tree within the limit. A
// set of modes whose finest slicing does not fit is left out, and so is every
// slicing that is finer than one that fits.
//
//===----------------------------------------------------------------------===//

#include "SliceTiles.h"
#include "conveinsum/Plan/Memory/MemoryLimit.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;

/// Operands up to which sets of modes are searched.
static constexpr unsigned kMaxSearchedOperands = 8;
/// Modes of a slicing that the search of small networks makes.
static constexpr unsigned kMaxSearchedModes = 3;
/// Shapes of slices up to which the trees of a slicing are compared exactly;
/// beyond, one slice stands for all while the tree is chosen.
static constexpr uint64_t kMaxSearchedClasses = 4;
/// Work of all searches together; a second or so.
static constexpr uint64_t kMaxSlicingWork = 10'000'000;

namespace {
class SlicingSearch {
public:
  SlicingSearch(const Equation &equation, const PlannerOptions &options,
                Count limit, const PlannedTree &unconstrained);

  void run() {
    // Whatever else is found has to beat the greedy slicing.
    searchGreedily();
    if (equation.numOperands() >= 2 &&
        equation.numOperands() <= kMaxSearchedOperands)
      searchSets();
  }

  struct Candidate {
    Slicing slicing;
    ContractionTree tree;
    SlicedCost cost;
  };
  std::optional<Candidate> best;
  /// Of anything that was looked at.
  Count smallestPeak = Count::infinity();

  /// Takes the tree if it is better; whether it fits.
  bool consider(const Slicing &slicing, const ContractionTree &tree);

private:
  /// Per mode of a set, which of its chunks.
  using Fineness = llvm::SmallVector<unsigned, 3>;

  void searchSets();
  void searchSet(llvm::ArrayRef<unsigned> set);
  LimitResult searchTree(const Slicing &slicing, const PlanGoal &under,
                         llvm::ArrayRef<SliceClass> classes);
  bool fits(const Slicing &slicing);
  bool searchSlicing(const Slicing &slicing);
  bool isPointless(const Slicing &slicing) const;
  Slicing slicingOf(llvm::ArrayRef<unsigned> set, const Fineness &level) const;
  std::vector<Fineness> levelsOf(llvm::ArrayRef<unsigned> set) const;
  void searchGreedily();
  void descend(const ContractionTree &tree);

  const Equation &equation;
  const PlannerOptions &options;
  const PlanGoal &goal;
  Count limit;
  const PlannedTree &unconstrained;
  std::vector<Sliceable> modes;
  uint64_t work = 0;
};
} // namespace

SlicingSearch::SlicingSearch(const Equation &equation,
                             const PlannerOptions &options, Count limit,
                             const PlannedTree &unconstrained)
    : equation(equation), options(options), goal(options.goal), limit(limit),
      unconstrained(unconstrained), modes(sliceableModes(equation)) {}

bool SlicingSearch::consider(const Slicing &slicing,
                             const ContractionTree &tree) {
  SlicedCost cost = evaluateSliced(equation, tree, slicing, goal);
  smallestPeak = std::min(smallestPeak, cost.peak);
  if (cost.peak > limit)
    return false;
  if (!best || std::pair(cost.value, cost.slices) <
                   std::pair(best->cost.value, best->cost.slices))
    best = Candidate{slicing, tree, std::move(cost)};
  return true;
}

//===----------------------------------------------------------------------===//
// All sets of modes
//===----------------------------------------------------------------------===//

Slicing SlicingSearch::slicingOf(llvm::ArrayRef<unsigned> set,
                                 const Fineness &level) const {
  Slicing slicing;
  for (auto [index, fineness] : llvm::zip_equal(set, level))
    slicing.push_back(
        {modes[index].mode, modes[index].chunks[fineness], std::nullopt});
  sortByMode(slicing);
  return slicing;
}

/// The best tree for some slices of a slicing, within the limit.
LimitResult SlicingSearch::searchTree(const Slicing &slicing,
                                      const PlanGoal &under,
                                      llvm::ArrayRef<SliceClass> classes) {
  LimitRequest request{under, classes};
  OperandSet sliced = slicedOperands(equation, slicing);
  for (unsigned operand : sliced.set_bits())
    request.sliced |= SubsetWord(1) << operand;
  request.writesInPlace = !accumulates(equation, slicing);
  request.base = wholeBytes(equation, goal);
  request.limit = limit;
  request.maxWork = kMaxSlicingWork - std::min(work, kMaxSlicingWork);
  LimitResult found = searchWithinLimit(request);
  work += found.work;
  return found;
}

/// Whether some tree fits, whatever it costs: much faster than the best one.
bool SlicingSearch::fits(const Slicing &slicing) {
  PlanGoal peak = goal;
  peak.objective = Objective(ObjectiveKind::Peak);
  return searchTree(slicing, peak, largestSlice(equation, slicing)).status ==
         LimitResult::Status::Found;
}

/// Searches the best tree; whether one fits.
bool SlicingSearch::searchSlicing(const Slicing &slicing) {
  auto classes = sliceClasses(equation, slicing, kMaxSearchedClasses);
  if (!classes)
    classes.emplace(1, largestSlice(equation, slicing));
  LimitResult found = searchTree(slicing, goal, *classes);
  if (found.status != LimitResult::Status::Found ||
      !sliceClasses(equation, slicing, kMaxSliceClasses))
    return false;
  return consider(slicing, found.tree);
}

/// Whether more slices than the best has cannot pay: it costs no more than the
/// network does without a limit.
bool SlicingSearch::isPointless(const Slicing &slicing) const {
  return best && best->cost.value <= unconstrained.value &&
         numSlices(equation, slicing) >= best->cost.slices;
}

/// All of a set of modes, from few slices to many.
std::vector<SlicingSearch::Fineness>
SlicingSearch::levelsOf(llvm::ArrayRef<unsigned> set) const {
  std::vector<Fineness> levels{{}};
  for (unsigned index : set) {
    std::vector<Fineness> longer;
    for (const Fineness &level : levels)
      for (unsigned i = 0; i < modes[index].chunks.size(); ++i) {
        longer.push_back(level);
        longer.back().push_back(i);
      }
    levels = std::move(longer);
  }
  auto rank = [&](const Fineness &level) {
    return std::pair(numSlices(equation, slicingOf(set, level)), level);
  };
  llvm::sort(levels, [&](const Fineness &a, const Fineness &b) {
    return rank(a) < rank(b);
  });
  return levels;
}

void SlicingSearch::searchSet(llvm::ArrayRef<unsigned> set) {
  std::vector<Fineness> levels = levelsOf(set);
  // Every entry of `fine` is at least that of `coarse`.
  auto isFiner = [](const Fineness &fine, const Fineness &coarse) {
    return llvm::all_of(llvm::zip_equal(fine, coarse), [](auto pair) {
      return std::get<0>(pair) >= std::get<1>(pair);
    });
  };
  // The coarsest has the fewest slices, the finest the smallest peak.
  if (isPointless(slicingOf(set, levels.front())) ||
      !fits(slicingOf(set, levels.back())))
    return;
  std::vector<Fineness> fits, tooCoarse;
  for (const Fineness &level : levels) {
    if (work >= kMaxSlicingWork)
      return;
    Slicing slicing = slicingOf(set, level);
    if (isPointless(slicing))
      return;
    if (llvm::any_of(fits, [&](auto &f) { return isFiner(level, f); }) ||
        llvm::any_of(tooCoarse, [&](auto &c) { return isFiner(c, level); }))
      continue;
    (searchSlicing(slicing) ? fits : tooCoarse).push_back(level);
  }
}

void SlicingSearch::searchSets() {
  std::vector<llvm::SmallVector<unsigned, 3>> sets{{}};
  // Sets of one mode, then of two, then of three, each in ascending order.
  for (size_t at = 0; at < sets.size() && work < kMaxSlicingWork; ++at) {
    llvm::SmallVector<unsigned, 3> set = sets[at];
    if (!set.empty())
      searchSet(set);
    if (set.size() == kMaxSearchedModes)
      continue;
    for (unsigned next = set.empty() ? 0 : set.back() + 1; next < modes.size();
         ++next) {
      sets.push_back(set);
      sets.back().push_back(next);
    }
  }
}

//===----------------------------------------------------------------------===//
// One mode after the other
//===----------------------------------------------------------------------===//

void SlicingSearch::descend(const ContractionTree &tree) {
  Slicing slicing = sliceGreedily(equation, tree, goal, modes, limit);
  if (!sliceClasses(equation, slicing, kMaxSliceClasses))
    return;
  consider(slicing, tree);
  // A slice may want another tree than the whole.
  Equation slice = largestSlice(equation, slicing).equation;
  if (auto replanned = plan(slice, options, [](const Fault &) {}))
    consider(slicing, replanned->tree);
}

void SlicingSearch::searchGreedily() {
  descend(unconstrained.tree);
  descend(smallestFeasibleLimit(equation, goal).tree);
}

//===----------------------------------------------------------------------===//
// Answers
//===----------------------------------------------------------------------===//

double SlicedPlan::overhead() const {
  if (unslicedValue == 0)
    return cost.value == 0 ? 1.0 : double(cost.value);
  return ratio(cost.value, unslicedValue);
}

static SlicedPlan planOf(const Equation &equation, const PlanGoal &goal,
                         const SlicingSearch::Candidate &found,
                         Count unslicedValue) {
  SlicedPlan plan;
  plan.tree = found.tree;
  plan.goal = goal;
  plan.slicing = found.slicing;
  plan.cost = found.cost;
  plan.unslicedValue = unslicedValue;
  for (ModeSlicing &mode : plan.slicing) {
    if (equation.relation(mode.mode))
      mode.operand = cutOperand(equation, mode);
    plan.modes.push_back({equation.label(mode.mode).str(), mode,
                          numChunks(equation, mode), haloOf(equation, mode)});
  }
  if (!plan.slicing.empty())
    scheduleSlices(equation, plan);
  return plan;
}

static void reportLimit(Count needed, llvm::StringRef what, Count limit,
                        ErrorFn onError) {
  Fault diagnostic;
  diagnostic.message = "expected a memory limit of at least " +
                       toString(needed) + " bytes, " + what.str() + ", got " +
                       toString(limit) + " bytes";
  onError(diagnostic);
}

/// The plan without a limit, after all checks.
static std::optional<PlannedTree>
planWithoutLimit(const Equation &equation, const PlannerOptions &options,
                 ErrorFn onError) {
  if (!verifyGoal(equation, options.goal, onError) ||
      !checkStaticExtents(equation, "to count bytes", onError))
    return std::nullopt;
  return plan(equation, options, onError);
}

std::optional<SlicedPlan> conveinsum::planSliced(const Equation &equation,
                                                 const PlannerOptions &options,
                                                 Count limitBytes,
                                                 ErrorFn onError) {
  auto unconstrained = planWithoutLimit(equation, options, onError);
  if (!unconstrained)
    return std::nullopt;
  SlicingSearch search(equation, options, limitBytes, *unconstrained);
  auto whole = findWithinMemory(equation, options, *unconstrained, limitBytes);
  if (whole)
    search.consider({}, whole->plan.tree);
  else if (Count base = wholeBytes(equation, options.goal); base > limitBytes) {
    reportLimit(base, "what the operands and the result take", limitBytes,
                onError);
    return std::nullopt;
  }
  // Slicing may still be cheaper than a plan that was bent to the limit.
  bool wantsPeak = options.goal.objective.kind == ObjectiveKind::Peak;
  if (!whole || (!wantsPeak && whole->plan.value != unconstrained->value))
    search.run();
  if (!search.best) {
    reportLimit(search.smallestPeak,
                "the smallest peak of the slicings that were tried", limitBytes,
                onError);
    return std::nullopt;
  }
  return planOf(equation, options.goal, *search.best, unconstrained->value);
}
