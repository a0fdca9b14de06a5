//===- LayoutSearch.cpp - The order of every tensor's dimensions ----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Costs are remembered: of a step by the layouts of its tensors, of a copy by
// both orders, of the best way to run a step by how its values are stored.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Layout/LayoutSearch.h"
#include "conveinsum/Target/RegisterTile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include <map>

using namespace conveinsum;
using llvm::ArrayRef;
using llvm::SmallVector;

using Role = StepLoops::Role;
using Layouts = SmallVector<Layout, 3>;

/// What is left of the cost where another order pays: a little less, so that
/// readers of the IR see no orders that mean nothing, and less by more where
/// copies are made, which the model knows less well.
static constexpr double kLeastGain = 0.97, kLeastGainOfCopies = 0.92;
/// Copies push what steps read out of caches.
static constexpr double kCopyFactor = 2;
/// A step as fast as this, times its multiply-adds at peak, needs no copies.
static constexpr double kFastEnough = 1.2;
/// Times that all values are gone through.
static constexpr unsigned kMaxSweeps = 3;
/// Iterations below which a step is too small for its layout to matter.
static constexpr int64_t kSmallStep = 1 << 12;

namespace {
/// How a step is run, given how its values are stored.
struct Way {
  double cost;
  Layouts layouts;
};

class Search {
public:
  explicit Search(const LayoutProblem &problem);
  LayoutPlan run();

private:
  unsigned valueOf(unsigned step, unsigned slot) const {
    const LayoutStep &s = problem.steps[step];
    return slot < s.operands.size() ? s.operands[slot] : s.result;
  }
  int64_t lanesOf(unsigned step) const;
  double tileCost(const LoopTable &table, ArrayRef<unsigned> elementBytes,
                  int64_t lanes) const;
  double stepCost(unsigned step, const Layouts &layouts);
  double copyCost(unsigned value, const Layout &from, const Layout &to);
  SmallVector<Layout, 6> slotCandidates(unsigned step, unsigned slot) const;
  /// How the tensors of a step are stored.
  Layouts storedLayouts(unsigned step) const;
  const Way &bestWay(unsigned step);
  Way findWay(unsigned step, const Layouts &stored);
  bool improve(unsigned value);

  const LayoutProblem &problem;
  std::vector<StepLoops> loops;
  /// The layouts that each step may like each of its tensors to have.
  std::vector<SmallVector<SmallVector<Layout, 6>, 3>> candidates;
  /// Steps that read or write each value.
  std::vector<SmallVector<unsigned, 4>> stepsOf;
  /// How the values are stored.
  std::vector<Layout> stored;
  std::map<std::pair<unsigned, Layouts>, double> stepCosts;
  std::map<std::pair<unsigned, Layouts>, double> copyCosts;
  std::map<std::pair<unsigned, Layouts>, Way> ways;
};
} // namespace

Search::Search(const LayoutProblem &problem)
    : problem(problem), stepsOf(problem.values.size()) {
  for (const LayoutValue &value : problem.values)
    stored.push_back(usualLayout(value.shape.size()));
  for (auto [index, step] : llvm::enumerate(problem.steps)) {
    loops.emplace_back(step.equation);
    auto &slots = candidates.emplace_back();
    for (unsigned slot = 0; slot <= step.operands.size(); ++slot) {
      slots.push_back(slotCandidates(index, slot));
      SmallVector<unsigned, 4> &users = stepsOf[valueOf(index, slot)];
      if (!llvm::is_contained(users, unsigned(index)))
        users.push_back(index);
    }
  }
}

int64_t Search::lanesOf(unsigned step) const {
  unsigned bits = 0;
  for (unsigned slot = 0; slot <= loops[step].numOperands(); ++slot) {
    unsigned own = problem.values[valueOf(step, slot)].laneBits;
    if (own == 0)
      return 1;
    bits = std::max(bits, own);
  }
  return std::max<int64_t>(problem.machine.vectorBits / bits, 1);
}

double Search::tileCost(const LoopTable &table, ArrayRef<unsigned> elementBytes,
                        int64_t lanes) const {
  const double iterations = double(table.iterations());
  if (iterations < kSmallStep)
    return iterations;
  Tile tile =
      chooseTile({table, elementBytes, lanes, /*mayReduceInLanes=*/true,
                  /*recompute=*/true, problem.machine.vectorBits,
                  problem.machine.vectorRegisters, problem.machine.caches});
  return tile.cost * iterations;
}

double Search::stepCost(unsigned step, const Layouts &layouts) {
  auto [place, isNew] = stepCosts.try_emplace({step, layouts}, 0.0);
  if (!isNew)
    return place->second;
  SmallVector<unsigned, 3> bytes;
  for (unsigned slot = 0; slot != layouts.size(); ++slot)
    bytes.push_back(problem.values[valueOf(step, slot)].elementBytes);
  return place->second =
             loops[step].runs() *
             tileCost(loops[step].table(layouts), bytes, lanesOf(step));
}

double Search::copyCost(unsigned value, const Layout &from, const Layout &to) {
  if (from == to)
    return 0;
  auto [place, isNew] = copyCosts.try_emplace({value, {from, to}}, 0.0);
  if (!isNew)
    return place->second;
  const LayoutValue &tensor = problem.values[value];
  LoopTable table;
  const Shape read = distancesOf(from, tensor.shape),
              written = distancesOf(to, tensor.shape);
  for (auto [dim, extent] : llvm::enumerate(tensor.shape))
    table.loops.push_back(
        {extent, false, {read[dim], written[dim]}, unsigned(dim)});
  table.simplify();
  unsigned bits = 8 * tensor.elementBytes;
  const unsigned bytes[] = {tensor.elementBytes, tensor.elementBytes};
  const int64_t lanes =
      tensor.laneBits == 0
          ? 1
          : std::max<int64_t>(problem.machine.vectorBits / bits, 1);
  return place->second = kCopyFactor * tileCost(table, bytes, lanes);
}

/// The dimensions of a tensor by their roles, in the order of the roles named,
/// those of one role as they stand.
static Layout byRole(ArrayRef<unsigned> groups, unsigned numGroups,
                     ArrayRef<unsigned> order) {
  Layout layout;
  for (unsigned group : order)
    for (auto [dim, own] : llvm::enumerate(groups))
      if (own == group)
        layout.push_back(dim);
  return layout;
}

SmallVector<Layout, 6> Search::slotCandidates(unsigned step,
                                              unsigned slot) const {
  const StepLoops &own = loops[step];
  ArrayRef<Role> roles = own.roles(slot);
  SmallVector<Layout, 6> list;
  if (!own.isMovable(slot))
    return list;
  auto add = [&](Layout layout) {
    if (!llvm::is_contained(list, layout))
      list.push_back(std::move(layout));
  };
  const Equation &equation = problem.steps[step].equation;
  const bool isResult = slot == own.numOperands();
  ArrayRef<ModeId> modes =
      isResult ? equation.resultModes() : equation.operandModes(slot);
  // Groups of dimensions: 0 those that lie outside of all others, 1 own ones of
  // the operand, or of the first operand, 2 those of the second operand, 3
  // positions of conv modes, 4 sums.
  SmallVector<unsigned, 6> groups;
  for (auto [role, mode] : llvm::zip_equal(roles, modes)) {
    bool isSecond = isResult && own.numOperands() == 2 &&
                    !llvm::is_contained(equation.operandModes(0), mode);
    groups.push_back(role == Role::Own         ? (isSecond ? 2 : 1)
                     : role == Role::Window    ? 3
                     : role == Role::Reduction ? 4
                                               : 0);
  }
  if (isResult) {
    add(byRole(groups, 5, {0, 1, 2, 3}));
    add(byRole(groups, 5, {0, 2, 1, 3}));
    add(byRole(groups, 5, {0, 1, 3, 2}));
    add(byRole(groups, 5, {0, 2, 3, 1}));
    return list;
  }
  add(byRole(groups, 5, {0, 4, 1, 3}));
  add(byRole(groups, 5, {0, 1, 3, 4}));
  add(byRole(groups, 5, {0, 1, 4, 3}));
  if (own.numOperands() != 2)
    return list;
  // Before these the same with sums in the order in which the other operand has
  // them: as one loop, where they follow each other in both.
  ArrayRef<ModeId> others = equation.operandModes(1 - slot);
  SmallVector<Layout, 6> usual = std::move(list);
  list.clear();
  for (Layout layout : usual) {
    SmallVector<unsigned, 6> sums;
    for (unsigned dim : layout)
      if (groups[dim] == 4)
        sums.push_back(dim);
    llvm::sort(sums, [&](unsigned a, unsigned b) {
      return llvm::find(others, modes[a]) < llvm::find(others, modes[b]);
    });
    const unsigned *next = sums.begin();
    for (unsigned &dim : layout)
      if (groups[dim] == 4)
        dim = *next++;
    add(std::move(layout));
  }
  for (Layout &layout : usual)
    add(std::move(layout));
  return list;
}

Way Search::findWay(unsigned step, const Layouts &asStored) {
  Way best{stepCost(step, asStored), asStored};
  if (!problem.mayCopy)
    return best;
  const LoopTable table = loops[step].table(asStored);
  const double peak =
      loops[step].runs() * double(table.iterations()) / double(lanesOf(step));
  if (best.cost <= kFastEnough * peak ||
      double(table.iterations()) < kSmallStep)
    return best;
  // Copies one by one, then of several tensors: most steps need one.
  auto tryWay = [&](Layouts layouts) {
    double copies = 0;
    for (auto [slot, layout] : llvm::enumerate(layouts)) {
      unsigned value = valueOf(step, slot);
      bool isResult = slot == loops[step].numOperands();
      copies += isResult ? copyCost(value, layout, asStored[slot])
                         : copyCost(value, asStored[slot], layout);
    }
    if (copies + peak >= best.cost * kLeastGainOfCopies)
      return;
    double cost = copies + stepCost(step, layouts);
    if (cost < best.cost * kLeastGainOfCopies)
      best = {cost, std::move(layouts)};
  };
  for (unsigned round = 0; round != asStored.size(); ++round) {
    const Way before = best;
    for (unsigned slot = 0; slot != asStored.size(); ++slot)
      for (const Layout &layout : candidates[step][slot]) {
        Layouts changed = before.layouts;
        changed[slot] = layout;
        tryWay(std::move(changed));
      }
    if (best.layouts == before.layouts)
      break;
  }
  return best;
}

Layouts Search::storedLayouts(unsigned step) const {
  Layouts layouts;
  for (unsigned slot = 0; slot <= loops[step].numOperands(); ++slot)
    layouts.push_back(stored[valueOf(step, slot)]);
  return layouts;
}

const Way &Search::bestWay(unsigned step) {
  const Layouts asStored = storedLayouts(step);
  auto found = ways.find({step, asStored});
  if (found == ways.end())
    found =
        ways.emplace(std::pair(step, asStored), findWay(step, asStored)).first;
  return found->second;
}

/// Stores `value` in the order that costs the steps around it least.
bool Search::improve(unsigned value) {
  auto cost = [&] {
    double sum = 0;
    for (unsigned step : stepsOf[value])
      sum += bestWay(step).cost;
    return sum;
  };
  double least = cost();
  const Layout before = stored[value];
  Layout best = before;
  for (unsigned step : stepsOf[value])
    for (unsigned slot = 0; slot <= loops[step].numOperands(); ++slot) {
      if (valueOf(step, slot) != value)
        continue;
      for (const Layout &layout : candidates[step][slot]) {
        stored[value] = layout;
        double changed = cost();
        if (changed < least * kLeastGain) {
          least = changed;
          best = layout;
        }
      }
    }
  stored[value] = best;
  return best != before;
}

LayoutPlan Search::run() {
  LayoutPlan plan;
  for (unsigned step = 0; step != loops.size(); ++step)
    plan.usualCost += stepCost(step, storedLayouts(step));
  // From the last value to the first, so that what reads a value has decided
  // before what makes it.
  bool hasChanged = true;
  for (unsigned sweep = 0; sweep != kMaxSweeps && hasChanged; ++sweep) {
    hasChanged = false;
    for (unsigned value :
         llvm::reverse(llvm::seq<unsigned>(problem.values.size())))
      if (!problem.values[value].isFixed)
        hasChanged |= improve(value);
  }
  plan.values = stored;
  for (unsigned step = 0; step != loops.size(); ++step) {
    const Way &way = bestWay(step);
    plan.steps.push_back(way.layouts);
    plan.cost += way.cost;
  }
  return plan;
}

LayoutPlan conveinsum::chooseLayouts(const LayoutProblem &problem) {
  return Search(problem).run();
}
