//===- SlicingGreedy.cpp - Cutting one mode finer at a time ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The modes that can be sliced, and a descent: the mode is cut finer that
// brings the peak of a tree down most for what it costs. One slice stands for
// all.
//
//===----------------------------------------------------------------------===//

#include "SliceTiles.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

/// Cuts after which the descent ends.
static constexpr unsigned kMaxCuts = 64;

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

std::vector<Sliceable> conveinsum::sliceableModes(const Equation &equation) {
  std::vector<Sliceable> modes;
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
  return modes;
}

void conveinsum::sortByMode(Slicing &slicing) {
  llvm::sort(slicing, [](const ModeSlicing &a, const ModeSlicing &b) {
    return a.mode < b.mode;
  });
}

namespace {
/// A slicing that grows, estimated from one slice.
struct Growing {
  std::vector<unsigned> fineness; ///< per mode; 0: whole
  Slicing slicing;
  SlicedCost cost;
  Count written = 0; ///< bytes of a slice's step results

  /// What one byte less costs; smaller is better. Only for less bytes.
  double price(const Growing &from) const {
    Count extra =
        cost.value > from.cost.value ? cost.value - from.cost.value : Count(0);
    return ratio(extra, from.cost.peak - cost.peak);
  }
};
} // namespace

/// Of two ways to cut finer, the one that the greedy search takes.
static bool isBetterCut(const Growing &a, const Growing &b,
                        const Growing &from) {
  bool aLess = a.cost.peak < from.cost.peak;
  bool bLess = b.cost.peak < from.cost.peak;
  if (aLess != bLess)
    return aLess;
  if (!aLess)
    return a.written < b.written;
  double priceA = a.price(from), priceB = b.price(from);
  return priceA != priceB ? priceA < priceB : a.cost.peak < b.cost.peak;
}

Slicing conveinsum::sliceGreedily(const Equation &equation,
                                  const ContractionTree &tree,
                                  const PlanGoal &goal,
                                  llvm::ArrayRef<Sliceable> modes,
                                  Count limit) {
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
    growing.cost = costOfSlices(equation, tree, growing.slicing, goal, slice);
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
  return current.slicing;
}
