//===- SearchClock.h - Budgets, interrupts, progress ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Counts the moves of a whole search and says when it has to end. The clock
// and the stop flag are looked at once in some thousand moves, so that `spend`
// is an addition and a comparison.
//
// A move costs some 40 ns wherever it is spent: who does more work than that at
// once spends more moves. So the defaults below are times, and yet the same
// work on every machine.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_SEARCH_SEARCHCLOCK_H
#define CONVEINSUM_LIB_PLAN_SEARCH_SEARCHCLOCK_H

#include "conveinsum/Plan/Search/Planner.h"
#include <chrono>

namespace conveinsum {

/// Moves of a search whose budget the user leaves open: about a second.
constexpr uint64_t kDefaultMoves = 24'000'000;
/// The same for the planner `exact`, which is asked to go further.
constexpr uint64_t kExactMoves = 400'000'000;

class SearchClock {
public:
  /// The default budget is that of the planner.
  explicit SearchClock(const PlannerOptions &options)
      : SearchClock(options,
                    options.defaultMoves.value_or(
                        options.planner == PlannerKind::Exact
                            ? kExactMoves
                            : kDefaultMoves / (isPeak(options) ? 2 : 1))) {}
  SearchClock(const PlannerOptions &options, uint64_t defaultMoves)
      : options(options), start(std::chrono::steady_clock::now()),
        allowed(options.budget.moves.value_or(
            options.budget.seconds ? ~uint64_t(0) : defaultMoves)) {
    next = std::min(allowed, kInterval);
  }

  /// Adds moves; false when the search has to end.
  bool spend(uint64_t moves) {
    spent += moves;
    return spent < next || lookUp();
  }
  bool isOver() const { return over; }
  uint64_t moves() const { return spent; }
  /// Moves left of the whole budget, and all of them.
  uint64_t left() const { return allowed - std::min(allowed, spent); }
  uint64_t total() const {
    if (!options.budget.moves && options.budget.seconds)
      return uint64_t(kDefaultMoves * std::min(*options.budget.seconds, 1e9));
    return allowed;
  }
  double seconds() const {
    std::chrono::duration<double> passed =
        std::chrono::steady_clock::now() - start;
    return passed.count();
  }
  /// Whether the user limited the search in any way.
  bool isLimited() const {
    return options.budget.moves || options.budget.seconds;
  }

  /// What progress reports say.
  void enter(llvm::StringRef name) { phase = name; }
  void improve(Count value) { best = value; }

private:
  /// Several searches under other objectives stand behind a peak.
  static bool isPeak(const PlannerOptions &options) {
    return options.goal.objective.kind == ObjectiveKind::Peak;
  }

  static constexpr uint64_t kInterval = 4096;

  bool lookUp() {
    double passed = seconds();
    over = over || spent >= allowed ||
           (options.budget.seconds && passed >= *options.budget.seconds) ||
           (options.stop && options.stop->load(std::memory_order_relaxed));
    if (options.onProgress && passed - reported >= 0.2) {
      reported = passed;
      options.onProgress({phase, best, spent, passed});
    }
    next = over ? 0 : std::min(allowed, spent + kInterval);
    return !over;
  }

  const PlannerOptions &options;
  std::chrono::steady_clock::time_point start;
  uint64_t allowed, spent = 0, next = 0;
  double reported = 0;
  bool over = false;
  llvm::StringRef phase;
  Count best = Count::infinity();
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_SEARCH_SEARCHCLOCK_H
