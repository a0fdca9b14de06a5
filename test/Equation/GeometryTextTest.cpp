//===- GeometryTextTest.cpp - Shapes and --conv= as text ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the command line accepts for shapes and geometry, and what it refuses.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/GeometryText.h"
#include "TestSupport.h"

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

TEST(ShapeText, Accepted) {
  Caught caught;
  EXPECT_EQ(parseShape("32x64x56x56", std::ref(caught)),
            (Shape{32, 64, 56, 56}));
  EXPECT_EQ(parseShape("7", std::ref(caught)), Shape{7});
  EXPECT_EQ(parseShape("0x3", std::ref(caught)), (Shape{0, 3}));
  EXPECT_EQ(parseShape("scalar", std::ref(caught)), Shape());
  EXPECT_EQ(parseShape("?x64x?", std::ref(caught), /*open=*/true),
            (Shape{kDynamic, 64, kDynamic}));
  EXPECT_EQ(parseShape("9223372036854775807", std::ref(caught)),
            Shape{std::numeric_limits<int64_t>::max()});
  EXPECT_EQ(caught.count, 0u);
}

TEST(ShapeText, Printed) {
  EXPECT_EQ(toString(Shape{32, 64}), "32x64");
  EXPECT_EQ(toString(Shape{}), "scalar");
  EXPECT_EQ(toString(Shape{2, kDynamic}), "2x?");
}

static std::string shapeFault(llvm::StringRef text) {
  Caught caught;
  EXPECT_FALSE(parseShape(text, std::ref(caught))) << text.str();
  EXPECT_EQ(caught.count, 1u);
  return caught.text();
}

TEST(ShapeText, C47Malformed) {
  for (const char *text : {"", "x", "3x", "x3", "3xx4", "3X4", "a", "3x4 ", "?",
                           "+3", "3.0", "0x1F", "[3,4]", "Scalar", "-"})
    EXPECT_EQ(shapeFault(text),
              std::string("C47: expected a shape such as 32x64x56x56, or "
                          "scalar, got '") +
                  text + "'");
}

TEST(ShapeText, C22Negative) {
  EXPECT_EQ(shapeFault("3x-4"),
            "C22: extent of shape '3x-4': expected at least 0, got -4");
}

TEST(ShapeText, C45Overflow) {
  EXPECT_EQ(shapeFault("3x9223372036854775808"),
            "C45: extent of shape '3x9223372036854775808': overflow, "
            "9223372036854775808 does not fit signed 64 bit");
  EXPECT_EQ(shapeFault("99999999999999999999999999").substr(0, 4), "C45:");
}

//===----------------------------------------------------------------------===//
// Geometry
//===----------------------------------------------------------------------===//

static GeometryMap parsed(std::initializer_list<const char *> options) {
  GeometryOptions parser;
  for (const char *option : options) {
    Caught caught;
    EXPECT_TRUE(parser.add(option, std::ref(caught)))
        << option << ": " << caught.text();
    EXPECT_EQ(caught.count, 0u);
  }
  return parser.geometry();
}

TEST(GeometryText, AllKeys) {
  GeometryMap map = parsed({"h:stride=2,dilation=3,padding=1/-2,flip,feature=1,"
                            "kind=circular"});
  ASSERT_EQ(map.size(), 1u);
  const Geometry &geometry = map.at("h");
  EXPECT_EQ(geometry.stride, 2);
  EXPECT_EQ(std::get<int64_t>(geometry.dilation), 3);
  EXPECT_EQ(geometry.padding.mode, PaddingMode::Explicit);
  EXPECT_EQ(geometry.padding.low, 1);
  EXPECT_EQ(geometry.padding.high, -2);
  EXPECT_TRUE(geometry.flip);
  EXPECT_EQ(geometry.feature, std::optional<unsigned>(1));
  EXPECT_EQ(geometry.kind, RelationKind::Circular);
}

TEST(GeometryText, SeveralModesAndOptions) {
  GeometryMap map =
      parsed({"h,w:stride=2", "(t1):padding=valid", "h:flip=false"});
  EXPECT_EQ(map.size(), 3u);
  EXPECT_EQ(map.at("h").stride, 2);
  EXPECT_EQ(map.at("w").stride, 2);
  EXPECT_FALSE(map.at("h").flip);
  EXPECT_EQ(map.at("t1").padding.mode, PaddingMode::Valid);
}

TEST(GeometryText, SpacesAroundWords) {
  GeometryMap map = parsed({"h , w: stride = 2,\tflip , padding = 1/-2"});
  for (const char *mode : {"h", "w"}) {
    EXPECT_EQ(map.at(mode).stride, 2);
    EXPECT_TRUE(map.at(mode).flip);
    EXPECT_EQ(map.at(mode).padding.low, 1);
    EXPECT_EQ(map.at(mode).padding.high, -2);
  }
}

TEST(GeometryText, OnePaddingForBothEnds) {
  const Geometry geometry = parsed({"h:padding=2"}).at("h");
  EXPECT_EQ(geometry.padding.low, 2);
  EXPECT_EQ(geometry.padding.high, 2);
}

TEST(GeometryText, DilationPerKernel) {
  EXPECT_EQ(std::get<std::vector<int64_t>>(
                parsed({"β:dilation=2/1/3"}).at("β").dilation),
            (std::vector<int64_t>{2, 1, 3}));
}

/// The fault of the last option, after those before it were accepted.
static std::string fault(std::initializer_list<const char *> options) {
  GeometryOptions parser;
  Caught caught;
  for (const char *option : options) {
    EXPECT_EQ(caught.count, 0u) << caught.text();
    EXPECT_EQ(parser.add(option, std::ref(caught)), caught.count == 0);
  }
  EXPECT_EQ(caught.count, 1u);
  return caught.text();
}

TEST(GeometryText, C40UnknownPaddingWord) {
  EXPECT_EQ(fault({"h:padding=reflect"}).substr(0, 42),
            "C40: unknown padding 'reflect' of mode 'h'");
  EXPECT_EQ(fault({"h:padding=Same"}).substr(0, 28),
            "C40: unknown padding 'Same' ");
  EXPECT_EQ(fault({"h:padding="}).substr(0, 24), "C40: unknown padding '' ");
}

TEST(GeometryText, Transposed) {
  Caught caught;
  GeometryOptions options;
  ASSERT_TRUE(options.add("h:transposed,stride=2,output-padding=1,padding=SAME",
                          std::ref(caught)));
  ASSERT_TRUE(options.add("w:transposed=false,output_padding=2,padding=causal",
                          std::ref(caught)));
  const Geometry &h = options.geometry().at("h");
  EXPECT_TRUE(h.transposed);
  EXPECT_EQ(h.outputPadding, 1);
  EXPECT_EQ(h.padding.mode, PaddingMode::SameUpper);
  const Geometry &w = options.geometry().at("w");
  EXPECT_FALSE(w.transposed);
  EXPECT_EQ(w.outputPadding, 2);
  EXPECT_EQ(w.padding.mode, PaddingMode::Causal);
  EXPECT_EQ(fault({"h:transposed=yes"}),
            "C44: transposed of mode 'h': expected true or false, got 'yes'");
  EXPECT_EQ(fault({"h:output-padding=1", "h:output_padding=1"}),
            "C43: output-padding of mode 'h' is given twice");
  EXPECT_EQ(fault({"h:output-padding"}),
            "C44: output-padding of mode 'h': expected a value, as in "
            "output-padding=...");
}

TEST(GeometryText, C41ThreePaddings) {
  EXPECT_EQ(fault({"h:padding=1/2/3"}),
            "C41: padding of mode 'h': expected one number or two, got 3");
}

TEST(GeometryText, C42UnknownKind) {
  EXPECT_EQ(fault({"h:kind=round"}),
            "C42: kind of mode 'h': expected linear or circular, got 'round'");
}

TEST(GeometryText, C43Keys) {
  EXPECT_EQ(fault({"(t1):strides=2"}),
            "C43: unknown key 'strides' in the geometry of mode '(t1)': "
            "expected stride, dilation, padding, flip, feature, kind, "
            "transposed or output-padding; did you mean 'stride'?");
  auto advice = [](const char *option) {
    std::string text = fault({option});
    return text.substr(std::min(text.find(';'), text.size()));
  };
  EXPECT_EQ(advice("h:groups=2"),
            "; groups are a plain mode of their own, which feature, kernel and "
            "result hold");
  EXPECT_EQ(advice("h:padding_mode=reflect"),
            "; a border is a word of padding, such as circular");
  EXPECT_EQ(advice("h:lhs_dilation=2"),
            "; this is the stride of a transposed mode");
  EXPECT_EQ(advice("h:rhs_dilation=2"), "; did you mean 'dilation'?");
  EXPECT_EQ(advice("h:transpose"), "; did you mean 'transposed'?");
  EXPECT_EQ(advice("h:bias=1"), "");
  EXPECT_EQ(fault({"h:stride=2,stride=2"}),
            "C43: stride of mode 'h' is given twice");
  EXPECT_EQ(fault({"h,w:stride=2", "w:stride=1"}),
            "C43: stride of mode 'w' is given twice");
  EXPECT_EQ(fault({"h,h:stride=2"}), "C43: stride of mode 'h' is given twice");
  EXPECT_EQ(fault({"h:"}).substr(0, 19), "C43: unknown key ''");
  EXPECT_EQ(fault({"h:stride=2,"}).substr(0, 19), "C43: unknown key ''");
}

TEST(GeometryText, C44Values) {
  EXPECT_EQ(fault({"h"}),
            "C44: expected LABEL[,LABEL...]:KEY=VALUE[,KEY=VALUE...], got 'h'");
  EXPECT_EQ(fault({"h:stride"}),
            "C44: stride of mode 'h': expected a value, as in stride=...");
  EXPECT_EQ(fault({"h:stride=two"}),
            "C44: stride of mode 'h': expected an integer, got 'two'");
  EXPECT_EQ(fault({"h:stride="}),
            "C44: stride of mode 'h': expected an integer, got ''");
  EXPECT_EQ(fault({"h:dilation=2//1"}),
            "C44: dilation of mode 'h': expected an integer, got ''");
  EXPECT_EQ(fault({"h:padding=1/x"}),
            "C44: padding of mode 'h': expected an integer, got 'x'");
  EXPECT_EQ(fault({"h:flip=yes"}),
            "C44: flip of mode 'h': expected true or false, got 'yes'");
  EXPECT_EQ(fault({"h:feature=1.0"}),
            "C44: feature of mode 'h': expected an integer, got '1.0'");
}

TEST(GeometryText, C35NegativeFeature) {
  EXPECT_EQ(fault({"h:feature=-1"}),
            "C35: feature of mode 'h': expected the position of an operand, "
            "got -1");
}

TEST(GeometryText, C45Overflow) {
  EXPECT_EQ(fault({"h:stride=9223372036854775808"}),
            "C45: stride of mode 'h': overflow, 9223372036854775808 does not "
            "fit signed 64 bit");
}

TEST(GeometryText, C46Labels) {
  for (const char *option : {":stride=2", "h,:stride=2", "1:stride=2",
                             "(h:stride=2", "h w:stride=2", "\xFF:stride=2"})
    EXPECT_EQ(fault({option}).substr(0, 39),
              "C46: expected a label such as h or t1, ")
        << option;
}
