//===- TreeAnnealer.cpp - Local search over trees -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tree, what its nodes keep and cost, and the best tree so far.
//
//===----------------------------------------------------------------------===//

#include "TreeAnnealer.h"
#include "Plan/Seeds/PortableMath.h"
#include "Plan/Tree/TreeBuilder.h"

using namespace conveinsum;
using llvm::ArrayRef;

//===----------------------------------------------------------------------===//
// The tree
//===----------------------------------------------------------------------===//

template <class Real>
TreeAnnealer<Real>::TreeAnnealer(const Equation &equation,
                                 const CostModel &model, SearchClock &clock)
    : equation(equation), model(model), clock(clock), price(model),
      operands(model.numOperands()), words(model.words()),
      root(2 * operands - 2), parent(2 * operands - 1), left(2 * operands - 1),
      right(2 * operands - 1), rows(size_t(2 * operands - 1) * words + 1),
      isProduct(model.isProduct() && !price.needsKind()),
      groupWords((words + 63) / 64), filled(2 * operands - 1, 0),
      sides(2 * operands - 1), costs(2 * operands - 1), scratch(words + 1) {
  assert(operands >= 3 && "smaller networks have one tree");
  if (isProduct)
    for (const ConvModel &mode : model.convModels())
      if (!mode.isNarrow())
        wideModes.push_back(&mode);
  wideStates.resize((2 * operands - 1) * wideModes.size());
  for (unsigned operand = 0; operand < operands; ++operand) {
    SearchLeaf<Real> leaf = operandLeaf<Real>(model, operand);
    std::copy_n(leaf.row, words, row(operand));
    filled[operand] = filledGroups(row(operand));
    sides[operand] = leaf.side;
    for (unsigned index = 0; index < wideModes.size(); ++index)
      states(operand)[index] =
          wideModes[index]->wideState(row(operand) + model.plainWords());
  }
  for (unsigned index = 0; index < kThresholds; ++index)
    exponents[index] = -portableLog2((index + 0.5) / kThresholds);
  if (WindowSearch::serves(model))
    window.emplace(model);
}

template <class Real>
uint64_t TreeAnnealer<Real>::filledGroups(const uint64_t *row) const {
  uint64_t groups = 0;
  for (unsigned word = 0; word < words; ++word)
    groups |= uint64_t(row[word] != 0) << (word / groupWords);
  return groups;
}

template <class Real>
void TreeAnnealer<Real>::load(ArrayRef<Step> steps) {
  assert(steps.size() + 1 == operands);
  for (unsigned index = 0; index < steps.size(); ++index) {
    unsigned node = operands + index;
    std::tie(left[node], right[node]) = steps[index];
    parent[left[node]] = parent[right[node]] = node;
  }
  computeRows();
}

template <class Real>
void TreeAnnealer<Real>::loadBest() {
  std::copy(bestLeft.begin(), bestLeft.end(), left.begin() + operands);
  std::copy(bestRight.begin(), bestRight.end(), right.begin() + operands);
  for (unsigned node = operands; node <= root; ++node)
    parent[left[node]] = parent[right[node]] = node;
  computeRows();
}

/// Nodes below `root`, children before parents.
static std::vector<unsigned> childrenFirst(unsigned root, unsigned operands,
                                           ArrayRef<unsigned> left,
                                           ArrayRef<unsigned> right) {
  std::vector<unsigned> order;
  llvm::SmallVector<unsigned, 64> open{root};
  while (!open.empty()) {
    unsigned node = open.pop_back_val();
    if (node < operands)
      continue;
    order.push_back(node);
    open.push_back(left[node]);
    open.push_back(right[node]);
  }
  std::reverse(order.begin(), order.end());
  return order;
}

template <class Real>
void TreeAnnealer<Real>::computeRows() {
  std::vector<unsigned> order = childrenFirst(root, operands, left, right);
  unsigned plain = model.plainWords();
  for (unsigned node : order)
    for (unsigned word = 0; word < words; ++word)
      row(node)[word] = row(left[node])[word] | row(right[node])[word];
  // Downwards: a child's plain classes stay if its parent's stay or its sibling
  // has them. The unions of the children are read before they are cut.
  std::vector<uint64_t> unions(rows);
  for (unsigned word = 0; word < plain; ++word)
    row(root)[word] &= model.resultRow()[word];
  for (auto node = order.rbegin(); node != order.rend(); ++node)
    for (auto [child, sibling] : {std::pair(left[*node], right[*node]),
                                  std::pair(right[*node], left[*node])}) {
      if (isLeaf(child))
        continue;
      for (unsigned word = 0; word < plain; ++word)
        row(child)[word] &=
            row(*node)[word] | unions[size_t(sibling) * words + word];
    }
  for (unsigned node : order)
    computeNode(node);
  hasDrifted = false;
  computeTotal();
}

template <class Real>
Real TreeAnnealer<Real>::stepPrice(const uint64_t *a,
                                   const typename Price::Side &sideA,
                                   const uint64_t *b,
                                   const typename Price::Side &sideB,
                                   const uint64_t *result, Real elements,
                                   bool isLast) const {
  StepKind kind =
      price.needsKind() ? model.kind(a, b, result) : StepKind::Contraction;
  return priceOf(model.macs<Real>(a, b), sideA, sideB, elements, isLast, kind);
}

template <class Real>
Real TreeAnnealer<Real>::priceOf(Real macs, const typename Price::Side &sideA,
                                 const typename Price::Side &sideB,
                                 Real elements, bool isLast,
                                 StepKind kind) const {
  Real cost = price(macs, sideA, sideB, elements, isLast, kind);
  return price.isMaximum() ? cost * cost : cost;
}

template <class Real>
void TreeAnnealer<Real>::joinStates(unsigned node, unsigned a, unsigned b) {
  for (unsigned index = 0; index < wideModes.size(); ++index) {
    unsigned ofA = states(a)[index], ofB = states(b)[index];
    states(node)[index] =
        ofA == 0 || ofB == 0
            ? ofA | ofB
            : wideModes[index]
                  ->joinStates(ofA, ofB, row(a) + model.plainWords(),
                               row(b) + model.plainWords())
                  .state;
  }
}

template <class Real>
void TreeAnnealer<Real>::computeNode(unsigned node) {
  unsigned a = left[node], b = right[node];
  filled[node] = filledGroups(row(node));
  joinStates(node, a, b);
  sides[node] = {node == root ? model.resultElements<Real>(row(node))
                              : model.elements<Real>(row(node)),
                 sides[a].gradient || sides[b].gradient,
                 sides[a].constant && sides[b].constant, false};
  costs[node] = stepPrice(row(a), sides[a], row(b), sides[b], row(node),
                          sides[node].elements, node == root);
}

template <class Real>
void TreeAnnealer<Real>::computeTotal() {
  total = Real(0);
  for (unsigned node = operands; node <= root; ++node)
    total += costs[node];
}

/// Computes all costs from what values keep.
template <class Real>
void TreeAnnealer<Real>::renew() {
  computeTotal();
  if (!hasDrifted)
    return;
  [[maybe_unused]] Real drifted = total;
  for (unsigned node : childrenFirst(root, operands, left, right))
    computeNode(node);
  hasDrifted = false;
  computeTotal();
  assert(!(drifted < total * Real(1 - 1e-6)) &&
         !(total < drifted * Real(1 - 1e-6)) && "by rounding errors only");
}

template <class Real>
typename TreeAnnealer<Real>::Key TreeAnnealer<Real>::key() const {
  if (!price.isMaximum())
    return {total, Real(0)};
  Real largest = Real(0);
  for (unsigned node = operands; node <= root; ++node)
    if (!sides[node].constant)
      largest = std::max(largest, sides[node].elements);
  return {largest, total};
}

template <class Real>
bool TreeAnnealer<Real>::isBetter(const Key &current) {
  Real mine = current.first, best = bestKey.first;
  // Integers below 2^53 are doubles, and so is all that they are made of.
  if (mine < Real(0x1p53) && best < Real(0x1p53))
    return current < bestKey;
  // A value is a sum of at most N costs, none of them negative. A cost is a
  // product of the sizes of classes and of the factors of conv modes, each
  // rounded once and multiplied once, and of a few numbers more; a predicted
  // time is rounded up to an integer besides. So with n roundings on the way a
  // sum is off by at most n x 2^-53 of itself, to first order; twice that for
  // what is left out, and both sums are.
  double roundings = 16.0 + model.numOperands() +
                     2.0 * model.numPlainClasses() +
                     2.0 * model.convModels().size();
  Real error = (mine + best) * Real(roundings * 0x1p-52);
  if (price.needsKind())
    error += Real(4.0 * model.numOperands());
  if (mine + error < best)
    return true;
  if (best + error < mine)
    return false;
  ArrayRef<unsigned> lefts(left), rights(right);
  Count exact =
      exactValue(lefts.drop_front(operands), rights.drop_front(operands));
  if (!bestExact)
    bestExact = exactValue(bestLeft, bestRight);
  if (exact == *bestExact)
    return current.second < bestKey.second;
  return exact < *bestExact;
}

template <class Real>
void TreeAnnealer<Real>::keepBest() {
  renew();
  Key current = key();
  if (!bestLeft.empty() && !isBetter(current))
    return;
  bestKey = current;
  bestTotal = total;
  bestExact.reset();
  bestLeft.assign(left.begin() + operands, left.end());
  bestRight.assign(right.begin() + operands, right.end());
  clock.improve(toCount(current.first));
}

template <class Real>
ContractionTree TreeAnnealer<Real>::treeOf(ArrayRef<unsigned> lefts,
                                           ArrayRef<unsigned> rights) const {
  std::vector<unsigned> allLeft(operands), allRight(operands);
  allLeft.insert(allLeft.end(), lefts.begin(), lefts.end());
  allRight.insert(allRight.end(), rights.begin(), rights.end());
  TreeBuilder builder(operands);
  std::vector<unsigned> number(root + 1);
  std::iota(number.begin(), number.end(), 0u);
  for (unsigned node : childrenFirst(root, operands, allLeft, allRight))
    number[node] = builder.join(number[allLeft[node]], number[allRight[node]]);
  return builder.finish();
}

template <class Real>
Count TreeAnnealer<Real>::exactValue(ArrayRef<unsigned> lefts,
                                     ArrayRef<unsigned> rights) const {
  // A step takes the checker about as long as some moves.
  uint64_t work = 16;
  for (const ConvModel *mode : wideModes)
    work += mode->numParticipants();
  clock.spend(work * operands);
  return evaluateGoal(equation, treeOf(lefts, rights), model.goal()).value;
}

template <class Real>
ContractionTree TreeAnnealer<Real>::best() const {
  return treeOf(bestLeft, bestRight);
}

template class conveinsum::TreeAnnealer<double>;
template class conveinsum::TreeAnnealer<WideReal>;
