//===- SyntaxTest.cpp - Strings that parse, and what they hold ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Labels, names, blanks, ellipses and conv lists that are accepted. Refusals
// are in RefusalTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"
#include "llvm/ADT/StringExtras.h"
#include <random>

using namespace conveinsum;

/// The parse as one line: labels bare and separated by blanks.
static std::string parsed(llvm::StringRef text) {
  Caught caught;
  std::optional<Syntax> syntax = Syntax::parse(text, std::ref(caught));
  if (!syntax)
    return caught.text();
  EXPECT_EQ(caught.count, 0u);
  EXPECT_EQ(syntax->text, text);
  auto show = [&](const SyntaxPart &part) {
    std::vector<std::string> words;
    for (unsigned i = 0; i <= part.modes.size(); ++i) {
      if (part.ellipsis == i)
        words.push_back("...");
      if (i < part.modes.size())
        words.push_back(syntax->labels[part.modes[i]]);
    }
    return llvm::join(words, " ");
  };
  std::vector<std::string> operands;
  for (const SyntaxPart &part : syntax->operands)
    operands.push_back(show(part));
  std::string line = llvm::join(operands, ", ");
  if (syntax->result)
    line += " -> " + show(*syntax->result);
  if (!syntax->convModes.empty())
    line += " |";
  for (ModeId mode : syntax->convModes)
    line += " " + syntax->labels[mode];
  return line;
}

TEST(Syntax, LettersAreLabels) {
  EXPECT_EQ(parsed("bshw,rt,rs,rh,rw->bthw|hw"),
            "b s h w, r t, r s, r h, r w -> b t h w | h w");
  EXPECT_EQ(parsed("aA,Ab->ab"), "a A, A b -> a b");
}

TEST(Syntax, LettersAboveAsciiAreLabels) {
  EXPECT_EQ(parsed("βσh,τσh->βτh|h"), "β σ h, τ σ h -> β τ h | h");
  EXPECT_EQ(parsed("\u00A1\U0001F600,\U0001F600->\u00A1"),
            "\u00A1 \U0001F600, \U0001F600 -> \u00A1");
}

TEST(Syntax, NoNormalisation) {
  // U+00E9, and U+0065 followed by U+0301.
  EXPECT_EQ(parsed("\u00E9,e\u0301->\u00E9"), "\u00E9, e \u0301 -> \u00E9");
}

TEST(Syntax, NamesInParentheses) {
  EXPECT_EQ(parsed("b(s1)h,(t_1)(s1)(_)->b(t_1)"), "b s1 h, t_1 s1 _ -> b t_1");
  EXPECT_EQ(parsed("(h)h->h"), "h h -> h");
  EXPECT_EQ(parsed("(β2)->(β2)"), "β2 -> β2");
}

TEST(Syntax, BlanksAreSkipped) {
  EXPECT_EQ(parsed(" bsh ,\ttsh -> bth | h "), "b s h, t s h -> b t h | h");
  EXPECT_EQ(parsed("bsh,tsh->bth|h s"), "b s h, t s h -> b t h | h s");
}

TEST(Syntax, BlankSeparated) {
  EXPECT_EQ(parsed("b s h w, t s h w -> b t h w | h w"),
            "b s h w, t s h w -> b t h w | h w");
  EXPECT_EQ(parsed("batch s h , rank t, rank s, rank h -> batch t h | h"),
            "batch s h, rank t, rank s, rank h -> batch t h | h");
  EXPECT_EQ(parsed("h,x -> h x|h"), "h, x -> h x | h");
  EXPECT_EQ(parsed("rank, rank s->s"), "rank, rank s -> s");
  EXPECT_EQ(parsed("rank,rs->"), "r a n k, r s -> ");
}

TEST(Syntax, BlankSeparatedKeepsNames) {
  EXPECT_EQ(parsed("(s1) h,s1 _x2->h"), "s1 h, s1 _x2 -> h");
  EXPECT_EQ(parsed("(s1)\th,t1->h|t1"), "s1 h, t1 -> h | t1");
}

TEST(Syntax, EllipsisCountsForBlanks) {
  EXPECT_EQ(parsed("... rows, rows -> ..."), "... rows, rows -> ...");
  EXPECT_EQ(parsed("...rows,rows->..."), "... r o w s, r o w s -> ...")
      << "no blank: single letters";
}

TEST(Syntax, Ellipsis) {
  EXPECT_EQ(parsed("a...b,...c->...ab"), "a ... b, ... c -> ... a b");
  EXPECT_EQ(parsed("a...->..."), "a ... -> ...");
}

TEST(Syntax, OperandsOfRankZero) {
  EXPECT_EQ(parsed("bh,,h->bh|h"), "b h, , h -> b h | h");
  EXPECT_EQ(parsed(""), "");
  EXPECT_EQ(parsed("->"), " -> ");
  EXPECT_EQ(parsed(",->"), ",  -> ");
}

TEST(Syntax, ConvList) {
  EXPECT_EQ(parsed("hw->hw|h,w"), "h w -> h w | h w");
  EXPECT_EQ(parsed("hw->hw|w , h"), "h w -> h w | w h");
  EXPECT_EQ(parsed("hwd->hw|wd,h"), "h w d -> h w | w d h");
  EXPECT_EQ(parsed("h w1->h|w1,h"), "h w1 -> h | w1 h");
  EXPECT_EQ(parsed("h w1->h|w1 h"), "h w1 -> h | w1 h");
  EXPECT_EQ(parsed("h(w1)|(w1)"), "h w1 | w1");
}

TEST(Syntax, Positions) {
  Caught caught;
  auto syntax = Syntax::parse("β(t1),...h -> h|h", std::ref(caught));
  ASSERT_TRUE(syntax) << caught.text();
  EXPECT_EQ(syntax->operands[0].positions[0], 0u);
  EXPECT_EQ(syntax->operands[0].positions[1], 2u);
  EXPECT_EQ(syntax->operands[1].begin, 7u);
  EXPECT_EQ(syntax->operands[1].ellipsisPosition, 7u);
  EXPECT_EQ(syntax->operands[1].positions[0], 10u);
  EXPECT_EQ(syntax->result->positions[0], 15u);
  EXPECT_EQ(syntax->convPositions[0], 17u);
}

TEST(Syntax, LabelTable) {
  Caught caught;
  auto syntax = Syntax::parse("b(t1)h,h->h|h", std::ref(caught));
  ASSERT_TRUE(syntax) << caught.text();
  EXPECT_EQ(syntax->labels, (std::vector<std::string>{"b", "t1", "h"}));
  EXPECT_EQ(syntax->find("h"), std::optional<ModeId>(2));
  EXPECT_EQ(syntax->find("(t1)"), std::nullopt);
  EXPECT_TRUE(syntax->isConv(2));
  EXPECT_FALSE(syntax->isConv(1));
}

TEST(Syntax, SpellLabel) {
  EXPECT_EQ(spellLabel("h"), "h");
  EXPECT_EQ(spellLabel("β"), "β");
  EXPECT_EQ(spellLabel("t1"), "(t1)");
  EXPECT_EQ(spellLabel("_"), "(_)");
}

TEST(Syntax, ValidNames) {
  for (const char *name : {"h", "t1", "_", "_1", "β", "β_2", "Rank"})
    EXPECT_TRUE(isValidName(name)) << name;
  for (const char *name :
       {"", "1", "1t", "a-b", "(h)", "a b", "\xFF", "\u00A0"})
    EXPECT_FALSE(isValidName(name)) << name;
}

TEST(Syntax, PaddingWords) {
  const std::pair<const char *, PaddingMode> kWords[] = {
      {"same", PaddingMode::Same},
      {"same-upper", PaddingMode::SameUpper},
      {"same-lower", PaddingMode::SameLower},
      {"valid", PaddingMode::Valid},
      {"full", PaddingMode::Full},
      {"causal", PaddingMode::Causal},
      {"circular", PaddingMode::Circular}};
  for (auto [word, mode] : kWords)
    for (WordSource source : {WordSource::Typed, WordSource::Written})
      EXPECT_EQ(parsePaddingWord(word, source), mode) << word;
  EXPECT_EQ(parsePaddingWord("", WordSource::Typed), std::nullopt);
}

/// What is typed may be in the capitals of other libraries.
TEST(Syntax, PaddingWordsInCapitals) {
  const std::pair<const char *, PaddingMode> kWords[] = {
      {"SAME", PaddingMode::SameUpper},
      {"SAME_UPPER", PaddingMode::SameUpper},
      {"SAME_LOWER", PaddingMode::SameLower},
      {"VALID", PaddingMode::Valid},
      {"FULL", PaddingMode::Full},
      {"CAUSAL", PaddingMode::Causal},
      {"CIRCULAR", PaddingMode::Circular}};
  for (auto [word, mode] : kWords) {
    EXPECT_EQ(parsePaddingWord(word, WordSource::Typed), mode) << word;
    EXPECT_EQ(parsePaddingWord(word, WordSource::Written), std::nullopt);
  }
  EXPECT_EQ(parsePaddingWord("Same", WordSource::Typed), std::nullopt);
}

TEST(Syntax, UnknownPaddingWords) {
  const std::string expected =
      ": expected same, same-upper, same-lower, valid, full, causal, circular "
      "or numbers";
  auto end = [&](const char *word) {
    std::string text = unknownPaddingWord(word, "t1");
    std::string start =
        "unknown padding '" + std::string(word) + "' of mode '(t1)'" + expected;
    EXPECT_EQ(text.substr(0, start.size()), start);
    return text.substr(std::min(start.size(), text.size()));
  };
  EXPECT_EQ(end("some"), "; did you mean 'same'?");
  EXPECT_EQ(end("none"), "");
  EXPECT_EQ(end("replicate"),
            "; this border is copied into the operand first, as numpy.pad(x, "
            "widths, 'edge') does, and then padding=valid is right");
  EXPECT_EQ(end("REFLECT"),
            "; this border is copied into the operand first, as numpy.pad(x, "
            "widths, 'reflect') does, and then padding=valid is right");
  EXPECT_EQ(end("symmetric"),
            "; this border is copied into the operand first, as numpy.pad(x, "
            "widths, 'symmetric') does, and then padding=valid is right");
  EXPECT_EQ(end("wrap"), "; did you mean 'circular'?");
  EXPECT_EQ(end("zeros"),
            "; what is padded is zero: say how much, as in padding=1/1");
  EXPECT_EQ(end("SAME"), "; did you mean 'same-upper'?");
  EXPECT_EQ(end("SAME_LOWER"), "; did you mean 'same-lower'?");
  EXPECT_EQ(end("same_upper"), "; did you mean 'same-upper'?");
  EXPECT_EQ(end("Valid"), "; did you mean 'valid'?");
  EXPECT_EQ(end("same\u200B"), " (U+200B ZERO WIDTH SPACE)");
  EXPECT_EQ(unknownPaddingWord("x", ""), "unknown padding 'x'" + expected);
}

/// A string of a hundred thousand distinct labels is parsed at once.
TEST(Syntax, ManyLabels) {
  std::string text;
  for (unsigned i = 0; i < 100000; ++i)
    text += "(a" + std::to_string(i) + ")" + (i % 100 ? "" : ",");
  Caught caught;
  auto syntax = Syntax::parse(text, std::ref(caught));
  ASSERT_TRUE(syntax) << caught.text();
  EXPECT_EQ(syntax->labels.size(), 100000u);
  EXPECT_EQ(syntax->operands.size(), 1001u);
}

/// Whatever the string, it parses or is refused once, with a position in it.
TEST(Syntax, RandomStrings) {
  const char *pieces[] = {"a", "b", "h",  "1",  "_",   "(",    ")",  ",",
                          "|", " ", "->", "-",  "...", ".",    "β",  "(t1)",
                          "a", "h", ",",  "->", "|h",  "\xCE", "\t", "\u00A0"};
  std::mt19937 random(7);
  unsigned numParsed = 0;
  for (unsigned i = 0; i < 100000; ++i) {
    std::string text;
    for (unsigned length = random() % 12; length > 0; --length)
      text += pieces[random() % std::size(pieces)];
    Caught caught;
    auto syntax = Syntax::parse(text, std::ref(caught));
    ASSERT_EQ(caught.count, syntax ? 0u : 1u) << text;
    numParsed += syntax.has_value();
    if (syntax)
      continue;
    ASSERT_TRUE(caught.diagnostic->position) << text;
    ASSERT_LE(*caught.diagnostic->position, text.size()) << text;
    ASSERT_FALSE(caught.diagnostic->message.empty()) << text;
    ASSERT_FALSE(renderDiagnostic(*caught.diagnostic, text).empty());
  }
  EXPECT_GT(numParsed, 5000u);
}

//===----------------------------------------------------------------------===//
// Diagnostics
//===----------------------------------------------------------------------===//

static std::string rendered(llvm::StringRef text) {
  Caught caught;
  EXPECT_FALSE(Syntax::parse(text, std::ref(caught)));
  EXPECT_EQ(caught.count, 1u);
  return renderDiagnostic(caught.diagnostic.value_or(Fault()), text);
}

TEST(Fault, CaretUnderTheByte) {
  EXPECT_EQ(rendered("b$sh,tsh->bth|h"), "unknown character '$' [C2]\n"
                                         "  b$sh,tsh->bth|h\n"
                                         "   ^");
}

TEST(Fault, CaretCountsCodePoints) {
  EXPECT_EQ(rendered("βγ%,γ->β"), "unknown character '%' [C2]\n"
                                  "  βγ%,γ->β\n"
                                  "    ^");
}

/// Wide characters take two columns; what is invisible is made visible.
TEST(Fault, CaretCountsColumns) {
  EXPECT_EQ(rendered("\u6F22，b\u200Bc"),
            "unknown character U+200B ZERO WIDTH SPACE; it cannot be seen, "
            "delete it [C2]\n"
            "  \u6F22，b\uFFFDc\n"
            "       ^");
  EXPECT_EQ(rendered("a\u202Eb"),
            "unknown character U+202E RIGHT-TO-LEFT OVERRIDE; it cannot be "
            "seen, delete it [C2]\n"
            "  a\uFFFDb\n"
            "   ^");
}

TEST(Fault, WithoutAConstraint) {
  EXPECT_EQ(numberedMessage({"cannot read", {}, {}, {}, ""}), "cannot read");
  EXPECT_EQ(numberedMessage({"differ", {}, {}, {}, "C23"}), "differ [C23]");
  EXPECT_EQ(numberedMessage({"key 'a\x1b[31m\x7f'", {}, {}, {}, ""}),
            "key 'a\xEF\xBF\xBD[31m\xEF\xBF\xBD'");
}

TEST(Fault, CaretAfterTheEnd) {
  Fault diagnostic{"expected more", 2, {}, {}, "C8"};
  EXPECT_EQ(renderDiagnostic(diagnostic, "ab"),
            "expected more [C8]\n  ab\n    ^");
}

TEST(Fault, NoPositionUnderlinesAll) {
  Fault diagnostic{"types differ", {}, {}, {}, "C50"};
  EXPECT_EQ(renderDiagnostic(diagnostic, "ab,γ"),
            "types differ [C50]\n  ab,γ\n  ^~~~");
  EXPECT_EQ(renderDiagnostic(diagnostic, ""), "types differ [C50]\n  ");
}

TEST(Fault, InvalidBytesAreReplaced) {
  EXPECT_EQ(rendered("bs\x80h"), "invalid UTF-8 at byte 0x80 [C1]\n"
                                 "  bs\uFFFDh\n"
                                 "    ^");
}

TEST(Fault, ControlCharactersAreNotShown) {
  EXPECT_EQ(rendered("a\tb\x1B[0m,c"), "unknown character U+001B [C2]\n"
                                       "  a b\uFFFD[0m,c\n"
                                       "     ^");
}

TEST(Fault, Locate) {
  auto position = [](std::optional<unsigned> operand,
                     std::optional<std::string> mode, const char *text) {
    return locate({"", {}, operand, mode, ""}, text).position;
  };
  using Position = std::optional<size_t>;
  EXPECT_EQ(position({}, "h", "bsh,tsh->bth|h"), Position(13));
  EXPECT_EQ(position({}, "s", "bsh,tsh->bth|h"), Position(1));
  EXPECT_EQ(position(1, "s", "bsh,tsh->bth|h"), Position(5));
  EXPECT_EQ(position(1, {}, "bsh,tsh->bth|h"), Position(4));
  EXPECT_EQ(position(7, {}, "bsh,tsh->bth|h"), Position());
  EXPECT_EQ(position({}, "q", "bsh,tsh->bth|h"), Position());
  EXPECT_EQ(position({}, "h", "h$"), Position());
}
