//===- RandomNetwork.h - Random tensor networks -----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Networks of more operands than an evaluator could take: plain modes between
// random operands, some of them in the result, some held by three operands.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_PLAN_RANDOMNETWORK_H
#define CONVEINSUM_TEST_PLAN_RANDOMNETWORK_H

#include "Equation/RandomEquation.h"
#include "PlanTestSupport.h"

namespace conveinsum {

struct RandomNetworkOptions {
  unsigned operands = 10;
  /// Modes per operand, on average.
  unsigned regularity = 3;
  /// Modes of the result.
  unsigned external = 1;
  int64_t smallest = 2, largest = 9;
  /// A spanning tree first, so that everything hangs together.
  bool connected = true;
};

inline Equation randomNetwork(uint64_t seed,
                              const RandomNetworkOptions &options) {
  SplitMix64 random(seed);
  std::vector<std::string> parts(options.operands);
  std::vector<Shape> shapes(options.operands);
  std::string result;
  unsigned modes = 0;
  auto addMode = [&](std::vector<unsigned> holders, bool inResult) {
    std::string label = "(m" + std::to_string(modes++) + ")";
    int64_t size = random.between(options.smallest, options.largest);
    std::sort(holders.begin(), holders.end());
    holders.erase(std::unique(holders.begin(), holders.end()), holders.end());
    for (unsigned operand : holders) {
      parts[operand] += label;
      shapes[operand].push_back(size);
    }
    if (inResult)
      result += label;
  };
  auto any = [&] { return unsigned(random.between(0, options.operands - 1)); };
  if (options.connected)
    for (unsigned operand = 1; operand < options.operands; ++operand)
      addMode({operand, unsigned(random.between(0, operand - 1))}, false);
  for (unsigned operand = 0; operand < options.external; ++operand)
    addMode({any()}, true);
  while (2 * modes < options.regularity * options.operands)
    addMode(random.oneIn(8) ? std::vector<unsigned>{any(), any(), any()}
                            : std::vector<unsigned>{any(), any()},
            random.oneIn(12));
  std::string text;
  for (unsigned operand = 0; operand < options.operands; ++operand)
    text += (operand == 0 ? "" : ",") + parts[operand];
  return makeEquation(text + "->" + result, shapes);
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_PLAN_RANDOMNETWORK_H
