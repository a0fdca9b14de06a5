//===- Characters.h - What a character stands for -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A label may be nearly any character, so that the alphabets of all languages
// and the symbols that other libraries make up can be used. What looks like the
// punctuation of an equation, or like nothing at all, is no label: an arrow, a
// comma or an ellipsis of another alphabet is read as `->`, `,` or `...`, and
// the rest is refused by its name. Otherwise `ij,jk→ik` would be an equation
// with the mode `→`, and nobody would notice.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_EQUATION_CHARACTERS_H
#define CONVEINSUM_LIB_EQUATION_CHARACTERS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace conveinsum {

struct Character {
  /// First byte in the text.
  size_t begin;
  uint32_t codePoint;
};

/// The code points of `text` with their bytes. If `text` is not valid UTF-8,
/// the byte of the first fault is stored in `fault` and the result is empty.
std::vector<Character> decode(llvm::StringRef text,
                              std::optional<size_t> &fault);

/// The same characters as an equation has them: without a byte order mark at
/// the start, and with ASCII for what unmistakably means it (C2). What stands
/// for several characters becomes several, with the byte of the one.
std::vector<Character> inAscii(llvm::ArrayRef<Character> characters);

/// Whether a label may consist of this code point alone.
bool isLetter(uint32_t codePoint);
/// Whether this code point may stand in a name after its first character.
bool isNameCharacter(uint32_t codePoint);

/// What to type instead of a character that is no blank but looks like one, or
/// like nothing; empty for others.
llvm::StringRef adviceOf(uint32_t codePoint);

/// `'$'`, or `U+200B ZERO WIDTH SPACE` for what is not ASCII.
std::string describe(uint32_t codePoint);
/// ` (U+2212 MINUS SIGN)`, behind a text that was not understood: its first
/// character that is neither printable ASCII nor, where these may be, a letter;
/// or the byte that is not UTF-8. Empty if there is none.
std::string describeForeign(llvm::StringRef text, bool mayHaveLetters = false);

/// Unicode's name of a character that `isLetter` excludes, or what it is; empty
/// for others.
std::string nameOf(uint32_t codePoint);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_EQUATION_CHARACTERS_H
