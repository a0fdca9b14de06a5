//===- plans.cpp - A program that plans, without MLIR -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an embedding program writes to get the cheapest order of a network.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/Equation.h"
#include "conveinsum/Plan/Request/PlanRequest.h"
#include <iostream>

using namespace conveinsum;

int main() {
  auto onError = [](const Fault &fault) { std::cerr << fault.message << "\n"; };
  std::optional<Equation> equation =
      Equation::create("ij,jk,kl->il", {}, {{2, 30}, {30, 4}, {4, 5}}, onError);
  if (!equation)
    return 1;

  PlanRequest request;
  PlanSource source; // no cache
  std::optional<PlanAnswer> answer =
      makePlan(*equation, request, source, onError);
  if (!answer)
    return 1;
  std::string tree = answer->plan.tree.treeText();
  std::string macs = toString(answer->provenance.value);
  std::cout << tree << " " << macs << " MACs\n";

  // 2 * 30 * 4 for the first two, then 2 * 4 * 5; the other order takes 900.
  return tree == "((0,1),2)" && macs == "280" ? 0 : 1;
}
