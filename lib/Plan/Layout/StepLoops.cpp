//===- StepLoops.cpp - The loops of a step, for any layout ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See the header.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Layout/StepLoops.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <cstdlib>
#include <numeric>

using namespace conveinsum;

Layout conveinsum::usualLayout(unsigned rank) {
  Layout layout(rank);
  std::iota(layout.begin(), layout.end(), 0u);
  return layout;
}

/// The product of two distances; no memory reaches as far as the largest one.
static int64_t product(int64_t a, int64_t b) {
  constexpr uint64_t largest = uint64_t(1) << 60;
  return std::min(llvm::SaturatingMultiply<uint64_t>(a, b), largest);
}

Shape conveinsum::distancesOf(const Layout &layout, const Shape &shape) {
  Shape distances(shape.size());
  int64_t next = 1;
  for (unsigned dim : llvm::reverse(layout)) {
    distances[dim] = next;
    next = product(next, shape[dim]);
  }
  return distances;
}

StepLoops::StepLoops(const Equation &step) {
  for (unsigned operand = 0; operand != step.numOperands(); ++operand) {
    modes.emplace_back(step.operandModes(operand));
    extents.emplace_back(step.operandShape(operand));
  }
  modes.emplace_back(step.resultModes());
  extents.push_back(step.resultShape());
  for (const ModeList &list : modes) {
    rolesOf.emplace_back(list.size(), Role::None);
    ModeList sorted = list;
    llvm::sort(sorted);
    movable.push_back(std::adjacent_find(sorted.begin(), sorted.end()) ==
                      sorted.end());
  }
  for (ModeId mode = 0; mode != step.numModes(); ++mode)
    if (!step.relation(mode))
      addPlain(step, mode);
  for (const LinearRelation &relation : step.relations())
    addConv(step, relation);
}

std::optional<unsigned> StepLoops::dimOf(unsigned operand, ModeId mode) const {
  const ModeId *found = llvm::find(modes[operand], mode);
  if (found == modes[operand].end())
    return std::nullopt;
  return unsigned(found - modes[operand].begin());
}

StepLoops::ModeLoop &StepLoops::addLoop(int64_t extent, bool reduction) {
  return loops.emplace_back(
      ModeLoop{extent, reduction,
               llvm::SmallVector<Place, 3>(modes.size(), Place{0, 0})});
}

void StepLoops::addPlain(const Equation &step, ModeId mode) {
  const unsigned result = numOperands();
  unsigned holders = 0;
  for (unsigned operand = 0; operand != result; ++operand)
    holders += dimOf(operand, mode).has_value();
  const bool isKept = dimOf(result, mode).has_value();
  // What one of two operands alone holds and the result lacks is summed before.
  if (holders == 0 || (!isKept && holders < result) || step.size(mode) == 1)
    return;
  Role role = !isKept             ? Role::Reduction
              : holders == result ? Role::Shared
                                  : Role::Own;
  ModeLoop &loop = addLoop(step.size(mode), !isKept);
  for (unsigned operand = 0; operand != modes.size(); ++operand)
    if (std::optional<unsigned> dim = dimOf(operand, mode)) {
      loop.places[operand] = {*dim, 1};
      rolesOf[operand][*dim] = role;
    }
}

void StepLoops::addConv(const Equation &step, const LinearRelation &relation) {
  const unsigned result = numOperands();
  const std::optional<unsigned> kept = dimOf(result, relation.mode);
  if (relation.terms.empty())
    return;
  // The side that the other one slides over.
  const auto *window = &relation.terms.front();
  for (const auto &term : relation.terms)
    if (relation.feature ? term.operand == *relation.feature
                         : term.extent > window->extent)
      window = &term;
  const int64_t factor = std::abs(window->coefficient);
  const int64_t phases =
      std::min(factor / std::gcd(relation.resultCoefficient, factor),
               std::max<int64_t>(relation.resultExtent, 1));
  const int64_t stride =
      std::max<int64_t>(relation.resultCoefficient * phases / factor, 1);
  const unsigned dim = *dimOf(window->operand, relation.mode);
  const int64_t positions =
      llvm::divideCeil(uint64_t(relation.resultExtent), uint64_t(phases));
  numRuns *= double(phases);
  int64_t reach = 0;
  for (const auto &term : relation.terms) {
    if (&term == window)
      continue;
    const unsigned tapDim = *dimOf(term.operand, relation.mode);
    const int64_t tapPhases =
        factor / std::gcd(std::abs(term.coefficient), factor);
    const int64_t taps =
        llvm::divideCeil(uint64_t(term.extent), uint64_t(tapPhases));
    const int64_t dilation =
        std::max<int64_t>(std::abs(term.coefficient) * tapPhases / factor, 1);
    reach += dilation * (taps - 1);
    ModeLoop &loop = addLoop(taps, true);
    loop.places[window->operand] = {dim, dilation};
    loop.places[term.operand] = {tapDim, tapPhases};
    rolesOf[term.operand][tapDim] = Role::Reduction;
  }
  ModeLoop &loop = addLoop(std::max<int64_t>(positions, 1), !kept);
  loop.places[window->operand] = {dim, stride};
  rolesOf[window->operand][dim] = Role::Window;
  if (kept) {
    loop.places[result] = {*kept, phases};
    rolesOf[result][*kept] = Role::Window;
  }
  int64_t &extent = extents[window->operand][dim];
  extent = std::max(extent, stride * (positions - 1) + reach + 1);
}

LoopTable StepLoops::table(llvm::ArrayRef<Layout> layouts) const {
  llvm::SmallVector<Shape, 3> distances;
  for (auto [layout, shape] : llvm::zip_equal(layouts, extents))
    distances.push_back(distancesOf(layout, shape));
  LoopTable table;
  for (const ModeLoop &loop : loops) {
    Loop &added = table.loops.emplace_back(
        Loop{loop.extent, loop.reduction, {}, unsigned(table.loops.size())});
    for (auto [place, distance] : llvm::zip_equal(loop.places, distances))
      added.strides.push_back(
          place.multiple == 0 ? 0
                              : product(place.multiple, distance[place.dim]));
  }
  table.simplify();
  return table;
}
