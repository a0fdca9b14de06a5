//===- PlanWords.cpp - The words in which plans are asked for -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table, and a reader for each of its rows.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Request/PlanWords.h"
#include "conveinsum/Equation/JsonObject.h"
#include "conveinsum/Equation/NearWord.h"
#include "conveinsum/Plan/Request/ByteSize.h"
#include "conveinsum/Runtime/TextFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/JSON.h"

using namespace conveinsum;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Readers
//===----------------------------------------------------------------------===//

static bool readPlanner(StringRef text, unsigned, PlanRequest &request) {
  std::optional<PlannerKind> kind = parsePlannerKind(text);
  if (kind)
    request.options.planner = *kind;
  return kind.has_value();
}

/// The count is a word of its own.
static bool readObjective(StringRef text, unsigned, PlanRequest &request) {
  std::optional<Objective> objective = Objective::parse(text);
  if (!objective)
    return false;
  objective->count = request.options.goal.objective.count;
  request.options.goal.objective = *objective;
  return true;
}

static bool readCount(StringRef text, unsigned, PlanRequest &request) {
  request.options.goal.objective.count =
      text == "dense" ? MacCount::Dense : MacCount::Exact;
  return text == "exact" || text == "dense";
}

static bool readPositions(StringRef text,
                          llvm::SmallVectorImpl<unsigned> &positions) {
  llvm::SmallVector<StringRef> words;
  text.split(words, ',');
  for (StringRef word : words)
    if (word.trim(' ').getAsInteger(10, positions.emplace_back()))
      return false;
  llvm::sort(positions);
  return true;
}

static bool readGradients(StringRef text, unsigned operands,
                          PlanRequest &request) {
  auto &gradients = request.options.goal.gradients;
  if (text != "all")
    return readPositions(text, gradients);
  gradients.assign(llvm::seq(operands).begin(), llvm::seq(operands).end());
  return true;
}

static bool readConstants(StringRef text, unsigned, PlanRequest &request) {
  return readPositions(text, request.options.goal.constants);
}

static bool readBudget(StringRef text, unsigned, PlanRequest &request) {
  std::optional<SearchBudget> budget = SearchBudget::parse(text);
  if (budget)
    request.options.budget = *budget;
  return budget.has_value();
}

static bool readMemoryLimit(StringRef text, unsigned, PlanRequest &request) {
  request.memoryLimit = parseByteSize(text);
  return request.memoryLimit.has_value();
}

static bool readKeep(StringRef text, unsigned, PlanRequest &request) {
  request.keepLimit = parseByteSize(text);
  return request.keepLimit.has_value();
}

static bool readSlice(StringRef text, unsigned, PlanRequest &request) {
  request.slices = true;
  return text.empty();
}

static bool readKnownTarget(StringRef text, unsigned, PlanRequest &request) {
  const TargetModel *known = TargetModel::find(text);
  if (known)
    request.options.goal.target = *known;
  return known != nullptr;
}

/// A target that is no known name is a file.
static bool readTargetFile(StringRef source, StringRef path,
                           TargetModel &target, ErrorFn onError) {
  auto inFile = [&](Fault diagnostic) {
    diagnostic.message += " (in '" + path.str() + "')";
    onError(diagnostic);
  };
  Fallible<std::string> text = readTextFile(path.str());
  if (!text)
    return refuse(onError, "expected " + source + " to be " +
                               planWord("target").expected + "; " +
                               text.message() +
                               didYouMean(path, {"cpu", "gpu"}));
  std::optional<llvm::json::Object> object = parseJsonObject(*text, inFile);
  if (!object)
    return false;
  std::optional<TargetModel> model =
      TargetModel::fromJSON(llvm::json::Value(std::move(*object)), inFile);
  if (!model)
    return false;
  target = std::move(*model);
  return true;
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

llvm::ArrayRef<PlanWord> conveinsum::planWords() {
  static const PlanWord table[] = {
      {"planner", "NAME", "auto",
       "auto (default: the optimum, or beyond its reach the best tree that the "
       "budget finds), exact, anneal, greedy, left (operands in order), "
       "rebuild "
       "(all kernels first)",
       "auto, exact, anneal, greedy, left or rebuild",
       "auto exact anneal greedy left rebuild", "conveinsum.planner",
       readPlanner},
      {"minimize", "OBJECTIVE", "flops",
       "flops (multiply-adds, the default), size (largest result), write "
       "(elements of all results), combo-K (MACs + K write), roof-F (MACs, at "
       "least F per element touched), time (predicted for --target), peak "
       "(bytes alive)",
       "flops, size, write, combo-K, roof-F, time or peak",
       "flops size write combo-64 roof-20 time peak", "conveinsum.minimize",
       readObjective},
      {"count", "COUNT", "exact",
       "which MACs are counted: exact (default) or dense", "exact or dense",
       "exact dense", "conveinsum.count", readCount},
      {"gradients", "OPERANDS", "",
       "operands that need a gradient, 0,2 or all: the plan is one for "
       "training",
       "operand positions such as 0,2 or all", "all", "", readGradients},
      {"constants", "OPERANDS", "",
       "operands that are the same in every call, 1,2: steps of these alone "
       "cost nothing",
       "operand positions such as 0,2", "", "", readConstants},
      {"target", "TARGET", "cpu",
       "machine that times are predicted for: cpu (default), gpu or a JSON "
       "file",
       "cpu, gpu or a JSON file", "cpu gpu FILE", "conveinsum.target",
       readKnownTarget},
      {"budget", "BUDGET", "",
       "how much a search may do: 10ms, 1.5s or, the same everywhere, "
       "20000moves",
       "a time or a number of moves such as 10ms, 1.5s or 20000moves", "",
       "conveinsum.budget", readBudget},
      {"keep", "BYTES", "",
       "the cheapest way to train that keeps at most so much from forward to "
       "backward, e.g. 2MiB",
       "a size such as 2GiB", "", "conveinsum.keep_limit", readKeep},
      {"slice", "", "",
       "go through the network in slices where no plan is within "
       "--memory-limit",
       "no value", "", "", readSlice},
      {"memory-limit", "BYTES", "",
       "the best plan that needs no more, e.g. 2GiB; refuse what needs more "
       "(run "
       "and check: default the memory available)",
       "a size such as 2GiB", "", "conveinsum.memory_limit", readMemoryLimit}};
  return table;
}

const PlanWord &conveinsum::planWord(StringRef name) {
  const PlanWord *found = llvm::find_if(
      planWords(), [&](const PlanWord &word) { return word.name == name; });
  assert(found != planWords().end() && "a word of the table");
  return *found;
}

const PlanWord *conveinsum::findPlanAttribute(StringRef name) {
  for (const PlanWord &word : planWords())
    if (!word.attribute.empty() && word.attribute == name)
      return &word;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

bool conveinsum::readPlanWord(StringRef name, StringRef source, StringRef text,
                              unsigned operands, PlanRequest &request,
                              ErrorFn onError) {
  const PlanWord &word = planWord(name);
  if (word.read(text, operands, request))
    return true;
  if (name == "target")
    return readTargetFile(source, text, request.options.goal.target, onError);
  llvm::SmallVector<StringRef> choices;
  word.choices.split(choices, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  return refuse(onError, "expected " + source + " to be " + word.expected +
                             ", got '" + text + "'" +
                             didYouMean(text, choices));
}

bool conveinsum::verifyRequest(const PlanRequest &request, StringRef prefix,
                               ErrorFn onError) {
  const PlanGoal &goal = request.options.goal;
  if (request.slices && !request.memoryLimit)
    return refuse(onError, "expected " + prefix + "memory-limit beside " +
                               prefix + "slice, got none");
  if (request.slices && request.pinned)
    return refuse(onError,
                  "expected no pinned order beside " + prefix + "slice");
  if (!request.keepLimit)
    return true;
  if (request.memoryLimit)
    return refuse(onError, "expected one of " + prefix + "keep and " + prefix +
                               "memory-limit, got both");
  if (goal.gradients.empty())
    return refuse(onError, "expected operands that need a gradient beside " +
                               prefix + "keep, got none");
  if (goal.objective.kind != ObjectiveKind::Flops)
    return refuse(onError, "expected " + prefix +
                               "minimize to be flops beside " + prefix +
                               "keep, got '" + goal.objective.name() + "'");
  return true;
}
