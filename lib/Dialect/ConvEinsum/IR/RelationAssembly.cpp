//===- RelationAssembly.cpp - Equations of conv modes ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads and writes `i0 - 2 i3 + 1 = 2 o` and what may follow it. Meaning is
// checked elsewhere; here numbers must fit 64 bits and names must be spelled
// right.
//
//===----------------------------------------------------------------------===//

#include "WhereClause.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Numbers and indices
//===----------------------------------------------------------------------===//

/// `value` with its sign, if that fits 64 bits.
static ParseResult toInt64(AsmParser &parser, SMLoc location,
                           const llvm::APInt &value, bool negative,
                           int64_t &result) {
  unsigned width = value.getBitWidth() + 2;
  llvm::APInt wide = value.sext(width);
  if (negative)
    wide.negate();
  if (!wide.isSignedIntN(64))
    return parser.emitError(location) << "integer does not fit 64 bits [C45]";
  result = wide.getSExtValue();
  return success();
}

std::optional<unsigned> conveinsum::indexOf(StringRef word, char letter) {
  unsigned operand;
  if (word.empty() || word.front() != letter ||
      word.drop_front().getAsInteger(10, operand))
    return std::nullopt;
  return operand;
}

ParseResult conveinsum::parseIndex(AsmParser &parser, char letter,
                                   unsigned &operand) {
  SMLoc location = parser.getCurrentLocation();
  StringRef word;
  if (parser.parseKeyword(&word))
    return failure();
  std::optional<unsigned> index = indexOf(word, letter);
  if (!index)
    return parser.emitError(location)
           << "expected '" << letter << "' with the number of an operand, got '"
           << word << "'";
  operand = *index;
  return success();
}

//===----------------------------------------------------------------------===//
// Equations
//===----------------------------------------------------------------------===//

namespace {
/// Parses the equation of one conv mode.
class RelationParser {
public:
  RelationParser(AsmParser &parser, LinearRelation &relation)
      : parser(parser), relation(relation) {}

  /// `first` is the index that has been consumed already, if one was.
  ParseResult parse(std::optional<unsigned> first) {
    return failure(parseSum(first) || parser.parseEqual() ||
                   parseResultSide() || parseModulus() || parseExtent() ||
                   parseFeature());
  }

private:
  ParseResult parseSum(std::optional<unsigned> first);
  ParseResult parseSummand(bool negative);
  ParseResult addTerm(SMLoc location, unsigned operand, int64_t coefficient);
  ParseResult parseResultSide();
  ParseResult parseModulus();
  ParseResult parseExtent();
  ParseResult parseShiftedExtent(SMLoc location);
  ParseResult parseFeature();

  AsmParser &parser;
  LinearRelation &relation;
  bool hasOffset = false;
};
} // namespace

ParseResult RelationParser::addTerm(SMLoc location, unsigned operand,
                                    int64_t coefficient) {
  if (relation.term(operand))
    return parser.emitError(location)
           << "i" << operand << " stands twice in the equation [C65]";
  relation.terms.push_back({operand, coefficient, kDynamic});
  return success();
}

ParseResult RelationParser::parseSummand(bool negative) {
  SMLoc location = parser.getCurrentLocation();
  int64_t number = negative ? -1 : 1;
  llvm::APInt value;
  OptionalParseResult integer = parser.parseOptionalInteger(value);
  bool hasNumber = integer.has_value();
  if (hasNumber &&
      (*integer || toInt64(parser, location, value, negative, number)))
    return failure();
  StringRef word;
  if (succeeded(parser.parseOptionalKeyword(&word))) {
    std::optional<unsigned> operand = indexOf(word, 'i');
    if (!operand)
      return parser.emitError(location)
             << "expected an index such as i0, got '" << word << "'";
    return addTerm(location, *operand, number);
  }
  if (!hasNumber)
    return parser.emitError(location)
           << "expected an integer or an index such as i0";
  if (hasOffset)
    return parser.emitError(location) << "expected one offset, got another";
  hasOffset = true;
  relation.offset = number;
  return success();
}

ParseResult RelationParser::parseSum(std::optional<unsigned> first) {
  if (first) {
    relation.terms.push_back({*first, 1, kDynamic});
  } else {
    bool negative = succeeded(parser.parseOptionalMinus());
    if (parseSummand(negative))
      return failure();
  }
  while (true) {
    bool negative = succeeded(parser.parseOptionalMinus());
    if (!negative && failed(parser.parseOptionalPlus()))
      return success();
    if (parseSummand(negative))
      return failure();
  }
}

ParseResult RelationParser::parseResultSide() {
  OptionalParseResult integer =
      parser.parseOptionalInteger(relation.resultCoefficient);
  if (integer.has_value() && failed(*integer))
    return failure();
  return parser.parseKeyword("o", " for the result's index");
}

ParseResult RelationParser::parseModulus() {
  if (failed(parser.parseOptionalLParen()))
    return success();
  SMLoc location = parser.getCurrentLocation();
  if (parser.parseKeyword("mod") || parser.parseInteger(relation.modulus) ||
      parser.parseRParen())
    return failure();
  if (relation.modulus < 1)
    return parser.emitError(location)
           << "expected a modulus of at least 1, got " << relation.modulus
           << " [C69]";
  return success();
}

/// `n0 + 1`, the number of positions before the division by the stride.
ParseResult RelationParser::parseShiftedExtent(SMLoc location) {
  unsigned operand = 0;
  if (parseIndex(parser, 'n', operand))
    return failure();
  int64_t shift = 0;
  bool negative = succeeded(parser.parseOptionalMinus());
  if (negative || succeeded(parser.parseOptionalPlus())) {
    llvm::APInt value;
    OptionalParseResult integer = parser.parseOptionalInteger(value);
    if (!integer.has_value())
      return parser.emitError(location) << "expected an integer";
    if (*integer || toInt64(parser, location, value, negative, shift))
      return failure();
  }
  int64_t offset;
  if (llvm::SubOverflow(shift, relation.resultCoefficient, offset))
    return parser.emitError(location) << "integer does not fit 64 bits [C45]";
  relation.extentOffset = offset;
  relation.feature = operand; // `feature` must say the same
  return success();
}

ParseResult RelationParser::parseExtent() {
  if (failed(parser.parseOptionalKeyword("extent")))
    return success();
  SMLoc location = parser.getCurrentLocation();
  OptionalParseResult integer =
      parser.parseOptionalInteger(relation.resultExtent);
  if (integer.has_value())
    return *integer;
  relation.resultExtent = kDynamic;
  int64_t divisor = 1;
  if (succeeded(parser.parseOptionalLParen())) {
    if (parseShiftedExtent(location) || parser.parseRParen() ||
        parser.parseKeyword("floordiv") || parser.parseInteger(divisor))
      return failure();
  } else if (parseShiftedExtent(location)) {
    return failure();
  }
  if (divisor != relation.resultCoefficient)
    return parser.emitError(location)
           << "expected the extent to be divided by the coefficient of o, "
           << relation.resultCoefficient << ", got " << divisor << " [C84]";
  return success();
}

ParseResult RelationParser::parseFeature() {
  std::optional<unsigned> extentOf = relation.feature;
  SMLoc location = parser.getCurrentLocation();
  if (succeeded(parser.parseOptionalKeyword("no"))) {
    relation.feature.reset();
    if (parser.parseKeyword("feature"))
      return failure();
  } else if (succeeded(parser.parseOptionalKeyword("feature"))) {
    if (parseIndex(parser, 'i', relation.feature.emplace()))
      return failure();
  } else if (!relation.terms.empty()) {
    relation.feature =
        llvm::min_element(relation.terms, [](const auto &a, const auto &b) {
          return a.operand < b.operand;
        })->operand;
  }
  if (extentOf && relation.feature != extentOf)
    return parser.emitError(location)
           << "expected the extent to depend on the feature, got n" << *extentOf
           << " [C84]";
  return success();
}

ParseResult conveinsum::parseRelation(AsmParser &parser,
                                      std::optional<unsigned> first,
                                      LinearRelation &relation) {
  relation.resultExtent = kDynamic;
  return RelationParser(parser, relation).parse(first);
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

void conveinsum::printLabel(AsmPrinter &printer, StringRef label) {
  bool isAscii = llvm::all_of(
      label, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (isAscii)
    printer << label;
  else
    printer.getStream() << '"' << label << '"';
}

/// `+ 3` or `- 3`, after something; -2^63 has no positive counterpart.
static void printShift(AsmPrinter &printer, int64_t shift) {
  uint64_t magnitude = llvm::AbsoluteValue(shift);
  if (shift != 0)
    printer << (shift < 0 ? " - " : " + ") << magnitude;
}

static void printSum(AsmPrinter &printer, const LinearRelation &relation) {
  bool isFirst = true;
  for (const LinearRelation::Term &term : relation.terms) {
    bool negative = term.coefficient < 0;
    uint64_t magnitude = llvm::AbsoluteValue(term.coefficient);
    if (isFirst)
      printer << (negative ? "-" : "");
    else
      printer << (negative ? " - " : " + ");
    if (magnitude != 1)
      printer << magnitude << " ";
    printer << "i" << term.operand;
    isFirst = false;
  }
  if (isFirst)
    printer << relation.offset;
  else
    printShift(printer, relation.offset);
}

static void printExtent(AsmPrinter &printer, const LinearRelation &relation,
                        bool inResult) {
  if (relation.extentOffset && relation.feature) {
    int64_t stride = relation.resultCoefficient;
    printer << " extent " << (stride > 1 ? "(" : "") << "n"
            << *relation.feature;
    printShift(printer, *relation.extentOffset + stride);
    if (stride > 1)
      printer << ") floordiv " << stride;
  } else if (!inResult) {
    printer << " extent " << relation.resultExtent;
  }
}

void conveinsum::printRelation(AsmPrinter &printer, StringRef label,
                               const LinearRelation &relation, bool inResult) {
  printLabel(printer, label);
  printer << ": ";
  printSum(printer, relation);
  printer << " = ";
  if (relation.resultCoefficient != 1)
    printer << relation.resultCoefficient << " ";
  printer << "o";
  if (relation.modulus)
    printer << " (mod " << relation.modulus << ")";
  printExtent(printer, relation, inResult);
  std::optional<unsigned> implied;
  if (!relation.terms.empty())
    implied = relation.terms.front().operand;
  if (!relation.feature)
    printer << " no feature";
  else if (relation.feature != implied)
    printer << " feature i" << *relation.feature;
}
