//===- conveinsum-bench-planner.cpp - Planners against each other ---------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two halves of a benchmark whose middle is tools/bench-planner/anchors.py:
//
//   conveinsum-bench-planner generate NETWORKS.json > networks.jsonl
//   anchors.py networks.jsonl > anchors.jsonl
//   conveinsum-bench-planner report networks.jsonl anchors.jsonl
//
// `report` runs the planners of this project, counts what the paths of the
// others cost, and prints tables. It exits with 1 if the planner `auto` loses
// on a network of the data file, or misses a proven optimum.
//
//===----------------------------------------------------------------------===//

#include "Anchors.h"
#include "Generators.h"
#include "Goals.h"
#include "Tables.h"
#include "conveinsum/Runtime/StandardStreams.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace conveinsum;
using namespace conveinsum::bench;
namespace cl = llvm::cl;
namespace json = llvm::json;

static cl::SubCommand generateCommand("generate", "Print networks as lines");
static cl::SubCommand reportCommand("report", "Plan, compare, print tables");

static cl::opt<bool> quick("quick",
                           cl::desc("Half a second for every search, no more "
                                    "than some networks"),
                           cl::sub(cl::SubCommand::getAll()));

static cl::opt<std::string> dataFile(cl::Positional, cl::Required,
                                     cl::desc("networks.json"),
                                     cl::sub(generateCommand));
static cl::opt<uint64_t> seed("seed", cl::desc("Of the random networks"),
                              cl::init(1), cl::sub(generateCommand));
static cl::opt<unsigned>
    repetitions("repetitions",
                cl::desc("Random networks of every size and regularity"),
                cl::init(5), cl::sub(generateCommand));

static cl::opt<std::string> networksFile(cl::Positional, cl::Required,
                                         cl::desc("networks.jsonl"),
                                         cl::sub(reportCommand));
static cl::opt<std::string> anchorsFile(cl::Positional,
                                        cl::desc("[anchors.jsonl]"),
                                        cl::sub(reportCommand));
static cl::opt<std::string> jsonFile("json", cl::desc("Write every run here"),
                                     cl::sub(reportCommand));

static int generate() {
  std::vector<json::Object> networks =
      networksOfFile(dataFile, quick ? 20 : ~0u);
  if (networks.empty())
    return 1;
  for (json::Object &made : makeNetworks({seed, repetitions, quick}))
    networks.push_back(std::move(made));
  for (json::Object &network : networks) {
    if (!addProxy(network))
      return 1;
    llvm::outs() << json::Value(std::move(network)) << "\n";
  }
  return 0;
}

/// False, with a message, if the file cannot be written.
static bool writeJSON(llvm::ArrayRef<Result> results) {
  std::error_code error;
  llvm::ToolOutputFile file(jsonFile, error, llvm::sys::fs::OF_Text);
  if (error) {
    llvm::errs() << jsonFile << ": " << error.message() << "\n";
    return false;
  }
  file.os() << json::Value(toJSON(results)) << "\n";
  file.keep();
  return true;
}

/// Runs the planners of this project, with a count on a terminal.
static std::vector<Result> runAll(std::vector<Network> networks) {
  std::vector<Result> results;
  for (Network &network : networks) {
    results.push_back({std::move(network), {}});
    if (llvm::errs().is_displayed())
      llvm::errs() << "\r" << results.size() << "/" << networks.size() << " ";
    runOurs(results.back(), quick);
  }
  if (llvm::errs().is_displayed())
    llvm::errs() << "\n";
  return results;
}

static int report() {
  auto networks = readNetworks(networksFile);
  if (!networks)
    return 1;
  std::vector<Result> results = runAll(std::move(*networks));
  if (!anchorsFile.empty() && !readAnchors(anchorsFile, results))
    return 1;
  printFile(results, llvm::outs());
  printRandom(results, llvm::outs());
  printConnected(results, llvm::outs());
  printLarge(results, llvm::outs());
  printGoals(results, llvm::outs());
  llvm::outs().flush();
  unsigned losses = printLosses(results, "file", "auto", llvm::errs());
  printLosses(results, "random", "auto", llvm::errs());
  printLosses(results, "connected", "connected", llvm::errs());
  printLosses(results, "large", "1s", llvm::errs());
  if (!jsonFile.empty() && !writeJSON(results))
    return 1;
  return losses == 0 ? 0 : 1;
}

static int runCommand() {
  if (generateCommand)
    return generate();
  if (reportCommand)
    return report();
  llvm::errs() << "expected one of the commands generate and report\n";
  return 2;
}

int main(int argc, char **argv) {
  guardStandardStreams();
  llvm::InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "planners against each other\n");
  int code = runCommand();
  // Nobody reads a failure to write a message, so that is none.
  llvm::errs().clear_error();
  return code;
}
