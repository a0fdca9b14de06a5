//===- NetworkExport.cpp - Networks for other planners --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plain networks as cotengra's JSON and as the text of an einsum.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Interchange/Interchange.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/JSON.h"

using namespace conveinsum;
namespace json = llvm::json;

static constexpr unsigned kLetters = 52;

/// Reports what other planners do not know.
static bool checkPlain(const Equation &equation, ErrorFn onError) {
  if (equation.relations().empty())
    return true;
  Fault diagnostic;
  diagnostic.mode = equation.label(equation.relations().front().mode).str();
  diagnostic.message = "expected plain modes only, got conv mode '" +
                       spellLabel(*diagnostic.mode) + "'";
  onError(diagnostic);
  return false;
}

static bool checkStatic(const Equation &equation, ErrorFn onError) {
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand) {
    auto modes = equation.operandModes(operand);
    auto shape = equation.operandShape(operand);
    for (auto [mode, extent] : llvm::zip_equal(modes, shape)) {
      if (extent != kDynamic)
        continue;
      Fault diagnostic;
      diagnostic.operand = operand;
      diagnostic.mode = equation.label(mode).str();
      diagnostic.message = "expected static extents, got a dynamic extent of "
                           "mode '" +
                           spellLabel(*diagnostic.mode) + "'";
      onError(diagnostic);
      return false;
    }
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Labels
//===----------------------------------------------------------------------===//

static bool isOneLetter(llvm::StringRef label) {
  return label.size() == 1 && llvm::isAlpha(label.front());
}

static bool isOneCharacter(llvm::StringRef label) {
  auto begins = [](char c) { return (c & 0xc0) != 0x80; };
  return llvm::count_if(label, begins) == 1 && label != "_";
}

/// `get_symbol` of opt_einsum and cotengra: letters, then from U+00C0 on, less
/// the surrogates.
static std::string symbol(unsigned index) {
  if (index < kLetters)
    return std::string(1, char(index < 26 ? 'a' + index : 'A' + index - 26));
  unsigned codePoint = index + 140;
  if (codePoint >= 0xd800)
    codePoint += 0x800;
  char bytes[UNI_MAX_UTF8_BYTES_PER_CODE_POINT], *end = bytes;
  llvm::ConvertCodePointToUTF8(codePoint, end);
  return std::string(bytes, end);
}

static std::vector<std::string> ownLabels(const Equation &equation) {
  std::vector<std::string> labels;
  for (ModeId mode = 0; mode < equation.numModes(); ++mode)
    labels.push_back(equation.label(mode).str());
  return labels;
}

std::vector<std::string> conveinsum::einsumLabels(const Equation &equation) {
  std::vector<std::string> labels = ownLabels(equation);
  bool hasMany = labels.size() > kLetters;
  if (llvm::all_of(labels, hasMany ? isOneCharacter : isOneLetter))
    return labels;
  for (ModeId mode = 0; mode < labels.size(); ++mode)
    labels[mode] = symbol(mode);
  return labels;
}

//===----------------------------------------------------------------------===//
// Networks
//===----------------------------------------------------------------------===//

std::optional<std::string> conveinsum::einsumText(const Equation &equation,
                                                  ErrorFn onError) {
  if (!checkPlain(equation, onError))
    return std::nullopt;
  std::vector<std::string> labels = einsumLabels(equation);
  std::string text;
  auto append = [&](llvm::ArrayRef<ModeId> modes) {
    for (ModeId mode : modes)
      text += labels[mode];
  };
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand) {
    if (operand != 0)
      text += ',';
    append(equation.operandModes(operand));
  }
  text += "->";
  append(equation.resultModes());
  return text;
}

static json::Array stepsJSON(llvm::ArrayRef<ContractionTree::Step> steps) {
  json::Array array;
  for (auto [first, second] : steps)
    array.push_back(json::Array{first, second});
  return array;
}

std::optional<json::Object>
conveinsum::exportNetwork(const Equation &equation, const ContractionTree *tree,
                          ErrorFn onError) {
  if (!checkPlain(equation, onError) || !checkStatic(equation, onError))
    return std::nullopt;
  std::vector<std::string> labels = equation.numModes() > kLetters
                                        ? ownLabels(equation)
                                        : einsumLabels(equation);
  auto names = [&](llvm::ArrayRef<ModeId> modes) {
    json::Array array;
    for (ModeId mode : modes)
      array.push_back(labels[mode]);
    return array;
  };
  json::Array inputs;
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
    inputs.push_back(names(equation.operandModes(operand)));
  json::Object sizes;
  for (ModeId mode = 0; mode < equation.numModes(); ++mode)
    sizes[labels[mode]] = equation.size(mode);
  json::Object network{{"inputs", std::move(inputs)},
                       {"output", names(equation.resultModes())},
                       {"size_dict", std::move(sizes)}};
  if (tree) {
    network["path"] = stepsJSON(tree->linearPath());
    network["ssa_path"] = stepsJSON(tree->steps());
  }
  return network;
}
