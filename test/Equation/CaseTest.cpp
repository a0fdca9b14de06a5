//===- CaseTest.cpp - Case objects ----------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which JSON is a case, what it means, and with which words anything else is
// refused.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"

using namespace conveinsum;

static llvm::json::Value json(llvm::StringRef text) {
  auto value = llvm::json::parse(text);
  EXPECT_TRUE(bool(value)) << text.str();
  if (value)
    return std::move(*value);
  llvm::consumeError(value.takeError());
  return llvm::json::Object();
}

static Case accepted(llvm::StringRef text) {
  Caught caught;
  auto aCase = Case::fromJSON(*json(text).getAsObject(), std::ref(caught));
  EXPECT_TRUE(aCase) << text.str() << ": " << caught.text();
  EXPECT_EQ(caught.count, 0u);
  return aCase.value_or(Case());
}

TEST(Case, AllKeys) {
  Case aCase = accepted(
      R"({"name": "n", "expr": "bh,th(t1)->bth|h", "shapes": [[2,7],[]],
          "conv_modes": {
            "h": {"stride": 2, "dilation": {"1": 3}, "padding": [1,-2],
                  "flip": true, "feature_operand": 0, "kind": "linear",
                  "in_size": 7, "out_size": 3},
            "t1": {"dilation": 2, "padding": "full"}},
          "out_shape": [2,4,3], "dtype": "f32", "anything": null})");
  EXPECT_EQ(aCase.name, std::optional<std::string>("n"));
  EXPECT_EQ(aCase.expr, "bh,th(t1)->bth|h");
  ASSERT_TRUE(aCase.shapes);
  EXPECT_EQ(*aCase.shapes, (std::vector<Shape>{{2, 7}, {}}));
  const Geometry &h = aCase.geometry.at("h");
  EXPECT_EQ(h.stride, 2);
  EXPECT_EQ((std::get<std::map<unsigned, int64_t>>(h.dilation)),
            (std::map<unsigned, int64_t>{{1, 3}}));
  EXPECT_EQ(h.padding.mode, PaddingMode::Explicit);
  EXPECT_EQ(h.padding.low, 1);
  EXPECT_EQ(h.padding.high, -2);
  EXPECT_TRUE(h.flip);
  EXPECT_EQ(h.feature, std::optional<unsigned>(0));
  EXPECT_EQ(h.kind, RelationKind::Linear);
  const Geometry &t1 = aCase.geometry.at("t1");
  EXPECT_EQ(std::get<int64_t>(t1.dilation), 2);
  EXPECT_EQ(t1.padding.mode, PaddingMode::Full);
  EXPECT_EQ(aCase.expectedExtents.at("h").feature, std::optional<int64_t>(7));
  EXPECT_EQ(aCase.expectedExtents.at("h").result, std::optional<int64_t>(3));
  EXPECT_EQ(aCase.expectedResultShape, std::optional<Shape>(Shape{2, 4, 3}));
}

TEST(Case, OnlyTheEquation) {
  Case aCase = accepted(R"({"expr": "ij->ji"})");
  EXPECT_FALSE(aCase.name);
  EXPECT_FALSE(aCase.shapes);
  EXPECT_TRUE(aCase.geometry.empty());
  EXPECT_FALSE(aCase.expectedResultShape);
}

TEST(Case, OnePaddingAndIntegralNumbers) {
  Case aCase = accepted(R"({"expr": "h|h", "conv_modes": {
      "h": {"padding": 3, "stride": 2.0, "dilation": 1e2}}})");
  EXPECT_EQ(aCase.geometry.at("h").padding.low, 3);
  EXPECT_EQ(aCase.geometry.at("h").padding.high, 3);
  EXPECT_EQ(aCase.geometry.at("h").stride, 2);
  EXPECT_EQ(std::get<int64_t>(aCase.geometry.at("h").dilation), 100);
}

TEST(Case, LargestAndSmallestIntegers) {
  Case aCase = accepted(R"({"expr": "h|h", "conv_modes": {"h": {
      "padding": [-9223372036854775808, 9223372036854775807]}}})");
  EXPECT_EQ(aCase.geometry.at("h").padding.low,
            std::numeric_limits<int64_t>::min());
  EXPECT_EQ(aCase.geometry.at("h").padding.high,
            std::numeric_limits<int64_t>::max());
}

//===----------------------------------------------------------------------===//
// Refusals
//===----------------------------------------------------------------------===//

static std::string fault(llvm::StringRef text) {
  Caught caught;
  EXPECT_FALSE(Case::fromJSON(*json(text).getAsObject(), std::ref(caught)))
      << text.str();
  EXPECT_EQ(caught.count, 1u);
  return caught.text();
}

/// The fault of a geometry of mode h.
static std::string geometryFault(const std::string &members) {
  return fault(R"({"expr": "h|h", "conv_modes": {"h": {)" + members + "}}}");
}

TEST(CaseRefusal, C48) {
  EXPECT_EQ(fault("{}"), "C48: expected a string 'expr', the equation");
  EXPECT_EQ(fault(R"({"expr": 1})"),
            "C48: expected a string 'expr', the equation");
  EXPECT_EQ(fault(R"({"expr": "h", "shapes": 7})"),
            "C48: shapes: expected a list with one shape per operand, got 7");
  EXPECT_EQ(fault(R"({"expr": "h", "shapes": [7]})"),
            "C48: shape of operand 0: expected a list of extents, got 7");
  EXPECT_EQ(fault(R"({"expr": "h", "out_shape": "7"})"),
            "C48: out_shape: expected a list of extents, got \"7\"");
  Caught caught;
  EXPECT_FALSE(accepted(R"({"expr": "h"})").resolve(std::ref(caught)));
  EXPECT_EQ(caught.text(), "C48: expected 'shapes', one per operand");
}

TEST(CaseRefusal, C22NegativeExtent) {
  EXPECT_EQ(fault(R"({"expr": "h", "shapes": [[3,-7]]})"),
            "C22: extent of shape of operand 0: expected at least 0, got -7");
  // The number that stands for a dynamic extent inside.
  EXPECT_EQ(fault(R"({"expr": "h", "shapes": [[-9223372036854775808]]})")
                .substr(0, 4),
            "C22:");
}

TEST(CaseRefusal, C44Types) {
  EXPECT_EQ(fault(R"({"expr": "h", "name": 3})"),
            "C44: name: expected a string, got 3");
  EXPECT_EQ(fault(R"({"expr": "h", "shapes": [[2.5]]})"),
            "C44: extent of shape of operand 0: expected an integer, got 2.5");
  EXPECT_EQ(fault(R"({"expr": "h", "conv_modes": []})"),
            "C44: conv_modes: expected an object of labels, got []");
  EXPECT_EQ(fault(R"({"expr": "h", "conv_modes": {"h": 2}})"),
            "C44: geometry of mode 'h': expected an object, got 2");
  EXPECT_EQ(geometryFault(R"("stride": "2")"),
            "C44: stride of mode 'h': expected an integer, got \"2\"");
  EXPECT_EQ(geometryFault(R"("stride": true)"),
            "C44: stride of mode 'h': expected an integer, got true");
  EXPECT_EQ(geometryFault(R"("stride": null)"),
            "C44: stride of mode 'h': expected an integer, got null");
  EXPECT_EQ(geometryFault(R"("dilation": [2])"),
            "C44: dilation of mode 'h': expected an integer or an object of "
            "operand positions, got [2]");
  EXPECT_EQ(geometryFault(R"("dilation": {"one": 2})"),
            "C44: dilation of mode 'h': expected the position of an operand, "
            "got 'one'");
  EXPECT_EQ(geometryFault(R"("dilation": {"1": "2"})"),
            "C44: dilation of mode 'h': expected an integer, got \"2\"");
  EXPECT_EQ(geometryFault(R"("padding": [1, "1"])"),
            "C44: padding of mode 'h': expected an integer, got \"1\"");
  EXPECT_EQ(geometryFault(R"("flip": 1)"),
            "C44: flip of mode 'h': expected true or false, got 1");
  EXPECT_EQ(geometryFault(R"("feature_operand": "0")"),
            "C44: feature_operand of mode 'h': expected an integer, got \"0\"");
  EXPECT_EQ(geometryFault(R"("in_size": "7")"),
            "C44: in_size of mode 'h': expected an integer, got \"7\"");
}

TEST(CaseRefusal, GeometryValues) {
  EXPECT_EQ(geometryFault(R"("padding": "Same")"),
            "C40: unknown padding 'Same' of mode 'h': expected same, "
            "same-upper, same-lower, valid, full, causal, circular or numbers; "
            "did you mean 'same'?");
  EXPECT_EQ(geometryFault(R"("padding": [1])"),
            "C41: padding of mode 'h': expected two numbers, got 1");
  EXPECT_EQ(geometryFault(R"("padding": {})"),
            "C41: padding of mode 'h': expected a number, a pair of numbers or "
            "a word, got {}");
  EXPECT_EQ(geometryFault(R"("kind": "round")"),
            "C42: kind of mode 'h': expected linear or circular, got "
            "\"round\"");
  EXPECT_EQ(geometryFault(R"("feature_operand": -1)"),
            "C35: feature_operand of mode 'h': expected the position of an "
            "operand, got -1");
}

TEST(CaseRefusal, C43Keys) {
  EXPECT_EQ(geometryFault(R"("feature": 0)"),
            "C43: unknown key 'feature' in the geometry of mode 'h': expected "
            "stride, dilation, padding, flip, feature_operand, kind, "
            "transposed, output_padding, in_size or out_size");
  EXPECT_EQ(geometryFault(R"("dilation": {"1": 2, "01": 3})"),
            "C43: dilation of mode 'h' for operand 1 is given twice");
}

TEST(CaseRefusal, C45Overflow) {
  for (const char *number : {"9223372036854775808", "9223372036854775808.0",
                             "1e300", "-9223372036854775809", "1e999"})
    EXPECT_EQ(geometryFault(std::string(R"("stride": )") + number).substr(0, 4),
              "C45:")
        << number;
}

TEST(CaseRefusal, C46Labels) {
  EXPECT_EQ(fault(R"json({"expr": "h", "conv_modes": {"(t1)": {}}})json"),
            "C46: conv_modes: expected a bare label such as h or t1, got "
            "'(t1)'");
}

TEST(CaseRefusal, ThePositionIsThatOfTheMode) {
  Caught caught;
  llvm::json::Value value =
      json(R"({"expr": "bh,h->bh|h", "conv_modes": {"h": {"flip": 1}}})");
  EXPECT_FALSE(Case::fromJSON(*value.getAsObject(), std::ref(caught)));
  ASSERT_TRUE(caught.diagnostic);
  EXPECT_EQ(caught.diagnostic->mode, std::optional<std::string>("h"));
  EXPECT_EQ(caught.diagnostic->position, std::optional<size_t>(9));
}

//===----------------------------------------------------------------------===//
// Sizes that are checked
//===----------------------------------------------------------------------===//

static Caught resolveFault(const std::string &members) {
  Caught caught;
  Case aCase = accepted(R"({"expr": "bh,h->bh|h", "shapes": [[2,7],[3]])" +
                        members + "}");
  EXPECT_FALSE(aCase.resolve(std::ref(caught)));
  EXPECT_EQ(caught.count, 1u);
  return caught;
}

TEST(CaseSizes, C49ResultShape) {
  EXPECT_EQ(resolveFault(R"(, "out_shape": [2,5])").text(),
            "C49: out_shape: expected 2x7, got 2x5");
}

TEST(CaseSizes, C49ConvModes) {
  Caught caught = resolveFault(R"(, "conv_modes": {"h": {"in_size": 8}})");
  EXPECT_EQ(caught.text(), "C49: in_size of mode 'h': expected 7, got 8");
  EXPECT_EQ(caught.diagnostic->mode, std::optional<std::string>("h"));
  EXPECT_EQ(caught.diagnostic->position, std::optional<size_t>(9));
  EXPECT_EQ(resolveFault(R"(, "conv_modes": {"h": {"out_size": 5}})").text(),
            "C49: out_size of mode 'h': expected 7, got 5");
}

TEST(CaseSizes, C49ShapesFromElsewhere) {
  Case aCase = accepted(R"({"expr": "bh,h->bh|h", "shapes": [[2,7],[3]]})");
  Caught caught;
  std::vector<Shape> shapes = {{2, 7}, {3}};
  EXPECT_TRUE(aCase.resolve(shapes, std::ref(caught)));
  shapes[1] = {5};
  EXPECT_FALSE(aCase.resolve(shapes, std::ref(caught)));
  EXPECT_EQ(caught.text(), "C49: shape of operand 1: expected 5, got 3");
  EXPECT_EQ(caught.diagnostic->operand, std::optional<unsigned>(1));
}

TEST(CaseSizes, SizesOfAModeThatIsPlain) {
  EXPECT_EQ(resolveFault(R"(, "conv_modes": {"b": {"in_size": 2}})").text(),
            "C30: geometry given for 'b', which is a plain mode: expected a "
            "conv mode");
}
