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

/// Why a word for a type that others have is none here.
static std::string explainType(StringRef word) {
  if (word == "f8")
    return ", which is 64 bits in NumPy and 8 elsewhere";
  if (word == "float" || word == "int")
    return ", which is 64 bits in NumPy and 32 elsewhere";
  if (word == "bool" || word.starts_with("u"))
    return "; files of booleans and unsigned integers are read as one of these";
  return didYouMean(
      word, {"f64",          "f32",     "f16",     "bf16",     "complex<f32>",
             "complex<f64>", "i8",      "i16",     "i32",      "i64",
             "float64",      "float32", "float16", "bfloat16", "complex64",
             "complex128",   "int8",    "int16",   "int32",    "int64",
             "half",         "double",  "single"});
}

static bool readElementType(StringRef word, StringRef what,
                            std::optional<ElementType> &type, ErrorFn onError) {
  type = parseElementType(std::string_view(word.data(), word.size()));
  if (type)
    return true;
  return refuse(onError, "expected " + what +
                             " to be one of f64, f32, f16, bf16, complex<f32>, "
                             "complex<f64>, i8, i16, i32, i64, got '" +
                             word + "'" + explainType(word));
}

//===----------------------------------------------------------------------===//
// From JSON
//===----------------------------------------------------------------------===//

/// What a case may say; Equation/Case.h reads those of the equation.
static constexpr StringRef kCaseKeys[] = {
    "expr",       "shapes",    "name",   "dtype",    "result_dtype",
    "conv_modes", "out_shape", "path",   "tree",     "gradients",
    "constants",  "inputs",    "output", "cotangent"};
/// What a case says of single modes.
static constexpr StringRef kModeKeys[] = {"stride", "dilation", "padding",
                                          "flip", "feature_operand"};

/// Keys that a data set carries along are free, but nothing that was meant for
/// us is passed over.
static bool checkCaseKeys(const json::Object &object, ErrorFn onError) {
  Fault fault;
  fault.constraint = "C43";
  // The object is a hash table: report the first fault by its spelling.
  std::optional<StringRef> first;
  for (const auto &[member, value] : object) {
    StringRef key = member;
    if (llvm::is_contained(kCaseKeys, key) || (first && *first < key))
      continue;
    bool isOfMode = llvm::is_contained(kModeKeys, key);
    std::string suggestion = isOfMode ? "" : didYouMean(key, kCaseKeys);
    if (!isOfMode && suggestion.empty())
      continue;
    first = key;
    fault.message = "unknown key '" + key.str() + "' in a case" + suggestion;
    if (isOfMode)
      fault.message +=
          ": expected it in 'conv_modes', with the label of a mode";
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
         (!dtype ||
          readElementType(*dtype, "'dtype'", network.dtype, onError)) &&
         (!resultDtype || readElementType(*resultDtype, "'result_dtype'",
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
    if (!readElementType(*word, "--dtype", network.dtype, onError))
      return false;
  if (auto word = arguments.value("result-dtype"))
    return readElementType(*word, "--result-dtype", network.resultDtype,
                           onError);
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
