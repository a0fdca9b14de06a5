//===- Counting.cpp - How many indices meet an equation -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both counts come down to sums of floors of a linear function, which Euclid's
// algorithm evaluates without a loop over the indices.
//
//===----------------------------------------------------------------------===//

#include "Counting.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Linear: pairs in a rectangle whose value lies in a progression
//===----------------------------------------------------------------------===//

/// The pairs (i, j) with  x.c i + y.c j = residue (mod modulus)  as a lattice:
/// i = first + step u, and j = start + slope u (mod period).
struct PairLattice {
  Int first, step;
  Int start, slope, period;
};

static std::optional<PairLattice> solvePairs(Int x, Int y, Int residue,
                                             Int modulus) {
  Int yGcd = greatestCommonDivisor(y, modulus);
  Int bothGcd = greatestCommonDivisor(x, yGcd);
  if (remainder(residue, bothGcd) != 0)
    return std::nullopt;
  PairLattice lattice;
  // j can be found iff  x i = residue (mod yGcd).
  lattice.step = yGcd / bothGcd;
  lattice.first =
      remainder(remainder(residue / bothGcd, lattice.step) *
                    inverse(remainder(x / bothGcd, lattice.step), lattice.step),
                lattice.step);
  lattice.period = modulus / yGcd;
  Int solve = inverse(y / yGcd, lattice.period);
  Int start = floorDiv(residue - x * lattice.first, yGcd);
  Int slope = -(x * lattice.step / yGcd);
  lattice.start =
      remainder(remainder(start, lattice.period) * solve, lattice.period);
  lattice.slope =
      remainder(remainder(slope, lattice.period) * solve, lattice.period);
  return lattice;
}

/// Number of (i, j) with 0 <= i < x.extent, 0 <= j, on the lattice, and
/// x.c i + y.c j <= top; both coefficients positive.
static Int countBelow(Variable x, Int y, Int top, const PairLattice &lattice) {
  if (top < 0)
    return 0;
  Int lastI = std::min(x.extent - 1, top / x.coefficient);
  if (lastI < lattice.first)
    return 0;
  Int count = (lastI - lattice.first) / lattice.step + 1;
  // j runs over 0 .. (top - x.c i) / y; those congruent to a modulo p are
  // floor((top - x.c i - y a) / (y p)) - floor((-1 - a) / p).
  Int slope = -(x.coefficient * lattice.step + y * lattice.slope);
  Int start = top - x.coefficient * lattice.first - y * lattice.start;
  return floorSum(count, y * lattice.period, slope, start) -
         floorSum(count, lattice.period, -lattice.slope, -1 - lattice.start);
}

/// Number of pairs in the rectangle with low <= x.c i + y.c j <= high, on the
/// residue class `residue` modulo `stride`; both coefficients positive.
static Int countBand(Variable x, Variable y, Int low, Int high, Int residue,
                     Int stride) {
  auto below = [&](Int limit, Int residue) -> Int {
    auto lattice = solvePairs(x.coefficient, y.coefficient, residue, stride);
    if (!lattice)
      return 0;
    return countBelow(x, y.coefficient, limit, *lattice);
  };
  auto band = [&](Int shift) {
    return below(high - shift, residue - shift) -
           below(low - 1 - shift, residue - shift);
  };
  // All j >= 0, less those at and beyond the end of the rectangle.
  return band(0) - band(y.coefficient * y.extent);
}

/// Reverses an index so that its coefficient is positive.
static void makePositive(Variable &variable, Int &offset) {
  if (variable.extent == 1)
    variable.coefficient = 1;
  if (variable.coefficient > 0)
    return;
  offset += variable.coefficient * (variable.extent - 1);
  variable.coefficient = -variable.coefficient;
}

Count conveinsum::countLinear(Variable x, Variable y, Int offset, Int stride,
                              Int resultExtent) {
  if (x.extent <= 0 || y.extent <= 0 || resultExtent <= 0)
    return 0;
  makePositive(x, offset);
  makePositive(y, offset);
  if (x.extent > y.extent)
    std::swap(x, y);
  Int top = x.coefficient * (x.extent - 1) + y.coefficient * (y.extent - 1);
  Int low = std::max<Int>(-offset, 0);
  Int high = std::min(stride * (resultExtent - 1) - offset, top);
  if (high < low)
    return 0;
  // One value only: the class modulo the stride says nothing more.
  if (resultExtent == 1)
    stride = 1;

  // The sums of floors must fit 128 bits. Where the stride is too large for
  // that there are few results, and each is taken by itself.
  constexpr double limit = 4e36;
  double bound = (double(x.coefficient) + double(y.coefficient)) *
                 double(stride) * double(x.extent);
  if (bound < limit)
    return Count(countBand(x, y, low, high, -offset, stride));
  Count count = 0;
  for (Int o = 0; o < resultExtent; ++o) {
    Int value = stride * o - offset;
    if (value >= low && value <= high)
      count += Count(countBand(x, y, value, value, 0, 1));
  }
  return count;
}

//===----------------------------------------------------------------------===//
// Circular: assignments that meet a congruence
//===----------------------------------------------------------------------===//

/// Number of (u, v) with  x.c u + y.c v + offset = 0 (mod modulus).
static Count countPairs(Variable x, Variable y, Int offset, Int modulus) {
  auto lattice = solvePairs(x.coefficient, y.coefficient,
                            remainder(-offset, modulus), modulus);
  if (!lattice || lattice->first >= x.extent)
    return 0;
  Int steps = (x.extent - 1 - lattice->first) / lattice->step + 1;
  Int whole = y.extent / lattice->period, rest = y.extent % lattice->period;
  // Each u leaves one residue for v; `rest` residues occur once more.
  Int extra =
      floorSum(steps, lattice->period, lattice->slope, lattice->start) -
      floorSum(steps, lattice->period, lattice->slope, lattice->start - rest);
  return Count(steps) * Count(whole) + Count(extra);
}

Count conveinsum::countModular(llvm::SmallVector<Variable, 3> variables,
                               Int offset, Int modulus) {
  for (Variable &variable : variables) {
    if (variable.extent <= 0)
      return 0;
    variable.coefficient = remainder(variable.coefficient, modulus);
  }
  offset = remainder(offset, modulus);
  // An index that runs through whole periods meets every multiple of its gcd
  // equally often: it leaves, and the others need to meet only the gcd.
  for (Variable *it = variables.begin(); it != variables.end(); ++it) {
    Int divisor = greatestCommonDivisor(it->coefficient, modulus);
    Int period = modulus / divisor;
    if (it->extent % period != 0)
      continue;
    Count times = Count(it->extent / period);
    variables.erase(it);
    return times * countModular(variables, offset, divisor);
  }
  while (variables.size() < 2)
    variables.push_back({0, 1});
  if (variables.size() == 2)
    return countPairs(variables[0], variables[1], offset, modulus);

  auto smallest =
      llvm::min_element(variables, [](const Variable &a, const Variable &b) {
        return a.extent < b.extent;
      });
  Variable taken = *smallest;
  variables.erase(smallest);
  Count count = 0;
  for (Int i = 0; i < taken.extent; ++i)
    count += countModular(variables, offset + taken.coefficient * i, modulus);
  return count;
}
