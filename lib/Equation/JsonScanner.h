//===- JsonScanner.h - What a JSON parser passes over -----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// llvm::json takes more than JSON (`01`, `1.`, control characters), keeps the
// last of two equal keys, puts U+FFFD for half a surrogate pair, rounds numbers
// to infinity, and recurses per level. Text from outside is held against the
// grammar (RFC 8259) before it gets there, so that what it returns is what was
// written.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_EQUATION_JSONSCANNER_H
#define CONVEINSUM_LIB_EQUATION_JSONSCANNER_H

#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"
#include <optional>

namespace conveinsum {

/// Why a text is refused, and where.
struct JsonFault {
  std::string message; ///< `expected X, got Y`
  size_t position = 0; ///< byte of the text
  bool isRepeatedKey = false;
};

class JsonScanner {
public:
  explicit JsonScanner(llvm::StringRef text) : text(text) {}

  /// The first fault of a text that is to be one JSON value.
  std::optional<JsonFault> scan();

private:
  bool scanValue(unsigned depth);
  bool scanObject(unsigned depth);
  bool scanArray(unsigned depth);
  bool scanKey(llvm::StringSet<> &keys);
  bool scanNumber();
  bool scanDigits();
  bool checkNumber(llvm::StringRef number, size_t position);
  /// A string; what it stands for is added to `decoded`.
  bool scanString(std::string &decoded);
  bool scanEscape(std::string &decoded);
  /// The number behind `\u`; nothing if there are not four digits.
  std::optional<unsigned> scanHex();

  void skipBlanks();
  bool isNext(char c) const { return at < text.size() && text[at] == c; }
  bool consume(char c) {
    bool found = isNext(c);
    at += found;
    return found;
  }
  /// What stands at the place of a fault, for messages.
  std::string spellNext() const;
  bool fail(const llvm::Twine &message, size_t position);
  bool failHere(const llvm::Twine &expected);

  llvm::StringRef text;
  size_t at = 0;
  uint64_t values = 0;
  std::optional<JsonFault> fault;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_EQUATION_JSONSCANNER_H
