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
#include "Session.h"
#include "conveinsum/Plan/Request/PlanWords.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;
namespace json = llvm::json;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

/// Reads the option of that name, if it is given.
static bool readWord(StringRef name, const Arguments &arguments,
                     unsigned operands, PlanRequest &request, ErrorFn onError) {
  std::optional<StringRef> text = arguments.value(name);
  return !text || readPlanWord(name, ("--" + name).str(), *text, operands,
                               request, onError);
}

/// Operand positions as JSON.
static bool readPositions(const json::Value &key, StringRef source,
                          llvm::SmallVectorImpl<unsigned> &positions,
                          ErrorFn onError) {
  const json::Array *array = key.getAsArray();
  if (!array)
    return refuse(onError, "expected " + source +
                               " to be an array of operand positions");
  for (const json::Value &value : *array) {
    std::optional<int64_t> position =
        readInteger(value, ("an operand position of " + source).str(),
                    std::nullopt, onError);
    if (!position)
      return false;
    if (*position < 0 || *position > std::numeric_limits<unsigned>::max())
      return refuse(onError, "expected " + source +
                                 " to be an array of operand positions, got " +
                                 llvm::Twine(*position));
    positions.push_back(*position);
  }
  llvm::sort(positions);
  return true;
}

/// Operand positions of the option `name` or of the key of the same name.
static bool readOperands(StringRef name, const std::optional<json::Value> &key,
                         unsigned operands, const Arguments &arguments,
                         llvm::SmallVectorImpl<unsigned> &positions,
                         PlanRequest &request, ErrorFn onError) {
  if (!key)
    return readWord(name, arguments, operands, request, onError);
  if (arguments.has(name))
    return refuse(onError, "the " + name + " are given twice, by '" + name +
                               "' of the case and by --" + name);
  std::string source = ("'" + name + "'").str();
  if (std::optional<StringRef> text = key->getAsString())
    return readPlanWord(name, source, *text, operands, request, onError);
  return readPositions(*key, source, positions, onError);
}

static bool readGoal(const Network &network, const Equation &equation,
                     ElementTypes types, const Arguments &arguments,
                     PlanRequest &request, ErrorFn onError) {
  PlanGoal &goal = request.options.goal;
  goal.dtype = types.operand;
  goal.resultType = types.result;
  unsigned operands = equation.numOperands();
  auto read = [&](StringRef name) {
    return readWord(name, arguments, operands, request, onError);
  };
  return read("planner") && read("budget") && read("minimize") &&
         read("count") &&
         readOperands("gradients", network.gradients, operands, arguments,
                      goal.gradients, request, onError) &&
         readOperands("constants", network.constants, operands, arguments,
                      goal.constants, request, onError) &&
         read("target") && verifyGoal(equation, goal, onError) &&
         read("slice") && read("memory-limit") && read("keep");
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
  auto inOrder = [&](Fault diagnostic) {
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
      !readGoal(network, equation, types, arguments, request, onError))
    return std::nullopt;
  request.refusesLimit = arguments.command != RunCommand;
  addDefaultGradients(network, equation, arguments, request.options.goal);
  if (arguments.command != ParetoCommand &&
      !verifyRequest(request, "--", onError))
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
      [](const Fault &diagnostic) { printNote(diagnostic.message); }, onError);
}
