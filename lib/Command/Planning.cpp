//===- Planning.cpp - The plan that a command is asked for ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What may be said by the case and by the command line may be said once.
//
//===----------------------------------------------------------------------===//

#include "Planning.h"
#include "JsonText.h"
#include "Session.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// The goal
//===----------------------------------------------------------------------===//

static bool readObjective(const Arguments &arguments, Objective &objective,
                          ErrorFn onError) {
  if (auto word = arguments.value("minimize")) {
    std::optional<Objective> parsed = Objective::parse(*word);
    if (!parsed)
      return refuse(onError,
                    "expected --minimize to be flops, size, write, combo-K, "
                    "roof-F, time or peak, got '" +
                        *word + "'");
    objective = *parsed;
  }
  if (auto word = arguments.value("count")) {
    if (*word != "exact" && *word != "dense")
      return refuse(onError, "expected --count to be exact or dense, got '" +
                                 *word + "'");
    objective.count = *word == "exact" ? MacCount::Exact : MacCount::Dense;
  }
  return true;
}

/// `0,2`, or `all` where that makes sense; positions are checked later.
static bool parseOperands(StringRef text, bool takesAll, unsigned operands,
                          StringRef source,
                          llvm::SmallVectorImpl<unsigned> &positions,
                          ErrorFn onError) {
  if (takesAll && text == "all") {
    llvm::append_range(positions, llvm::seq(operands));
    return true;
  }
  llvm::SmallVector<StringRef> words;
  text.split(words, ',');
  for (StringRef word : words) {
    unsigned position;
    if (word.trim(' ').getAsInteger(10, position))
      return refuse(onError, "expected " + source +
                                 " to be operand positions such as 0,2" +
                                 (takesAll ? " or all" : "") + ", got '" +
                                 text + "'");
    positions.push_back(position);
  }
  return true;
}

/// Operand positions of the option `name` or of the key of the same name.
static bool readOperands(StringRef name, bool takesAll,
                         const std::optional<json::Value> &key,
                         unsigned operands, const Arguments &arguments,
                         llvm::SmallVectorImpl<unsigned> &positions,
                         ErrorFn onError) {
  std::optional<StringRef> option = arguments.value(name);
  if (option && key)
    return refuse(onError, "the " + name + " are given twice, by '" + name +
                               "' of the case and by --" + name);
  std::string source = (option ? "--" + name : "'" + name + "'").str();
  std::optional<StringRef> text = option;
  if (key && !text)
    text = key->getAsString();
  if (text &&
      !parseOperands(*text, takesAll, operands, source, positions, onError))
    return false;
  if (key && !text) {
    const json::Array *array = key->getAsArray();
    if (!array)
      return refuse(onError, "expected " + source +
                                 " to be an array of operand positions");
    for (const json::Value &value : *array) {
      std::optional<int64_t> position = readInteger(
          value, "an operand position of " + source, std::nullopt, onError);
      if (!position)
        return false;
      if (*position < 0 || *position > std::numeric_limits<unsigned>::max())
        return refuse(onError, "expected " + source +
                                   " to be an array of operand positions, "
                                   "got " +
                                   llvm::Twine(*position));
      positions.push_back(*position);
    }
  }
  llvm::sort(positions);
  return true;
}

/// A target by its name, or from a file.
static bool readTarget(const Arguments &arguments, TargetModel &target,
                       ErrorFn onError) {
  std::optional<StringRef> word = arguments.value("target");
  if (!word)
    return true;
  if (const TargetModel *known = TargetModel::find(*word)) {
    target = *known;
    return true;
  }
  auto inFile = [&](Diagnostic diagnostic) {
    diagnostic.message += " (in '" + word->str() + "')";
    onError(diagnostic);
  };
  auto buffer = llvm::MemoryBuffer::getFile(*word);
  if (!buffer)
    return refuse(onError, "expected --target to be cpu, gpu or a JSON file; "
                           "cannot read '" +
                               *word + "': " + buffer.getError().message());
  std::optional<json::Object> object =
      parseJsonObject((*buffer)->getBuffer(), inFile);
  if (!object)
    return false;
  std::optional<TargetModel> model =
      TargetModel::fromJSON(json::Value(std::move(*object)), inFile);
  if (!model)
    return false;
  target = std::move(*model);
  return true;
}

static bool readGoal(const Network &network, const Equation &equation,
                     ElementTypes types, const Arguments &arguments,
                     PlanGoal &goal, ErrorFn onError) {
  goal.dtype = types.operand;
  goal.resultType = types.result;
  unsigned operands = equation.numOperands();
  return readObjective(arguments, goal.objective, onError) &&
         readOperands("gradients", /*takesAll=*/true, network.gradients,
                      operands, arguments, goal.gradients, onError) &&
         readOperands("constants", /*takesAll=*/false, network.constants,
                      operands, arguments, goal.constants, onError) &&
         readTarget(arguments, goal.target, onError) &&
         verifyGoal(equation, goal, onError);
}

static bool readPlannerOptions(const Arguments &arguments,
                               PlannerOptions &options, ErrorFn onError) {
  if (auto word = arguments.value("planner")) {
    std::optional<PlannerKind> kind = parsePlannerKind(*word);
    if (!kind)
      return refuse(onError, "expected --planner to be auto, exact, anneal, "
                             "greedy, left or rebuild, got '" +
                                 *word + "'");
    options.planner = *kind;
  }
  if (auto word = arguments.value("budget")) {
    std::optional<SearchBudget> budget = SearchBudget::parse(*word);
    if (!budget)
      return refuse(onError, "expected --budget to be a time or a number of "
                             "moves such as 10ms, 1.5s or 20000moves, got '" +
                                 *word + "'");
    options.budget = *budget;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Pinned orders
//===----------------------------------------------------------------------===//

/// The text of a pinned order: JSON without blanks reads like the text forms.
static std::string orderText(const json::Value &value) {
  if (std::optional<StringRef> text = value.getAsString())
    return text->str();
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

std::optional<ContractionTree>
command::parseOrder(StringRef form, StringRef source, StringRef text,
                    unsigned operands, ErrorFn onError) {
  // A diagnostic's position is one of the equation, so that one of the order
  // becomes words.
  auto inOrder = [&](Diagnostic diagnostic) {
    std::string place = " (in " + source.str() + " '" + text.str() + "'";
    if (diagnostic.position)
      place += " at byte " + std::to_string(*diagnostic.position);
    diagnostic.message += place + ")";
    diagnostic.position.reset();
    onError(diagnostic);
  };
  if (form == "path")
    return ContractionTree::parseLinearPath(text, operands, inOrder);
  if (form == "ssa-path")
    return ContractionTree::parseSsaPath(text, operands, inOrder);
  return ContractionTree::parseTree(text, operands, inOrder);
}

/// The order pinned by the command line or the case, if one is.
static bool readPinned(const Network &network, const Arguments &arguments,
                       unsigned operands,
                       std::optional<ContractionTree> &pinned,
                       ErrorFn onError) {
  llvm::SmallVector<StringRef> given;
  for (StringRef option : {"planner", "path", "ssa-path", "tree"})
    if (arguments.has(option))
      given.push_back(option);
  StringRef key = network.path ? "path" : network.tree ? "tree" : "";
  if (given.size() > 1)
    return refuse(onError, "expected at most one of --planner, --path, "
                           "--ssa-path and --tree, got --" +
                               given[0] + " and --" + given[1]);
  if (!given.empty() && !key.empty())
    return refuse(onError, "the order is given twice, by '" + key +
                               "' of the case and by --" + given[0]);
  if (!key.empty())
    pinned = parseOrder(key, ("'" + key + "'").str(),
                        orderText(network.path ? *network.path : *network.tree),
                        operands, onError);
  else if (!given.empty() && given[0] != "planner")
    pinned = parseOrder(given[0], ("--" + given[0]).str(),
                        *arguments.value(given[0]), operands, onError);
  else
    return true;
  return pinned.has_value();
}

//===----------------------------------------------------------------------===//
// Plans
//===----------------------------------------------------------------------===//

/// Refuses limits that say nothing, or that contradict each other.
static bool checkLimits(const PlanRequest &request, ErrorFn onError) {
  const PlanGoal &goal = request.options.goal;
  if (request.slices && !request.memoryLimit)
    return refuse(onError, "expected --memory-limit beside --slice, got none");
  if (request.slices && request.pinned)
    return refuse(onError, "expected no pinned order beside --slice");
  if (!request.keepLimit)
    return true;
  if (request.memoryLimit)
    return refuse(onError,
                  "expected one of --keep and --memory-limit, got both");
  if (goal.gradients.empty())
    return refuse(onError, "expected operands that need a gradient beside "
                           "--keep, got none");
  if (goal.objective.kind != ObjectiveKind::Flops)
    return refuse(onError,
                  "expected --minimize to be flops beside --keep, got '" +
                      goal.objective.name() + "'");
  return true;
}

static bool readLimits(const Arguments &arguments, PlanRequest &request,
                       ErrorFn onError) {
  request.slices = arguments.has("slice");
  request.refusesLimit = arguments.command != RunCommand;
  return readByteSize(arguments, "memory-limit", request.memoryLimit,
                      onError) &&
         readByteSize(arguments, "keep", request.keepLimit, onError);
}

/// A front is one for training, of all operands unless someone names some.
static void addDefaultGradients(const Network &network,
                                const Equation &equation,
                                const Arguments &arguments, PlanGoal &goal) {
  if (arguments.command != ParetoCommand || network.gradients ||
      arguments.has("gradients"))
    return;
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
    if (!llvm::is_contained(goal.constants, operand))
      goal.gradients.push_back(operand);
}

std::optional<PlanRequest> command::readPlanRequest(const Network &network,
                                                    const Equation &equation,
                                                    ElementTypes types,
                                                    const Arguments &arguments,
                                                    ErrorFn onError) {
  PlanRequest request;
  if (!readPinned(network, arguments, equation.numOperands(), request.pinned,
                  onError) ||
      !readPlannerOptions(arguments, request.options, onError) ||
      !readGoal(network, equation, types, arguments, request.options.goal,
                onError) ||
      !readLimits(arguments, request, onError))
    return std::nullopt;
  addDefaultGradients(network, equation, arguments, request.options.goal);
  if (arguments.command != ParetoCommand && !checkLimits(request, onError))
    return std::nullopt;
  return request;
}

bool command::openPlanSource(PlanSource &source, const Arguments &arguments,
                             ErrorFn onError) {
  if (arguments.has("batch"))
    source.rememberNetworks();
  StringRef origin = "--cache";
  std::optional<StringRef> folder = arguments.value("cache");
  if (const char *variable = std::getenv("CONVEINSUM_CACHE_DIR");
      !folder && variable && *variable) {
    origin = "CONVEINSUM_CACHE_DIR";
    folder = StringRef(variable);
  }
  if (!folder)
    return true;
  return source.openCache(
      *folder, origin,
      [](const Diagnostic &diagnostic) { printNote(diagnostic.message); },
      onError);
}
