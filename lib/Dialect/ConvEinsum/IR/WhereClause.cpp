//===- WhereClause.cpp - The list of conv modes in the assembly -----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads a user's words, and the list after `where` as a whole. Equations are
// read in RelationAssembly.cpp.
//
//===----------------------------------------------------------------------===//

#include "WhereClause.h"
#include "conveinsum/Equation/GeometryText.h"

using namespace mlir;
using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

/// A list of integers in brackets, or one integer.
static ParseResult parseNumbers(AsmParser &parser,
                                SmallVector<int64_t> &numbers, bool &isList) {
  isList = false;
  OptionalParseResult single =
      parser.parseOptionalInteger(numbers.emplace_back());
  if (single.has_value())
    return *single;
  numbers.clear();
  isList = true;
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
    return parser.parseInteger(numbers.emplace_back());
  });
}

/// A keyword has no hyphens: `same-upper` is written `same_upper`.
static std::string withOther(StringRef text, char from, char to) {
  std::string other = text.str();
  std::replace(other.begin(), other.end(), from, to);
  return other;
}

static ParseResult parsePadding(AsmParser &parser, Padding &padding) {
  SMLoc location = parser.getCurrentLocation();
  StringRef word;
  if (succeeded(parser.parseOptionalKeyword(&word))) {
    auto mode =
        parsePaddingWord(withOther(word, '_', '-'), WordSource::Written);
    if (!mode)
      return parser.emitError(location)
             << withOther(unknownPaddingWord(word, ""), '-', '_') << " [C40]";
    padding.mode = *mode;
    return success();
  }
  SmallVector<int64_t> numbers;
  bool isList;
  if (parseNumbers(parser, numbers, isList))
    return failure();
  if (isList && numbers.size() != 2)
    return parser.emitError(location) << "expected padding [low, high], got "
                                      << numbers.size() << " numbers [C41]";
  padding = {PaddingMode::Explicit, numbers.front(), numbers.back()};
  return success();
}

static ParseResult parseKind(AsmParser &parser, Geometry &geometry) {
  SMLoc location = parser.getCurrentLocation();
  StringRef word;
  if (parser.parseKeyword(&word))
    return failure();
  if (word == "linear")
    geometry.kind = RelationKind::Linear;
  else if (word == "circular")
    geometry.kind = RelationKind::Circular;
  else
    return parser.emitError(location)
           << "expected kind linear or circular, got '" << word << "' [C42]";
  return success();
}

/// The value of `key`, which has been consumed.
static ParseResult parseWord(AsmParser &parser, SMLoc location, StringRef key,
                             WhereEntry &entry) {
  if (llvm::is_contained(entry.keys, key))
    return parser.emitError(location)
           << "'" << key << "' is given twice for conv mode '" << entry.label
           << "' [C43]";
  entry.keys.push_back(key.str());
  Geometry &geometry = entry.geometry;
  if (key == "flip" || key == "transposed") {
    (key == "flip" ? geometry.flip : geometry.transposed) = true;
    return success();
  }
  static constexpr StringRef kKeys[] = {
      "stride",  "dilation", "padding",    "flip",
      "feature", "kind",     "transposed", "output_padding"};
  if (!llvm::is_contained(kKeys, key))
    return parser.emitError(location)
           << unknownGeometryKey(key, entry.label, kKeys)
           << "; an equation may stand here as well [C43]";
  if (parser.parseEqual())
    return failure();
  if (key == "stride")
    return parser.parseInteger(geometry.stride);
  if (key == "output_padding")
    return parser.parseInteger(geometry.outputPadding);
  if (key == "padding")
    return parsePadding(parser, geometry.padding);
  if (key == "feature")
    return parseIndex(parser, 'i', geometry.feature.emplace());
  if (key == "kind")
    return parseKind(parser, geometry);
  SmallVector<int64_t> numbers;
  bool isList;
  if (parseNumbers(parser, numbers, isList))
    return failure();
  if (isList)
    geometry.dilation = std::vector<int64_t>(numbers.begin(), numbers.end());
  else
    geometry.dilation = numbers.front();
  return success();
}

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

/// What follows the label and the colon.
static ParseResult parseEntry(AsmParser &parser, WhereEntry &entry) {
  SMLoc location = parser.getCurrentLocation();
  StringRef word;
  std::optional<unsigned> first;
  if (succeeded(parser.parseOptionalKeyword(&word))) {
    first = indexOf(word, 'i');
    if (!first)
      return parseWord(parser, location, word, entry);
  }
  entry.relation.emplace();
  return parseRelation(parser, first, *entry.relation);
}

ParseResult conveinsum::parseWhere(AsmParser &parser,
                                   SmallVectorImpl<WhereEntry> &entries) {
  SMLoc start = parser.getCurrentLocation();
  auto parseOne = [&]() -> ParseResult {
    SMLoc location = parser.getCurrentLocation();
    std::string word;
    if (parser.parseKeywordOrString(&word))
      return failure();
    if (succeeded(parser.parseOptionalColon())) {
      WhereEntry &entry = entries.emplace_back();
      entry.location = location;
      entry.label = word;
      return parseEntry(parser, entry);
    }
    // Another word for the mode before it.
    if (entries.empty() || entries.back().relation)
      return parser.emitError(location)
             << "expected ':' after the label of a conv mode, '" << word << "'";
    return parseWord(parser, location, word, entries.back());
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseOne))
    return failure();
  if (entries.empty())
    return parser.emitError(start) << "expected a conv mode after 'where'";
  return success();
}
