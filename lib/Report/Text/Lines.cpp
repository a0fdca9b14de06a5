//===- Lines.cpp - Text that fits a line ----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Text is walked once, character by character, and only as far as it is shown:
// the tree of a network of 100,000 operands is as quick to cut as a short one.
//
//===----------------------------------------------------------------------===//

#include "Lines.h"
#include "Numbers.h"
#include "llvm/ADT/StringExtras.h"

using namespace conveinsum;
using llvm::StringRef;

static constexpr StringRef kDots = "...";
/// Lines of one total.
static constexpr unsigned kTotalLines = 4;
/// Where the texts of totals begin.
static constexpr unsigned kTotalIndent = 27;

namespace {
/// Walks over characters: a code point, or an escape sequence, which has no
/// width.
class Walk {
public:
  explicit Walk(StringRef text) : text(text), hasWords(text.contains(' ')) {}

  size_t position() const { return at; }
  bool atEnd() const { return at == text.size(); }
  unsigned next();
  /// Whether the text may be broken where the walk stands.
  bool isBorder() const;
  /// Whether the next line may begin there.
  bool isLineBorder() const {
    return isBorder() && (atEnd() || !StringRef("),").contains(text[at]));
  }
  /// Whether it reads best there: at a blank, or after a comma.
  bool isGoodBorder() const {
    return at > 0 && (text[at - 1] == ',' || text[at - 1] == ' ' ||
                      (!atEnd() && text[at] == ' '));
  }

private:
  StringRef text;
  bool hasWords;
  size_t at = 0;
  bool isInName = false;
};
} // namespace

/// Passes one character; returns its columns.
unsigned Walk::next() {
  if (text[at] == '\033') {
    size_t end = text.find('m', at);
    at = end == StringRef::npos ? text.size() : end + 1;
    return 0;
  }
  size_t begin = at++;
  while (!atEnd() && (text[at] & 0xc0) == 0x80)
    ++at;
  if (text[begin] == '(')
    isInName = !atEnd() && (llvm::isAlpha(text[at]) || text[at] == '_' ||
                            (text[at] & 0x80));
  if (text[begin] == ')')
    isInName = false;
  return columns(text.slice(begin, at));
}

bool Walk::isBorder() const {
  if (at == 0 || atEnd())
    return true;
  char before = text[at - 1], after = text[at];
  if (isInName || (before == '-' && after == '>'))
    return false;
  auto isNumber = [](char c) { return llvm::isDigit(c) || c == '.'; };
  if (isNumber(before) && isNumber(after))
    return false;
  auto isSpace = [](char c) { return c == ' ' || c == ','; };
  return !hasWords || isSpace(before) || isSpace(after);
}

namespace {
/// The first part of a text that fits a line.
struct Part {
  size_t bytes;
  bool isAll;
};
} // namespace

/// What of `text` fits `limit` columns. `reserved` of them are needed if
/// anything is left. Where another line follows, the best border in the second
/// half of this one is taken.
static Part fitting(StringRef text, unsigned limit, unsigned reserved,
                    bool isContinued) {
  Walk walk(text);
  unsigned width = 0;
  size_t border = 0, good = 0, anywhere = 0;
  while (!walk.atEnd()) {
    if (width + reserved <= limit) {
      anywhere = walk.position();
      if (isContinued ? walk.isLineBorder() : walk.isBorder())
        border = anywhere;
      if (isContinued && walk.isLineBorder() && walk.isGoodBorder() &&
          2 * width >= limit)
        good = anywhere;
    }
    width += walk.next();
    if (width > limit) {
      size_t best = good > 0 ? good : border;
      return {best > 0 ? best : anywhere, false};
    }
  }
  return {text.size(), true};
}

/// The text without what is blank at its end, and dots.
static std::string withDots(StringRef text) {
  return (text.rtrim(' ') + kDots).str();
}

std::string conveinsum::cutText(StringRef text, unsigned limit) {
  Part part = fitting(text, limit, kDots.size(), /*isContinued=*/false);
  return part.isAll ? text.str() : withDots(text.take_front(part.bytes));
}

void conveinsum::printWrapped(llvm::raw_ostream &os, const Style &style,
                              StringRef text, unsigned indent, unsigned lines) {
  // A line has at least one character, however narrow the screen is.
  unsigned room = std::max(style.width, indent + 4) - indent;
  for (unsigned line = 1;; ++line) {
    bool isLast = line == lines;
    Part part = fitting(text, room, isLast ? kDots.size() : 0, !isLast);
    if (part.isAll) {
      os << text << '\n';
      return;
    }
    if (isLast) {
      os << withDots(text.take_front(part.bytes)) << style.reset() << '\n';
      return;
    }
    size_t bytes = std::max<size_t>(part.bytes, 1);
    os << text.take_front(bytes).rtrim(' ') << '\n';
    os.indent(indent);
    text = text.drop_front(bytes).ltrim(' ');
  }
}

TotalLine::TotalLine(llvm::raw_ostream &os, const Style &style, StringRef label)
    : os(os), style(style), buffer(text) {
  unsigned labelEnd = kTotalIndent - 3;
  os.indent(labelEnd - std::min<size_t>(labelEnd, label.size()))
      << style.dim() << label << ':' << style.reset() << "  ";
}

TotalLine::~TotalLine() {
  printWrapped(os, style, text, kTotalIndent, kTotalLines);
}
