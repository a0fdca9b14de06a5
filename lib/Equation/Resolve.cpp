//===- Resolve.cpp - From syntax, geometry and shapes to meaning ----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Joins what the user wrote with shapes: ellipses and the implicit result are
// spelled out, sizes compared, and every conv mode becomes a relation.
//
//===----------------------------------------------------------------------===//

#include "GeometryResolve.h"
#include "conveinsum/Equation/Equation.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"

using namespace conveinsum;
using llvm::Twine;

namespace {
/// The modes of an operand with its ellipsis spelled out, and the byte that
/// each comes from.
struct SpelledOperand {
  llvm::SmallVector<ModeId, 6> modes;
  llvm::SmallVector<size_t, 6> positions;
};

class Resolver {
public:
  Resolver(const Syntax &syntax, const GeometryMap &geometry,
           llvm::ArrayRef<Shape> shapes, ErrorFn onError)
      : syntax(syntax), geometry(geometry), shapes(shapes), onError(onError),
        labels(syntax.labels), isConv(syntax.labels.size(), false) {
    for (ModeId mode : syntax.convModes)
      isConv[mode] = true;
  }

  std::optional<Equation> run();

private:
  bool checkGeometryLabels();
  bool checkRanks();
  void nameEllipsisModes();
  void spellOperands();
  bool spellResult();
  void deduceResult();
  bool checkExtents();
  bool checkPlainSizes();
  bool failSizes(ModeId mode, unsigned operand, size_t position, int64_t size,
                 unsigned firstOperand, int64_t firstSize);
  bool resolveConvModes();
  std::vector<ConvModeUse> collectConvModes() const;

  int64_t ellipsisRank(unsigned k) const {
    return int64_t(shapes[k].size()) - int64_t(syntax.operands[k].modes.size());
  }
  std::string quoted(ModeId mode) const {
    std::string spelled = "'" + spellLabel(labels[mode]) + "'";
    return mode < syntax.labels.size() ? spelled : spelled + " of the ellipsis";
  }
  bool fail(std::optional<size_t> position, const char *constraint,
            const Twine &message,
            std::optional<unsigned> operand = std::nullopt,
            std::optional<std::string> mode = std::nullopt) {
    onError({message.str(), position, operand, std::move(mode), constraint});
    return false;
  }

  const Syntax &syntax;
  const GeometryMap &geometry;
  llvm::ArrayRef<Shape> shapes;
  ErrorFn onError;

  /// Those of the syntax, then one per mode of the ellipsis.
  std::vector<std::string> labels;
  std::vector<bool> isConv;
  std::vector<ModeId> ellipsisModes;
  std::vector<SpelledOperand> operands;
  llvm::SmallVector<ModeId, 6> result;
  std::vector<LinearRelation> relations;
};
} // namespace

std::optional<Equation> Resolver::run() {
  if (!checkGeometryLabels() || !checkRanks())
    return std::nullopt;
  nameEllipsisModes();
  spellOperands();
  if (!spellResult() || !checkExtents() || !checkPlainSizes() ||
      !resolveConvModes())
    return std::nullopt;
  std::vector<llvm::SmallVector<ModeId, 6>> operandModes;
  for (SpelledOperand &operand : operands)
    operandModes.push_back(std::move(operand.modes));
  return Equation::fromParts({std::move(labels), std::move(operandModes),
                              std::move(result), shapes.vec(),
                              std::move(relations), syntax.hasWords});
}

bool Resolver::checkGeometryLabels() {
  for (auto &[label, unused] : geometry) {
    std::optional<ModeId> mode = syntax.find(label);
    if (!mode)
      return fail(std::nullopt, "C30",
                  "geometry given for '" + spellLabel(label) +
                      "', which is not in the equation",
                  std::nullopt, label);
    if (isConv[*mode])
      continue;
    for (auto [k, part] : llvm::enumerate(syntax.operands))
      if (auto it = llvm::find(part.modes, *mode); it != part.modes.end())
        return fail(part.positions[it - part.modes.begin()], "C30",
                    "geometry given for '" + spellLabel(label) +
                        "', which is a plain mode: expected a conv mode",
                    k, label);
  }
  return true;
}

bool Resolver::checkRanks() {
  size_t numOperands = syntax.operands.size();
  if (shapes.size() != numOperands) {
    size_t firstWithout = std::min(shapes.size(), numOperands - 1);
    return fail(syntax.operands[firstWithout].begin, "C20",
                "number of operands differs: expected " + Twine(numOperands) +
                    (numOperands == 1 ? " shape" : " shapes") +
                    ", one per operand, got " + Twine(shapes.size()));
  }
  for (auto [k, part] : llvm::enumerate(syntax.operands)) {
    int64_t rest = ellipsisRank(k);
    if (part.ellipsis ? rest < 0 : rest != 0)
      return fail(
          part.begin, "C21",
          "rank of operand " + Twine(k) + ": expected " +
              (part.ellipsis ? "at least " : "") + Twine(part.modes.size()) +
              (part.ellipsis ? ", one per label, got "
                             : ", one per label and no ellipsis, got ") +
              Twine(shapes[k].size()),
          k);
  }
  return true;
}

/// `_0`, `_1`, ... from the left of the longest ellipsis, without names that
/// the user took.
void Resolver::nameEllipsisModes() {
  int64_t rank = 0;
  for (unsigned k = 0; k < syntax.operands.size(); ++k)
    if (syntax.operands[k].ellipsis)
      rank = std::max(rank, ellipsisRank(k));
  llvm::StringSet<> taken;
  for (const std::string &label : syntax.labels)
    taken.insert(label);
  for (unsigned number = 0; int64_t(ellipsisModes.size()) < rank; ++number) {
    std::string label = "_" + std::to_string(number);
    if (taken.contains(label))
      continue;
    ellipsisModes.push_back(labels.size());
    labels.push_back(std::move(label));
    isConv.push_back(false);
  }
}

void Resolver::spellOperands() {
  for (auto [k, part] : llvm::enumerate(syntax.operands)) {
    SpelledOperand &operand = operands.emplace_back();
    operand.modes = part.modes;
    operand.positions = part.positions;
    if (!part.ellipsis)
      continue;
    // Aligned at the right: the last modes of the longest ellipsis.
    auto modes =
        llvm::ArrayRef<ModeId>(ellipsisModes).take_back(ellipsisRank(k));
    operand.modes.insert(operand.modes.begin() + *part.ellipsis, modes.begin(),
                         modes.end());
    operand.positions.insert(operand.positions.begin() + *part.ellipsis,
                             modes.size(), part.ellipsisPosition);
  }
}

bool Resolver::spellResult() {
  if (!syntax.result) {
    deduceResult();
    return true;
  }
  const SyntaxPart &part = *syntax.result;
  result = part.modes;
  if (part.ellipsis) {
    result.insert(result.begin() + *part.ellipsis, ellipsisModes.begin(),
                  ellipsisModes.end());
    return true;
  }
  for (unsigned k = 0; k < syntax.operands.size(); ++k)
    if (syntax.operands[k].ellipsis && ellipsisRank(k) > 0)
      return fail(part.begin, "C12",
                  "the ellipsis of operand " + Twine(k) + " stands for " +
                      Twine(ellipsisRank(k)) +
                      (ellipsisRank(k) == 1 ? " mode" : " modes") +
                      " and is missing from the result",
                  k);
  return true;
}

/// The implicit result: ellipsis, plain modes that occur once by code point
/// (which is the order of their bytes in UTF-8), conv modes.
void Resolver::deduceResult() {
  std::vector<unsigned> occurrences(labels.size(), 0);
  for (const SyntaxPart &part : syntax.operands)
    for (ModeId mode : part.modes)
      ++occurrences[mode];
  llvm::SmallVector<ModeId, 6> once;
  for (ModeId mode = 0; mode < syntax.labels.size(); ++mode)
    if (!isConv[mode] && occurrences[mode] == 1)
      once.push_back(mode);
  llvm::sort(once, [&](ModeId a, ModeId b) { return labels[a] < labels[b]; });
  result.append(ellipsisModes.begin(), ellipsisModes.end());
  result.append(once);
  result.append(syntax.convModes.begin(), syntax.convModes.end());
}

bool Resolver::checkExtents() {
  for (auto [k, operand] : llvm::enumerate(operands))
    for (auto [i, mode] : llvm::enumerate(operand.modes))
      if (int64_t extent = shapes[k][i]; extent < 0 && extent != kDynamic)
        return fail(operand.positions[i], "C22",
                    "extent of operand " + Twine(k) + " along mode " +
                        quoted(mode) + ": expected at least 0, got " +
                        Twine(extent),
                    k, labels[mode]);
  return true;
}

bool Resolver::checkPlainSizes() {
  struct FirstUse {
    unsigned operand;
    int64_t size;
  };
  std::vector<std::optional<FirstUse>> firstUse(labels.size());
  for (auto [k, operand] : llvm::enumerate(operands))
    for (auto [i, mode] : llvm::enumerate(operand.modes)) {
      int64_t size = shapes[k][i];
      if (isConv[mode] || size == kDynamic)
        continue;
      std::optional<FirstUse> &first = firstUse[mode];
      if (!first)
        first = FirstUse{unsigned(k), size};
      else if (first->size != size)
        return failSizes(mode, k, operand.positions[i], size, first->operand,
                         first->size);
    }
  return true;
}

bool Resolver::failSizes(ModeId mode, unsigned operand, size_t position,
                         int64_t size, unsigned firstOperand,
                         int64_t firstSize) {
  std::string note;
  if (size == 1 || firstSize == 1)
    note = "; a size of 1 is not broadcast";
  if (operand == firstOperand)
    return fail(position, "C23",
                "sizes of mode " + quoted(mode) + " differ inside operand " +
                    Twine(operand) + ": expected " + Twine(firstSize) +
                    ", got " + Twine(size) + note,
                operand, labels[mode]);
  return fail(position, "C23",
              "sizes of mode " + quoted(mode) + " differ: expected " +
                  Twine(firstSize) + " as of operand " + Twine(firstOperand) +
                  ", got " + Twine(size) + " of operand " + Twine(operand) +
                  note,
              operand, labels[mode]);
}

/// The conv modes in the order after '|', with their participants.
std::vector<ConvModeUse> Resolver::collectConvModes() const {
  std::vector<ConvModeUse> uses;
  std::vector<unsigned> useOf(labels.size(), 0);
  for (auto [mode, position] :
       llvm::zip(syntax.convModes, syntax.convPositions)) {
    useOf[mode] = uses.size();
    uses.push_back(
        {mode, labels[mode], position, llvm::is_contained(result, mode), {}});
  }
  for (auto [k, operand] : llvm::enumerate(operands))
    for (auto [i, mode] : llvm::enumerate(operand.modes))
      if (isConv[mode])
        uses[useOf[mode]].participants.push_back(
            {unsigned(k), shapes[k][i], operand.positions[i]});
  return uses;
}

bool Resolver::resolveConvModes() {
  static const Geometry kDefault;
  for (const ConvModeUse &use : collectConvModes()) {
    auto it = geometry.find(use.label);
    std::optional<LinearRelation> relation =
        resolveGeometry(use, operands.size(),
                        it == geometry.end() ? kDefault : it->second, onError);
    if (!relation)
      return false;
    relations.push_back(std::move(*relation));
  }
  return true;
}

std::optional<Equation> Equation::resolve(const Syntax &syntax,
                                          const GeometryMap &geometry,
                                          llvm::ArrayRef<Shape> shapes,
                                          ErrorFn onError) {
  return Resolver(syntax, geometry, shapes, onError).run();
}

std::optional<Equation> Equation::create(llvm::StringRef text,
                                         const GeometryMap &geometry,
                                         llvm::ArrayRef<Shape> shapes,
                                         ErrorFn onError) {
  std::optional<Syntax> syntax = Syntax::parse(text, onError);
  if (!syntax)
    return std::nullopt;
  return resolve(*syntax, geometry, shapes, onError);
}
