//===- StepTables.cpp - The best pairs of one step of a path --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rows of values, and the tables over them.
//
//===----------------------------------------------------------------------===//

#include "StepTables.h"
#include "Plan/Search/SubsetTable.h"
#include "Plan/Tree/TreeBuilder.h"
#include "llvm/ADT/Sequence.h"

using namespace conveinsum;

StepTables::StepTables(const Equation &equation, const ContractionPath &path,
                       const PlanGoal &goal)
    : path(path), model(equation, goal), words(model.words()) {
  size_t values = path.operands + path.steps.size();
  heldRows.resize(values * words);
  keptRows.resize(values * words);
  gradient.resize(values, false);
  constant.resize(values, true);
  sweepUp();
  sweepDown();
}

void StepTables::sweepUp() {
  for (unsigned operand = 0; operand < path.operands; ++operand) {
    std::copy_n(model.leaf(operand), words, held(operand));
    gradient[operand] = model.hasGradient(operand);
    constant[operand] = model.isConstant(operand);
  }
  unsigned value = path.operands;
  for (const ContractionPath::Step &step : path.steps) {
    for (unsigned input : step.inputs) {
      for (size_t word = 0; word < words; ++word)
        held(value)[word] |= held(input)[word];
      gradient[value] = gradient[value] || gradient[input];
      constant[value] = constant[value] && constant[input];
    }
    ++value;
  }
}

void StepTables::sweepDown() {
  size_t plainWords = model.plainWords();
  // What is needed of a value; a step leaves to each of its inputs what is
  // needed of its result and what the others hold.
  std::vector<uint64_t> needed((path.operands + path.steps.size()) *
                               plainWords);
  if (!path.steps.empty())
    std::copy_n(model.resultRow(), plainWords, needed.end() - plainWords);
  auto keep = [&](unsigned value) {
    for (size_t word = 0; word < words; ++word)
      kept(value)[word] =
          held(value)[word] &
          (word < plainWords ? needed[value * plainWords + word] : ~uint64_t());
  };
  for (unsigned index :
       llvm::reverse(llvm::seq<unsigned>(0, path.steps.size()))) {
    unsigned value = path.operands + index;
    keep(value);
    for (unsigned input : path.steps[index].inputs)
      for (size_t word = 0; word < plainWords; ++word) {
        uint64_t bits = needed[value * plainWords + word];
        for (unsigned other : path.steps[index].inputs)
          if (other != input)
            bits |= held(other)[word];
        needed[input * plainWords + word] = bits;
      }
  }
  for (unsigned operand = 0; operand < path.operands; ++operand)
    keep(operand);
}

template <class T>
std::optional<ContractionTree> StepTables::search(unsigned index) const {
  llvm::ArrayRef<unsigned> inputs = path.steps[index].inputs;
  unsigned value = path.operands + index;
  llvm::SmallVector<SearchLeaf<T>, 8> leaves;
  for (unsigned input : inputs)
    if (input < path.operands)
      leaves.push_back(operandLeaf<T>(model, input));
    else
      leaves.push_back({kept(input),
                        {model.elements<T>(kept(input)), gradient[input],
                         constant[input], /*isOperand=*/false}});
  bool isWhole = index + 1 == path.steps.size();
  SubsetTable<T> table(
      model, leaves, llvm::ArrayRef(kept(value), model.plainWords()), isWhole);
  if (!table.found() || (std::is_same_v<T, uint64_t> && !table.isExact()))
    return std::nullopt;
  TreeBuilder builder(inputs.size());
  llvm::SmallVector<unsigned, 8> numbers =
      llvm::to_vector<8>(llvm::seq<unsigned>(inputs.size()));
  table.build(numbers,
              [&](unsigned a, unsigned b) { return builder.join(a, b); });
  return builder.finish();
}

ContractionTree StepTables::best(unsigned index) const {
  if (std::optional<ContractionTree> tree = search<uint64_t>(index))
    return *tree;
  return *search<Count>(index);
}
