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
#include "conveinsum/Plan/Request/PathSplit.h"
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

/// Says in which order a fault is: its position is no place in the equation, so
/// that it becomes words.
static Fault inWords(Fault fault, StringRef source, StringRef text) {
  constexpr size_t most = 200;
  std::string shown =
      text.size() > most ? text.take_front(most).str() + "..." : text.str();
  std::string place = " (in " + source.str() + " '" + shown + "'";
  if (fault.position)
    place += " at byte " + std::to_string(*fault.position);
  fault.message += place + ")";
  fault.position.reset();
  return fault;
}

std::optional<ContractionTree> command::parseTree(StringRef source,
                                                  StringRef text,
                                                  unsigned operands,
                                                  ErrorFn onError) {
  return ContractionTree::parseTree(text, operands, [&](const Fault &fault) {
    onError(inWords(fault, source, text));
  });
}

/// Pins what a path says. One step that joins everything says nothing.
static bool readPath(PathForm form, StringRef source, StringRef text,
                     const Equation &equation, CommandRequest &request,
                     ErrorFn onError) {
  auto inPath = [&](const Fault &fault) {
    onError(inWords(fault, source, text));
  };
  unsigned operands = equation.numOperands();
  std::optional<ContractionPath> path =
      ContractionPath::parse(text, form, operands, inPath);
  if (!path)
    return false;
  if (operands > 2 && path->steps.size() == 1) {
    request.remarks.push_back("the path joins all operands in one step, so the "
                              "planner orders them");
    return true;
  }
  std::optional<SplitPath> split =
      splitPath(equation, *path, request.options.goal, inPath);
  if (!split)
    return false;
  request.pinned = std::move(split->tree);
  llvm::append_range(request.remarks, split->remarks);
  return true;
}

namespace {
/// An order as it is given: `path`, `ssa-path` or `tree`.
struct GivenOrder {
  StringRef form;
  std::string source, text;
};
} // namespace

/// The order that the command line or the case pins, if one does; there is at
/// most one.
static bool findOrder(const Network &network, const Arguments &arguments,
                      std::optional<GivenOrder> &order, ErrorFn onError) {
  llvm::SmallVector<StringRef> given;
  for (StringRef option : {"planner", "path", "ssa-path", "tree"})
    if (arguments.has(option))
      given.push_back(option);
  if (given.size() > 1)
    return refuse(onError, "expected at most one of --planner, --path, "
                           "--ssa-path and --tree, got --" +
                               given[0] + " and --" + given[1]);
  const std::optional<json::Value> *key = nullptr;
  for (auto [form, name, value] : {std::tuple("path", "path", &network.path),
                                   {"ssa-path", "ssa_path", &network.ssaPath},
                                   {"tree", "tree", &network.tree}})
    if (*value) {
      key = value;
      order = GivenOrder{form, ("'" + llvm::Twine(name) + "'").str(),
                         orderText(**value)};
    }
  if (!given.empty() && key)
    return refuse(onError, "the order is given twice, by " + order->source +
                               " of the case and by --" + given[0]);
  if (!given.empty() && given[0] != "planner")
    order = GivenOrder{given[0], ("--" + given[0]).str(),
                       arguments.value(given[0])->str()};
  return true;
}

/// Pins the order that the command line or the case gives, if one does.
static bool readPinned(const Network &network, const Arguments &arguments,
                       const Equation &equation, CommandRequest &request,
                       ErrorFn onError) {
  std::optional<GivenOrder> order;
  if (!findOrder(network, arguments, order, onError))
    return false;
  if (!order)
    return true;
  if (order->form == "tree") {
    request.pinned =
        parseTree(order->source, order->text, equation.numOperands(), onError);
    return request.pinned.has_value();
  }
  return readPath(order->form == "path" ? PathForm::Linear : PathForm::Ssa,
                  order->source, order->text, equation, request, onError);
}

void command::sayRemarks(const CommandRequest &request,
                         const Arguments &arguments, json::Object &outcome) {
  if (request.remarks.empty())
    return;
  for (const std::string &remark : request.remarks)
    if (!arguments.has("batch"))
      printNote(remark);
  outcome["remarks"] = json::Array(request.remarks);
}

//===----------------------------------------------------------------------===//
// Plans
//===----------------------------------------------------------------------===//

/// A front is one for training, of all operands unless someone names some.
static void addDefaultGradients(const Network &network,
                                const Equation &equation,
                                const Arguments &arguments, PlanGoal &goal) {
  if (!(arguments.command & (ParetoCommand | GradCommand)) ||
      network.gradients || arguments.has("gradients"))
    return;
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
    if (!llvm::is_contained(goal.constants, operand))
      goal.gradients.push_back(operand);
}

std::optional<CommandRequest>
command::readPlanRequest(const Network &network, const Equation &equation,
                         ElementTypes types, const Arguments &arguments,
                         ErrorFn onError) {
  CommandRequest request;
  if (!readGoal(network, equation, types, arguments, request, onError) ||
      !readPinned(network, arguments, equation, request, onError))
    return std::nullopt;
  request.refusesLimit = !(arguments.command & (RunCommand | GradCommand));
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
