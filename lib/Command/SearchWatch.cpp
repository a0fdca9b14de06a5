//===- SearchWatch.cpp - A search in front of a person --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The handler of the interrupt sets a flag and takes itself away: the next
// interrupt meets whoever was there before.
//
//===----------------------------------------------------------------------===//

#include "SearchWatch.h"
#include "conveinsum/Report/PlanReport.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;

/// Searches that end sooner are none to wait for.
static constexpr double kQuietSeconds = 0.5;

//===----------------------------------------------------------------------===//
// Interrupts
//===----------------------------------------------------------------------===//

static std::atomic<bool> interrupted;
static_assert(std::atomic<bool>::is_always_lock_free,
              "a signal handler sets the flag");
static struct sigaction previousAction;

static void endSearch(int signal) {
  interrupted.store(true);
  sigaction(signal, &previousAction, nullptr);
}

/// False where interrupts are ignored, as under nohup.
static bool catchInterrupts() {
  interrupted.store(false);
  if (sigaction(SIGINT, nullptr, &previousAction) != 0 ||
      previousAction.sa_handler == SIG_IGN)
    return false;
  struct sigaction action = {};
  action.sa_handler = endSearch;
  sigemptyset(&action.sa_mask);
  return sigaction(SIGINT, &action, nullptr) == 0;
}

//===----------------------------------------------------------------------===//
// The watch
//===----------------------------------------------------------------------===//

SearchWatch::SearchWatch(const Arguments &arguments, Interrupt interrupt)
    : showsProgress(llvm::sys::Process::StandardErrIsDisplayed() &&
                    !arguments.has("json") && !arguments.has("batch")) {
  if (interrupt == Interrupt::EndsSearch)
    catchesInterrupts = catchInterrupts();
}

const std::atomic<bool> *SearchWatch::stop() const {
  return catchesInterrupts ? &interrupted : nullptr;
}

bool SearchWatch::finish() {
  erase();
  if (!catchesInterrupts)
    return false;
  catchesInterrupts = false;
  sigaction(SIGINT, &previousAction, nullptr);
  return interrupted.load();
}

void SearchWatch::attach(PlannerOptions &options) {
  options.stop = stop();
  if (showsProgress)
    options.onProgress = [this, objective = options.goal.objective](
                             const SearchProgress &progress) {
      show(objective, progress);
    };
}

void SearchWatch::show(const Objective &objective,
                       const SearchProgress &progress) {
  if (progress.seconds < kQuietSeconds)
    return;
  std::string unit =
      objective.kind == ObjectiveKind::Flops || objective.unit() == "elements"
          ? " " + objective.unit().str()
          : "";
  std::string line = llvm::formatv(
      "{0}: {1:f1} s, best {2} = {3}{4}, {5} moves", progress.phase,
      progress.seconds, objective.name(), humanValue(objective, progress.best),
      unit, humanCount(progress.moves));
  // A line that wraps cannot be overwritten. 0 columns: unknown.
  unsigned columns = llvm::sys::Process::StandardErrColumns();
  if (columns > 1)
    line.resize(std::min<size_t>(line.size(), columns - 1));
  llvm::errs() << '\r' << line << "\033[K";
  llvm::errs().flush();
  lineStands = true;
}

void SearchWatch::erase() {
  if (lineStands)
    llvm::errs() << "\r\033[K";
  lineStands = false;
}
