//===- Characters.cpp - What a character stands for -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decodes UTF-8, and sorts code points into labels, into what means `->`, `,`,
// `|`, `...`, `(` or `)`, and into what is refused.
//
//===----------------------------------------------------------------------===//

#include "Characters.h"
#include "conveinsum/Equation/AsciiText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FormatVariadic.h"

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Tables, ascending
//===----------------------------------------------------------------------===//

namespace {
struct Range {
  uint32_t first, last;
};
} // namespace

static bool isIn(llvm::ArrayRef<Range> ranges, uint32_t c) {
  auto after = llvm::upper_bound(ranges, c, [](uint32_t c, const Range &range) {
    return c < range.first;
  });
  return after != ranges.begin() && c <= std::prev(after)->last;
}

/// No labels: white space, what is invisible, what looks like punctuation of an
/// equation, and code points that are no characters. The alphabets up to U+0557
/// are labels throughout, signs among them included: other libraries number
/// their labels along them.
static constexpr Range kNoLetters[] = {
    // White space, invisible characters and punctuation; arrows; brackets.
    {0x00A0, 0x00A0},   {0x00A6, 0x00A6},   {0x00AB, 0x00AB},
    {0x00AD, 0x00AD},   {0x00AF, 0x00AF},   {0x00B7, 0x00B8},
    {0x00BB, 0x00BB},   {0x055D, 0x055D},   {0x0589, 0x0589},
    {0x060C, 0x060C},   {0x061B, 0x061C},   {0x061F, 0x061F},
    {0x066A, 0x066C},   {0x06D4, 0x06D4},   {0x07F8, 0x07F8},
    {0x115F, 0x1160},   {0x1363, 0x1363},   {0x1680, 0x1680},
    {0x17B4, 0x17B5},   {0x1801, 0x1802},   {0x1806, 0x1806},
    {0x1808, 0x1808},   {0x180B, 0x180F},   {0x2000, 0x206F},
    {0x207B, 0x207B},   {0x207D, 0x207E},   {0x208B, 0x208B},
    {0x208D, 0x208E},   {0x2190, 0x21FF},   {0x2212, 0x2212},
    {0x2219, 0x2219},   {0x2223, 0x2223},   {0x2225, 0x2225},
    {0x22C5, 0x22C5},   {0x22EE, 0x22F1},   {0x2308, 0x230B},
    {0x2329, 0x232A},   {0x23D0, 0x23D0},   {0x23F8, 0x23F8},
    {0x2500, 0x257F},   {0x2758, 0x2760},   {0x2768, 0x2775},
    {0x2794, 0x2794},   {0x2796, 0x2796},   {0x2798, 0x27AF},
    {0x27B1, 0x27BE},   {0x27C5, 0x27C6},   {0x27E6, 0x2800},
    {0x2900, 0x2980},   {0x2983, 0x2998},   {0x29D8, 0x29DB},
    {0x29FC, 0x29FD},   {0x2B00, 0x2B11},   {0x2B30, 0x2B4F},
    {0x2B5A, 0x2BB9},   {0x2BEC, 0x2BEF},   {0x2E00, 0x2E7F},
    {0x3000, 0x3003},   {0x3008, 0x3011},   {0x3014, 0x301F},
    {0x3030, 0x3030},   {0x303D, 0x303D},   {0x30A0, 0x30A0},
    {0x30FB, 0x30FB},   {0x3164, 0x3164},   {0xA4FE, 0xA4FF},
    {0xA60D, 0xA60F},   {0xA6F3, 0xA6F7},   {0xFD3E, 0xFD3F},
    {0xFDD0, 0xFDEF},   {0xFE00, 0xFE19},   {0xFE30, 0xFE52},
    {0xFE54, 0xFE66},   {0xFE68, 0xFE6B},   {0xFEFF, 0xFEFF},
    {0xFF01, 0xFF65},   {0xFFA0, 0xFFA0},   {0xFFE0, 0xFFFF},
    {0x1144D, 0x1144D}, {0x16E97, 0x16E97}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0x1DA87, 0x1DA87}, {0x1F676, 0x1F678},
    {0x1F800, 0x1F8FF}, {0xE0000, 0xE0FFF}};

/// White space other than space and tab.
static constexpr Range kWhiteSpace[] = {
    {0x000A, 0x000D}, {0x0085, 0x0085}, {0x00A0, 0x00A0},
    {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029},
    {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};

/// Characters without a form of their own, and blanks that are no white space.
static constexpr Range kInvisible[] = {
    {0x00AD, 0x00AD},  {0x061C, 0x061C},   {0x115F, 0x1160},
    {0x17B4, 0x17B5},  {0x180B, 0x180F},   {0x200B, 0x200F},
    {0x202A, 0x202E},  {0x2060, 0x206F},   {0x2800, 0x2800},
    {0x3164, 0x3164},  {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},  {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE0FFF}};

/// Arrows to the right: `->`.
static constexpr uint32_t kArrows[] = {
    0x2192,  0x21A6,  0x21C9,  0x21D2,  0x21DB,  0x21DD,  0x21E2,  0x21E8,
    0x21FE,  0x2794,  0x2799,  0x279B,  0x279C,  0x279D,  0x279E,  0x279F,
    0x27A0,  0x27A1,  0x27A4,  0x27A8,  0x27BE,  0x27F6,  0x27F9,  0x27FC,
    0x27FF,  0x2B46,  0x2B62,  0x2B95,  0xFFEB,  0x1F802, 0x1F812, 0x1F816,
    0x1F81A, 0x1F81E, 0x1F822, 0x1F826, 0x1F82A, 0x1F842, 0x1F846, 0x1F852,
    0x1F862, 0x1F86A, 0x1F872, 0x1F87A, 0x1F882, 0x1F892, 0x1F89A};

/// Commas of all alphabets, as far as they are used as one: `,`.
static constexpr uint32_t kCommas[] = {
    0x055D, 0x060C, 0x07F8, 0x1363, 0x1802,  0x1808,  0x2E41,
    0x2E4C, 0x3001, 0xA4FE, 0xA60D, 0xA6F5,  0xFE10,  0xFE11,
    0xFE50, 0xFE51, 0xFF0C, 0xFF64, 0x1144D, 0x16E97, 0x1DA87};

/// `...`; the second is that of Mongolian.
static constexpr uint32_t kEllipses[] = {0x2026, 0x1801, 0x22EF};

/// With a '>' behind it: `->`, as text processors change it.
static constexpr uint32_t kDashes[] = {'-',    0x2010, 0x2011, 0x2012,
                                       0x2013, 0x2014, 0x2015, 0x2212,
                                       0xFE58, 0xFE63, 0xFF0D};
static constexpr uint32_t kGreater[] = {'>', 0xFE65, 0xFF1E};

static constexpr uint32_t kByteOrderMark = 0xFEFF;

/// U+FE00 to U+FE0F choose among forms of the character before them; an arrow
/// that a keyboard wrote as a picture is followed by one.
static bool isVariationSelector(uint32_t c) {
  return c >= 0xFE00 && c <= 0xFE0F;
}

//===----------------------------------------------------------------------===//
// Labels
//===----------------------------------------------------------------------===//

bool conveinsum::isLetter(uint32_t c) {
  if (c < 0x80)
    return llvm::isAlpha(static_cast<char>(c));
  bool isNoCharacter = (c & 0xFFFE) == 0xFFFE;
  return c >= 0xA1 && !isNoCharacter && !isIn(kNoLetters, c);
}

bool conveinsum::isNameCharacter(uint32_t c) {
  return isLetter(c) || (c >= '0' && c <= '9') || c == '_';
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

std::vector<Character> conveinsum::decode(llvm::StringRef text,
                                          std::optional<size_t> &fault) {
  std::vector<Character> characters;
  auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
  auto *end = begin + text.size();
  for (const llvm::UTF8 *at = begin; at != end;) {
    size_t byte = at - begin;
    llvm::UTF32 codePoint = 0;
    if (llvm::convertUTF8Sequence(&at, end, &codePoint,
                                  llvm::strictConversion) !=
        llvm::conversionOK) {
      fault = byte;
      return {};
    }
    characters.push_back({byte, codePoint});
  }
  return characters;
}

/// What stands for one character: that character in ASCII, else itself.
static uint32_t toAscii(uint32_t c) {
  if (c < 0x80)
    return c;
  if (llvm::is_contained(kCommas, c))
    return ',';
  switch (c) {
  case 0xFF5C:
    return '|';
  case 0xFE59:
  case 0xFF08:
    return '(';
  case 0xFE5A:
  case 0xFF09:
    return ')';
  default:
    return c;
  }
}

std::vector<Character>
conveinsum::inAscii(llvm::ArrayRef<Character> characters) {
  std::vector<Character> ascii;
  if (!characters.empty() && characters.front().codePoint == kByteOrderMark)
    characters = characters.drop_front();
  auto at = [&](size_t i) {
    return i < characters.size() ? characters[i].codePoint : 0;
  };
  for (size_t i = 0; i < characters.size(); ++i) {
    auto push = [&ascii, begin = characters[i].begin](llvm::StringRef text) {
      for (char c : text)
        ascii.push_back({begin, uint32_t(c)});
    };
    if (llvm::is_contained(kArrows, at(i))) {
      push("->");
      i += isVariationSelector(at(i + 1));
    } else if (llvm::is_contained(kDashes, at(i)) &&
               llvm::is_contained(kGreater, at(i + 1))) {
      push("->");
      ++i;
    } else if (llvm::is_contained(kEllipses, at(i))) {
      push("...");
    } else {
      ascii.push_back({characters[i].begin, toAscii(at(i))});
    }
  }
  return ascii;
}

std::string conveinsum::inAsciiSigns(llvm::StringRef equation) {
  std::optional<size_t> fault;
  std::vector<Character> characters = decode(equation, fault);
  if (fault)
    return equation.str();
  std::string text;
  for (const Character &c : inAscii(characters)) {
    char bytes[4], *end = bytes;
    llvm::ConvertCodePointToUTF8(c.codePoint, end);
    text.append(bytes, end);
  }
  return text;
}

//===----------------------------------------------------------------------===//
// Words for people
//===----------------------------------------------------------------------===//

llvm::StringRef conveinsum::adviceOf(uint32_t c) {
  if (isIn(kWhiteSpace, c))
    return "; blanks are space and tab, type one of these or nothing";
  if (isIn(kInvisible, c))
    return "; it cannot be seen, delete it";
  return "";
}

std::string conveinsum::describe(uint32_t c) {
  if (c >= 0x20 && c < 0x7F)
    return std::string("'") + static_cast<char>(c) + "'";
  std::string number =
      "U+" + llvm::utohexstr(c, /*LowerCase=*/false, c > 0xFFFF ? 0 : 4);
  std::string name = nameOf(c);
  return name.empty() ? number : number + " " + name;
}

std::string conveinsum::describeForeign(llvm::StringRef text,
                                        bool mayHaveLetters) {
  std::optional<size_t> fault;
  std::vector<Character> characters = decode(text, fault);
  if (fault)
    return llvm::formatv(
        " (invalid UTF-8 at byte 0x{0})",
        llvm::utohexstr(uint8_t(text[*fault]), /*LowerCase=*/false, 2));
  for (const Character &c : characters)
    if ((c.codePoint < 0x20 || c.codePoint >= 0x7F) &&
        !(mayHaveLetters && isLetter(c.codePoint)))
      return " (" + describe(c.codePoint) + ")";
  return "";
}
