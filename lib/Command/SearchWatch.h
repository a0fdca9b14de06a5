//===- SearchWatch.h - A search in front of a person ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shows on a terminal what a long search has found so far, and turns an
// interrupt into its end, so that what was found is not lost.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_SEARCHWATCH_H
#define CONVEINSUM_LIB_COMMAND_SEARCHWATCH_H

#include "Arguments.h"
#include "conveinsum/Plan/Search/Planner.h"

namespace conveinsum::command {

/// Watches the searches of one network while it lives. At most one lives at a
/// time.
class SearchWatch {
public:
  enum class Interrupt : uint8_t {
    EndsProcess, ///< as without a watch
    EndsSearch   ///< the first one; the next ends the process
  };

  /// Progress is shown if standard error is a terminal, and neither --json nor
  /// --batch is given.
  SearchWatch(const Arguments &arguments, Interrupt interrupt);
  ~SearchWatch() { finish(); }
  SearchWatch(const SearchWatch &) = delete;
  SearchWatch &operator=(const SearchWatch &) = delete;

  /// Makes a search report to this watch.
  void attach(PlannerOptions &options);
  /// The flag that an interrupt sets; null if interrupts end the process.
  const std::atomic<bool> *stop() const;
  /// Erases the line of progress, gives interrupts back their meaning, and says
  /// whether one came.
  bool finish();

private:
  void show(const Objective &objective, const SearchProgress &progress);
  void erase();

  bool showsProgress;
  bool catchesInterrupts = false;
  bool lineStands = false;
};

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_SEARCHWATCH_H
