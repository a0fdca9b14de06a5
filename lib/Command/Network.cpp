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
#include "conveinsum/Equation/GeometryText.h"
#include "conveinsum/Equation/NearWord.h"
#include "conveinsum/Plan/Interchange/Interchange.h"

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;
namespace json = llvm::json;

static bool readType(StringRef word, StringRef what,
                     std::optional<ElementType> &type, ErrorFn onError) {
  type = readElementType(word, what, onError);
  return type.has_value();
}

//===----------------------------------------------------------------------===//
// From JSON
//===----------------------------------------------------------------------===//

/// What a case may say; Equation/Case.h reads those of the equation.
static constexpr StringRef kCaseKeys[] = {
    "expr",       "shapes",    "name",   "dtype",  "result_dtype",
    "conv_modes", "out_shape", "path",   "tree",   "ssa_path",
    "gradients",  "constants", "inputs", "output", "cotangent"};
/// What a case says of single modes.
static constexpr StringRef kModeKeys[] = {
    "stride", "dilation",   "padding",        "flip",    "feature_operand",
    "kind",   "transposed", "output_padding", "in_size", "out_size"};
/// What the command line alone says of a network; spelled as keys are.
static constexpr StringRef kOptionKeys[] = {
    "planner",      "minimize", "count", "target", "budget",
    "memory_limit", "keep",     "slice", "cache",  "against",
    "parametric",   "threads",  "check", "emit",   "target_cpu"};

/// The option that a key of a case is meant to be, if it is one. Short words
/// may be a data set's own, so that they have to be the option's, but for
/// capitals and hyphens.
static StringRef optionOf(StringRef key) {
  std::string plain = key.lower();
  std::replace(plain.begin(), plain.end(), '-', '_');
  constexpr size_t longEnough = 8;
  if (llvm::is_contained(kOptionKeys, plain))
    return *llvm::find(kOptionKeys, plain);
  StringRef nearest = nearestWord(key, kOptionKeys);
  return nearest.size() < longEnough ? StringRef() : nearest;
}

/// What is wrong with a key of a case; empty if nothing is.
static std::string faultOfKey(StringRef key) {
  if (llvm::is_contained(kCaseKeys, key))
    return "";
  std::string unknown = ("unknown key '" + key + "' in a case").str();
  if (llvm::is_contained(kModeKeys, key))
    return unknown + ": expected it in 'conv_modes', with the label of a mode";
  if (std::string suggestion = didYouMean(key, kCaseKeys); !suggestion.empty())
    return unknown + suggestion;
  StringRef option = optionOf(key);
  if (option.empty())
    return "";
  std::string spelled = option.str();
  std::replace(spelled.begin(), spelled.end(), '_', '-');
  return unknown + ": expected it on the command line, as --" + spelled;
}

/// Keys that a data set carries along are free, but nothing that was meant for
/// us is passed over.
static bool checkCaseKeys(const json::Object &object, ErrorFn onError) {
  Fault fault;
  fault.constraint = "C43";
  // The object is a hash table: report the first fault by its spelling.
  std::optional<StringRef> first;
  for (const auto &[member, value] : object) {
    StringRef key = member;
    if (first && *first < key)
      continue;
    std::string message = faultOfKey(key);
    if (message.empty())
      continue;
    first = key;
    fault.message = std::move(message);
  }
  if (first)
    onError(fault);
  return !first;
}

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
         (!dtype || readType(*dtype, "'dtype'", network.dtype, onError)) &&
         (!resultDtype || readType(*resultDtype, "'result_dtype'",
                                   network.resultDtype, onError));
}

static bool readFiles(const json::Object &object, Network &network,
                      ErrorFn onError) {
  if (!readString(object, "output", network.output, onError) ||
      !readString(object, "cotangent", network.cotangent, onError))
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

static bool readPlanningKeys(const json::Object &object, Network &network,
                             ErrorFn onError) {
  for (auto [key, kept] : {std::pair("path", &network.path),
                           std::pair("ssa_path", &network.ssaPath),
                           std::pair("tree", &network.tree),
                           std::pair("gradients", &network.gradients),
                           std::pair("constants", &network.constants)})
    if (const json::Value *value = find(object, key))
      *kept = *value;
  return network.path.has_value() + network.ssaPath.has_value() +
                 network.tree.has_value() <=
             1 ||
         refuse(onError, "expected at most one of 'path', 'ssa_path' and "
                         "'tree', got more");
}

static bool refuseTwice(const std::string &label, ErrorFn onError) {
  Fault diagnostic;
  diagnostic.message = "the geometry of mode '" + spellLabel(label) +
                       "' is given twice, by the case and by --conv";
  diagnostic.mode = label;
  diagnostic.constraint = "C43";
  onError(diagnostic);
  return false;
}

static bool applyArguments(Network &network, const Arguments &arguments,
                           ErrorFn onError) {
  GeometryOptions geometry;
  auto onLocatedError = [&](const Fault &diagnostic) {
    onError(locate(diagnostic, network.problem.expr));
  };
  for (const std::string &option : arguments.values("conv"))
    if (!geometry.add(option, onLocatedError))
      return false;
  for (const auto &[label, given] : geometry.geometry())
    if (!network.problem.geometry.emplace(label, given).second)
      return refuseTwice(label, onError);
  if (auto word = arguments.value("cotangent"))
    network.cotangent = word->str();
  if (auto word = arguments.value("dtype"))
    if (!readType(*word, "--dtype", network.dtype, onError))
      return false;
  if (auto word = arguments.value("result-dtype"))
    return readType(*word, "--result-dtype", network.resultDtype, onError);
  return true;
}

/// Whether an object is a network in the form of Interchange.h: no equation,
/// but lists of indices.
static bool isInterchange(const json::Object &object) {
  if (object.get("expr"))
    return false;
  const json::Array *inputs = object.getArray("inputs");
  return object.get("size_dict") || object.getArray("output") ||
         (inputs && !inputs->empty() && inputs->front().getAsArray());
}

/// Whether a path has steps of other than two operands. They are split with
/// the goal in view, so such a path is one of the request, not of the network.
static bool isUneven(const json::Value *path) {
  const json::Array *steps = path ? path->getAsArray() : nullptr;
  return steps && llvm::any_of(*steps, [](const json::Value &step) {
           const json::Array *inputs = step.getAsArray();
           return !inputs || inputs->size() != 2;
         });
}

/// Reads the form of Interchange.h; keys of cases that it lacks may be there
/// too.
static bool readInterchange(json::Object object, Network &network,
                            ErrorFn onError) {
  if (!readString(object, "name", network.problem.name, onError) ||
      !readTypes(object, network, onError))
    return false;
  for (auto [key, kept] : {std::pair("gradients", &network.gradients),
                           std::pair("constants", &network.constants)})
    if (const json::Value *value = find(object, key))
      *kept = *value;
  for (StringRef key :
       {"name", "dtype", "result_dtype", "gradients", "constants"})
    object.erase(key);
  for (auto [key, kept] : {std::pair("path", &network.path),
                           std::pair("ssa_path", &network.ssaPath)})
    if (!network.path && isUneven(object.get(key))) {
      *kept = std::move(*object.get(key));
      object.erase("path");
      object.erase("ssa_path");
    }
  std::optional<ImportedNetwork> imported =
      importNetwork(json::Value(std::move(object)), onError);
  if (!imported)
    return false;
  network.problem.expr = std::move(imported->text);
  network.problem.shapes = std::move(imported->shapes);
  if (imported->tree)
    network.tree = imported->tree->treeText();
  return true;
}

std::optional<Network> command::networkFromObject(const json::Object &object,
                                                  const Arguments &arguments,
                                                  ErrorFn onError) {
  if (isInterchange(object)) {
    Network network;
    if (!readInterchange(object, network, onError) ||
        !applyArguments(network, arguments, onError))
      return std::nullopt;
    return network;
  }
  if (!checkCaseKeys(object, onError))
    return std::nullopt;
  std::optional<Case> problem = Case::fromJSON(object, onError);
  if (!problem)
    return std::nullopt;
  Network network;
  network.problem = std::move(*problem);
  if (!readTypes(object, network, onError) ||
      !readPlanningKeys(object, network, onError) ||
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
  if (arguments.command & (RunCommand | GradCommand)) {
    network.inputs.assign(words.begin(), words.end());
  } else {
    network.problem.shapes.emplace();
    for (auto [operand, word] : llvm::enumerate(words)) {
      auto atOperand = [&, operand = operand](Fault diagnostic) {
        if (!diagnostic.operand)
          diagnostic.operand = operand;
        // The position is one of the shape's text, not of the equation.
        diagnostic.position.reset();
        onError(locate(diagnostic, network.problem.expr));
      };
      std::optional<Shape> shape =
          parseShape(word, atOperand, arguments.command == CompileCommand);
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
