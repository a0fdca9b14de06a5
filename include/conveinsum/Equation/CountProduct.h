//===- CountProduct.h - Products of many factors ----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A value of a network of a thousand operands may have a thousand modes of a
// few elements each. Multiplied one by one, each of them would go through all
// words of what there is so far.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_COUNTPRODUCT_H
#define CONVEINSUM_EQUATION_COUNTPRODUCT_H

#include "conveinsum/Equation/Count.h"

namespace conveinsum {

/// A product in the making. Small factors are gathered in a word before they
/// meet what is large.
class CountProduct {
public:
  CountProduct &operator*=(const Count &factor) {
    if (gathered.fitsWord() && factor.fitsWord()) {
      gathered *= factor;
      return *this;
    }
    large *= gathered;
    gathered = factor;
    return *this;
  }

  /// The product of all factors; 1 of none.
  operator Count() const { return large * gathered; }

private:
  Count large = 1, gathered = 1;
};

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_COUNTPRODUCT_H
