//===- Measure.cpp - Runs of planners -------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the planners of this project.
//
//===----------------------------------------------------------------------===//

#include "Measure.h"
#include <chrono>

using namespace conveinsum;
using namespace conveinsum::bench;
using llvm::StringRef;

const Run *Result::find(StringRef planner) const {
  for (const Run &run : runs)
    if (run.planner == planner && run.macs)
      return &run;
  return nullptr;
}

std::optional<Count> Result::bestKnown() const {
  std::optional<Count> best = network.bestMacs;
  for (const Run &run : runs)
    if (run.macs && (!best || *run.macs < *best))
      best = run.macs;
  return best;
}

/// `oe-greedy`, `ctg-rg128`, ...: the others have a prefix.
bool conveinsum::bench::isOurs(StringRef planner) {
  return !planner.contains('-');
}

static double now() {
  std::chrono::duration<double> time =
      std::chrono::steady_clock::now().time_since_epoch();
  return time.count();
}

/// The planners of a set; what has a unit is a budget.
static std::vector<StringRef> plannersOf(const Network &network, bool quick) {
  if (network.set == "file")
    return {"auto"};
  if (network.set == "connected")
    return {"connected"};
  if (network.set == "large")
    return quick ? std::vector<StringRef>{"50ms", "1s"}
                 : std::vector<StringRef>{"50ms", "1s", "5s"};
  std::vector<StringRef> planners = {"auto", "anneal", "10ms"};
  if (network.size() <= (quick ? 20 : 25))
    planners.push_back("exact");
  return planners;
}

static PlannerOptions optionsOf(StringRef planner, bool quick) {
  PlannerOptions options;
  if (auto kind = parsePlannerKind(planner))
    options.planner = *kind;
  else if (auto budget = SearchBudget::parse(planner))
    options.budget = *budget;
  if (planner == "connected") {
    options.planner = PlannerKind::Exact;
    options.connectedOnly = true;
  }
  if (quick && !options.budget.seconds)
    options.budget.seconds = 0.5;
  if (!quick && options.planner == PlannerKind::Exact)
    options.budget.seconds = 10;
  return options;
}

static Run runOne(const Network &network, StringRef planner, bool quick) {
  /// At most so many repetitions and seconds.
  constexpr unsigned most = 9;
  const double enough = quick ? 0.1 : 0.5;
  PlannerOptions options = optionsOf(planner, quick);
  Run run;
  run.planner = planner.str();
  std::vector<double> times;
  double start = now();
  do {
    double before = now();
    auto found = plan(network.equation, options, [&](const Fault &diagnostic) {
      run.note = diagnostic.message;
    });
    times.push_back(now() - before);
    if (!found)
      return run;
    // The last one counts; without a budget of time they are all the same.
    run.macs = evaluateGoal(network.equation, found->tree, PlanGoal()).value;
    run.note = name(found->proof).str();
  } while (times.size() < most && now() - start < enough);
  llvm::sort(times);
  run.seconds = times[times.size() / 2];
  return run;
}

void conveinsum::bench::runOurs(Result &result, bool quick) {
  for (StringRef planner : plannersOf(result.network, quick))
    result.runs.push_back(runOne(result.network, planner, quick));
}
