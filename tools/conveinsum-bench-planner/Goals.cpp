//===- Goals.cpp - What the planner promises ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Times are goals of an idle core; costs hold anywhere.
//
//===----------------------------------------------------------------------===//

#include "Goals.h"
#include "Statistics.h"
#include "Tables.h"

using namespace conveinsum;
using namespace conveinsum::bench;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Losses
//===----------------------------------------------------------------------===//

/// The run of another planner with fewest MACs, or null.
static const Run *bestOther(const Result &result) {
  const Run *best = nullptr;
  for (const Run &run : result.runs)
    if (!isOurs(run.planner) && run.macs && (!best || *run.macs < *best->macs))
      best = &run;
  return best;
}

/// What is wrong with the plan of `planner`; empty if nothing is.
static std::string lossOf(const Result &result, StringRef planner) {
  const Network &network = result.network;
  const Run *ours = result.find(planner);
  if (!ours)
    return planner == "auto" ? "no plan" : "";
  const Run *other = bestOther(result);
  if (other && *ours->macs > *other->macs)
    return toString(*ours->macs) + " MACs, " + other->planner + " has " +
           toString(*other->macs);
  if (network.bestMacs && *ours->macs > *network.bestMacs)
    return toString(*ours->macs) + " MACs, best known are " +
           toString(*network.bestMacs);
  if (network.isProven && *ours->macs < *network.bestMacs)
    return toString(*ours->macs) + " MACs, below the proven " +
           toString(*network.bestMacs);
  return "";
}

unsigned conveinsum::bench::printLosses(llvm::ArrayRef<Result> results,
                                        StringRef set, StringRef planner,
                                        llvm::raw_ostream &os) {
  unsigned losses = 0;
  for (const Result *result : select(results, set)) {
    std::string loss = lossOf(*result, planner);
    if (loss.empty())
      continue;
    os << "loss: " << result->network.name << ": " << loss << "\n";
    ++losses;
  }
  return losses;
}

//===----------------------------------------------------------------------===//
// Goals
//===----------------------------------------------------------------------===//

namespace {
class GoalTable {
public:
  explicit GoalTable(llvm::ArrayRef<Result> results) : results(results) {}

  void noLosses(StringRef set, StringRef planner) {
    std::string name =
        planner.str() + " never worse than another, set " + set.str();
    if (select(results, set).empty())
      return missing(name);
    unsigned losses = printLosses(results, set, planner, llvm::nulls());
    add(name, std::to_string(losses) + " losses", losses == 0);
  }

  /// Time of the exact planner on networks of `first` to `last` operands.
  void exactTime(unsigned first, unsigned last, double limit, bool isMedian) {
    Sample seconds;
    for (const Result &result : results)
      if (result.network.size() >= first && result.network.size() <= last)
        if (const Run *run = result.find("exact"))
          seconds.add(run->seconds);
    time("exact, N = " + std::to_string(first) + " to " + std::to_string(last),
         seconds, limit, isMedian);
  }

  /// Median of our time over that of cotengrust on the same network.
  void connectedSpeed(StringRef group, double limit) {
    Sample ratios;
    for (const Result *result : select(results, "connected", group)) {
      const Run *ours = result->find("connected");
      const Run *other = result->find("crs-optimal");
      if (ours && other)
        ratios.add(ours->seconds / other->seconds);
    }
    std::string name = "connected, " + group.str() + ": time / crs-optimal, " +
                       "median at most " + formatRatio(limit);
    if (ratios.isEmpty())
      return missing(name);
    add(name, formatRatio(ratios.median()), ratios.median() <= limit);
  }

  void connectedTime(StringRef group, double median, double worst) {
    Sample seconds;
    unsigned unsolved = 0;
    for (const Result *result : select(results, "connected", group))
      if (const Run *run = result->find("connected"))
        seconds.add(run->seconds);
      else
        ++unsolved;
    time("connected, " + group.str(), seconds, median, /*isMedian=*/true);
    time("connected, " + group.str(), seconds, worst, /*isMedian=*/false);
    if (!seconds.isEmpty())
      add("connected, " + group.str() + ": all solved",
          std::to_string(unsolved) + " unsolved", unsolved == 0);
  }

  /// Ratio to the best known of a planner with a budget.
  void anytime(StringRef planner, StringRef group, double geoMean,
               double worst) {
    Sample ratios;
    for (const Result *result : select(results, "random", group))
      if (const Run *run = result->find(planner))
        ratios.add(ratioOf(*run->macs, *result->bestKnown()));
    std::string name = planner.str() + ", " + group.str() +
                       ": MACs / best known, at most " + formatRatio(geoMean) +
                       " (" + formatRatio(worst) + ")";
    if (ratios.isEmpty())
      return missing(name);
    add(name, formatRatios(ratios),
        ratios.geoMean() <= geoMean && ratios.max() <= worst);
  }

  void print(llvm::raw_ostream &os) const { table.print(os); }

private:
  void add(std::string goal, std::string figure, bool isMet) {
    table.add({std::move(goal), std::move(figure), isMet ? "PASS" : "FAIL"});
  }
  void missing(std::string goal) { table.add({std::move(goal), "-", "-"}); }

  void time(std::string what, const Sample &seconds, double limit,
            bool isMedian) {
    what += std::string(isMedian ? ": median" : ": worst") + " at most " +
            formatSeconds(limit);
    if (seconds.isEmpty())
      return missing(what);
    double figure = isMedian ? seconds.median() : seconds.max();
    add(what, formatSeconds(figure), figure <= limit);
  }

  llvm::ArrayRef<Result> results;
  MarkdownTable table = MarkdownTable({"goal", "figure", "met"});
};
} // namespace

void conveinsum::bench::printGoals(llvm::ArrayRef<Result> results,
                                   llvm::raw_ostream &os) {
  os << "## Goals\n\n";
  GoalTable goals(results);
  goals.noLosses("file", "auto");
  goals.noLosses("random", "auto");
  goals.noLosses("connected", "connected");
  goals.noLosses("large", "1s");
  goals.exactTime(2, 6, 50e-6, /*isMedian=*/false);
  goals.exactTime(7, 8, 0.3e-3, /*isMedian=*/false);
  goals.exactTime(9, 12, 5e-3, /*isMedian=*/true);
  goals.exactTime(13, 15, 50e-3, /*isMedian=*/false);
  goals.exactTime(16, 20, 0.5, /*isMedian=*/false);
  goals.connectedSpeed("N=20", 0.35);
  goals.connectedSpeed("N=25", 0.1);
  goals.connectedTime("N=30", 1, 7);
  goals.anytime("10ms", "N=30", 1.02, 1.2);
  goals.print(os);
}
