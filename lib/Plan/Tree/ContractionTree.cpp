//===- ContractionTree.cpp - The order of pairwise steps ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Structure and checks of trees; the text forms are in TreeText.cpp.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Tree/ContractionTree.h"
#include "PathChecks.h"
#include "llvm/ADT/BitVector.h"

using namespace conveinsum;
using llvm::ArrayRef;
using Step = ContractionTree::Step;

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

Fault PathFault::diagnostic(std::optional<size_t> position) const {
  Fault result;
  result.message = message;
  result.position = position;
  result.operand = operand;
  result.constraint = "C90";
  return result;
}

static std::string plural(size_t count, const char *noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

static unsigned side(const Step &step, unsigned index) {
  return index == 0 ? step.first : step.second;
}

static std::optional<PathFault> checkLength(unsigned numOperands,
                                            size_t length) {
  if (numOperands == 0)
    return PathFault{"expected at least one operand, got none"};
  size_t expected = numOperands - 1;
  if (length == expected)
    return std::nullopt;
  PathFault fault{"expected " + plural(expected, "step") + " for " +
                  plural(numOperands, "operand") + ", got " +
                  std::to_string(length)};
  if (length > expected)
    fault.pair = expected;
  return fault;
}

/// "operand 3" or "the result of step 1".
static std::string spellValue(unsigned numOperands, unsigned value) {
  if (value < numOperands)
    return "operand " + std::to_string(value);
  return "the result of step " + std::to_string(value - numOperands);
}

std::optional<PathFault> conveinsum::checkSsaPath(unsigned numOperands,
                                                  ArrayRef<Step> path) {
  llvm::BitVector used(size_t(numOperands) + path.size());
  for (unsigned index = 0; index < path.size(); ++index) {
    unsigned defined = numOperands + index;
    for (unsigned which : {0u, 1u}) {
      unsigned value = side(path[index], which);
      PathFault fault{"", index, which};
      if (value < numOperands)
        fault.operand = value;
      if (value >= defined) {
        fault.message = "expected an SSA number below " +
                        std::to_string(defined) + " in step " +
                        std::to_string(index) + ", got " +
                        std::to_string(value);
        return fault;
      }
      if (used.test(value)) {
        fault.message = "expected every value once, got " +
                        spellValue(numOperands, value) + " again in step " +
                        std::to_string(index);
        return fault;
      }
      used.set(value);
    }
  }
  return checkLength(numOperands, path.size());
}

std::optional<PathFault>
conveinsum::checkLinearPath(unsigned numOperands, ArrayRef<Step> path,
                            llvm::SmallVectorImpl<Step> &ssa) {
  ssa.clear();
  std::vector<unsigned> values(numOperands);
  for (unsigned operand = 0; operand < numOperands; ++operand)
    values[operand] = operand;
  for (unsigned index = 0; index < path.size(); ++index) {
    auto [first, second] = path[index];
    if (values.size() < 2)
      break; // reported below: too many steps
    std::string inStep = " in step " + std::to_string(index) + ", got ";
    for (unsigned which : {0u, 1u}) {
      unsigned position = side(path[index], which);
      if (position >= values.size())
        return PathFault{"expected a position below " +
                             std::to_string(values.size()) + inStep +
                             std::to_string(position),
                         index, which};
    }
    if (first == second)
      return PathFault{"expected two different positions" + inStep +
                           std::to_string(first) + " twice",
                       index, 1};
    ssa.push_back({values[first], values[second]});
    values.erase(values.begin() + std::max(first, second));
    values.erase(values.begin() + std::min(first, second));
    values.push_back(numOperands + index);
  }
  return checkLength(numOperands, path.size());
}

bool ContractionTree::verify(ErrorFn onError) const {
  std::optional<PathFault> fault = checkSsaPath(operands, stepList);
  if (fault)
    onError(fault->diagnostic());
  return !fault;
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

std::optional<ContractionTree>
ContractionTree::fromLinearPath(ArrayRef<Step> path, unsigned numOperands,
                                ErrorFn onError) {
  llvm::SmallVector<Step, 8> steps;
  if (auto fault = checkLinearPath(numOperands, path, steps)) {
    onError(fault->diagnostic());
    return std::nullopt;
  }
  return ContractionTree(numOperands, steps);
}

llvm::SmallVector<Step, 8> ContractionTree::linearPath() const {
  llvm::SmallVector<Step, 8> path;
  // Values are removed in any order but appended in ascending SSA order, so the
  // list stays sorted and a position is found by bisection.
  std::vector<unsigned> values(operands);
  for (unsigned operand = 0; operand < operands; ++operand)
    values[operand] = operand;
  auto positionOf = [&](unsigned value) {
    return std::lower_bound(values.begin(), values.end(), value) -
           values.begin();
  };
  for (unsigned index = 0; index < stepList.size(); ++index) {
    unsigned first = positionOf(stepList[index].first);
    unsigned second = positionOf(stepList[index].second);
    if (second < first)
      std::swap(first, second);
    path.push_back({first, second});
    values.erase(values.begin() + second);
    values.erase(values.begin() + first);
    values.push_back(resultOf(index));
  }
  return path;
}

ContractionTree ContractionTree::leftToRight(unsigned numOperands) {
  llvm::SmallVector<Step, 8> steps;
  for (unsigned operand = 1; operand < numOperands; ++operand)
    steps.push_back({operand == 1 ? 0 : numOperands + operand - 2, operand});
  return ContractionTree(numOperands, steps);
}

OperandSet ContractionTree::operandsOf(unsigned value) const {
  OperandSet set(operands);
  llvm::SmallVector<unsigned, 16> worklist{value};
  while (!worklist.empty()) {
    unsigned next = worklist.pop_back_val();
    if (next < operands) {
      set.set(next);
      continue;
    }
    const Step &step = stepList[next - operands];
    worklist.push_back(step.first);
    worklist.push_back(step.second);
  }
  return set;
}

std::vector<OperandSet> ContractionTree::operandSets() const {
  std::vector<OperandSet> sets(numValues(), OperandSet(operands));
  for (unsigned operand = 0; operand < operands; ++operand)
    sets[operand].set(operand);
  for (auto [index, lhs, rhs, result] : numberedSteps()) {
    sets[result] = sets[lhs];
    sets[result] |= sets[rhs];
  }
  return sets;
}

namespace conveinsum {
llvm::hash_code hash_value(const ContractionTree &tree) {
  return llvm::hash_combine(
      tree.operands,
      llvm::hash_combine_range(tree.stepList.begin(), tree.stepList.end()));
}
} // namespace conveinsum
