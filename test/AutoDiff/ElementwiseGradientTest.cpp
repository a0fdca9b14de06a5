//===- ElementwiseGradientTest.cpp - Derivatives, number by number --------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every op with a derivative, on tensors and in the body of a generic op, its
// first and its second derivative.
//
//===----------------------------------------------------------------------===//

#include "GradientCheck.h"
#include "gtest/gtest.h"

using namespace conveinsum;
using namespace conveinsum::test;

/// `op` on tensors.
static std::string onTensors(const std::string &op, unsigned operands) {
  std::string text = "func.func @f(", list, types;
  for (unsigned k = 0; k < operands; ++k) {
    std::string comma = k == 0 ? "" : ", ";
    text += comma + "%x" + std::to_string(k) + ": tensor<3x5xf64>";
    list += comma + "%x" + std::to_string(k);
  }
  return text + ") -> tensor<3x5xf64> {\n  %y = " + op + " " + list +
         " : tensor<3x5xf64>\n  return %y : tensor<3x5xf64>\n}\n";
}

/// `op` in a body.
static std::string inBody(const std::string &op, unsigned operands) {
  std::string arguments, ins, types, block, list, maps;
  for (unsigned k = 0; k < operands; ++k) {
    std::string comma = k == 0 ? "" : ", ", number = std::to_string(k);
    arguments += comma + "%x" + number + ": tensor<3x5xf64>";
    ins += comma + "%x" + number;
    types += comma + "tensor<3x5xf64>";
    block += "%a" + number + ": f64, ";
    list += comma + "%a" + number;
    maps += "affine_map<(i, j) -> (i, j)>, ";
  }
  return "func.func @f(" + arguments +
         ") -> tensor<5x3xf64> {\n"
         "  %e = tensor.empty() : tensor<5x3xf64>\n"
         "  %y = linalg.generic {indexing_maps = [" +
         maps +
         "affine_map<(i, j) -> (j, i)>],\n"
         "    iterator_types = [\"parallel\", \"parallel\"]} ins(" +
         ins + " : " + types + ") outs(%e : tensor<5x3xf64>) {\n  ^bb0(" +
         block + "%o: f64):\n    %r = " + op + " " + list +
         " : f64\n    linalg.yield %r : f64\n  } -> tensor<5x3xf64>\n"
         "  return %y : tensor<5x3xf64>\n}\n";
}

struct Case {
  const char *op;
  unsigned operands;
  double low, high;
};

TEST(ElementwiseGradientTest, EveryOpHasItsDerivative) {
  const Case cases[] = {
      {"arith.addf", 2, -1, 1},     {"arith.subf", 2, -1, 1},
      {"arith.mulf", 2, -1, 1},     {"arith.divf", 2, 0.5, 1.5},
      {"arith.negf", 1, -1, 1},     {"arith.maximumf", 2, -1, 1},
      {"arith.minimumf", 2, -1, 1}, {"arith.maxnumf", 2, -1, 1},
      {"arith.minnumf", 2, -1, 1},  {"math.exp", 1, -1, 1},
      {"math.exp2", 1, -1, 1},      {"math.expm1", 1, -1, 1},
      {"math.log", 1, 0.5, 1.5},    {"math.log2", 1, 0.5, 1.5},
      {"math.log10", 1, 0.5, 1.5},  {"math.log1p", 1, -0.5, 1},
      {"math.sqrt", 1, 0.5, 1.5},   {"math.rsqrt", 1, 0.5, 1.5},
      {"math.cbrt", 1, 0.5, 1.5},   {"math.sin", 1, -1, 1},
      {"math.cos", 1, -1, 1},       {"math.tan", 1, -1, 1},
      {"math.sinh", 1, -1, 1},      {"math.cosh", 1, -1, 1},
      {"math.tanh", 1, -1, 1},      {"math.asin", 1, -0.8, 0.8},
      {"math.acos", 1, -0.8, 0.8},  {"math.atan", 1, -1, 1},
      {"math.asinh", 1, -1, 1},     {"math.acosh", 1, 1.2, 2},
      {"math.atanh", 1, -0.8, 0.8}, {"math.erf", 1, -1, 1},
      {"math.erfc", 1, -1, 1},      {"math.absf", 1, 0.1, 1},
      {"math.absf", 1, -1, -0.1},   {"math.powf", 2, 0.5, 1.5},
      {"math.atan2", 2, 0.5, 1.5},  {"math.fma", 3, -1, 1},
      {"math.floor", 1, 0.1, 0.9},  {"math.ceil", 1, 0.1, 0.9},
      {"math.round", 1, 0.6, 0.9},  {"math.roundeven", 1, 0.6, 0.9},
      {"math.trunc", 1, 0.1, 0.9},
  };
  for (const Case &each : cases) {
    Fill fill;
    fill.low = each.low;
    fill.high = each.high;
    EXPECT_EQ(checkGradients(onTensors(each.op, each.operands), fill, 2), "")
        << each.op << " on tensors";
    EXPECT_EQ(checkGradients(inBody(each.op, each.operands), fill, 2), "")
        << each.op << " in a body";
  }
}

/// A body of one complex input `%a`, which sets `%r`.
static std::string complexBody(const std::string &body,
                               const std::string &type = "complex<f64>") {
  return "func.func @f(%x: tensor<4xcomplex<f64>>, %z: "
         "tensor<4xcomplex<f64>>) -> tensor<4x" +
         type + "> {\n  %e = tensor.empty() : tensor<4x" + type +
         ">\n  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, "
         "affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = "
         "[\"parallel\"]} ins(%x, %z : tensor<4xcomplex<f64>>, "
         "tensor<4xcomplex<f64>>) outs(%e : tensor<4x" +
         type + ">) {\n  ^bb0(%a: complex<f64>, %b: complex<f64>, %o: " + type +
         "):\n" + body + "    linalg.yield %r : " + type +
         "\n  } -> tensor<4x" + type + ">\n  return %y : tensor<4x" + type +
         ">\n}\n";
}

TEST(ElementwiseGradientTest, ComplexOpsFollowPyTorch) {
  const std::string unary[] = {"exp", "log",  "sqrt", "sin",
                               "cos", "tanh", "neg",  "conj"};
  for (const std::string &op : unary)
    EXPECT_EQ(checkGradients(complexBody("    %r = complex." + op +
                                         " %a : complex<f64>\n"),
                             {}, 2),
              "")
        << op;
  for (const char *op : {"add", "sub", "mul", "div"})
    EXPECT_EQ(checkGradients(complexBody(std::string("    %r = complex.") + op +
                                         " %a, %b : complex<f64>\n"),
                             {}, 2),
              "")
        << op;
  for (const char *op : {"re", "im", "abs"})
    EXPECT_EQ(checkGradients(complexBody(std::string("    %r = complex.") + op +
                                             " %a : complex<f64>\n",
                                         "f64"),
                             {}, 2),
              "")
        << op;
  EXPECT_EQ(checkGradients(
                complexBody("    %p = complex.abs %a : complex<f64>\n"
                            "    %q = complex.im %b : complex<f64>\n"
                            "    %r = complex.create %p, %q : complex<f64>\n"),
                {}, 2),
            "");
}

TEST(ElementwiseGradientTest, ARectifierNeedsItsResultOnly) {
  Fill fill;
  fill.low = -1;
  fill.high = 1;
  EXPECT_EQ(checkGradients(R"(
    func.func @f(%x: tensor<4x6xf64>) -> tensor<4x6xf64> {
      %zero = arith.constant dense<0.0> : tensor<4x6xf64>
      %y = arith.maximumf %x, %zero : tensor<4x6xf64>
      return %y : tensor<4x6xf64>
    })",
                           fill),
            "");
}

TEST(ElementwiseGradientTest, SelectsAndConversions) {
  Fill fill;
  fill.low = -1;
  fill.high = 1;
  EXPECT_EQ(checkGradients(R"(
    func.func @f(%x: tensor<9xf64>, %y: tensor<9xf64>) -> tensor<9xf64> {
      %c = arith.cmpf olt, %x, %y : tensor<9xf64>
      %xx = arith.mulf %x, %x : tensor<9xf64>
      %z = arith.select %c, %xx, %y : tensor<9xi1>, tensor<9xf64>
      return %z : tensor<9xf64>
    })",
                           fill),
            "");
}
