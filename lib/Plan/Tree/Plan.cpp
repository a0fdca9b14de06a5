//===- Plan.cpp - What is to be done with a network -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See the header.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Tree/Plan.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

/// Reports numbers that are no results of steps, or not strictly ascending.
static bool verifyResults(const ContractionTree &tree,
                          llvm::ArrayRef<unsigned> values,
                          const llvm::Twine &what, ErrorFn onError) {
  unsigned first = tree.numOperands();
  unsigned end = tree.numValues();
  for (auto [index, value] : llvm::enumerate(values)) {
    if (value < first || value >= end)
      return refuse(onError, "expected " + what +
                                 " to be results of steps, from " +
                                 llvm::Twine(first) + " to " +
                                 llvm::Twine(int64_t(end) - 1) + ", got " +
                                 llvm::Twine(value));
    if (index > 0 && value <= values[index - 1])
      return refuse(onError, "expected " + what + " in ascending order, got " +
                                 llvm::Twine(values[index - 1]) + " before " +
                                 llvm::Twine(value));
  }
  return true;
}

namespace {
/// Checks the groups of one plan.
class GroupVerifier {
public:
  GroupVerifier(const Plan &plan, ErrorFn onError)
      : plan(plan), onError(onError),
        groupOf(plan.tree.steps().size(), kNoGroup) {}

  bool run() {
    for (auto [index, group] : llvm::enumerate(plan.groups))
      if (!enter(group, index))
        return false;
    return checkReaders() && checkKept();
  }

private:
  static constexpr size_t kNoGroup = ~size_t(0);

  /// Notes the members of a group.
  bool enter(const FusedGroup &group, size_t index);
  /// What only a group computes is read in it.
  bool checkReaders();
  /// What a group never writes cannot be kept.
  bool checkKept();
  bool isInner(unsigned value) const {
    if (value < plan.tree.numOperands())
      return false;
    size_t group = groupOf[value - plan.tree.numOperands()];
    return group != kNoGroup && plan.groups[group].back() != value;
  }

  const Plan &plan;
  ErrorFn onError;
  std::vector<size_t> groupOf; ///< per step
};
} // namespace

bool GroupVerifier::enter(const FusedGroup &group, size_t index) {
  if (!verifyResults(plan.tree, group, "the members of a group", onError))
    return false;
  if (group.size() < 2)
    return refuse(onError, "expected a group of at least two steps, got " +
                               llvm::Twine(group.size()));
  for (unsigned value : group) {
    size_t &owner = groupOf[value - plan.tree.numOperands()];
    if (owner != kNoGroup)
      return refuse(onError, "expected every step in one group at most, got " +
                                 llvm::Twine(value) + " in two");
    owner = index;
  }
  if (index > 0 && group.front() < plan.groups[index - 1].front())
    return refuse(onError,
                  "expected groups in the order of their first steps, got " +
                      llvm::Twine(plan.groups[index - 1].front()) + " before " +
                      llvm::Twine(group.front()));
  return true;
}

bool GroupVerifier::checkReaders() {
  for (auto [index, lhs, rhs, result] : plan.tree.numberedSteps())
    for (unsigned value : {lhs, rhs})
      if (isInner(value) &&
          groupOf[value - plan.tree.numOperands()] != groupOf[index])
        return refuse(onError, "expected the result " + llvm::Twine(value) +
                                   " to be read in its group, got step " +
                                   llvm::Twine(result) + " as its reader");
  return true;
}

bool GroupVerifier::checkKept() {
  for (unsigned value : plan.kept)
    if (isInner(value))
      return refuse(onError, "expected a kept value that is written to memory, "
                             "got " +
                                 llvm::Twine(value) + " inside a group");
  return true;
}

bool Plan::verify(ErrorFn onError) const {
  if (!tree.verify(onError) ||
      !verifyResults(tree, kept, "kept values", onError))
    return false;
  unsigned last = tree.numValues() - 1;
  if (!kept.empty() && kept.back() == last)
    return refuse(onError, "expected kept values before the result of the last "
                           "step, got " +
                               llvm::Twine(last));
  return GroupVerifier(*this, onError).run();
}

bool Plan::operator==(const Plan &other) const {
  return tree == other.tree && kept == other.kept && groups == other.groups &&
         slicing == other.slicing;
}

llvm::hash_code conveinsum::hash_value(const Plan &plan) {
  llvm::hash_code code = llvm::hash_combine(
      plan.tree, llvm::hash_combine_range(plan.kept.begin(), plan.kept.end()));
  for (const FusedGroup &group : plan.groups)
    code = llvm::hash_combine(
        code, llvm::hash_combine_range(group.begin(), group.end()));
  for (const ModeSlicing &cut : plan.slicing)
    code = llvm::hash_combine(code, cut.mode, cut.chunk,
                              cut.operand ? int64_t(*cut.operand) : -1);
  return code;
}
