//===- Network.cpp - The network that a command works on ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where both the case and the command line say something, the command line
// decides for element types; a mode's geometry and the order may be given once.
//
//===----------------------------------------------------------------------===//

#include "Network.h"
#include "conveinsum/Equation/ElementTypeCheck.h"
#include "conveinsum/Equation/GeometryText.h"

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;
namespace json = llvm::json;

bool command::refuse(ErrorFn onError, const llvm::Twine &message) {
  Diagnostic diagnostic;
  diagnostic.message = message.str();
  onError(diagnostic);
  return false;
}

static bool readElementType(StringRef word, StringRef what,
                            std::optional<ElementType> &type, ErrorFn onError) {
  type = parseElementType(std::string_view(word.data(), word.size()));
  if (type)
    return true;
  return refuse(onError, "expected " + what +
                             " to be one of f64, f32, f16, bf16, complex<f32>, "
                             "complex<f64>, i8, i16, i32, i64, got '" +
                             word + "'");
}

//===----------------------------------------------------------------------===//
// From JSON
//===----------------------------------------------------------------------===//

/// Null counts as absent.
static const json::Value *find(const json::Object &object, StringRef key) {
  const json::Value *value = object.get(key);
  return value && value->kind() != json::Value::Null ? value : nullptr;
}

static bool readString(const json::Object &object, StringRef key,
                       std::optional<std::string> &text, ErrorFn onError) {
  const json::Value *value = find(object, key);
  if (!value)
    return true;
  std::optional<StringRef> word = value->getAsString();
  if (!word)
    return refuse(onError, "expected '" + key + "' to be a string");
  text = word->str();
  return true;
}

static bool readTypes(const json::Object &object, Network &network,
                      ErrorFn onError) {
  std::optional<std::string> dtype, resultDtype;
  return readString(object, "dtype", dtype, onError) &&
         readString(object, "result_dtype", resultDtype, onError) &&
         (!dtype ||
          readElementType(*dtype, "'dtype'", network.dtype, onError)) &&
         (!resultDtype || readElementType(*resultDtype, "'result_dtype'",
                                          network.resultDtype, onError));
}

static bool readFiles(const json::Object &object, Network &network,
                      ErrorFn onError) {
  if (!readString(object, "output", network.output, onError))
    return false;
  const json::Value *value = find(object, "inputs");
  if (!value)
    return true;
  const json::Array *files = value->getAsArray();
  if (!files)
    return refuse(onError, "expected 'inputs' to be an array of file names");
  for (const json::Value &file : *files) {
    std::optional<StringRef> path = file.getAsString();
    if (!path)
      return refuse(onError, "expected 'inputs' to be an array of file names");
    network.inputs.push_back(path->str());
  }
  return true;
}

static bool readOrder(const json::Object &object, Network &network,
                      ErrorFn onError) {
  if (const json::Value *path = find(object, "path"))
    network.path = *path;
  if (const json::Value *tree = find(object, "tree"))
    network.tree = *tree;
  if (network.path && network.tree)
    return refuse(onError, "expected at most one of 'path' and 'tree', got both");
  return true;
}

static bool applyArguments(Network &network, const Arguments &arguments,
                           ErrorFn onError) {
  GeometryOptions geometry;
  auto onLocatedError = [&](const Diagnostic &diagnostic) {
    onError(locate(diagnostic, network.problem.expr));
  };
  for (const std::string &option : arguments.values("conv"))
    if (!geometry.add(option, onLocatedError))
      return false;
  for (const auto &[label, given] : geometry.geometry())
    if (!network.problem.geometry.emplace(label, given).second)
      return refuse(onError, "the geometry of mode '" + label +
                                 "' is given twice, by the case and by --conv");
  if (auto word = arguments.value("dtype"))
    if (!readElementType(*word, "--dtype", network.dtype, onError))
      return false;
  if (auto word = arguments.value("result-dtype"))
    return readElementType(*word, "--result-dtype", network.resultDtype, onError);
  return true;
}

std::optional<Network>
command::networkFromObject(const json::Object &object,
                           const Arguments &arguments, ErrorFn onError) {
  for (StringRef later : {"constants", "gradients"})
    if (object.get(later)) {
      refuse(onError, "the key '" + later + "' is not supported yet");
      return std::nullopt;
    }
  std::optional<Case> problem = Case::fromJSON(object, onError);
  if (!problem)
    return std::nullopt;
  Network network;
  network.problem = std::move(*problem);
  if (!readTypes(object, network, onError) ||
      !readOrder(object, network, onError) ||
      !readFiles(object, network, onError) ||
      !applyArguments(network, arguments, onError))
    return std::nullopt;
  return network;
}

//===----------------------------------------------------------------------===//
// From the command line
//===----------------------------------------------------------------------===//

std::optional<Network> command::networkFromWords(const Arguments &arguments,
                                                 ErrorFn onError) {
  llvm::ArrayRef<std::string> words = arguments.positional;
  assert(!words.empty() && "the caller asks for an equation");
  Network network;
  network.problem.expr = words.front();
  words = words.drop_front();
  if (arguments.command == RunCommand) {
    network.inputs.assign(words.begin(), words.end());
  } else {
    network.problem.shapes.emplace();
    for (auto [operand, word] : llvm::enumerate(words)) {
      auto atOperand = [&, operand = operand](Diagnostic diagnostic) {
        if (!diagnostic.operand)
          diagnostic.operand = operand;
        // The position is one of the shape's text, not of the equation.
        diagnostic.position.reset();
        onError(locate(diagnostic, network.problem.expr));
      };
      std::optional<Shape> shape = parseShape(word, atOperand);
      if (!shape)
        return std::nullopt;
      network.problem.shapes->push_back(std::move(*shape));
    }
  }
  if (!applyArguments(network, arguments, onError))
    return std::nullopt;
  return network;
}

std::optional<ElementTypes> command::resultTypes(const Network &network,
                                                 ElementType operand,
                                                 ErrorFn onError) {
  if (!verifyElementTypes({operand}, network.resultDtype, onError))
    return std::nullopt;
  return ElementTypes{operand, network.resultDtype.value_or(operand)};
}

//===----------------------------------------------------------------------===//
// Planning
//===----------------------------------------------------------------------===//

static bool readPlannerOptions(const Arguments &arguments,
                               PlannerOptions &options, ErrorFn onError) {
  if (auto word = arguments.value("planner")) {
    std::optional<PlannerKind> kind = parsePlannerKind(*word);
    if (!kind)
      return refuse(onError,
                    "expected --planner to be exact, left or rebuild, got '" +
                        *word + "'");
    options.planner = *kind;
  }
  if (auto word = arguments.value("minimize"); word && *word != "flops")
    return refuse(onError, "expected --minimize to be flops, got '" + *word + "'");
  if (auto word = arguments.value("count")) {
    if (*word != "exact" && *word != "dense")
      return refuse(onError, "expected --count to be exact or dense, got '" +
                                 *word + "'");
    options.goal.objective.count = *word == "exact" ? MacCount::Exact : MacCount::Dense;
  }
  return true;
}

/// The text of a pinned order: JSON without blanks reads like the text forms.
static std::string orderText(const json::Value &value) {
  if (std::optional<StringRef> text = value.getAsString())
    return text->str();
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

/// Parses a pinned order of whatever form; positions in its text become words,
/// because a diagnostic's position is one of the equation.
static std::optional<ContractionTree> parseOrder(StringRef form, StringRef source,
                                                 StringRef text,
                                                 unsigned operands,
                                                 ErrorFn onError) {
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

std::optional<conveinsum::Plan>
command::planNetwork(const Network &network, const Equation &equation,
                     const Arguments &arguments, ErrorFn onError) {
  llvm::SmallVector<StringRef> given;
  for (StringRef option : {"planner", "path", "ssa-path", "tree"})
    if (arguments.has(option))
      given.push_back(option);
  StringRef pinned = network.path ? "path" : network.tree ? "tree" : "";
  if (given.size() > 1) {
    refuse(onError, "expected at most one of --planner, --path, --ssa-path and "
                    "--tree, got --" +
                        given[0] + " and --" + given[1]);
    return std::nullopt;
  }
  if (!given.empty() && !pinned.empty()) {
    refuse(onError, "the order is given twice, by '" + pinned +
                        "' of the case and by --" + given[0]);
    return std::nullopt;
  }
  PlannerOptions options;
  if (!readPlannerOptions(arguments, options, onError))
    return std::nullopt;

  std::optional<ContractionTree> tree;
  unsigned operands = equation.numOperands();
  if (!pinned.empty())
    tree = parseOrder(pinned, ("'" + pinned + "'").str(),
                      orderText(network.path ? *network.path : *network.tree),
                      operands, onError);
  else if (!given.empty() && given[0] != "planner")
    tree = parseOrder(given[0], ("--" + given[0]).str(),
                      *arguments.value(given[0]), operands, onError);
  else
    return conveinsum::plan(equation, options, onError);
  if (!tree)
    return std::nullopt;
  conveinsum::Plan plan;
  plan.tree = std::move(*tree);
  plan.proof = Proof::Pinned;
  return plan;
}

std::optional<unsigned> command::readCount(const Arguments &arguments,
                                           StringRef option, unsigned absent,
                                           ErrorFn onError) {
  std::optional<StringRef> word = arguments.value(option);
  if (!word)
    return absent;
  unsigned count;
  if (!word->getAsInteger(10, count) && count >= 1 && count <= 1u << 30)
    return count;
  refuse(onError, "expected --" + option + " to be a positive number, got '" +
                      *word + "'");
  return std::nullopt;
}
