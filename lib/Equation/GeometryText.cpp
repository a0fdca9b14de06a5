//===- GeometryText.cpp - Geometry and shapes on a command line -----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parses the values of `--conv=` and the shapes of operands.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/GeometryText.h"
#include "Characters.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

using namespace conveinsum;
using llvm::StringRef;
using llvm::Twine;

static std::nullopt_t fail(ErrorFn onError, const char *constraint,
                           const Twine &message,
                           std::optional<std::string> mode = std::nullopt) {
  onError(
      {message.str(), std::nullopt, std::nullopt, std::move(mode), constraint});
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Integers and shapes
//===----------------------------------------------------------------------===//

std::optional<int64_t> conveinsum::parseInteger(StringRef text, StringRef what,
                                                std::optional<std::string> mode,
                                                ErrorFn onError) {
  StringRef digits = text;
  digits.consume_front("-");
  if (digits.empty() || !llvm::all_of(digits, llvm::isDigit))
    return fail(onError, "C44",
                what + ": expected an integer, got '" + text + "'" +
                    describeForeign(text),
                std::move(mode));
  int64_t value;
  if (text.getAsInteger(10, value))
    return fail(onError, "C45",
                what + ": overflow, " + text + " does not fit signed 64 bit",
                std::move(mode));
  return value;
}

std::optional<Shape> conveinsum::parseShape(StringRef text, ErrorFn onError,
                                            bool open) {
  Shape shape;
  if (text == "scalar")
    return shape;
  llvm::SmallVector<StringRef, 6> extents;
  text.split(extents, 'x');
  for (StringRef extent : extents) {
    if (open && extent == "?") {
      shape.push_back(kDynamic);
      continue;
    }
    StringRef digits = extent;
    bool isNegative = digits.consume_front("-");
    if (digits.empty() || !llvm::all_of(digits, llvm::isDigit))
      return fail(onError, "C47",
                  "expected a shape such as 32x64x56x56, or scalar, got '" +
                      text + "'" + describeForeign(text));
    int64_t value;
    if (extent.getAsInteger(10, value))
      return fail(onError, "C45",
                  "extent of shape '" + text + "': overflow, " + extent +
                      " does not fit signed 64 bit");
    if (isNegative)
      return fail(onError, "C22",
                  "extent of shape '" + text + "': expected at least 0, got " +
                      extent);
    shape.push_back(value);
  }
  return shape;
}

std::string conveinsum::toString(llvm::ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "scalar";
  auto text = [](int64_t extent) {
    return extent == kDynamic ? std::string("?") : std::to_string(extent);
  };
  return llvm::join(llvm::map_range(shape, text), "x");
}

//===----------------------------------------------------------------------===//
// Geometry
//===----------------------------------------------------------------------===//

namespace {
/// Parses the value of one key into the geometry of one mode.
class ValueParser {
public:
  ValueParser(const std::string &mode, Geometry &geometry, ErrorFn onError)
      : mode(mode), geometry(geometry), onError(onError) {}

  /// `value` is absent if there is no '='.
  bool parse(StringRef key, std::optional<StringRef> value);

private:
  bool parseDilation(StringRef value);
  bool parsePadding(StringRef value);
  bool parseFlag(bool &flag, StringRef key, std::optional<StringRef> value);
  bool parseFeature(StringRef value);
  bool parseKind(StringRef value);

  std::string nameOf(StringRef key) const {
    return (key + " of mode '" + spellLabel(mode) + "'").str();
  }
  std::optional<int64_t> integer(StringRef key, StringRef value) {
    return parseInteger(value, nameOf(key), mode, onError);
  }
  bool fail(const char *constraint, const Twine &message) {
    ::fail(onError, constraint, message, mode);
    return false;
  }

  const std::string &mode;
  Geometry &geometry;
  ErrorFn onError;
};
} // namespace

static constexpr StringRef kKeys[] = {"stride",     "dilation",      "padding",
                                      "flip",       "feature",       "kind",
                                      "transposed", "output-padding"};

llvm::ArrayRef<StringRef> conveinsum::geometryKeys() { return kKeys; }

bool ValueParser::parse(StringRef key, std::optional<StringRef> value) {
  if (key == "flip")
    return parseFlag(geometry.flip, key, value);
  if (key == "transposed")
    return parseFlag(geometry.transposed, key, value);
  if (!llvm::is_contained(kKeys, key))
    return fail("C43", unknownGeometryKey(key, mode, kKeys));
  if (!value)
    return fail("C44",
                nameOf(key) + ": expected a value, as in " + key + "=...");
  if (key == "dilation")
    return parseDilation(*value);
  if (key == "padding")
    return parsePadding(*value);
  if (key == "feature")
    return parseFeature(*value);
  if (key == "kind")
    return parseKind(*value);
  std::optional<int64_t> number = integer(key, *value);
  if (number)
    (key == "stride" ? geometry.stride : geometry.outputPadding) = *number;
  return number.has_value();
}

bool ValueParser::parseDilation(StringRef value) {
  if (!value.contains('/')) {
    std::optional<int64_t> number = integer("dilation", value);
    geometry.dilation = number.value_or(1);
    return number.has_value();
  }
  std::vector<int64_t> perKernel;
  llvm::SmallVector<StringRef, 4> parts;
  value.split(parts, '/');
  for (StringRef part : parts) {
    std::optional<int64_t> number = integer("dilation", part);
    if (!number)
      return false;
    perKernel.push_back(*number);
  }
  geometry.dilation = std::move(perKernel);
  return true;
}

bool ValueParser::parsePadding(StringRef value) {
  if (auto word = parsePaddingWord(value, WordSource::Typed)) {
    geometry.padding = {*word, 0, 0};
    return true;
  }
  if (value.empty() || llvm::none_of(value, llvm::isDigit))
    return fail("C40", unknownPaddingWord(value, mode));
  llvm::SmallVector<StringRef, 4> parts;
  value.split(parts, '/');
  if (parts.size() > 2)
    return fail("C41", nameOf("padding") +
                           ": expected one number or two, got " +
                           Twine(parts.size()));
  std::optional<int64_t> low = integer("padding", parts.front());
  std::optional<int64_t> high = low ? integer("padding", parts.back()) : low;
  if (!high)
    return false;
  geometry.padding = {PaddingMode::Explicit, *low, *high};
  return true;
}

bool ValueParser::parseFlag(bool &flag, StringRef key,
                            std::optional<StringRef> value) {
  if (value && *value != "true" && *value != "false")
    return fail("C44",
                nameOf(key) + ": expected true or false, got '" + *value + "'");
  flag = !value || *value == "true";
  return true;
}

bool ValueParser::parseFeature(StringRef value) {
  std::optional<int64_t> operand = integer("feature", value);
  if (!operand)
    return false;
  if (*operand < 0 || *operand > std::numeric_limits<int32_t>::max())
    return fail("C35", nameOf("feature") +
                           ": expected the position of an operand, got " +
                           Twine(*operand));
  geometry.feature = *operand;
  return true;
}

bool ValueParser::parseKind(StringRef value) {
  if (value != "linear" && value != "circular")
    return fail("C42", nameOf("kind") + ": expected linear or circular, got '" +
                           value + "'");
  geometry.kind =
      value == "linear" ? RelationKind::Linear : RelationKind::Circular;
  return true;
}

/// The bare labels before ':', or nothing after a fault.
static std::optional<std::vector<std::string>> parseLabels(StringRef text,
                                                           ErrorFn onError) {
  std::vector<std::string> labels;
  llvm::SmallVector<StringRef, 4> parts;
  text.split(parts, ',');
  for (StringRef part : parts) {
    StringRef bare = part.trim(" \t");
    if (bare.size() >= 2 && bare.front() == '(' && bare.back() == ')')
      bare = bare.drop_front().drop_back();
    if (!isValidName(bare))
      return fail(onError, "C46",
                  "expected a label such as h or t1, got '" + part + "'" +
                      describeForeign(part, /*mayHaveLetters=*/true));
    labels.push_back(bare.str());
  }
  return labels;
}

bool GeometryOptions::add(StringRef option, ErrorFn onError) {
  size_t colon = option.find(':');
  if (colon == StringRef::npos) {
    fail(onError, "C44",
         "expected LABEL[,LABEL...]:KEY=VALUE[,KEY=VALUE...], got '" + option +
             "'");
    return false;
  }
  std::optional<std::vector<std::string>> labels =
      parseLabels(option.take_front(colon), onError);
  if (!labels)
    return false;
  llvm::SmallVector<StringRef, 4> pairs;
  option.drop_front(colon + 1).split(pairs, ',');
  for (const std::string &label : *labels) {
    Geometry &geometry = map[label];
    for (StringRef pair : pairs) {
      // Spaces around a word mean nothing, as around labels.
      auto [key, value] = pair.split('=');
      key = key.trim(" \t");
      value = value.trim(" \t");
      if (key == "output_padding") // PyTorch's spelling
        key = "output-padding";
      bool hasValue = pair.contains('=');
      if (!given.insert({label, key.str()}).second) {
        fail(onError, "C43",
             key + " of mode '" + spellLabel(label) + "' is given twice",
             label);
        return false;
      }
      if (!ValueParser(label, geometry, onError)
               .parse(key, hasValue ? std::optional(value) : std::nullopt))
        return false;
    }
  }
  return true;
}
