//===- Budget.h - How many bytes may be kept, in words ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A budget says how many bytes may go from the forward pass to the backward
// pass: 64MiB, a share of what keeping everything takes (0.5, 50%), or one of
// the ends, `min` and `max`.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_CHECKPOINT_CHOICE_BUDGET_H
#define CONVEINSUM_CHECKPOINT_CHOICE_BUDGET_H

#include "conveinsum/Checkpoint/Choice/Choice.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>

namespace conveinsum {

class CheckpointBudget {
public:
  /// `max`.
  CheckpointBudget() = default;

  /// Bytes with a unit, a number from 0 to 1, percent from 0 to 100, `min` or
  /// `max`; nothing for other text.
  static std::optional<CheckpointBudget> parse(llvm::StringRef text);
  static CheckpointBudget ofBytes(const Count &bytes);
  bool isMax() const { return kind == Kind::Max; }
  /// What `parse` expects, for diagnostics.
  static llvm::StringRef expected();

  /// What the budget allows where a front has these ends. Shares are rounded
  /// down.
  Count bytesFor(const CheckpointFront &front) const;

private:
  enum class Kind : uint8_t { Bytes, Share, Min, Max };
  Kind kind = Kind::Max;
  /// Bytes, or the share as a fraction.
  Count numerator, denominator = 1;
};

} // namespace conveinsum

#endif // CONVEINSUM_CHECKPOINT_CHOICE_BUDGET_H
