//===- JsonScanner.cpp - What a JSON parser passes over -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A recursive descent over the grammar that builds nothing but the keys of the
// objects that are open.
//
//===----------------------------------------------------------------------===//

#include "JsonScanner.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>
#include <cstdlib>

using namespace conveinsum;
using llvm::StringRef;
using llvm::Twine;

/// Far above what a case needs, far below what the stack holds.
static constexpr unsigned kMaxDepth = 256;
/// The same for memory: a value takes some dozens of bytes.
static constexpr uint64_t kMaxValues = uint64_t(1) << 22;

//===----------------------------------------------------------------------===//
// Faults
//===----------------------------------------------------------------------===//

bool JsonScanner::fail(const Twine &message, size_t position) {
  fault = JsonFault{message.str(), position};
  return false;
}

/// Text as messages quote it: the dots say that there is more of it.
static std::string shortened(StringRef text, size_t most) {
  return text.size() > most ? text.take_front(most).str() + "..." : text.str();
}

std::string JsonScanner::spellNext() const {
  if (at >= text.size())
    return "the end of the text";
  StringRef word = text.substr(at).take_while(
      [](char c) { return llvm::isAlnum(c) || c == '_' || c == '-'; });
  if (word.size() > 1)
    return "'" + shortened(word, 24) + "'";
  unsigned char next = text[at];
  if (next < 0x20 || next >= 0x7f)
    return "the byte 0x" + llvm::utohexstr(next, /*LowerCase=*/true);
  return std::string("'") + char(next) + "'";
}

bool JsonScanner::failHere(const Twine &expected) {
  return fail("expected " + expected + ", got " + spellNext(), at);
}

//===----------------------------------------------------------------------===//
// Strings
//===----------------------------------------------------------------------===//

std::optional<unsigned> JsonScanner::scanHex() {
  unsigned value = 0;
  for (unsigned digit = 0; digit < 4; ++digit, ++at) {
    if (at >= text.size() || !llvm::isHexDigit(text[at])) {
      failHere("four hexadecimal digits behind \\u");
      return std::nullopt;
    }
    value = value * 16 + llvm::hexDigitValue(text[at]);
  }
  return value;
}

bool JsonScanner::scanEscape(std::string &decoded) {
  size_t start = at - 1;
  char letter = at < text.size() ? text[at++] : '\0';
  static constexpr StringRef letters = "\"\\/bfnrt",
                             meanings = "\"\\/\b\f\n\r\t";
  if (size_t index = letters.find(letter); index != StringRef::npos) {
    decoded += meanings[index];
    return true;
  }
  if (letter != 'u') {
    at = start + 1;
    // Half of a character, or one that cannot be seen, says nothing.
    bool isVisible = at < text.size() && llvm::isPrint(text[at]);
    std::string got = isVisible ? ("'\\" + text.substr(at, 1) + "'").str()
                                : "'\\' and " + spellNext();
    return fail("expected an escape such as \\n or \\u00e4, got " + got, start);
  }
  std::optional<unsigned> code = scanHex();
  if (!code)
    return false;
  if (*code == 0)
    return fail("expected a character, got \\u0000", start);
  if (*code >= 0xd800 && *code < 0xe000) {
    std::optional<unsigned> low;
    bool isHigh = *code < 0xdc00;
    if (isHigh && text.substr(at).starts_with("\\u")) {
      at += 2;
      if (!(low = scanHex()))
        return false;
    }
    if (!low || *low < 0xdc00 || *low >= 0xe000)
      return fail("expected a pair of surrogates, got " +
                      text.substr(start, 6) + " alone",
                  start);
    *code = 0x10000 + ((*code - 0xd800) << 10) + (*low - 0xdc00);
  }
  char bytes[UNI_MAX_UTF8_BYTES_PER_CODE_POINT], *end = bytes;
  llvm::ConvertCodePointToUTF8(*code, end);
  decoded.append(bytes, end);
  return true;
}

bool JsonScanner::scanString(std::string &decoded) {
  if (!consume('"'))
    return failHere("a string");
  for (;;) {
    if (at >= text.size())
      return failHere("the end of a string, '\"'");
    if (consume('"'))
      return true;
    if (consume('\\')) {
      if (!scanEscape(decoded))
        return false;
      continue;
    }
    if ((unsigned char)(text[at]) < 0x20)
      return failHere("control characters in strings to be escaped");
    decoded += text[at++];
  }
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

bool JsonScanner::scanDigits() {
  size_t start = at;
  while (at < text.size() && llvm::isDigit(text[at]))
    ++at;
  return at > start || failHere("a digit");
}

/// The integer that a number with a fraction or an exponent stands for, without
/// trailing zeros; nothing if it is none.
static std::optional<std::string> integerDigits(StringRef number) {
  auto [mantissa, exponentText] =
      number.split(number.contains('e') ? 'e' : 'E');
  long exponent = std::strtol(exponentText.str().c_str(), nullptr, 10);
  auto [whole, fraction] = mantissa.split('.');
  fraction = fraction.rtrim('0');
  if (exponent < 0 || size_t(exponent) < fraction.size())
    return std::nullopt;
  std::string digits = (whole.ltrim('-') + fraction).str();
  return StringRef(digits).ltrim('0').rtrim('0').str();
}

/// Integers that people write as 1e20 are kept only if a double holds them.
bool JsonScanner::checkNumber(StringRef number, size_t position) {
  double value = std::strtod(number.str().c_str(), nullptr);
  if (!std::isfinite(value))
    return fail("expected a number that a double holds, got " +
                    shortened(number, 40),
                position);
  bool isPlain = number.find_first_of(".eE") == StringRef::npos;
  if (isPlain || std::fabs(value) < 0x1p53)
    return true;
  std::optional<std::string> written = integerDigits(number);
  std::string kept = llvm::formatv("{0:f0}", std::fabs(value)).str();
  if (written && StringRef(kept).rtrim('0') == *written)
    return true;
  return fail("expected a number that a double holds exactly, got " +
                  shortened(number, 40),
              position);
}

bool JsonScanner::scanNumber() {
  size_t start = at;
  consume('-');
  if (!consume('0') && !scanDigits())
    return false;
  if (consume('.') && !scanDigits())
    return false;
  if (consume('e') || consume('E')) {
    if (!consume('+'))
      consume('-');
    if (!scanDigits())
      return false;
  }
  return checkNumber(text.slice(start, at), start);
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

void JsonScanner::skipBlanks() {
  while (at < text.size() && StringRef(" \t\r\n").contains(text[at]))
    ++at;
}

bool JsonScanner::scanKey(llvm::StringSet<> &keys) {
  size_t start = at;
  std::string key;
  if (!scanString(key))
    return false;
  if (keys.insert(key).second)
    return true;
  fail("expected every key once, got '" + Twine(key) + "' again", start);
  fault->isRepeatedKey = true;
  return false;
}

bool JsonScanner::scanObject(unsigned depth) {
  llvm::StringSet<> keys;
  skipBlanks();
  if (consume('}'))
    return true;
  for (;;) {
    skipBlanks();
    if (!scanKey(keys))
      return false;
    skipBlanks();
    if (!consume(':'))
      return failHere("':' behind a key");
    if (!scanValue(depth))
      return false;
    skipBlanks();
    if (consume('}'))
      return true;
    if (!consume(','))
      return failHere("',' or '}'");
  }
}

bool JsonScanner::scanArray(unsigned depth) {
  skipBlanks();
  if (consume(']'))
    return true;
  for (;;) {
    if (!scanValue(depth))
      return false;
    skipBlanks();
    if (consume(']'))
      return true;
    if (!consume(','))
      return failHere("',' or ']'");
  }
}

bool JsonScanner::scanValue(unsigned depth) {
  skipBlanks();
  if (++values > kMaxValues)
    return fail("expected at most " + Twine(kMaxValues) + " values, got more",
                at);
  bool isObject = isNext('{');
  if (isObject || isNext('[')) {
    if (++depth > kMaxDepth)
      return fail("expected at most " + Twine(kMaxDepth) + " levels, got more",
                  at);
    ++at;
    return isObject ? scanObject(depth) : scanArray(depth);
  }
  if (isNext('"')) {
    std::string decoded;
    return scanString(decoded);
  }
  if (isNext('-') || (at < text.size() && llvm::isDigit(text[at])))
    return scanNumber();
  for (StringRef word : {"true", "false", "null"})
    if (text.substr(at).starts_with(word)) {
      at += word.size();
      return true;
    }
  return failHere("a value");
}

std::optional<JsonFault> JsonScanner::scan() {
  if (scanValue(/*depth=*/0)) {
    skipBlanks();
    if (at < text.size())
      failHere("nothing behind the value");
  }
  return std::move(fault);
}
