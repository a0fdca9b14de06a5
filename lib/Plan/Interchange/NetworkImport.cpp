//===- NetworkImport.cpp - Networks of other planners, read ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads cotengra's JSON strictly: whatever is not understood is refused.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/NearWord.h"
#include "conveinsum/Plan/Interchange/Interchange.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/JSON.h"

using namespace conveinsum;
using llvm::StringRef;
using Step = ContractionTree::Step;
namespace json = llvm::json;

/// What a value is, for messages.
static std::string describe(const json::Value &value) {
  switch (value.kind()) {
  case json::Value::Null:
    return "null";
  case json::Value::Boolean:
    return *value.getAsBoolean() ? "true" : "false";
  case json::Value::Number:
    return llvm::formatv("{0}", value).str();
  case json::Value::String:
    return "the string '" + value.getAsString()->str() + "'";
  case json::Value::Array:
    return "a list";
  case json::Value::Object:
    return "an object";
  }
  return "";
}

static std::string quote(StringRef text) { return "'" + text.str() + "'"; }

namespace {
class Importer {
public:
  Importer(const json::Object &object, ErrorFn onError)
      : object(object), onError(onError) {}

  std::optional<ImportedNetwork> read();

private:
  using Indices = std::vector<ModeId>;

  bool fail(std::string message, std::optional<unsigned> operand = std::nullopt,
            std::optional<StringRef> index = std::nullopt) {
    Fault diagnostic;
    diagnostic.message = std::move(message);
    diagnostic.operand = operand;
    if (index)
      diagnostic.mode = index->str();
    onError(diagnostic);
    return false;
  }

  bool checkKeys();
  const json::Array *list(const json::Value *value, const std::string &what);
  bool readNames(const json::Value &value, const std::string &what,
                 std::vector<std::string> &out);
  bool readInputs();
  bool readOutput();
  bool readSizes();
  bool readShapes(const json::Value &value);
  bool readSizeDict(const json::Value &value);
  bool setSize(ModeId mode, const json::Value &value, const std::string &what,
               std::optional<unsigned> operand);
  std::optional<llvm::SmallVector<Step, 8>> readSteps(StringRef key);
  std::optional<ContractionTree> readTree(StringRef key);
  bool readTrees(std::optional<ContractionTree> &out);
  std::vector<std::string> labels() const;

  const json::Object &object;
  ErrorFn onError;
  std::vector<std::string> names; ///< of the indices, by mode
  llvm::StringMap<ModeId> modeOf;
  std::vector<Indices> inputs;
  Indices output;
  std::vector<std::optional<int64_t>> sizes; ///< by mode
};
} // namespace

//===----------------------------------------------------------------------===//
// Indices
//===----------------------------------------------------------------------===//

bool Importer::checkKeys() {
  static const StringRef known[] = {"inputs", "output", "size_dict",
                                    "shapes", "path",   "ssa_path"};
  std::vector<StringRef> unknown;
  for (const auto &[key, value] : object)
    if (!llvm::is_contained(known, StringRef(key)))
      unknown.push_back(key);
  if (unknown.empty())
    return true;
  StringRef first = *llvm::min_element(unknown);
  return fail("expected the keys " + llvm::join(llvm::ArrayRef(known), ", ") +
              ", got " + quote(first) + didYouMean(first, known));
}

/// Null, and a report, if the value is absent or no list.
const json::Array *Importer::list(const json::Value *value,
                                  const std::string &what) {
  if (!value)
    fail("expected a list in " + what + ", got nothing");
  else if (!value->getAsArray())
    fail("expected a list in " + what + ", got " + describe(*value));
  else
    return value->getAsArray();
  return nullptr;
}

bool Importer::readNames(const json::Value &value, const std::string &what,
                         std::vector<std::string> &out) {
  const json::Array *names = list(&value, what);
  if (!names)
    return false;
  for (const json::Value &name : *names) {
    if (!name.getAsString())
      return fail("expected index names in " + what + ", got " +
                  describe(name));
    out.push_back(name.getAsString()->str());
  }
  return true;
}

bool Importer::readInputs() {
  const json::Array *lists = list(object.get("inputs"), "'inputs'");
  if (!lists)
    return false;
  if (lists->empty())
    return fail("expected at least one input, got none");
  for (const json::Value &value : *lists) {
    std::vector<std::string> held;
    if (!readNames(value, "input " + std::to_string(inputs.size()), held))
      return false;
    inputs.emplace_back();
    for (const std::string &name : held) {
      auto [found, isNew] = modeOf.try_emplace(name, names.size());
      if (isNew)
        names.push_back(name);
      inputs.back().push_back(found->second);
    }
  }
  return true;
}

bool Importer::readOutput() {
  std::vector<std::string> held;
  const json::Value *value = object.get("output");
  if (!list(value, "'output'") || !readNames(*value, "'output'", held))
    return false;
  for (const std::string &name : held) {
    auto found = modeOf.find(name);
    if (found == modeOf.end())
      return fail("expected indices of the inputs in 'output', got " +
                      quote(name),
                  std::nullopt, name);
    if (llvm::is_contained(output, found->second))
      return fail("expected every index once in 'output', got " + quote(name) +
                      " twice",
                  std::nullopt, name);
    output.push_back(found->second);
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

bool Importer::setSize(ModeId mode, const json::Value &value,
                       const std::string &what,
                       std::optional<unsigned> operand) {
  constexpr uint64_t largest = std::numeric_limits<int64_t>::max();
  std::string ofIndex = " of index " + quote(names[mode]) + " in " + what;
  std::optional<uint64_t> size = value.getAsUINT64();
  if (!size || *size > largest)
    return fail("expected a size" + ofIndex + ", got " + describe(value),
                operand, names[mode]);
  if (sizes[mode].value_or(*size) != int64_t(*size))
    return fail("expected size " + std::to_string(*sizes[mode]) + ofIndex +
                    " as elsewhere, got " + std::to_string(*size),
                operand, names[mode]);
  sizes[mode] = *size;
  return true;
}

bool Importer::readSizeDict(const json::Value &value) {
  const json::Object *dict = value.getAsObject();
  if (!dict)
    return fail("expected an object in 'size_dict', got " + describe(value));
  for (ModeId mode = 0; mode < names.size(); ++mode) {
    const json::Value *size = dict->get(names[mode]);
    if (!size)
      return fail("expected a size of index " + quote(names[mode]) +
                      " in 'size_dict', got none",
                  std::nullopt, names[mode]);
    if (!setSize(mode, *size, "'size_dict'", std::nullopt))
      return false;
  }
  return true;
}

bool Importer::readShapes(const json::Value &value) {
  const json::Array *shapes = list(&value, "'shapes'");
  if (!shapes)
    return false;
  if (shapes->size() != inputs.size())
    return fail("expected " + std::to_string(inputs.size()) +
                " lists in 'shapes', got " + std::to_string(shapes->size()));
  for (unsigned input = 0; input < inputs.size(); ++input) {
    std::string what = "shape " + std::to_string(input);
    const json::Array *shape = list(&(*shapes)[input], what);
    if (!shape)
      return false;
    if (shape->size() != inputs[input].size())
      return fail("expected " + std::to_string(inputs[input].size()) +
                      " sizes in " + what + ", got " +
                      std::to_string(shape->size()),
                  input);
    for (auto [mode, size] : llvm::zip_equal(inputs[input], *shape))
      if (!setSize(mode, size, what, input))
        return false;
  }
  return true;
}

bool Importer::readSizes() {
  sizes.resize(names.size());
  const json::Value *dict = object.get("size_dict");
  const json::Value *shapes = object.get("shapes");
  if (!dict && !shapes)
    return fail("expected 'size_dict' or 'shapes', got neither");
  return (!dict || readSizeDict(*dict)) && (!shapes || readShapes(*shapes));
}

//===----------------------------------------------------------------------===//
// Paths
//===----------------------------------------------------------------------===//

std::optional<llvm::SmallVector<Step, 8>> Importer::readSteps(StringRef key) {
  const json::Array *steps = list(object.get(key), quote(key));
  if (!steps)
    return std::nullopt;
  llvm::SmallVector<Step, 8> out;
  // What opt_einsum says of a single input, which leaves nothing to join.
  if (inputs.size() == 1 && *steps == json::Array{json::Array{0}})
    return out;
  for (const json::Value &value : *steps) {
    std::string what =
        "step " + std::to_string(out.size()) + " of " + quote(key);
    const json::Array *step = list(&value, what);
    if (!step)
      return std::nullopt;
    if (step->size() != 2) {
      fail("expected two numbers in " + what + ", got " +
           std::to_string(step->size()));
      return std::nullopt;
    }
    unsigned pair[2];
    for (unsigned side : {0u, 1u}) {
      const json::Value &number = (*step)[side];
      std::optional<uint64_t> position = number.getAsUINT64();
      if (!position || *position > std::numeric_limits<unsigned>::max()) {
        fail("expected a position in " + what + ", got " + describe(number));
        return std::nullopt;
      }
      pair[side] = *position;
    }
    out.push_back({pair[0], pair[1]});
  }
  return out;
}

std::optional<ContractionTree> Importer::readTree(StringRef key) {
  auto steps = readSteps(key);
  if (!steps)
    return std::nullopt;
  auto inKey = [&](const Fault &fault) {
    fail(quote(key) + ": " + fault.message, fault.operand);
  };
  if (key == "path")
    return ContractionTree::fromLinearPath(*steps, inputs.size(), inKey);
  ContractionTree tree(inputs.size(), *steps);
  return tree.verify(inKey) ? std::optional(tree) : std::nullopt;
}

/// Whether two trees have the same steps up to the order of their sides.
static bool haveSameSteps(const ContractionTree &a, const ContractionTree &b) {
  return llvm::all_of(llvm::zip_equal(a.steps(), b.steps()), [](auto steps) {
    auto [first, second] = steps;
    return std::minmax(first.first, first.second) ==
           std::minmax(second.first, second.second);
  });
}

bool Importer::readTrees(std::optional<ContractionTree> &out) {
  for (StringRef key : {"path", "ssa_path"}) {
    if (!object.get(key))
      continue;
    std::optional<ContractionTree> tree = readTree(key);
    if (!tree)
      return false;
    if (out && !haveSameSteps(*out, *tree))
      return fail("expected the same steps in 'path' and 'ssa_path', got " +
                  out->ssaPathText() + " and " + tree->ssaPathText());
    out = std::move(tree);
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Networks
//===----------------------------------------------------------------------===//

/// Names that cannot stand in an equation are replaced by x0, x1, ...
std::vector<std::string> Importer::labels() const {
  std::vector<std::string> labels = names;
  unsigned next = 0;
  for (std::string &label : labels) {
    if (isValidName(label))
      continue;
    do
      label = "x" + std::to_string(next++);
    while (modeOf.count(label));
  }
  return labels;
}

std::optional<ImportedNetwork> Importer::read() {
  ImportedNetwork network;
  if (!checkKeys() || !readInputs() || !readOutput() || !readSizes() ||
      !readTrees(network.tree))
    return std::nullopt;
  std::vector<std::string> labels = this->labels();
  auto append = [&](const Indices &indices) {
    for (ModeId mode : indices)
      network.text += spellLabel(labels[mode]);
  };
  for (const Indices &input : inputs) {
    if (&input != &inputs.front())
      network.text += ',';
    append(input);
    Shape &shape = network.shapes.emplace_back();
    for (ModeId mode : input)
      shape.push_back(*sizes[mode]);
  }
  network.text += "->";
  append(output);
  return network;
}

std::optional<ImportedNetwork>
conveinsum::importNetwork(const json::Value &value, ErrorFn onError) {
  if (const json::Object *object = value.getAsObject())
    return Importer(*object, onError).read();
  Fault diagnostic;
  diagnostic.message = "expected an object, got " + describe(value);
  onError(diagnostic);
  return std::nullopt;
}
