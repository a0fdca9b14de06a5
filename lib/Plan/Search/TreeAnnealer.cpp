//===- TreeAnnealer.cpp - Local search over trees -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Moves, temperatures, and subtrees searched anew.
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
TreeAnnealer<Real>::TreeAnnealer(const CostModel &model, SearchClock &clock)
    : model(model), clock(clock), price(model), operands(model.numOperands()),
      words(model.words()), root(2 * operands - 2), parent(2 * operands - 1),
      left(2 * operands - 1), right(2 * operands - 1),
      rows(size_t(2 * operands - 1) * words + 1), sides(2 * operands - 1),
      costs(2 * operands - 1), scratch(words + 1) {
  assert(operands >= 3 && "smaller networks have one tree");
  for (unsigned operand = 0; operand < operands; ++operand) {
    SearchLeaf<Real> leaf = operandLeaf<Real>(model, operand);
    std::copy_n(leaf.row, words, row(operand));
    sides[operand] = leaf.side;
  }
  for (unsigned index = 0; index < kThresholds; ++index)
    exponents[index] = -portableLog2((index + 0.5) / kThresholds);
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
  Real cost =
      price(model.macs<Real>(a, b), sideA, sideB, elements, isLast, kind);
  return price.isMaximum() ? cost * cost : cost;
}

template <class Real>
void TreeAnnealer<Real>::computeNode(unsigned node) {
  unsigned a = left[node], b = right[node];
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
void TreeAnnealer<Real>::keepBest() {
  Key current = key();
  if (!bestLeft.empty() && !(current < bestKey))
    return;
  bestKey = current;
  bestTotal = total;
  bestLeft.assign(left.begin() + operands, left.end());
  bestRight.assign(right.begin() + operands, right.end());
  clock.improve(toCount(current.first));
}

template <class Real>
ContractionTree TreeAnnealer<Real>::best() const {
  std::vector<unsigned> allLeft(operands), allRight(operands);
  allLeft.insert(allLeft.end(), bestLeft.begin(), bestLeft.end());
  allRight.insert(allRight.end(), bestRight.begin(), bestRight.end());
  TreeBuilder builder(operands);
  std::vector<unsigned> number(root + 1);
  std::iota(number.begin(), number.end(), 0u);
  for (unsigned node : childrenFirst(root, operands, allLeft, allRight))
    number[node] = builder.join(number[allLeft[node]], number[allRight[node]]);
  return builder.finish();
}

//===----------------------------------------------------------------------===//
// Annealing
//===----------------------------------------------------------------------===//

/// What a move costs, in sixteenths: the mean of some nodes.
template <class Real>
uint64_t TreeAnnealer<Real>::moveWeight() const {
  constexpr unsigned samples = 64;
  unsigned stride = (root - operands) / samples + 1;
  uint64_t sum = 0, count = 0;
  for (unsigned node = operands; node < root; node += stride, ++count)
    sum += model.weightOf(row(node));
  // What takes an exponent of its own takes longer.
  constexpr unsigned factor = std::is_same_v<Real, double> ? 1 : 2;
  return factor * sum / count;
}

template <class Real>
void TreeAnnealer<Real>::setTemperature(double temperature) {
  for (unsigned index = 0; index < kThresholds; ++index)
    thresholds[index] = Real(portableExp2(temperature * exponents[index]));
}

/// Exchanges one child of `inner` with its sibling, if the two steps then cost
/// at most `threshold` times what they do.
template <class Real>
bool TreeAnnealer<Real>::tryMove(unsigned inner, bool swapLeft,
                                 Real threshold) {
  unsigned outer = parent[inner];
  bool innerIsLeft = left[outer] == inner;
  unsigned sibling = innerIsLeft ? right[outer] : left[outer];
  unsigned moved = swapLeft ? left[inner] : right[inner];
  unsigned stays = swapLeft ? right[inner] : left[inner];

  uint64_t *joined = scratch.data();
  model.join(joined, row(stays), row(sibling), row(outer), row(moved));
  typename Price::Side side{model.elements<Real>(joined),
                            sides[stays].gradient || sides[sibling].gradient,
                            sides[stays].constant && sides[sibling].constant,
                            false};
  Real innerCost = stepPrice(row(stays), sides[stays], row(sibling),
                             sides[sibling], joined, side.elements, false);
  Real outerCost = stepPrice(joined, side, row(moved), sides[moved], row(outer),
                             sides[outer].elements, outer == root);
  Real present = costs[inner] + costs[outer];
  if (!(innerCost + outerCost <= present * threshold))
    return false;

  Real changed = total - present + (innerCost + outerCost);
  if (changed > total && total < bestTotal)
    keepBest(); // what is about to be left
  std::copy_n(joined, words, row(inner));
  sides[inner] = side;
  costs[inner] = innerCost;
  costs[outer] = outerCost;
  total = changed;
  (swapLeft ? left : right)[inner] = sibling;
  (innerIsLeft ? right : left)[outer] = moved;
  parent[sibling] = inner;
  parent[moved] = outer;
  return true;
}

template <class Real>
void TreeAnnealer<Real>::anneal(uint64_t moves, double hot, double cold,
                                uint64_t seed) {
  // The temperature falls in levels; sums are renewed at each, before rounding
  // errors add up.
  constexpr unsigned levels = 48;
  SeedRandom random(seed);
  double factor = portableExp2(portableLog2(hot / cold) / (levels - 1));
  double temperature = hot;
  uint64_t inner = operands - 2; // all inner nodes but the root
  for (unsigned level = 0; level < levels; ++level, temperature /= factor) {
    setTemperature(temperature);
    uint64_t weight = moveWeight();
    uint64_t count = moves / levels + (level < moves % levels);
    while (count > 0) {
      uint64_t batch = std::min<uint64_t>(count, 256);
      for (uint64_t move = 0; move < batch; ++move) {
        uint64_t word = random.next();
        unsigned node = operands + unsigned((word >> 32) * inner >> 32);
        tryMove(node, word & 1, thresholds[word >> 1 & (kThresholds - 1)]);
      }
      count -= batch;
      if (!clock.spend(model.takeWork(batch * weight))) {
        computeTotal();
        keepBest();
        return;
      }
    }
    computeTotal();
    if (total < bestTotal)
      keepBest();
  }
  keepBest();
}

//===----------------------------------------------------------------------===//
// Subtrees searched anew
//===----------------------------------------------------------------------===//

/// The branches below `node` when it is opened, costliest step first, until
/// there are `leaves` of them; `inner` gets the nodes that were opened.
template <class Real>
llvm::SmallVector<unsigned, 16>
TreeAnnealer<Real>::frontier(unsigned node, unsigned leaves,
                             llvm::SmallVectorImpl<unsigned> &inner) const {
  llvm::SmallVector<unsigned, 16> branches{node};
  while (branches.size() < leaves) {
    unsigned *costliest = nullptr;
    for (unsigned &branch : branches)
      if (!isLeaf(branch) && (!costliest || costs[branch] > costs[*costliest]))
        costliest = &branch;
    if (!costliest)
      break;
    unsigned opened = *costliest;
    inner.push_back(opened);
    *costliest = left[opened];
    branches.push_back(right[opened]);
  }
  return branches;
}

template <class Real>
bool TreeAnnealer<Real>::polishAt(unsigned node, unsigned leaves) {
  llvm::SmallVector<unsigned, 16> inner;
  llvm::SmallVector<unsigned, 16> branches = frontier(node, leaves, inner);
  if (branches.size() < 3)
    return false;
  llvm::SmallVector<SearchLeaf<Real>, 16> searchLeaves;
  for (unsigned branch : branches)
    searchLeaves.push_back({row(branch), sides[branch]});
  Real present = Real(0);
  for (unsigned opened : inner)
    if (!price.isMaximum())
      present += costs[opened];
    else if (!sides[opened].constant)
      present = std::max(present, sides[opened].elements);
  SubsetTable<Real> table(model, searchLeaves,
                          ArrayRef(row(node), model.plainWords()), node == root,
                          present);
  // Most splits are ruled out by what their sides cost.
  clock.spend(
      model.takeWork(table.work() * (4 + model.weightOf(row(node)) / 4)));
  if (!table.found() || !(table.value() < present * Real(1 - 1e-12)))
    return false;

  // The opened nodes are used again; the top one keeps its place.
  std::reverse(inner.begin(), inner.end());
  unsigned reused = 0;
  table.build(branches, [&](unsigned a, unsigned b) {
    unsigned made = inner[reused++];
    left[made] = a;
    right[made] = b;
    parent[a] = parent[b] = made;
    return made;
  });
  assert(inner.back() == node && "the top is joined last");
  computeRowsBelow(node, inner);
  return true;
}

template <class Real>
void TreeAnnealer<Real>::computeRowsBelow(unsigned node,
                                          ArrayRef<unsigned> inner) {
  // `inner` has children before parents; `node` is last and keeps its row.
  unsigned plain = model.plainWords();
  std::vector<uint64_t> top(row(node), row(node) + words);
  for (unsigned made : inner)
    for (unsigned word = 0; word < words; ++word)
      row(made)[word] = row(left[made])[word] | row(right[made])[word];
  std::copy(top.begin(), top.end(), row(node));
  // Downwards, from unions to what is kept. A sibling that was cut already has
  // lost only what nobody outside it needs.
  for (auto made = inner.rbegin(); made != inner.rend(); ++made) {
    unsigned a = left[*made], b = right[*made];
    bool cutA = llvm::is_contained(inner, a),
         cutB = llvm::is_contained(inner, b);
    std::vector<uint64_t> unionA(row(a), row(a) + plain);
    if (cutA)
      for (unsigned word = 0; word < plain; ++word)
        row(a)[word] &= row(*made)[word] | row(b)[word];
    if (cutB)
      for (unsigned word = 0; word < plain; ++word)
        row(b)[word] &= row(*made)[word] | unionA[word];
  }
  for (unsigned made : inner)
    computeNode(made);
  computeTotal();
}

template <class Real>
void TreeAnnealer<Real>::polish(unsigned leaves, unsigned sweeps) {
  for (unsigned sweep = 0; sweep < sweeps; ++sweep) {
    bool changed = false;
    for (unsigned node = root; node >= operands; --node) {
      if (clock.isOver())
        break;
      changed |= polishAt(node, leaves);
    }
    if (!changed || clock.isOver())
      break;
  }
  computeTotal();
  keepBest();
}

template class conveinsum::TreeAnnealer<double>;
template class conveinsum::TreeAnnealer<WideReal>;
