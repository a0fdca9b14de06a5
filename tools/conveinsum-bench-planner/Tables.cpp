//===- Tables.cpp - The tables of the benchmark ---------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Markdown, because the tables end up in documentation.
//
//===----------------------------------------------------------------------===//

#include "Tables.h"
#include "Statistics.h"
#include "conveinsum/Report/PlanReport.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;
using namespace conveinsum::bench;
using llvm::StringRef;
namespace json = llvm::json;

void MarkdownTable::print(llvm::raw_ostream &os) const {
  std::vector<size_t> widths(rows.front().size());
  for (const std::vector<std::string> &row : rows)
    for (auto [column, cell] : llvm::enumerate(row))
      widths[column] = std::max(widths[column], cell.size());
  for (auto [index, row] : llvm::enumerate(rows)) {
    for (auto [column, cell] : llvm::enumerate(row)) {
      os << (column ? " | " : "| ") << cell;
      os.indent(widths[column] - cell.size());
    }
    os << " |\n";
    if (index > 0)
      continue;
    for (size_t width : widths)
      os << "|" << std::string(width + 2, '-');
    os << "|\n";
  }
  os << "\n";
}

//===----------------------------------------------------------------------===//
// Selection
//===----------------------------------------------------------------------===//

Results conveinsum::bench::select(llvm::ArrayRef<Result> results, StringRef set,
                                  StringRef group) {
  Results selected;
  for (const Result &result : results)
    if (result.network.set == set &&
        (group.empty() || result.network.group == group))
      selected.push_back(&result);
  return selected;
}

/// Groups in the order in which they first occur.
static std::vector<std::string> groupsOf(const Results &results) {
  std::vector<std::string> groups;
  for (const Result *result : results)
    if (!llvm::is_contained(groups, result->network.group))
      groups.push_back(result->network.group);
  return groups;
}

/// Planners likewise, ours first.
static std::vector<std::string> plannersOf(const Results &results) {
  std::vector<std::string> ours, others;
  for (const Result *result : results)
    for (const Run &run : result->runs) {
      auto &planners = isOurs(run.planner) ? ours : others;
      if (!llvm::is_contained(planners, run.planner))
        planners.push_back(run.planner);
    }
  llvm::append_range(ours, others);
  return ours;
}

static Results withGroup(const Results &results, StringRef group) {
  Results selected;
  llvm::copy_if(
      results, std::back_inserter(selected),
      [&](const Result *result) { return result->network.group == group; });
  return selected;
}

namespace {
/// What a planner did on some networks.
struct Score {
  unsigned asked = 0, best = 0;
  Sample ratios, seconds;

  Score(const Results &results, StringRef planner) {
    for (const Result *result : results) {
      asked += llvm::any_of(
          result->runs, [&](const Run &run) { return run.planner == planner; });
      const Run *run = result->find(planner);
      if (!run)
        continue;
      double ratio = ratioOf(*run->macs, *result->bestKnown());
      best += ratio == 1;
      ratios.add(ratio);
      seconds.add(run->seconds);
    }
  }

  /// `a of b` where not all networks were solved.
  std::string solved() const {
    return std::to_string(ratios.size()) + " of " + std::to_string(asked);
  }
  /// The ratios, with how many were solved if not all were.
  std::string ratiosText() const {
    std::string text = formatRatios(ratios);
    return ratios.size() == asked ? text : text + ", " + solved();
  }
};
} // namespace

std::optional<double> conveinsum::bench::fastestOther(const Result &result) {
  std::optional<Count> best;
  std::optional<double> seconds;
  for (const Run &run : result.runs) {
    if (isOurs(run.planner) || !run.macs || (best && *run.macs > *best))
      continue;
    if (!best || *run.macs < *best || run.seconds < *seconds)
      seconds = run.seconds;
    best = run.macs;
  }
  return seconds;
}

//===----------------------------------------------------------------------===//
// networks.json
//===----------------------------------------------------------------------===//

static void printGroup(const Results &results, llvm::raw_ostream &os) {
  MarkdownTable table({"planner", "solved", "at best known", "geo-mean",
                       "worst", "median time", "max time"});
  for (const std::string &planner : plannersOf(results)) {
    Score score(results, planner);
    if (score.ratios.isEmpty()) {
      table.add({planner, score.solved(), "-", "-", "-", "-", "-"});
      continue;
    }
    table.add({planner, score.solved(), std::to_string(score.best),
               formatRatio(score.ratios.geoMean()),
               formatRatio(score.ratios.max()),
               formatSeconds(score.seconds.median()),
               formatSeconds(score.seconds.max())});
  }
  table.print(os);
}

void conveinsum::bench::printFile(llvm::ArrayRef<Result> results,
                                  llvm::raw_ostream &os) {
  Results file = select(results, "file");
  if (file.empty())
    return;
  os << "## networks.json: MACs / best known\n\n";
  for (const std::string &group : groupsOf(file)) {
    Results members = withGroup(file, group);
    os << "### " << group << " (" << members.size() << ")\n\n";
    printGroup(members, os);
  }
}

//===----------------------------------------------------------------------===//
// Random networks
//===----------------------------------------------------------------------===//

/// A table of planners by groups.
static void
printByGroup(const Results &results, llvm::raw_ostream &os,
             llvm::function_ref<std::string(const Score &)> cellOf) {
  std::vector<std::string> head = {"planner"}, groups = groupsOf(results);
  llvm::append_range(head, groups);
  MarkdownTable table(head);
  for (const std::string &planner : plannersOf(results)) {
    std::vector<std::string> row = {planner};
    for (const std::string &group : groups)
      row.push_back(cellOf(Score(withGroup(results, group), planner)));
    table.add(std::move(row));
  }
  table.print(os);
}

/// Our times over those of the fastest of the best others.
static std::string speedText(const Results &results, StringRef planner) {
  Sample ratios;
  for (const Result *result : results) {
    const Run *run = result->find(planner);
    auto other = fastestOther(*result);
    if (run && other)
      ratios.add(run->seconds / *other);
  }
  if (ratios.isEmpty())
    return "-";
  return formatRatio(ratios.median()) + " (" + formatRatio(ratios.max()) + ")";
}

static void printSpeed(const Results &results, llvm::raw_ostream &os) {
  std::vector<std::string> head = {"planner"}, groups = groupsOf(results);
  llvm::append_range(head, groups);
  MarkdownTable table(head);
  for (const std::string &planner : plannersOf(results)) {
    if (!isOurs(planner))
      continue;
    std::vector<std::string> row = {planner};
    for (const std::string &group : groups)
      row.push_back(speedText(withGroup(results, group), planner));
    table.add(std::move(row));
  }
  table.print(os);
}

void conveinsum::bench::printRandom(llvm::ArrayRef<Result> results,
                                    llvm::raw_ostream &os) {
  Results random = select(results, "random");
  if (random.empty())
    return;
  os << "## Random networks (" << random.size() << ")\n\n"
     << "MACs / best known, geo-mean (worst):\n\n";
  printByGroup(random, os,
               [](const Score &score) { return score.ratiosText(); });
  os << "Planning time, median / max:\n\n";
  printByGroup(random, os,
               [](const Score &score) { return formatTimes(score.seconds); });
  os << "Time / time of the fastest other planner whose plan none of the "
        "others "
        "beats, median (worst):\n\n";
  printSpeed(random, os);
}

//===----------------------------------------------------------------------===//
// Connected and large networks
//===----------------------------------------------------------------------===//

void conveinsum::bench::printConnected(llvm::ArrayRef<Result> results,
                                       llvm::raw_ostream &os) {
  Results connected = select(results, "connected");
  if (connected.empty())
    return;
  os << "## Connected random networks (" << connected.size() << ")\n\n"
     << "MACs / best known, geo-mean (worst):\n\n";
  printByGroup(connected, os,
               [](const Score &score) { return score.ratiosText(); });
  os << "Planning time, median / max:\n\n";
  printByGroup(connected, os,
               [](const Score &score) { return formatTimes(score.seconds); });
  os << "Time / time of `crs-optimal`, median (worst):\n\n";
  printSpeed(connected, os);
}

void conveinsum::bench::printLarge(llvm::ArrayRef<Result> results,
                                   llvm::raw_ostream &os) {
  Results large = select(results, "large");
  if (large.empty())
    return;
  os << "## Large networks: MACs / best known (time)\n\n";
  std::vector<std::string> head = {"network", "N", "best known"},
                           planners = plannersOf(large);
  llvm::append_range(head, planners);
  MarkdownTable table(head);
  for (const Result *result : large) {
    std::vector<std::string> row = {result->network.name,
                                    std::to_string(result->network.size()),
                                    formatMacs(result->bestKnown())};
    for (const std::string &planner : planners) {
      const Run *run = result->find(planner);
      row.push_back(
          run ? formatRatio(ratioOf(*run->macs, *result->bestKnown())) + " (" +
                    formatSeconds(run->seconds) + ")"
              : "-");
    }
    table.add(std::move(row));
  }
  table.print(os);
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

json::Array conveinsum::bench::toJSON(llvm::ArrayRef<Result> results) {
  json::Array rows;
  for (const Result &result : results)
    for (const Run &run : result.runs) {
      json::Object row{{"network", result.network.name},
                       {"set", result.network.set},
                       {"group", result.network.group},
                       {"n", int64_t(result.network.size())},
                       {"planner", run.planner},
                       {"note", run.note}};
      row["macs"] = run.macs ? conveinsum::toJSON(*run.macs) : nullptr;
      if (run.macs)
        row["seconds"] = run.seconds;
      if (auto best = result.bestKnown())
        row["best"] = conveinsum::toJSON(*best);
      rows.push_back(std::move(row));
    }
  return rows;
}
