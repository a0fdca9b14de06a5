//===- RefusalTest.cpp - What is refused beyond the data files ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Refusals of docs/Semantics.md, 7, that the data files lack, each with the
// constraint, the position and the whole message.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Strings
//===----------------------------------------------------------------------===//

/// What is reported for a string, with its position: `C2@1: ...`.
static std::string fault(llvm::StringRef text) {
  Caught caught;
  EXPECT_FALSE(Syntax::parse(text, std::ref(caught))) << text.str();
  EXPECT_EQ(caught.count, 1u);
  if (!caught.diagnostic || !caught.diagnostic->position)
    return caught.text();
  return caught.diagnostic->constraint + "@" +
         std::to_string(*caught.diagnostic->position) + ": " +
         caught.diagnostic->message;
}

TEST(Refusal, C1InvalidUtf8) {
  // Overlong, a surrogate, beyond U+10FFFF, a byte that never occurs.
  EXPECT_EQ(fault("a\xC0\xAF"), "C1@1: invalid UTF-8 at byte 0xC0");
  EXPECT_EQ(fault("ab\xED\xA0\x80"), "C1@2: invalid UTF-8 at byte 0xED");
  EXPECT_EQ(fault("\xF4\x90\x80\x80"), "C1@0: invalid UTF-8 at byte 0xF4");
  EXPECT_EQ(fault("a,\xFF"), "C1@2: invalid UTF-8 at byte 0xFF");
  // Even where nothing would read it: inside a name, after a fault.
  EXPECT_EQ(fault("(a\x80)"), "C1@2: invalid UTF-8 at byte 0x80");
}

TEST(Refusal, C2UnknownCharacter) {
  EXPECT_EQ(fault("a\nb"), "C2@1: unknown character U+000A LINE FEED; blanks "
                           "are space and tab, type one of these or nothing");
  EXPECT_EQ(fault(llvm::StringRef("a\0b", 3)),
            "C2@1: unknown character U+0000");
  EXPECT_EQ(fault("a\u0085b"),
            "C2@1: unknown character U+0085 NEXT LINE; blanks are space and "
            "tab, type one of these or nothing");
  EXPECT_EQ(fault("a\u3000b"),
            "C2@1: unknown character U+3000 IDEOGRAPHIC SPACE; blanks are "
            "space and tab, type one of these or nothing");
  EXPECT_EQ(fault("a>b"), "C2@1: unknown character '>'");
  EXPECT_EQ(fault("a- >b"), "C2@1: unknown character '-'");
  EXPECT_EQ(fault("a....b"), "C2@4: unknown character '.'");
  EXPECT_EQ(fault("a..->b"), "C2@1: unknown character '.'");
  EXPECT_EQ(fault("ab->a,b"), "C2@5: unknown character ',' in the result");
  EXPECT_EQ(fault("row$ col->row"), "C2@3: unknown character '$'");
  EXPECT_EQ(fault("a|a1"), "C2@3: unknown character '1' outside a name");
}

TEST(Refusal, C3Parentheses) {
  EXPECT_EQ(fault("("), "C3@0: '(' without ')'");
  EXPECT_EQ(fault("a(b->a"), "C3@1: '(' without ')'");
  EXPECT_EQ(fault("a(b|a"), "C3@1: '(' without ')'");
  EXPECT_EQ(fault("a->a)"), "C3@4: ')' without '('");
  EXPECT_EQ(fault("(a(b))"), "C3@2: '(' inside a name");
  EXPECT_EQ(fault("row col) x"), "C3@7: ')' without '('");
}

TEST(Refusal, C4MalformedName) {
  EXPECT_EQ(fault("( a)"), "C4@1: malformed name: expected a letter, a digit "
                           "or '_', got ' '");
  EXPECT_EQ(fault("(a b)c"), "C4@2: malformed name: expected a letter, a digit "
                             "or '_', got ' '");
  EXPECT_EQ(fault("a|()"), "C4@2: empty name '()'");
  EXPECT_EQ(fault("(...)"), "C4@1: malformed name: expected a letter, a digit "
                            "or '_', got '.'");
  EXPECT_EQ(fault("row 1col->row"), "C4@4: malformed word: expected a letter "
                                    "or '_' first, got '1'");
}

TEST(Refusal, C8ConvList) {
  EXPECT_EQ(fault("h|,h"), "C8@2: empty part after '|': expected a label, got "
                           "','");
  EXPECT_EQ(fault("h|,"), "C8@2: empty part after '|': expected a label, got "
                          "','");
  EXPECT_EQ(fault("h w1|h , , w1"), "C8@9: empty part after '|': expected a "
                                    "label, got ','");
  EXPECT_EQ(fault("h|h, "), "C8@3: trailing comma after '|': expected a label");
  EXPECT_EQ(fault("|"), "C8@0: empty list after '|': expected a label");
}

TEST(Refusal, C9TwoEllipsesInTheResult) {
  EXPECT_EQ(fault("...a->...a..."), "C9@10: two ellipses in the result");
  EXPECT_EQ(fault("a,......->..."), "C9@5: two ellipses in operand 1");
}

TEST(Refusal, C17SpelledInTwoWays) {
  EXPECT_EQ(fault("h(h)->h|h"),
            "C17@1: conv mode 'h' repeats inside operand 0");
  EXPECT_EQ(fault("b,(t1)b(t1)|(t1)"),
            "C17@7: conv mode '(t1)' repeats inside operand 1");
}

//===----------------------------------------------------------------------===//
// Geometry and shapes
//===----------------------------------------------------------------------===//

/// What is reported for `h,h,h->h|h` with a feature of 9 and kernels of 3
/// and 2.
static std::string geometryFault(const Geometry &geometry,
                                 std::vector<Shape> shapes = {{9}, {3}, {2}}) {
  Caught caught;
  EXPECT_FALSE(Equation::create("h,h,h->h|h", {{"h", geometry}}, shapes,
                                std::ref(caught)));
  EXPECT_EQ(caught.count, 1u);
  if (caught.diagnostic) {
    EXPECT_EQ(caught.diagnostic->mode, std::optional<std::string>("h"));
    EXPECT_TRUE(caught.diagnostic->position);
  }
  return caught.text();
}

static Geometry withPadding(int64_t low, int64_t high) {
  Geometry geometry;
  geometry.padding = {PaddingMode::Explicit, low, high};
  return geometry;
}

static constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
static constexpr int64_t kMin = std::numeric_limits<int64_t>::min();

TEST(Refusal, C22NegativeExtent) {
  Caught caught;
  EXPECT_FALSE(
      Equation::create("ij->ij", {}, {Shape{3, -2}}, std::ref(caught)));
  EXPECT_EQ(caught.text(), "C22: extent of operand 0 along mode 'j': expected "
                           "at least 0, got -2");
}

TEST(Refusal, C25DynamicKernel) {
  EXPECT_EQ(geometryFault({}, {{9}, {kDynamic}, {2}}),
            "C25: extent of operand 1 along conv mode 'h': expected a static "
            "extent of a kernel, got a dynamic one");
}

TEST(Refusal, C25DynamicPeriod) {
  Geometry geometry;
  geometry.padding.mode = PaddingMode::Circular;
  EXPECT_EQ(geometryFault(geometry, {{kDynamic}, {3}, {2}}),
            "C25: extent of operand 0 along conv mode 'h': expected a static "
            "extent of a circular mode, got a dynamic one");
}

TEST(Refusal, C25DynamicModeThatIsSummed) {
  Caught caught;
  EXPECT_FALSE(Equation::create("xy,y->x|y", {}, {Shape{5, kDynamic}, Shape{3}},
                                std::ref(caught)));
  EXPECT_EQ(caught.text(),
            "C25: extent of operand 0 along conv mode 'y': expected a static "
            "extent, as the result does not hold the mode, got a dynamic one");
}

TEST(Refusal, C33NumberOfDilations) {
  Geometry geometry;
  geometry.dilation = std::vector<int64_t>{2};
  EXPECT_EQ(geometryFault(geometry),
            "C33: dilations of mode 'h': expected 2, one per kernel, got 1");
  geometry.dilation = std::vector<int64_t>{1, 2, 3};
  EXPECT_EQ(geometryFault(geometry),
            "C33: dilations of mode 'h': expected 2, one per kernel, got 3");
}

TEST(Refusal, C34KernelWithoutDilation) {
  Geometry geometry;
  geometry.dilation = std::map<unsigned, int64_t>{{1, 2}};
  EXPECT_EQ(geometryFault(geometry),
            "C34: dilation of mode 'h' is not given for its kernel, operand 2");
  geometry.dilation = std::map<unsigned, int64_t>{{1, 2}, {2, 1}, {7, 1}};
  EXPECT_EQ(geometryFault(geometry),
            "C34: dilation of mode 'h' given for operand 7, which does not "
            "hold the mode");
}

TEST(Refusal, C32DilationWithoutKernels) {
  Geometry geometry;
  geometry.dilation = int64_t(-1);
  Caught caught;
  EXPECT_FALSE(Equation::create("h->h|h", {{"h", geometry}}, {Shape{5}},
                                std::ref(caught)));
  EXPECT_EQ(caught.text(),
            "C32: dilation of mode 'h': expected at least 1, got -1");
}

TEST(Refusal, C37CircularPaddingOfALinearMode) {
  Geometry geometry;
  geometry.padding.mode = PaddingMode::Circular;
  geometry.kind = RelationKind::Linear;
  EXPECT_EQ(geometryFault(geometry),
            "C37: padding circular of mode 'h': expected kind circular, got "
            "kind linear");
}

TEST(Refusal, C38WordsThatDoNotAddUp) {
  Geometry geometry;
  geometry.kind = RelationKind::Circular;
  geometry.padding.mode = PaddingMode::Valid;
  EXPECT_EQ(geometryFault(geometry),
            "C38: circular padding of mode 'h' does not add up: expected lo + "
            "hi = ext - 1 = 3, got 0 + 0 = 0");
  geometry.padding.mode = PaddingMode::Full;
  EXPECT_EQ(geometryFault(geometry),
            "C38: circular padding of mode 'h' does not add up: expected lo + "
            "hi = ext - 1 = 3, got 3 + 3 = 6");
}

TEST(Refusal, C39Overflow) {
  const std::string tail = " of mode 'h' does not fit signed 64 bit";
  // lo + (ext - 1) of a flipped kernel.
  Geometry flipped = withPadding(kMin, kMax);
  flipped.flip = true;
  EXPECT_EQ(geometryFault(flipped), "C39: overflow: the offset" + tail);
  EXPECT_EQ(geometryFault(withPadding(kMax, 0)),
            "C39: overflow: the padded extent" + tail);
  EXPECT_EQ(geometryFault(withPadding(0, kMax - 8)),
            "C39: overflow: the padded extent" + tail);
  // The padded extent is 8 and b fits, but b less the kernels' indices does
  // not.
  EXPECT_EQ(geometryFault(withPadding(kMin, kMax)),
            "C39: overflow: the end of an interval" + tail);
  Geometry dilated;
  dilated.dilation = kMax;
  EXPECT_EQ(geometryFault(dilated),
            "C39: overflow: the kernels' extent" + tail);
  Geometry circular = withPadding(kMax, 1);
  circular.kind = RelationKind::Circular;
  EXPECT_EQ(geometryFault(circular), "C39: overflow: the padding" + tail);
}

TEST(Refusal, C39ResultExtent) {
  Caught caught;
  EXPECT_FALSE(Equation::create("h->h|h", {{"h", withPadding(0, 1)}},
                                {Shape{kMax}}, std::ref(caught)));
  EXPECT_EQ(caught.text(), "C39: overflow: the padded extent of mode 'h' does "
                           "not fit signed 64 bit");
  EXPECT_TRUE(Equation::create("h->h|h", {{"h", withPadding(0, 0)}},
                               {Shape{kMax}}, std::ref(caught)));
}

TEST(Refusal, C20NoShapes) {
  Caught caught;
  EXPECT_FALSE(Equation::create("h", {}, {}, std::ref(caught)));
  EXPECT_EQ(caught.text(), "C20: number of operands differs: expected 1 shape, "
                           "one per operand, got 0");
}
