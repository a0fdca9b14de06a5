//===- CharactersTest.cpp - Characters of other alphabets -----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is read as `->`, `,`, `|`, `...` and parentheses, what is refused by its
// name, and what stays a label (C2).
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"
#include "conveinsum/Equation/AsciiText.h"
#include "conveinsum/Equation/GeometryText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include <random>

using namespace conveinsum;

/// The equation as it is printed, or the fault with its position.
static std::string printed(llvm::StringRef text, std::vector<Shape> shapes) {
  Caught caught;
  std::optional<Equation> equation =
      Equation::create(text, {}, shapes, std::ref(caught));
  return equation ? equation->text() : caught.text();
}

static std::string encode(uint32_t codePoint) {
  char bytes[4], *end = bytes;
  llvm::ConvertCodePointToUTF8(codePoint, end);
  return std::string(bytes, end);
}

/// What `ij` followed by a code point and `k` is refused with, and where.
static std::string refusal(uint32_t codePoint) {
  Caught caught;
  EXPECT_FALSE(Syntax::parse("ij" + encode(codePoint) + "k", std::ref(caught)));
  EXPECT_EQ(caught.count, 1u);
  if (!caught.diagnostic)
    return "accepted";
  EXPECT_EQ(caught.diagnostic->position, std::optional<size_t>(2));
  return caught.text();
}

//===----------------------------------------------------------------------===//
// Read as what they mean
//===----------------------------------------------------------------------===//

TEST(Characters, Arrows) {
  for (const char *arrow :
       {"→", "⟶", "➔", "⇒", "⟹", "➜", "➡", "↦", "\u27A1\uFE0F", "–>", "—>",
        "\u2212>", "\u2010>", "－＞", "-＞", "￫", "\U0001F846"})
    EXPECT_EQ(printed(std::string("ij,jk") + arrow + "ik", {{2, 3}, {3, 4}}),
              "ij,jk->ik")
        << arrow;
  EXPECT_EQ(printed("i j , j k → i k", {{2, 3}, {3, 4}}), "ij,jk->ik");
}

TEST(Characters, Commas) {
  for (const char *comma :
       {"，", "、", "،", "\u07F8", "\u1363", "\u1802", "\u055D", "\uFE10",
        "\uFE50", "\uFF64", "\uA60D", "\U0001144D"})
    EXPECT_EQ(printed(std::string("ih") + comma + "h->ih|h", {{2, 5}, {3}}),
              "ih,h->ih|h")
        << comma;
  EXPECT_EQ(printed("hw->hw|h，w", {{5, 5}}), "hw->hw|hw");
}

TEST(Characters, EllipsesBarsAndParentheses) {
  EXPECT_EQ(printed("…i,i->…", {{4, 2}, {2}}), "(_0)i,i->(_0)");
  EXPECT_EQ(printed("⋯i,i->⋯", {{4, 2}, {2}}), "(_0)i,i->(_0)");
  EXPECT_EQ(printed("\u1801i,i->...", {{4, 2}, {2}}), "(_0)i,i->(_0)");
  EXPECT_EQ(printed("ih,h->ih｜h", {{2, 5}, {3}}), "ih,h->ih|h");
  EXPECT_EQ(printed("（t1）i,i->(t1)", {{2, 5}, {5}}), "(t1)i,i->(t1)");
  EXPECT_EQ(printed("\uFE59t1\uFE5A->(t1)", {{2}}), "(t1)->(t1)");
}

TEST(Characters, ByteOrderMark) {
  EXPECT_EQ(printed("\uFEFFij,jk->ik", {{2, 3}, {3, 4}}), "ij,jk->ik");
  EXPECT_EQ(printed("\uFEFF", {{}}), "->");
  EXPECT_EQ(refusal(0xFEFF), "C2: unknown character U+FEFF ZERO WIDTH NO-BREAK "
                             "SPACE; it cannot be seen, delete it");
  Caught caught;
  EXPECT_FALSE(Syntax::parse("\uFEFFi$", std::ref(caught)));
  EXPECT_EQ(caught.diagnostic->position, std::optional<size_t>(4));
}

/// Faults behind such a character are where the text has them.
TEST(Characters, PositionsAreThoseOfTheText) {
  Caught caught;
  auto syntax = Syntax::parse("i，j→…", std::ref(caught));
  EXPECT_FALSE(syntax);
  EXPECT_EQ(caught.diagnostic->constraint, "C11");
  EXPECT_EQ(caught.diagnostic->position, std::optional<size_t>(8));
  Caught second;
  EXPECT_FALSE(Syntax::parse("i→i→i", std::ref(second)));
  EXPECT_EQ(second.text(), "C5: more than one '->'");
  EXPECT_EQ(second.diagnostic->position, std::optional<size_t>(5));
}

TEST(Characters, ReportsAreInAscii) {
  EXPECT_EQ(inAsciiSigns("\uFEFF… β （t1） ，β–>β｜β"), "... β (t1) ,β->β|β");
  EXPECT_EQ(inAsciiSigns("a b,b -> a"), "a b,b -> a");
  EXPECT_EQ(inAsciiSigns("a\xFF→"), "a\xFF→");
}

/// A text and its form in ASCII are the same equation, or the same fault.
TEST(Characters, AsciiMeansTheSame) {
  const std::vector<std::string> kPieces = {
      "i",  "j",  "β",  "→",  "->", "，", ",", "…",      "...",    "（t1）",
      "(t", "）", "｜", "|",  " ",  "–>", "-", "\u2212", "\u200B", "\uFEFF",
      "ａ", "。", "⇒",  "、", "_",  "1",  ".", "\uFE0F"};
  unsigned accepted = 0;
  for (uint64_t seed = 0; seed < 20000; ++seed) {
    std::mt19937_64 random(seed);
    std::string text;
    for (uint64_t left = random() % 9; left > 0; --left)
      text += kPieces[random() % (random() % 2 ? kPieces.size() : 17)];
    // Of two byte order marks the second is at the start once the first went.
    if (llvm::StringRef(text).starts_with("\uFEFF\uFEFF"))
      continue;
    Caught caught, ascii;
    auto there = Syntax::parse(text, std::ref(caught));
    auto here = Syntax::parse(inAsciiSigns(text), std::ref(ascii));
    ASSERT_EQ(there.has_value(), here.has_value()) << text;
    EXPECT_EQ(inAsciiSigns(inAsciiSigns(text)), inAsciiSigns(text)) << text;
    if (!there) {
      EXPECT_EQ(caught.text(), ascii.text()) << text;
      EXPECT_LE(caught.diagnostic->position.value_or(0), text.size());
      EXPECT_FALSE(renderDiagnostic(*caught.diagnostic, text).empty());
      continue;
    }
    ++accepted;
    EXPECT_EQ(there->labels, here->labels) << text;
    EXPECT_EQ(there->convModes, here->convModes) << text;
    ASSERT_EQ(there->operands.size(), here->operands.size()) << text;
    for (auto [a, b] : llvm::zip(there->operands, here->operands)) {
      EXPECT_EQ(a.modes, b.modes) << text;
      EXPECT_EQ(a.ellipsis, b.ellipsis) << text;
    }
  }
  EXPECT_GT(accepted, 500u);
}

//===----------------------------------------------------------------------===//
// Refused by name
//===----------------------------------------------------------------------===//

TEST(Characters, Invisible) {
  const std::pair<uint32_t, const char *> kInvisible[] = {
      {0x200B, "U+200B ZERO WIDTH SPACE"},
      {0x200C, "U+200C ZERO WIDTH NON-JOINER"},
      {0x200D, "U+200D ZERO WIDTH JOINER"},
      {0x2060, "U+2060 WORD JOINER"},
      {0x00AD, "U+00AD SOFT HYPHEN"},
      {0x200E, "U+200E LEFT-TO-RIGHT MARK"},
      {0x200F, "U+200F RIGHT-TO-LEFT MARK"},
      {0x202A, "U+202A LEFT-TO-RIGHT EMBEDDING"},
      {0x202E, "U+202E RIGHT-TO-LEFT OVERRIDE"},
      {0x2066, "U+2066 LEFT-TO-RIGHT ISOLATE"},
      {0x2069, "U+2069 POP DIRECTIONAL ISOLATE"},
      {0x061C, "U+061C ARABIC LETTER MARK"},
      {0x180E, "U+180E MONGOLIAN VOWEL SEPARATOR"},
      {0x3164, "U+3164 HANGUL FILLER"},
      {0x2800, "U+2800 BRAILLE PATTERN BLANK"},
      {0xFE0F, "U+FE0F VARIATION SELECTOR-16"},
      {0xE0101, "U+E0101 VARIATION SELECTOR-18"},
      {0xE0041, "U+E0041 (invisible)"},
      {0xFFFD, "U+FFFD REPLACEMENT CHARACTER"},
      {0xFFFE, "U+FFFE (no character)"},
      {0x10FFFF, "U+10FFFF (no character)"},
  };
  for (auto [codePoint, name] : kInvisible) {
    bool isShown =
        codePoint >= 0xFFFD && codePoint != 0xE0101 && codePoint != 0xE0041;
    EXPECT_EQ(refusal(codePoint),
              std::string("C2: unknown character ") + name +
                  (isShown ? "" : "; it cannot be seen, delete it"));
  }
}

TEST(Characters, Spaces) {
  constexpr std::pair<uint32_t, const char *> kSpaces[] = {
      {0x000A, "U+000A LINE FEED"},
      {0x000B, "U+000B LINE TABULATION"},
      {0x000C, "U+000C FORM FEED"},
      {0x000D, "U+000D CARRIAGE RETURN"},
      {0x0085, "U+0085 NEXT LINE"},
      {0x00A0, "U+00A0 NO-BREAK SPACE"},
      {0x1680, "U+1680 OGHAM SPACE MARK"},
      {0x2003, "U+2003 EM SPACE"},
      {0x2028, "U+2028 LINE SEPARATOR"},
      {0x202F, "U+202F NARROW NO-BREAK SPACE"},
      {0x205F, "U+205F MEDIUM MATHEMATICAL SPACE"},
      {0x3000, "U+3000 IDEOGRAPHIC SPACE"},
  };
  for (auto [codePoint, name] : kSpaces)
    EXPECT_EQ(refusal(codePoint),
              std::string("C2: unknown character ") + name +
                  "; blanks are space and tab, type one of these or nothing");
}

TEST(Characters, LooksLikePunctuation) {
  EXPECT_EQ(refusal(0x2212), "C2: unknown character U+2212 MINUS SIGN");
  EXPECT_EQ(refusal(0x2013), "C2: unknown character U+2013 EN DASH");
  EXPECT_EQ(refusal(0x201A),
            "C2: unknown character U+201A SINGLE LOW-9 QUOTATION MARK");
  EXPECT_EQ(refusal(0x201C),
            "C2: unknown character U+201C LEFT DOUBLE QUOTATION MARK");
  EXPECT_EQ(refusal(0x2025), "C2: unknown character U+2025 TWO DOT LEADER");
  EXPECT_EQ(refusal(0x2223), "C2: unknown character U+2223 DIVIDES");
  EXPECT_EQ(refusal(0x2502),
            "C2: unknown character U+2502 BOX DRAWINGS LIGHT VERTICAL");
  EXPECT_EQ(refusal(0x2190), "C2: unknown character U+2190 LEFTWARDS ARROW");
  EXPECT_EQ(refusal(0x2194), "C2: unknown character U+2194 LEFT RIGHT ARROW");
  EXPECT_EQ(refusal(0x21CA), "C2: unknown character U+21CA (an arrow)");
  EXPECT_EQ(refusal(0x2772), "C2: unknown character U+2772 (a bracket)");
  EXPECT_EQ(refusal(0x253C), "C2: unknown character U+253C (a box drawing)");
  EXPECT_EQ(refusal(0x066B),
            "C2: unknown character U+066B ARABIC DECIMAL SEPARATOR");
  EXPECT_EQ(refusal(0x27E8),
            "C2: unknown character U+27E8 MATHEMATICAL LEFT ANGLE BRACKET");
  EXPECT_EQ(refusal(0x3002),
            "C2: unknown character U+3002 IDEOGRAPHIC FULL STOP");
}

TEST(Characters, FullWidth) {
  EXPECT_EQ(refusal(0xFF41),
            "C2: unknown character U+FF41 FULLWIDTH LATIN SMALL LETTER A");
  EXPECT_EQ(refusal(0xFF3A),
            "C2: unknown character U+FF3A FULLWIDTH LATIN CAPITAL LETTER Z");
  EXPECT_EQ(refusal(0xFF12), "C2: unknown character U+FF12 FULLWIDTH '2'");
  EXPECT_EQ(refusal(0xFF0E), "C2: unknown character U+FF0E FULLWIDTH '.'");
  EXPECT_EQ(refusal(0xFF0D), "C2: unknown character U+FF0D FULLWIDTH '-'");
}

TEST(Characters, InsideNamesAndWords) {
  Caught name;
  EXPECT_FALSE(Syntax::parse("(t\u200B1)", std::ref(name)));
  EXPECT_EQ(name.text(),
            "C4: malformed name: expected a letter, a digit or "
            "'_', got U+200B ZERO WIDTH SPACE; it cannot be seen, delete it");
  Caught word;
  EXPECT_FALSE(Syntax::parse("batch\u200B h -> h", std::ref(word)));
  EXPECT_EQ(word.text(), "C2: unknown character U+200B ZERO WIDTH SPACE; it "
                         "cannot be seen, delete it");
}

/// Nothing is a label that has no glyph or looks like punctuation: each is
/// refused by its number, or read as ASCII.
TEST(Characters, BlocksWithoutLabels) {
  auto isLabel = [](uint32_t codePoint) {
    Caught caught;
    return Syntax::parse("i" + encode(codePoint), std::ref(caught)) &&
           isValidName(encode(codePoint));
  };
  for (auto [first, last] : {std::pair(0x2000, 0x206F),
                             {0x2190, 0x21FF},
                             {0x27F0, 0x27FF},
                             {0x2900, 0x297F},
                             {0x2500, 0x257F},
                             {0x2E00, 0x2E7F},
                             {0x3000, 0x3003},
                             {0xFE00, 0xFE19},
                             {0xFF01, 0xFF65},
                             {0xE0000, 0xE01EF}})
    for (int c = first; c <= last; ++c)
      EXPECT_FALSE(isLabel(c)) << c;
}

TEST(Characters, InGeometryAndShapes) {
  Caught number, label, shape;
  EXPECT_FALSE(GeometryOptions().add("h:padding=\u22121/2", std::ref(number)));
  EXPECT_EQ(number.text(), "C44: padding of mode 'h': expected an integer, got "
                           "'\u22121' (U+2212 MINUS SIGN)");
  EXPECT_FALSE(GeometryOptions().add("β\u200B:stride=2", std::ref(label)));
  EXPECT_EQ(label.text(), "C46: expected a label such as h or t1, got "
                          "'β\u200B' (U+200B ZERO WIDTH SPACE)");
  EXPECT_FALSE(parseShape("3×4", std::ref(shape)));
  EXPECT_EQ(shape.text(), "C47: expected a shape such as 32x64x56x56, or "
                          "scalar, got '3×4' (U+00D7)");
}

//===----------------------------------------------------------------------===//
// Labels
//===----------------------------------------------------------------------===//

/// opt_einsum numbers labels from U+00C0 on, signs and marks among them.
TEST(Characters, AlphabetsStayLabels) {
  for (uint32_t c = 0xC0; c < 0x0500; ++c)
    EXPECT_TRUE(isValidName(encode(c))) << c;
  EXPECT_EQ(printed("×÷,÷->×", {{2, 3}, {3}}), "×÷,÷->×");
  for (const char *label : {"β", "ж", "א", "ع", "漢", "あ", "ー", "가", "𝐢",
                            "∂", "∇", "ª", "¡", "😀", "\u0301", "₁"})
    EXPECT_TRUE(isValidName(label)) << label;
}
