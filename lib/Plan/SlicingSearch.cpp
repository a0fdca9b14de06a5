//===- SlicingSearch.cpp - Which modes to slice, and how fine -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Small networks: every set of up to three modes, from coarse to fine, each
// with the best tree within the limit. A set of modes whose finest slicing does
// not fit is left out, and so is every slicing that is finer than one that
// fits. Others: one mode is cut finer at a time, the one that brings the peak
// down most for what it costs.
//
//===----------------------------------------------------------------------===//

#include "SlicingTiles.h"
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
static constexpr uint64_t kMaxSearchedClasses = 16;
/// Work of all searches together; a second or so.
static constexpr uint64_t kMaxSlicingWork = 20'000'000;
/// Cuts of the greedy search.
static constexpr unsigned kMaxCuts = 64;

namespace {
/// A mode that can be sliced, and its chunks from coarse to fine.
struct Sliceable {
  ModeId mode;
  std::vector<int64_t> chunks;
};

class SlicingSearch {
public:
  SlicingSearch(const Equation &equation, const PlannerOptions &options,
                Count limit, const Plan &unconstrained);

  void run() {
    if (equation.numOperands() >= 2 &&
        equation.numOperands() <= kMaxSearchedOperands)
      searchSets();
    if (!best)
      searchGreedily();
  }

  struct Candidate {
    Slicing slicing;
    ContractionTree tree;
    SlicedCost cost;
  };
  std::optional<Candidate> best;
  /// Of anything that was looked at.
  Count smallestPeak = kMaxCount;

  void consider(const Slicing &slicing, const ContractionTree &tree);

private:
  /// Per mode of a set, which of its chunks.
  using Fineness = llvm::SmallVector<unsigned, 3>;

  void searchSets();
  void searchSet(llvm::ArrayRef<unsigned> set);
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
  const Plan &unconstrained;
  std::vector<Sliceable> modes;
  uint64_t work = 0;
};
} // namespace

/// Chunks for about 2, 4, 8, ... pieces, and for as many as there are entries.
static std::vector<int64_t> chunksOf(const Equation &equation, ModeId mode) {
  int64_t extent = slicedExtent(equation, mode);
  std::vector<int64_t> chunks;
  auto add = [&](int64_t pieces) {
    int64_t chunk = (extent - 1) / pieces + 1;
    if (pieces <= kMaxChunks && (chunks.empty() || chunk < chunks.back()))
      chunks.push_back(chunk);
  };
  int64_t pieces = 2;
  for (; pieces < extent && pieces <= kMaxChunks; pieces *= 2)
    add(pieces);
  if (extent >= 2)
    add(extent);
  return chunks;
}

static void sortByMode(Slicing &slicing) {
  llvm::sort(slicing, [](const ModeSlicing &a, const ModeSlicing &b) {
    return a.mode < b.mode;
  });
}

SlicingSearch::SlicingSearch(const Equation &equation,
                             const PlannerOptions &options, Count limit,
                             const Plan &unconstrained)
    : equation(equation), options(options), goal(options.goal), limit(limit),
      unconstrained(unconstrained) {
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    const LinearRelation *relation = equation.relation(mode);
    if (relation && (relation->modulus || relation->terms.empty()))
      continue;
    Sliceable sliceable{mode, chunksOf(equation, mode)};
    if (!sliceable.chunks.empty())
      modes.push_back(std::move(sliceable));
  }
  // Where the search has to stop early, it has seen the large modes.
  auto rank = [&](const Sliceable &sliceable) {
    return std::pair(-slicedExtent(equation, sliceable.mode), sliceable.mode);
  };
  llvm::sort(modes, [&](const Sliceable &a, const Sliceable &b) {
    return rank(a) < rank(b);
  });
}

void SlicingSearch::consider(const Slicing &slicing,
                             const ContractionTree &tree) {
  SlicedCost cost = evaluateSliced(equation, tree, slicing, goal);
  smallestPeak = std::min(smallestPeak, cost.peak);
  if (cost.peak > limit)
    return;
  if (!best || std::pair(cost.value, cost.slices) <
                   std::pair(best->cost.value, best->cost.slices))
    best = Candidate{slicing, tree, std::move(cost)};
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

/// Searches the best tree; whether one fits.
bool SlicingSearch::searchSlicing(const Slicing &slicing) {
  auto classes = sliceClasses(equation, slicing, kMaxSearchedClasses);
  if (!classes)
    classes.emplace(1, largestSlice(equation, slicing));
  LimitRequest request{goal, *classes};
  for (unsigned operand : slicedOperands(equation, slicing).set_bits())
    request.sliced |= OperandWord(1) << operand;
  request.writesInPlace = !accumulates(equation, slicing);
  request.base = wholeBytes(equation, goal);
  request.limit = limit;
  request.maxWork = kMaxSlicingWork - std::min(work, kMaxSlicingWork);
  LimitResult found = searchWithinLimit(request);
  work += found.work;
  if (found.status != LimitResult::Status::Found ||
      !sliceClasses(equation, slicing, kMaxSliceClasses))
    return false;
  consider(slicing, found.tree);
  return best && best->cost.peak <= limit;
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
  if (!searchSlicing(slicingOf(set, levels.back())))
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

namespace {
/// A slicing that grows, estimated from one slice.
struct Growing {
  std::vector<unsigned> fineness; ///< per mode; 0: whole
  Slicing slicing;
  SlicedCost cost;
  Count written = 0; ///< bytes of a slice's step results

  /// What one byte less costs; smaller is better. Only for less bytes.
  double price(const Growing &from) const {
    double extra = cost.value > from.cost.value
                       ? double(cost.value - from.cost.value)
                       : 0.0;
    return extra / double(from.cost.peak - cost.peak);
  }
};
} // namespace

/// Of two ways to cut finer, the one that the greedy search takes.
static bool isBetterCut(const Growing &a, const Growing &b,
                        const Growing &from) {
  bool aLess = a.cost.peak < from.cost.peak, bLess = b.cost.peak < from.cost.peak;
  if (aLess != bLess)
    return aLess;
  if (!aLess)
    return a.written < b.written;
  double priceA = a.price(from), priceB = b.price(from);
  return priceA != priceB ? priceA < priceB : a.cost.peak < b.cost.peak;
}

void SlicingSearch::descend(const ContractionTree &tree) {
  PlanGoal write = goal;
  write.objective = Objective(ObjectiveKind::Write);
  auto estimate = [&](std::vector<unsigned> fineness) {
    Growing growing{std::move(fineness), {}, {}, 0};
    for (auto [index, level] : llvm::enumerate(growing.fineness))
      if (level != 0)
        growing.slicing.push_back(
            {modes[index].mode, modes[index].chunks[level - 1], std::nullopt});
    sortByMode(growing.slicing);
    SliceClass slice = largestSlice(equation, growing.slicing);
    growing.cost =
        costOfSlices(equation, tree, growing.slicing, goal, slice);
    growing.written = evaluateGoal(slice.equation, tree, write).value;
    return growing;
  };
  Growing current = estimate(std::vector<unsigned>(modes.size(), 0));
  for (unsigned cut = 0; cut < kMaxCuts && current.cost.peak > limit; ++cut) {
    std::optional<Growing> next;
    for (unsigned index = 0; index < modes.size(); ++index) {
      if (current.fineness[index] == modes[index].chunks.size())
        continue;
      std::vector<unsigned> fineness = current.fineness;
      ++fineness[index];
      Growing finer = estimate(std::move(fineness));
      bool helps = finer.cost.peak < current.cost.peak ||
                   finer.written < current.written;
      if (helps && (!next || isBetterCut(finer, *next, current)))
        next = std::move(finer);
    }
    if (!next)
      break;
    current = std::move(*next);
  }
  if (!sliceClasses(equation, current.slicing, kMaxSliceClasses))
    return;
  consider(current.slicing, tree);
  // A slice may want another tree than the whole.
  Equation slice = largestSlice(equation, current.slicing).equation;
  if (auto replanned = plan(slice, options, [](const Diagnostic &) {}))
    consider(current.slicing, replanned->tree);
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
  return double(cost.value) / double(unslicedValue);
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
  return plan;
}

static void reportLimit(Count needed, llvm::StringRef what, Count limit,
                        ErrorFn onError) {
  Diagnostic diagnostic;
  diagnostic.message = "expected a memory limit of at least " +
                       toString(needed) + " bytes, " + what.str() + ", got " +
                       toString(limit) + " bytes";
  onError(diagnostic);
}

/// The plan without a limit, after all checks.
static std::optional<Plan> planWithoutLimit(const Equation &equation,
                                            const PlannerOptions &options,
                                            ErrorFn onError) {
  if (!verifyGoal(equation, options.goal, onError) ||
      !checkStaticExtents(equation, "to count bytes", onError))
    return std::nullopt;
  return plan(equation, options, onError);
}

std::optional<SlicedPlan>
conveinsum::planSliced(const Equation &equation, const PlannerOptions &options,
                       Count limitBytes, ErrorFn onError) {
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

std::string conveinsum::slicingAdvice(const Equation &equation,
                                      const PlannerOptions &options,
                                      Count limitBytes) {
  Count base = wholeBytes(equation, options.goal);
  if (base > limitBytes)
    return "slicing does not help, as the operands and the result take " +
           toString(base) + " bytes";
  auto sliced =
      planSliced(equation, options, limitBytes, [](const Diagnostic &) {});
  if (!sliced)
    return "no slicing was found that fits";
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "slicing ";
  for (auto [index, mode] : llvm::enumerate(sliced->modes))
    os << (index == 0 ? "" : ", ") << spellLabel(mode.label) << " into "
       << mode.chunks;
  os << " fits, at " << llvm::format("%.2f", sliced->overhead()) << " times the "
     << options.goal.objective.name();
  return text;
}
