//===- LinearRelation.cpp - A conv mode as one linear equation ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Access to relations, and the arithmetic that windows and counts share.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/LinearRelation.h"
#include "Arithmetic.h"

using namespace conveinsum;

const LinearRelation::Term *LinearRelation::term(unsigned operand) const {
  for (const Term &term : terms)
    if (term.operand == operand)
      return &term;
  return nullptr;
}

bool LinearRelation::operator==(const LinearRelation &o) const {
  return mode == o.mode && terms == o.terms && offset == o.offset &&
         resultCoefficient == o.resultCoefficient &&
         resultExtent == o.resultExtent && modulus == o.modulus &&
         feature == o.feature && extentOffset == o.extentOffset;
}

Int conveinsum::inverse(Int a, Int m) {
  // Extended Euclid; x accompanies r with r = a x (mod m).
  Int r0 = m, r1 = remainder(a, m), x0 = 0, x1 = 1;
  while (r1 != 0) {
    Int quotient = r0 / r1;
    Int r2 = r0 - quotient * r1, x2 = x0 - quotient * x1;
    r0 = r1, r1 = r2;
    x0 = x1, x1 = x2;
  }
  return remainder(x0, m);
}

Int conveinsum::floorSum(Int n, Int m, Int a, Int b) {
  Int sum = 0;
  // Whole multiples of m leave; then the lattice points below the line are
  // counted with the axes exchanged, as in Euclid's algorithm.
  while (n > 0) {
    Int pairs = n % 2 == 0 ? (n / 2) * (n - 1) : n * ((n - 1) / 2);
    sum += pairs * floorDiv(a, m) + n * floorDiv(b, m);
    a = remainder(a, m), b = remainder(b, m);
    Int top = a * n + b;
    n = top / m, b = top % m;
    Int slope = a;
    a = m, m = slope;
  }
  return sum;
}

Interval conveinsum::span(
    const LinearRelation &relation,
    llvm::function_ref<bool(const LinearRelation::Term &)> include) {
  Interval sum;
  for (const LinearRelation::Term &term : relation.terms)
    if (include(term))
      sum = sum + span(term.coefficient, term.extent);
  return sum;
}
