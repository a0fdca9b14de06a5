//===- LinearRelation.h - A conv mode as one linear equation ----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A conv mode ties its participants by one equation (docs/Semantics.md, 3):
//
//     sum_k c_k * i_k  +  b  =  s * o            (modulus == 0)
//     sum_k c_k * i_k  +  b  =  s * o  (mod M)   (modulus == M > 0)
//
// Stride, dilation, padding, flip, transposed convolution, every gradient and
// every step of a plan are instances; nothing else is stored.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_LINEARRELATION_H
#define CONVEINSUM_EQUATION_LINEARRELATION_H

#include "conveinsum/Equation/Syntax.h"
#include <limits>

namespace conveinsum {

/// An extent that is not known yet. Equal to mlir::ShapedType::kDynamic.
constexpr int64_t kDynamic = std::numeric_limits<int64_t>::min();

struct LinearRelation {
  struct Term {
    unsigned operand;    ///< position of the participant
    int64_t coefficient; ///< c_k, not 0
    int64_t extent;      ///< n_k, or kDynamic
    bool operator==(const Term &o) const {
      return operand == o.operand && coefficient == o.coefficient &&
             extent == o.extent;
    }
  };

  ModeId mode = 0;
  /// One per participant, in operand order. May be empty only in a gradient
  /// whose mode no remaining operand holds.
  llvm::SmallVector<Term, 3> terms;
  int64_t offset = 0;            ///< b
  int64_t resultCoefficient = 1; ///< s >= 1
  int64_t resultExtent = 0;      ///< E, or kDynamic
  int64_t modulus = 0;           ///< M, or 0 for a linear relation
  /// Operand that holds the feature (padded and slid over), if any. Decides the
  /// `dense` count and the kind of a step, never the meaning.
  std::optional<unsigned> feature;
  /// Set where the feature's extent X is dynamic, and with it E:
  /// E = floor((X + extentOffset) / s) + 1, extentOffset = lo + hi - ext.
  std::optional<int64_t> extentOffset;

  const Term *term(unsigned operand) const;
  bool operator==(const LinearRelation &o) const;
};

/// What the value of a set of operands keeps of one conv mode (section 4):
/// the value's index z stands for  sum_T c_k i_k = coefficient * (z + shift),
/// 0 <= z < extent. If `modulus` is M' > 0 the index wraps, and this holds only
/// modulo coefficient * M' (a multiple of the relation's M). Once complete, z
/// is o itself: coefficient and shift then say nothing, extent is that of o.
struct Window {
  enum class State : uint8_t {
    Absent,   ///< no participant in the set
    Single,   ///< one participant: its own index; coefficient is its c_k
    Partial,  ///< several, not all: an index of the window
    Complete, ///< all: the index is o, or was summed
  };
  State state = State::Absent;
  int64_t coefficient = 1;
  int64_t shift = 0;
  int64_t extent = 1;
  int64_t modulus = 0; ///< 0, or M' of section 4 where the index wraps
};

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_LINEARRELATION_H
