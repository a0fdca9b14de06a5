//===- CaseGeometry.cpp - Geometry in a case object -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads `conv_modes` with the strictness that docs/Cli.md asks for: nothing
// that is not understood is passed over.
//
//===----------------------------------------------------------------------===//

#include "Characters.h"
#include "conveinsum/Equation/Case.h"
#include "conveinsum/Equation/GeometryText.h"
#include "conveinsum/Equation/NearWord.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/JSON.h"

using namespace conveinsum;
using llvm::StringRef;
using llvm::Twine;

namespace {
/// Reads the object of one mode.
class ModeReader {
public:
  ModeReader(const std::string &mode, Geometry &geometry,
             ExpectedExtents &expected, ErrorFn onError)
      : mode(mode), geometry(geometry), expected(expected), onError(onError) {}

  bool read(const llvm::json::Value &value);

private:
  bool readKey(StringRef key, const llvm::json::Value &value);
  bool readDilation(const llvm::json::Value &value);
  bool readPadding(const llvm::json::Value &value);
  bool readBoolean(bool &target, StringRef key, const llvm::json::Value &value);
  bool readFeature(const llvm::json::Value &value);
  bool readKind(const llvm::json::Value &value);

  std::string nameOf(StringRef key) const {
    return (key + " of mode '" + spellLabel(mode) + "'").str();
  }
  std::optional<int64_t> integer(StringRef key,
                                 const llvm::json::Value &value) {
    return readInteger(value, nameOf(key), mode, onError);
  }
  /// Reads an integer into `target`, an int64_t or an optional one.
  template <typename T>
  bool readInto(T &target, StringRef key, const llvm::json::Value &value) {
    std::optional<int64_t> number = integer(key, value);
    if (number)
      target = *number;
    return number.has_value();
  }
  bool fail(const char *constraint, const Twine &message,
            std::optional<unsigned> operand = std::nullopt) {
    onError({message.str(), std::nullopt, operand, mode, constraint});
    return false;
  }
  bool failType(StringRef key, const char *wanted,
                const llvm::json::Value &value,
                const char *constraint = "C44") {
    return fail(constraint, nameOf(key) + ": expected " + wanted + ", got " +
                                llvm::formatv("{0}", value).str());
  }

  const std::string &mode;
  Geometry &geometry;
  ExpectedExtents &expected;
  ErrorFn onError;
};
} // namespace

bool ModeReader::read(const llvm::json::Value &value) {
  const llvm::json::Object *object = value.getAsObject();
  if (!object)
    return failType("geometry", "an object", value);
  return llvm::all_of(*object, [&](const auto &entry) {
    return readKey(entry.first, entry.second);
  });
}

bool ModeReader::readKey(StringRef key, const llvm::json::Value &value) {
  if (key == "stride")
    return readInto(geometry.stride, key, value);
  if (key == "dilation")
    return readDilation(value);
  if (key == "padding")
    return readPadding(value);
  if (key == "flip")
    return readBoolean(geometry.flip, key, value);
  if (key == "feature_operand")
    return readFeature(value);
  if (key == "kind")
    return readKind(value);
  if (key == "transposed")
    return readBoolean(geometry.transposed, key, value);
  if (key == "output_padding")
    return readInto(geometry.outputPadding, key, value);
  if (key == "in_size")
    return readInto(expected.feature, key, value);
  if (key == "out_size")
    return readInto(expected.result, key, value);
  static constexpr StringRef kKeys[] = {
      "stride", "dilation",   "padding",        "flip",    "feature_operand",
      "kind",   "transposed", "output_padding", "in_size", "out_size"};
  return fail("C43", unknownGeometryKey(key, mode, kKeys));
}

bool ModeReader::readDilation(const llvm::json::Value &value) {
  const llvm::json::Object *object = value.getAsObject();
  if (!object) {
    if (!value.getAsNumber())
      return failType("dilation",
                      "an integer or an object of operand positions", value);
    std::optional<int64_t> number = integer("dilation", value);
    geometry.dilation = number.value_or(1);
    return number.has_value();
  }
  std::map<unsigned, int64_t> byOperand;
  for (const auto &[key, element] : *object) {
    unsigned operand;
    if (StringRef(key).getAsInteger(10, operand))
      return fail("C44", nameOf("dilation") +
                             ": expected the position of an operand, got '" +
                             StringRef(key) + "'");
    std::optional<int64_t> number = integer("dilation", element);
    if (!number)
      return false;
    if (!byOperand.insert({operand, *number}).second)
      return fail("C43",
                  nameOf("dilation") + " for operand " + Twine(operand) +
                      " is given twice",
                  operand);
  }
  geometry.dilation = std::move(byOperand);
  return true;
}

bool ModeReader::readPadding(const llvm::json::Value &value) {
  if (std::optional<StringRef> word = value.getAsString()) {
    auto padding = parsePaddingWord(*word, WordSource::Written);
    if (!padding)
      return fail("C40", unknownPaddingWord(*word, mode));
    geometry.padding = {*padding, 0, 0};
    return true;
  }
  geometry.padding.mode = PaddingMode::Explicit;
  const llvm::json::Array *pair = value.getAsArray();
  if (!pair) {
    if (!value.getAsNumber())
      return failType("padding", "a number, a pair of numbers or a word", value,
                      "C41");
    return readInto(geometry.padding.low, "padding", value) &&
           readInto(geometry.padding.high, "padding", value);
  }
  if (pair->size() != 2)
    return fail("C41", nameOf("padding") + ": expected two numbers, got " +
                           Twine(pair->size()));
  return readInto(geometry.padding.low, "padding", (*pair)[0]) &&
         readInto(geometry.padding.high, "padding", (*pair)[1]);
}

bool ModeReader::readBoolean(bool &target, StringRef key,
                             const llvm::json::Value &value) {
  std::optional<bool> boolean = value.getAsBoolean();
  if (!boolean)
    return failType(key, "true or false", value);
  target = *boolean;
  return true;
}

bool ModeReader::readFeature(const llvm::json::Value &value) {
  std::optional<int64_t> operand = integer("feature_operand", value);
  if (!operand)
    return false;
  if (*operand < 0 || *operand > std::numeric_limits<int32_t>::max())
    return failType("feature_operand", "the position of an operand", value,
                    "C35");
  geometry.feature = *operand;
  return true;
}

bool ModeReader::readKind(const llvm::json::Value &value) {
  std::optional<StringRef> word = value.getAsString();
  if (!word || (*word != "linear" && *word != "circular"))
    return fail("C42",
                nameOf("kind") + ": expected linear or circular, got " +
                    llvm::formatv("{0}", value).str() +
                    didYouMean(word.value_or(""), {"linear", "circular"}));
  geometry.kind =
      *word == "linear" ? RelationKind::Linear : RelationKind::Circular;
  return true;
}

bool conveinsum::readConvModes(const llvm::json::Value &value,
                               GeometryMap &geometry,
                               std::map<std::string, ExpectedExtents> &expected,
                               ErrorFn onError) {
  const llvm::json::Object *object = value.getAsObject();
  if (!object) {
    onError({"conv_modes: expected an object of labels, got " +
                 llvm::formatv("{0}", value).str(),
             std::nullopt, std::nullopt, std::nullopt, "C44"});
    return false;
  }
  for (const auto &[key, element] : *object) {
    std::string label = StringRef(key).str();
    if (!isValidName(label)) {
      onError({"conv_modes: expected a bare label such as h or t1, got '" +
                   label + "'" +
                   describeForeign(label, /*mayHaveLetters=*/true),
               std::nullopt, std::nullopt, std::nullopt, "C46"});
      return false;
    }
    if (!ModeReader(label, geometry[label], expected[label], onError)
             .read(element))
      return false;
  }
  return true;
}
