//===- LoweringStress.cpp - Random steps for as long as one likes ---------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   ConvEinsumToLinalgStress (steps|networks) FIRST_SEED COUNT
//
// compares COUNT arbitrary steps, or the steps of COUNT random networks, with
// the definition, in changing element types; prints what differs and exits with
// 1 if anything does.
//
//===----------------------------------------------------------------------===//

#include "LoweredFunctions.h"
#include "RandomStep.h"
#include <cstdio>
#include <cstdlib>

using namespace conveinsum;
using namespace conveinsum::test;

/// Half of all are f64, the others of each type in turn.
static ElementType typeFor(uint64_t seed) {
  const ElementType types[] = {
      ElementType::F32, ElementType::F16,  ElementType::BF16,
      ElementType::C64, ElementType::C128, ElementType::I8,
      ElementType::I16, ElementType::I32,  ElementType::I64};
  return seed % 2 == 0 ? ElementType::F64 : types[seed / 2 % std::size(types)];
}

int main(int argc, char **argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s (steps|networks) FIRST_SEED COUNT\n",
                 argv[0]);
    return 1;
  }
  const bool networks = std::string(argv[1]) == "networks";
  const uint64_t first = std::strtoull(argv[2], nullptr, 10);
  const uint64_t count = std::strtoull(argv[3], nullptr, 10);
  constexpr size_t batchSize = 150;
  size_t checked = 0, failed = 0;
  std::vector<TypedEquation> batch;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    if (!networks)
      batch.emplace_back(randomStep(seed), typeFor(seed));
    else
      for (Equation &step : randomNetworkSteps(seed))
        batch.emplace_back(std::move(step), typeFor(seed));
    if (batch.size() < batchSize && seed + 1 < first + count)
      continue;
    for (const std::string &line : mismatches(batch, seed)) {
      std::printf("%s\n", line.c_str());
      ++failed;
    }
    checked += batch.size();
    batch.clear();
    std::fprintf(stderr, "seed %llu: %zu steps, %zu mismatches\n",
                 static_cast<unsigned long long>(seed), checked, failed);
  }
  std::printf("%zu steps, %zu mismatches\n", checked, failed);
  return failed == 0 ? 0 : 1;
}
