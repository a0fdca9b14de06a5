//===- CharacterNames.cpp - Names of characters that are no labels --------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A character that cannot be seen is known by its name only. The names are
// those of Unicode; arrows, brackets and the like are called what they are.
//
//===----------------------------------------------------------------------===//

#include "Characters.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

namespace {
struct Name {
  uint32_t codePoint;
  const char *name;
};
struct Kind {
  uint32_t first, last;
  const char *name;
};
} // namespace

/// Ascending.
static constexpr Name kNames[] = {
    {0x0009, "CHARACTER TABULATION"},
    {0x000A, "LINE FEED"},
    {0x000B, "LINE TABULATION"},
    {0x000C, "FORM FEED"},
    {0x000D, "CARRIAGE RETURN"},
    {0x0085, "NEXT LINE"},
    {0x00A0, "NO-BREAK SPACE"},
    {0x00A6, "BROKEN BAR"},
    {0x00AB, "LEFT-POINTING DOUBLE ANGLE QUOTATION MARK"},
    {0x00AD, "SOFT HYPHEN"},
    {0x00AF, "MACRON"},
    {0x00B7, "MIDDLE DOT"},
    {0x00B8, "CEDILLA"},
    {0x00BB, "RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK"},
    {0x055D, "ARMENIAN COMMA"},
    {0x0589, "ARMENIAN FULL STOP"},
    {0x060C, "ARABIC COMMA"},
    {0x061B, "ARABIC SEMICOLON"},
    {0x061C, "ARABIC LETTER MARK"},
    {0x061F, "ARABIC QUESTION MARK"},
    {0x066A, "ARABIC PERCENT SIGN"},
    {0x066B, "ARABIC DECIMAL SEPARATOR"},
    {0x066C, "ARABIC THOUSANDS SEPARATOR"},
    {0x06D4, "ARABIC FULL STOP"},
    {0x07F8, "NKO COMMA"},
    {0x115F, "HANGUL CHOSEONG FILLER"},
    {0x1160, "HANGUL JUNGSEONG FILLER"},
    {0x1363, "ETHIOPIC COMMA"},
    {0x1680, "OGHAM SPACE MARK"},
    {0x17B4, "KHMER VOWEL INHERENT AQ"},
    {0x17B5, "KHMER VOWEL INHERENT AA"},
    {0x1801, "MONGOLIAN ELLIPSIS"},
    {0x1802, "MONGOLIAN COMMA"},
    {0x1806, "MONGOLIAN TODO SOFT HYPHEN"},
    {0x1808, "MONGOLIAN MANCHU COMMA"},
    {0x180B, "MONGOLIAN FREE VARIATION SELECTOR ONE"},
    {0x180C, "MONGOLIAN FREE VARIATION SELECTOR TWO"},
    {0x180D, "MONGOLIAN FREE VARIATION SELECTOR THREE"},
    {0x180E, "MONGOLIAN VOWEL SEPARATOR"},
    {0x180F, "MONGOLIAN FREE VARIATION SELECTOR FOUR"},
    {0x2000, "EN QUAD"},
    {0x2001, "EM QUAD"},
    {0x2002, "EN SPACE"},
    {0x2003, "EM SPACE"},
    {0x2004, "THREE-PER-EM SPACE"},
    {0x2005, "FOUR-PER-EM SPACE"},
    {0x2006, "SIX-PER-EM SPACE"},
    {0x2007, "FIGURE SPACE"},
    {0x2008, "PUNCTUATION SPACE"},
    {0x2009, "THIN SPACE"},
    {0x200A, "HAIR SPACE"},
    {0x200B, "ZERO WIDTH SPACE"},
    {0x200C, "ZERO WIDTH NON-JOINER"},
    {0x200D, "ZERO WIDTH JOINER"},
    {0x200E, "LEFT-TO-RIGHT MARK"},
    {0x200F, "RIGHT-TO-LEFT MARK"},
    {0x2010, "HYPHEN"},
    {0x2011, "NON-BREAKING HYPHEN"},
    {0x2012, "FIGURE DASH"},
    {0x2013, "EN DASH"},
    {0x2014, "EM DASH"},
    {0x2015, "HORIZONTAL BAR"},
    {0x2016, "DOUBLE VERTICAL LINE"},
    {0x2017, "DOUBLE LOW LINE"},
    {0x2018, "LEFT SINGLE QUOTATION MARK"},
    {0x2019, "RIGHT SINGLE QUOTATION MARK"},
    {0x201A, "SINGLE LOW-9 QUOTATION MARK"},
    {0x201B, "SINGLE HIGH-REVERSED-9 QUOTATION MARK"},
    {0x201C, "LEFT DOUBLE QUOTATION MARK"},
    {0x201D, "RIGHT DOUBLE QUOTATION MARK"},
    {0x201E, "DOUBLE LOW-9 QUOTATION MARK"},
    {0x201F, "DOUBLE HIGH-REVERSED-9 QUOTATION MARK"},
    {0x2020, "DAGGER"},
    {0x2021, "DOUBLE DAGGER"},
    {0x2022, "BULLET"},
    {0x2023, "TRIANGULAR BULLET"},
    {0x2024, "ONE DOT LEADER"},
    {0x2025, "TWO DOT LEADER"},
    {0x2026, "HORIZONTAL ELLIPSIS"},
    {0x2027, "HYPHENATION POINT"},
    {0x2028, "LINE SEPARATOR"},
    {0x2029, "PARAGRAPH SEPARATOR"},
    {0x202A, "LEFT-TO-RIGHT EMBEDDING"},
    {0x202B, "RIGHT-TO-LEFT EMBEDDING"},
    {0x202C, "POP DIRECTIONAL FORMATTING"},
    {0x202D, "LEFT-TO-RIGHT OVERRIDE"},
    {0x202E, "RIGHT-TO-LEFT OVERRIDE"},
    {0x202F, "NARROW NO-BREAK SPACE"},
    {0x2030, "PER MILLE SIGN"},
    {0x2031, "PER TEN THOUSAND SIGN"},
    {0x2032, "PRIME"},
    {0x2033, "DOUBLE PRIME"},
    {0x2034, "TRIPLE PRIME"},
    {0x2035, "REVERSED PRIME"},
    {0x2036, "REVERSED DOUBLE PRIME"},
    {0x2037, "REVERSED TRIPLE PRIME"},
    {0x2038, "CARET"},
    {0x2039, "SINGLE LEFT-POINTING ANGLE QUOTATION MARK"},
    {0x203A, "SINGLE RIGHT-POINTING ANGLE QUOTATION MARK"},
    {0x2043, "HYPHEN BULLET"},
    {0x2044, "FRACTION SLASH"},
    {0x2052, "COMMERCIAL MINUS SIGN"},
    {0x2053, "SWUNG DASH"},
    {0x205F, "MEDIUM MATHEMATICAL SPACE"},
    {0x2060, "WORD JOINER"},
    {0x2061, "FUNCTION APPLICATION"},
    {0x2062, "INVISIBLE TIMES"},
    {0x2063, "INVISIBLE SEPARATOR"},
    {0x2064, "INVISIBLE PLUS"},
    {0x2066, "LEFT-TO-RIGHT ISOLATE"},
    {0x2067, "RIGHT-TO-LEFT ISOLATE"},
    {0x2068, "FIRST STRONG ISOLATE"},
    {0x2069, "POP DIRECTIONAL ISOLATE"},
    {0x206A, "INHIBIT SYMMETRIC SWAPPING"},
    {0x206B, "ACTIVATE SYMMETRIC SWAPPING"},
    {0x206C, "INHIBIT ARABIC FORM SHAPING"},
    {0x206D, "ACTIVATE ARABIC FORM SHAPING"},
    {0x206E, "NATIONAL DIGIT SHAPES"},
    {0x206F, "NOMINAL DIGIT SHAPES"},
    {0x207B, "SUPERSCRIPT MINUS"},
    {0x208B, "SUBSCRIPT MINUS"},
    {0x2190, "LEFTWARDS ARROW"},
    {0x2191, "UPWARDS ARROW"},
    {0x2193, "DOWNWARDS ARROW"},
    {0x2194, "LEFT RIGHT ARROW"},
    {0x21D0, "LEFTWARDS DOUBLE ARROW"},
    {0x21D4, "LEFT RIGHT DOUBLE ARROW"},
    {0x2212, "MINUS SIGN"},
    {0x2219, "BULLET OPERATOR"},
    {0x2223, "DIVIDES"},
    {0x2225, "PARALLEL TO"},
    {0x22C5, "DOT OPERATOR"},
    {0x22EE, "VERTICAL ELLIPSIS"},
    {0x22EF, "MIDLINE HORIZONTAL ELLIPSIS"},
    {0x22F0, "UP RIGHT DIAGONAL ELLIPSIS"},
    {0x22F1, "DOWN RIGHT DIAGONAL ELLIPSIS"},
    {0x2329, "LEFT-POINTING ANGLE BRACKET"},
    {0x232A, "RIGHT-POINTING ANGLE BRACKET"},
    {0x23D0, "VERTICAL LINE EXTENSION"},
    {0x23F8, "DOUBLE VERTICAL BAR"},
    {0x2502, "BOX DRAWINGS LIGHT VERTICAL"},
    {0x2503, "BOX DRAWINGS HEAVY VERTICAL"},
    {0x2551, "BOX DRAWINGS DOUBLE VERTICAL"},
    {0x2758, "LIGHT VERTICAL BAR"},
    {0x2759, "MEDIUM VERTICAL BAR"},
    {0x275A, "HEAVY VERTICAL BAR"},
    {0x2796, "HEAVY MINUS SIGN"},
    {0x27E8, "MATHEMATICAL LEFT ANGLE BRACKET"},
    {0x27E9, "MATHEMATICAL RIGHT ANGLE BRACKET"},
    {0x27F5, "LONG LEFTWARDS ARROW"},
    {0x27F7, "LONG LEFT RIGHT ARROW"},
    {0x27F8, "LONG LEFTWARDS DOUBLE ARROW"},
    {0x27FA, "LONG LEFT RIGHT DOUBLE ARROW"},
    {0x2800, "BRAILLE PATTERN BLANK"},
    {0x2980, "TRIPLE VERTICAL BAR DELIMITER"},
    {0x2E32, "TURNED COMMA"},
    {0x2E34, "RAISED COMMA"},
    {0x2E41, "REVERSED COMMA"},
    {0x2E49, "DOUBLE STACKED COMMA"},
    {0x2E4C, "MEDIEVAL COMMA"},
    {0x3000, "IDEOGRAPHIC SPACE"},
    {0x3001, "IDEOGRAPHIC COMMA"},
    {0x3002, "IDEOGRAPHIC FULL STOP"},
    {0x3003, "DITTO MARK"},
    {0x3008, "LEFT ANGLE BRACKET"},
    {0x3009, "RIGHT ANGLE BRACKET"},
    {0x300C, "LEFT CORNER BRACKET"},
    {0x300D, "RIGHT CORNER BRACKET"},
    {0x3010, "LEFT BLACK LENTICULAR BRACKET"},
    {0x3011, "RIGHT BLACK LENTICULAR BRACKET"},
    {0x301C, "WAVE DASH"},
    {0x3030, "WAVY DASH"},
    {0x303D, "PART ALTERNATION MARK"},
    {0x30A0, "KATAKANA-HIRAGANA DOUBLE HYPHEN"},
    {0x30FB, "KATAKANA MIDDLE DOT"},
    {0x3164, "HANGUL FILLER"},
    {0xA4FE, "LISU PUNCTUATION COMMA"},
    {0xA60D, "VAI COMMA"},
    {0xA6F5, "BAMUM COMMA"},
    {0xFE10, "PRESENTATION FORM FOR VERTICAL COMMA"},
    {0xFE11, "PRESENTATION FORM FOR VERTICAL IDEOGRAPHIC COMMA"},
    {0xFE50, "SMALL COMMA"},
    {0xFE51, "SMALL IDEOGRAPHIC COMMA"},
    {0xFE58, "SMALL EM DASH"},
    {0xFE63, "SMALL HYPHEN-MINUS"},
    {0xFEFF, "ZERO WIDTH NO-BREAK SPACE"},
    {0xFF61, "HALFWIDTH IDEOGRAPHIC FULL STOP"},
    {0xFF64, "HALFWIDTH IDEOGRAPHIC COMMA"},
    {0xFF65, "HALFWIDTH KATAKANA MIDDLE DOT"},
    {0xFFA0, "HALFWIDTH HANGUL FILLER"},
    {0xFFF9, "INTERLINEAR ANNOTATION ANCHOR"},
    {0xFFFA, "INTERLINEAR ANNOTATION SEPARATOR"},
    {0xFFFB, "INTERLINEAR ANNOTATION TERMINATOR"},
    {0xFFFC, "OBJECT REPLACEMENT CHARACTER"},
    {0xFFFD, "REPLACEMENT CHARACTER"},
    {0x1144D, "NEWA COMMA"},
    {0x16E97, "MEDEFAIDRIN COMMA"},
    {0x1DA87, "SIGNWRITING COMMA"},
};

/// What has no name above; the first that fits.
static constexpr Kind kKinds[] = {
    {0x2045, 0x2046, "(a bracket)"},
    {0x207D, 0x207E, "(a bracket)"},
    {0x208D, 0x208E, "(a bracket)"},
    {0x2308, 0x230B, "(a bracket)"},
    {0x2329, 0x232A, "(a bracket)"},
    {0x2768, 0x2775, "(a bracket)"},
    {0x27C5, 0x27C6, "(a bracket)"},
    {0x27E6, 0x27EF, "(a bracket)"},
    {0x2983, 0x2998, "(a bracket)"},
    {0x29D8, 0x29DB, "(a bracket)"},
    {0x29FC, 0x29FD, "(a bracket)"},
    {0x2E22, 0x2E29, "(a bracket)"},
    {0x2E42, 0x2E42, "(a bracket)"},
    {0x2E55, 0x2E5C, "(a bracket)"},
    {0x3008, 0x3011, "(a bracket)"},
    {0x3014, 0x301B, "(a bracket)"},
    {0x301D, 0x301F, "(a bracket)"},
    {0xFD3E, 0xFD3F, "(a bracket)"},
    {0xFE17, 0xFE18, "(a bracket)"},
    {0xFE35, 0xFE44, "(a bracket)"},
    {0xFE47, 0xFE48, "(a bracket)"},
    {0xFE59, 0xFE5E, "(a bracket)"},
    {0xFF62, 0xFF63, "(a bracket)"},
    {0x2190, 0x21FF, "(an arrow)"},
    {0x2794, 0x2794, "(an arrow)"},
    {0x2798, 0x27AF, "(an arrow)"},
    {0x27B1, 0x27BE, "(an arrow)"},
    {0x27F0, 0x27FF, "(an arrow)"},
    {0x2900, 0x297F, "(an arrow)"},
    {0x2B00, 0x2B11, "(an arrow)"},
    {0x2B30, 0x2B4F, "(an arrow)"},
    {0x2B5A, 0x2BB9, "(an arrow)"},
    {0x2BEC, 0x2BEF, "(an arrow)"},
    {0xFFE9, 0xFFEC, "(an arrow)"},
    {0x1F800, 0x1F8FF, "(an arrow)"},
    {0x2500, 0x257F, "(a box drawing)"},
    {0xFDD0, 0xFDEF, "(no character)"},
    {0x2000, 0x206F, "(punctuation)"},
    {0x275B, 0x2760, "(punctuation)"},
    {0x2E00, 0x2E7F, "(punctuation)"},
    {0xA4FF, 0xA60F, "(punctuation)"},
    {0xA6F3, 0xA6F7, "(punctuation)"},
    {0xFE10, 0xFE6B, "(punctuation)"},
    {0xFF5F, 0xFF65, "(punctuation)"},
    {0x1F676, 0x1F678, "(punctuation)"},
    {0xFFE0, 0xFFEF, "(a wide or narrow form)"},
    {0xFFF0, 0xFFF8, "(invisible)"},
    {0x1BCA0, 0x1BCA3, "(invisible)"},
    {0x1D173, 0x1D17A, "(invisible)"},
    {0xE0000, 0xE0FFF, "(invisible)"},
};

/// The forms of ASCII as wide as an ideograph.
static std::string nameOfWide(char c) {
  if (c >= 'a' && c <= 'z')
    return std::string("FULLWIDTH LATIN SMALL LETTER ") + char(c - 'a' + 'A');
  if (c >= 'A' && c <= 'Z')
    return std::string("FULLWIDTH LATIN CAPITAL LETTER ") + c;
  return std::string("FULLWIDTH '") + c + "'";
}

std::string conveinsum::nameOf(uint32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E)
    return nameOfWide(char(c - 0xFF01 + '!'));
  if (c >= 0xFE00 && c <= 0xFE0F)
    return "VARIATION SELECTOR-" + std::to_string(c - 0xFE00 + 1);
  if (c >= 0xE0100 && c <= 0xE01EF)
    return "VARIATION SELECTOR-" + std::to_string(c - 0xE0100 + 17);
  auto *found = llvm::lower_bound(kNames, c, [](const Name &name, uint32_t c) {
    return name.codePoint < c;
  });
  if (found != std::end(kNames) && found->codePoint == c)
    return found->name;
  if ((c & 0xFFFE) == 0xFFFE)
    return "(no character)";
  for (const Kind &kind : kKinds)
    if (c >= kind.first && c <= kind.last)
      return kind.name;
  return "";
}
