//===- LimitRefusal.cpp - What is said of limits that are not met ---------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A refusal names the smallest limit that would be met, and what slicing could
// do about the one that was given.
//
//===----------------------------------------------------------------------===//

#include "LimitRefusal.h"
#include "conveinsum/Equation/Syntax.h"
#include "conveinsum/Plan/Request/PlanRequest.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;

std::string conveinsum::slicingAdvice(const Equation &equation,
                                      const PlannerOptions &options,
                                      Count limitBytes) {
  Count base = wholeBytes(equation, options.goal);
  if (base > limitBytes)
    return "slicing does not help, as the operands and the result take " +
           toString(base) + " bytes";
  auto sliced = planSliced(equation, options, limitBytes, [](const Fault &) {});
  if (!sliced)
    return "no slicing was found that fits";
  std::string text;
  llvm::raw_string_ostream os(text);
  os << "slicing ";
  for (auto [index, mode] : llvm::enumerate(sliced->modes))
    os << (index == 0 ? "" : ", ") << spellLabel(mode.label) << " into "
       << mode.chunks;
  os << " fits, at " << llvm::format("%.2f", sliced->overhead())
     << " times the " << options.goal.objective.name();
  return text;
}

std::nullopt_t conveinsum::refuseLimit(Count needed, const llvm::Twine &what,
                                       Count limit, const llvm::Twine &advice,
                                       ErrorFn onError) {
  refuse(onError, "expected a memory limit of at least " + toString(needed) +
                      " bytes, " + what + ", got " + toString(limit) +
                      " bytes" + advice);
  return std::nullopt;
}

std::nullopt_t conveinsum::refuseInfeasible(const Equation &equation,
                                            const PlannerOptions &options,
                                            Count limit, ErrorFn onError) {
  FeasibleLimit smallest = smallestFeasibleLimit(equation, options.goal);
  return refuseLimit(smallest.bytes,
                     smallest.isExact ? "the smallest peak of all trees"
                                      : "the smallest peak that was found",
                     limit, "; " + slicingAdvice(equation, options, limit),
                     onError);
}
