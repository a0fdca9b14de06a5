//===- Steps.cpp - The steps of the benchmark -----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The weight gradient of a convolution is a convolution as well: the image is
// the feature, the gradient of the result the kernel, and what is left of the
// spatial modes are the taps.
//
//===----------------------------------------------------------------------===//

#include "Steps.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
using namespace conveinsum::bench;

/// The same geometry for the modes h and w.
static GeometryMap spatial(const Geometry &geometry) {
  return {{"h", geometry}, {"w", geometry}};
}

std::vector<Step> conveinsum::bench::makeSteps(bool gradients) {
  std::vector<Step> steps;
  auto add = [&](const char *name, const char *text, const Shape &first,
                 const Shape &second, const GeometryMap &geometry = {},
                 bool memoryBound = false) {
    auto report = [&](const Fault &diagnostic) {
      llvm::errs() << name << ": " << diagnostic.message << "\n";
    };
    if (auto equation =
            Equation::create(text, geometry, {first, second}, report))
      steps.push_back({name, *equation, memoryBound});
  };
  Geometry strided;
  strided.stride = 2;
  strided.dilation = int64_t(2);
  Geometry gradient;
  gradient.padding = {PaddingMode::Explicit, 1, 1};

  add("matmul 512", "mk,kn->mn", {512, 512}, {512, 512});
  add("1x1 n4 64-64 56x56", "bshw,ts->bthw", {4, 64, 56, 56}, {64, 64});
  add("3x3 64-64 56x56", "bshw,tshw->bthw|hw", {1, 64, 56, 56}, {64, 64, 3, 3});
  add("depthwise 3x1 n4 c64 56x56", "bshw,sh->bshw|h", {4, 64, 56, 56}, {64, 3},
      {}, /*memoryBound=*/true);
  add("3x3 s2 d2 64-64 56x56", "bshw,tshw->bthw|hw", {1, 64, 56, 56},
      {64, 64, 3, 3}, spatial(strided));
  add("3x3 512-512 7x7", "bshw,tshw->bthw|hw", {1, 512, 7, 7},
      {512, 512, 3, 3});
  add("weight gradient 3x3 64-64 56x56", "bshw,bthw->tshw|hw", {1, 64, 56, 56},
      {1, 64, 56, 56}, spatial(gradient));
  if (!gradients)
    return steps;
  Geometry stride, dilation;
  stride.stride = 2;
  dilation.dilation = int64_t(2);
  add("1x1 n16 64-256 28x28", "bshw,ts->bthw", {16, 64, 28, 28}, {256, 64});
  add("rank n4 r56 s128 28x28", "bshw,rs->brhw", {4, 128, 28, 28}, {56, 128});
  add("3x3 s2 n4 64-128 28x28", "bshw,tshw->bthw|hw", {4, 64, 28, 28},
      {128, 64, 3, 3}, spatial(stride));
  add("3x3 d2 64-64 56x56", "bshw,tshw->bthw|hw", {1, 64, 56, 56},
      {64, 64, 3, 3}, spatial(dilation));
  add("3x3 n4 256-256 14x14", "bshw,tshw->bthw|hw", {4, 256, 14, 14},
      {256, 256, 3, 3});
  add("3 n8 64-64 512", "bsh,tsh->bth|h", {8, 64, 512}, {64, 64, 3});
  add("depthwise 3 n4 c64 3136", "bsw,sw->bsw|w", {4, 64, 56 * 56}, {64, 3}, {},
      /*memoryBound=*/true);
  add("depthwise 3x3 n4 c64 56x56", "bshw,shw->bshw|hw", {4, 64, 56, 56},
      {64, 3, 3}, {}, /*memoryBound=*/true);
  add("depthwise 3x3 s2 n4 c64 56x56", "bshw,shw->bshw|hw", {4, 64, 56, 56},
      {64, 3, 3}, spatial(stride), /*memoryBound=*/true);
  return steps;
}
