//===- CheckedInt.h - Signed 64 bit, or an overflow ----------- -*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arithmetic that remembers whether it left signed 64 bit (C39, C74), so that a
// formula can be written as in docs/Semantics.md and be checked once at its
// end.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_EQUATION_CHECKEDINT_H
#define CONVEINSUM_LIB_EQUATION_CHECKEDINT_H

#include <cassert>
#include <cstdint>

namespace conveinsum {

class CheckedInt {
public:
  CheckedInt(int64_t value = 0) : number(value) {}

  bool overflowed() const { return isOverflow; }
  /// Asserts that nothing overflowed.
  int64_t value() const {
    assert(!isOverflow && "value of an overflow");
    return number;
  }

  friend CheckedInt operator+(CheckedInt a, CheckedInt b) {
    CheckedInt c = merge(a, b);
    c.isOverflow |= __builtin_add_overflow(a.number, b.number, &c.number);
    return c;
  }
  friend CheckedInt operator-(CheckedInt a, CheckedInt b) {
    CheckedInt c = merge(a, b);
    c.isOverflow |= __builtin_sub_overflow(a.number, b.number, &c.number);
    return c;
  }
  friend CheckedInt operator*(CheckedInt a, CheckedInt b) {
    CheckedInt c = merge(a, b);
    c.isOverflow |= __builtin_mul_overflow(a.number, b.number, &c.number);
    return c;
  }

private:
  static CheckedInt merge(CheckedInt a, CheckedInt b) {
    CheckedInt c;
    c.isOverflow = a.isOverflow || b.isOverflow;
    return c;
  }

  int64_t number;
  bool isOverflow = false;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_EQUATION_CHECKEDINT_H
