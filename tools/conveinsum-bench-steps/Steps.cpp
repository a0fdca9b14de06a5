//===- Steps.cpp - The steps of the benchmark -----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes each step as the lowering does: the first input is padded into a
// buffer of zeros, then one multiply-add over all loops.
//
//===----------------------------------------------------------------------===//

#include "Steps.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum::bench;

namespace {
using Shape = std::vector<int64_t>;

/// A multiply-add; the result is indexed by the parallel loops in order.
struct Nest {
  std::string name;
  Shape extents;
  unsigned parallel;
  /// Indexing of the inputs in terms of d0, d1, ...
  std::string first, second;
  Shape firstShape, secondShape;
  /// Zeros on both sides of each dimension of the first input.
  Shape pads;
};
} // namespace

static int64_t product(const Shape &shape) {
  int64_t result = 1;
  for (int64_t extent : shape)
    result *= extent;
  return result;
}

static std::string tensor(const Shape &shape) {
  std::string text = "tensor<";
  for (int64_t extent : shape)
    text += std::to_string(extent) + "x";
  return text + "f32>";
}

static std::string list(const Shape &shape) {
  std::string text;
  for (int64_t number : shape)
    text += (text.empty() ? "" : ", ") + std::to_string(number);
  return text;
}

/// Pads `%a` of shape `from` to `%x` of shape `to`.
static std::string padText(const Nest &nest, const Shape &to) {
  Shape ones(to.size(), 1);
  std::string type = tensor(to);
  return llvm::formatv(
      "%e = tensor.empty() : {0}\n"
      "%z = linalg.fill ins(%zero : f32) outs(%e : {0}) -> {0}\n"
      "%x = tensor.insert_slice %a into %z[{1}] [{2}] [{3}] : {4} into {0}\n",
      type, list(nest.pads), list(nest.firstShape), list(ones),
      tensor(nest.firstShape));
}

static Step makeStep(const Nest &nest) {
  Shape padded = nest.firstShape;
  for (auto [extent, pad] : llvm::zip(padded, nest.pads))
    extent += 2 * pad;
  bool pads = padded != nest.firstShape;
  Shape result(nest.extents.begin(), nest.extents.begin() + nest.parallel);
  std::string loops, kept, kinds;
  for (unsigned i = 0; i != nest.extents.size(); ++i) {
    std::string comma = i ? ", " : "";
    loops += comma + "d" + std::to_string(i);
    kinds += comma + (i < nest.parallel ? "\"parallel\"" : "\"reduction\"");
    if (i < nest.parallel)
      kept += comma + "d" + std::to_string(i);
  }
  std::string text = llvm::formatv(
      "func.func @step(%a: {0}, %b: {1}) -> {2} {{\n"
      "%zero = arith.constant 0.0 : f32\n",
      tensor(nest.firstShape), tensor(nest.secondShape), tensor(result));
  if (pads)
    text += padText(nest, padded);
  text += llvm::formatv(
      "%i = tensor.empty() : {0}\n"
      "%f = linalg.fill ins(%zero : f32) outs(%i : {0}) -> {0}\n"
      "%r = linalg.generic {{indexing_maps = [affine_map<({1}) -> ({2})>, "
      "affine_map<({1}) -> ({3})>, affine_map<({1}) -> ({4})>], "
      "iterator_types = [{5}]} ins({6}, %b : {7}, {8}) outs(%f : {0}) {{\n"
      "^bb0(%p: f32, %q: f32, %s: f32):\n"
      "  %m = arith.mulf %p, %q fastmath<contract> : f32\n"
      "  %t = arith.addf %s, %m fastmath<contract> : f32\n"
      "  linalg.yield %t : f32\n"
      "} -> {0}\nreturn %r : {0}\n}\n",
      tensor(result), loops, nest.first, nest.second, kept, kinds,
      pads ? "%x" : "%a", tensor(padded), tensor(nest.secondShape));
  return {nest.name,       text,
          {product(nest.firstShape), product(nest.secondShape)},
          product(result), product(nest.extents)};
}

std::vector<Step> conveinsum::bench::makeSteps() {
  const std::string kernel = "d1, d4, d5, d6";
  std::vector<Step> steps;
  auto add = [&](const Nest &nest) { steps.push_back(makeStep(nest)); };
  add({"matmul 512", {512, 512, 512}, 2, "d0, d2", "d2, d1", {512, 512},
       {512, 512}, {0, 0}});
  add({"1x1 n4 64-64 56x56", {4, 64, 56, 56, 64}, 4, "d0, d4, d2, d3", "d1, d4",
       {4, 64, 56, 56}, {64, 64}, {0, 0, 0, 0}});
  add({"3x3 64-64 56x56", {1, 64, 56, 56, 64, 3, 3}, 4,
       "d0, d4, d2 + d5, d3 + d6", kernel, {1, 64, 56, 56}, {64, 64, 3, 3},
       {0, 0, 1, 1}});
  add({"depthwise 3x1 n4 c64 56x56", {4, 64, 56, 56, 3}, 4,
       "d0, d1, d2 + d4, d3", "d1, d4", {4, 64, 56, 56}, {64, 3},
       {0, 0, 1, 0}});
  steps.back().memoryBound = true;
  add({"3x3 s2 d2 64-64 56x56", {1, 64, 28, 28, 64, 3, 3}, 4,
       "d0, d4, d2 * 2 + d5 * 2, d3 * 2 + d6 * 2", kernel, {1, 64, 56, 56},
       {64, 64, 3, 3}, {0, 0, 2, 2}});
  add({"3x3 512-512 7x7", {1, 512, 7, 7, 512, 3, 3}, 4,
       "d0, d4, d2 + d5, d3 + d6", kernel, {1, 512, 7, 7}, {512, 512, 3, 3},
       {0, 0, 1, 1}});
  add({"weight gradient 3x3 64-64 56x56", {64, 64, 3, 3, 1, 56, 56}, 4,
       "d4, d1, d2 + d5, d3 + d6", "d4, d0, d5, d6", {1, 64, 56, 56},
       {1, 64, 56, 56}, {0, 0, 1, 1}});
  return steps;
}
