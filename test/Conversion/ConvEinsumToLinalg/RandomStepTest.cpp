//===- RandomStepTest.cpp - Arbitrary relations, whole networks -----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random steps from fixed seeds; ConvEinsumToLinalgStress runs other seeds.
//
//===----------------------------------------------------------------------===//

#include "RandomStep.h"
#include "LoweredFunctions.h"
#include "gtest/gtest.h"

using namespace conveinsum;
using namespace conveinsum::test;

static void expectNoMismatches(llvm::ArrayRef<TypedEquation> equations,
                               uint64_t seed) {
  for (const std::string &line : mismatches(equations, seed))
    ADD_FAILURE() << line;
}

TEST(RandomStep, ArbitraryRelations) {
  std::vector<TypedEquation> equations;
  for (uint64_t seed = 1; seed <= 150; ++seed)
    equations.emplace_back(randomStep(seed));
  expectNoMismatches(equations, 1);
}

TEST(RandomStep, StepsOfNetworks) {
  std::vector<TypedEquation> equations;
  for (uint64_t seed = 1; equations.size() < 100; ++seed)
    for (Equation &step : randomNetworkSteps(seed))
      equations.emplace_back(std::move(step));
  expectNoMismatches(equations, 2);
}

TEST(RandomStep, EveryElementType) {
  const ElementType types[] = {
      ElementType::F32, ElementType::F16,  ElementType::BF16,
      ElementType::C64, ElementType::C128, ElementType::I8,
      ElementType::I16, ElementType::I32,  ElementType::I64};
  std::vector<TypedEquation> equations;
  for (uint64_t seed = 1001; seed < 1046; ++seed)
    equations.emplace_back(randomStep(seed), types[seed % std::size(types)]);
  expectNoMismatches(equations, 3);
}
