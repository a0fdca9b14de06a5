//===- GeometryWords.cpp - Words for paddings and keys --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One table for the command line, case files and the assembly. Words of other
// libraries that mean nothing here, such as those for borders that are not
// zero, are known too, so that a refusal can say what to do instead.
//
//===----------------------------------------------------------------------===//

#include "Characters.h"
#include "conveinsum/Equation/GeometryText.h"
#include "conveinsum/Equation/NearWord.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace conveinsum;
using llvm::StringRef;

std::optional<PaddingMode> conveinsum::parsePaddingWord(StringRef word,
                                                        WordSource source) {
  auto mode = llvm::StringSwitch<std::optional<PaddingMode>>(word)
                  .Case("same", PaddingMode::Same)
                  .Case("same-upper", PaddingMode::SameUpper)
                  .Case("same-lower", PaddingMode::SameLower)
                  .Case("valid", PaddingMode::Valid)
                  .Case("full", PaddingMode::Full)
                  .Case("causal", PaddingMode::Causal)
                  .Case("circular", PaddingMode::Circular)
                  .Default(std::nullopt);
  if (mode || source == WordSource::Written)
    return mode;
  return llvm::StringSwitch<std::optional<PaddingMode>>(word)
      .Cases({"SAME", "SAME_UPPER"}, PaddingMode::SameUpper)
      .Case("SAME_LOWER", PaddingMode::SameLower)
      .Case("VALID", PaddingMode::Valid)
      .Case("FULL", PaddingMode::Full)
      .Case("CAUSAL", PaddingMode::Causal)
      .Case("CIRCULAR", PaddingMode::Circular)
      .Default(std::nullopt);
}

llvm::ArrayRef<StringRef> conveinsum::paddingWords() {
  static constexpr StringRef words[] = {"same",    "same-upper", "same-lower",
                                        "valid",   "full",       "causal",
                                        "circular"};
  return words;
}

/// The mode of numpy.pad that makes such a border, if it is one.
static StringRef numpyMode(StringRef lower) {
  return llvm::StringSwitch<StringRef>(lower)
      .Cases({"replicate", "replication", "edge", "nearest", "border", "clamp"},
             "edge")
      .Cases({"reflect", "reflection", "mirror", "reflect_101"}, "reflect")
      .Cases({"symmetric", "symm", "half-sample"}, "symmetric")
      .Default("");
}

static std::string advice(StringRef word) {
  std::string lower = word.lower();
  if (StringRef mode = numpyMode(lower); !mode.empty())
    return "; this border is copied into the operand first, as numpy.pad(x, "
           "widths, '" +
           mode.str() + "') does, and then padding=valid is right";
  if (lower == "wrap" || lower == "periodic")
    return "; did you mean 'circular'?";
  if (lower == "zeros" || lower == "zero" || lower == "constant" ||
      lower == "explicit" || lower == "notset")
    return "; what is padded is zero: say how much, as in padding=1/1";
  for (char &c : lower)
    c = c == '_' ? '-' : c;
  if (word == "SAME" || lower == "sameupper")
    return "; did you mean 'same-upper'?";
  if (lower != word && parsePaddingWord(lower, WordSource::Written))
    return "; did you mean '" + lower + "'?";
  return didYouMean(word, paddingWords());
}

std::string conveinsum::unknownPaddingWord(StringRef word, StringRef mode) {
  std::string of = mode.empty() ? "" : " of mode '" + spellLabel(mode) + "'";
  return "unknown padding '" + word.str() + "'" + of + ": expected " +
         llvm::join(paddingWords(), ", ") + " or numbers" + advice(word) +
         describeForeign(word);
}

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

static std::string keyAdvice(StringRef key, llvm::ArrayRef<StringRef> keys) {
  if (key == "groups" || key == "group" || key == "feature_group_count")
    return "; groups are a plain mode of their own, which feature, kernel and "
           "result hold";
  if (key == "padding_mode" || key == "mode" || key == "boundary")
    return "; a border is a word of padding, such as circular";
  if (key == "lhs_dilation")
    return "; this is the stride of a transposed mode";
  if (key == "rhs_dilation")
    return didYouMean("dilation", keys);
  return didYouMean(key, keys);
}

std::string conveinsum::unknownGeometryKey(StringRef key, StringRef mode,
                                           llvm::ArrayRef<StringRef> keys) {
  std::string expected = keys.front().str();
  for (StringRef known : keys.drop_front().drop_back())
    expected += ", " + known.str();
  expected += " or " + keys.back().str();
  return "unknown key '" + key.str() + "' in the geometry of mode '" +
         spellLabel(mode) + "': expected " + expected + keyAdvice(key, keys) +
         describeForeign(key);
}
