//===- GreedySeed.cpp - Trees that join the best pair next ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Candidates lie in a heap; those of values that were joined meanwhile are
// dropped when they come up. The score of a pair never changes while both live:
// a net that both hold disappears in their join exactly if no third value holds
// it, and third values are replaced by their joins, never removed.
//
//===----------------------------------------------------------------------===//

#include "GreedySeed.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <functional>
#include <optional>
#include <tuple>

using namespace conveinsum;

/// Nets of more values than these make no candidates.
static constexpr unsigned kMaxPins = 16;

/// sign(s) log2(1 + |s|) for s = 2^ab - weight (2^a + 2^b): in the order of the
/// scores, and finite whatever the exponents are.
static double signedLogScore(FixedBits ab, FixedBits a, FixedBits b,
                             double weight) {
  FixedBits top = std::max({ab, a, b});
  double scaled =
      portableExp2(toBits(ab - top)) -
      weight * (portableExp2(toBits(a - top)) + portableExp2(toBits(b - top)));
  if (scaled == 0)
    return 0;
  double size = scaled < 0 ? -scaled : scaled;
  double log = toBits(top) + portableLog2(size);
  if (log < 60)
    log = portableLog2(1 + portableExp2(log));
  return scaled < 0 ? -log : log;
}

namespace {

class GreedyJoiner {
public:
  GreedyJoiner(const SeedGraph &graph, const GreedyParameters &parameters);
  Pairs run();

private:
  /// An operand or a value made of several. Nets that no other value holds are
  /// not listed, they only count in `bits`.
  struct SetValue {
    llvm::SmallVector<unsigned, 8> nets; // ascending
    FixedBits bits = 0;
    unsigned joinedInto = 0; // 0: not joined yet (never a result)
  };
  struct Net {
    FixedBits bits;
    bool isExternal;
    unsigned holders;
    llvm::SmallVector<unsigned, 4> pins; // of nets that are not wide

    bool isWide() const { return holders > kMaxPins; }
    /// Bits that a join of two holders saves over an outer product.
    FixedBits saved() const {
      return holders == 2 && !isExternal ? 2 * bits : bits;
    }
  };
  struct Candidate {
    double key;
    FixedBits bits;
    unsigned a, b;
    /// Order of a heap whose top is the best.
    bool operator<(const Candidate &other) const {
      return std::tie(other.key, other.bits, other.a, other.b) <
             std::tie(key, bits, a, b);
    }
  };

  bool isLive(unsigned value) const { return values[value].joinedInto == 0; }
  unsigned liveValue(unsigned value);
  FixedBits savedByWideNets(unsigned a, unsigned b) const;
  void offer(unsigned a, unsigned b, FixedBits saved);
  void offerLowerNeighbours(unsigned value);
  void join(unsigned a, unsigned b);
  void leave(unsigned net);
  void replacePin(Net &net, unsigned from, unsigned to);
  void openWideNets();
  std::optional<std::pair<unsigned, unsigned>> bestCandidate();
  std::pair<unsigned, unsigned> smallestTwo();
  unsigned popSmallest();

  const SeedGraph &graph;
  GreedyParameters parameters;
  SeedRandom random;
  std::vector<SetValue> values;
  std::vector<Net> nets;
  unsigned wideNets = 0;
  llvm::SmallVector<unsigned, 4> noLongerWide;
  std::vector<Candidate> heap;
  std::vector<FixedBits> savedWith;       // per value, 0 between uses
  llvm::SmallVector<unsigned, 16> around; // values with an entry there
  /// Live values by size, once they were asked for.
  std::vector<std::pair<FixedBits, unsigned>> bySize;
  bool usesSizes = false;
  Pairs pairs;
};

} // namespace

//===----------------------------------------------------------------------===//
// Values and nets
//===----------------------------------------------------------------------===//

GreedyJoiner::GreedyJoiner(const SeedGraph &graph,
                           const GreedyParameters &parameters)
    : graph(graph), parameters(parameters), random(parameters.seed) {
  values.reserve(2 * graph.numVertices);
  values.resize(graph.numVertices);
  savedWith.assign(2 * graph.numVertices, 0);
  nets.reserve(graph.nets.size());
  for (const SeedGraph::Net &net : graph.nets) {
    FixedBits bits = toFixed(net.bits);
    unsigned index = nets.size(), holders = net.pins.size();
    nets.push_back({bits, net.isExternal, holders, {}});
    for (unsigned pin : net.pins) {
      values[pin].bits += bits;
      if (holders > 1)
        values[pin].nets.push_back(index);
    }
    if (nets.back().isWide())
      ++wideNets;
    else
      nets.back().pins.assign(net.pins.begin(), net.pins.end());
  }
}

/// The value that an operand is part of now; paths are halved on the way.
unsigned GreedyJoiner::liveValue(unsigned value) {
  while (!isLive(value)) {
    unsigned next = values[value].joinedInto;
    if (!isLive(next))
      values[value].joinedInto = values[next].joinedInto;
    value = next;
  }
  return value;
}

/// One holder of the net fewer.
void GreedyJoiner::leave(unsigned index) {
  Net &net = nets[index];
  --net.holders;
  if (net.holders == kMaxPins) {
    --wideNets;
    noLongerWide.push_back(index);
  }
}

void GreedyJoiner::replacePin(Net &net, unsigned from, unsigned to) {
  if (auto pin = llvm::find(net.pins, from); pin != net.pins.end())
    *pin = to;
}

void GreedyJoiner::join(unsigned a, unsigned b) {
  unsigned result = values.size();
  pairs.push_back({a, b});
  values.emplace_back();
  SetValue &left = values[a], &right = values[b], &joined = values.back();
  left.joinedInto = right.joinedInto = result;
  joined.bits = left.bits + right.bits;
  auto l = left.nets.begin(), r = right.nets.begin();
  while (l != left.nets.end() || r != right.nets.end()) {
    bool inLeft = r == right.nets.end() || (l != left.nets.end() && *l <= *r);
    bool inRight = l == left.nets.end() || (r != right.nets.end() && *r <= *l);
    unsigned index = inLeft ? *l : *r;
    l += inLeft;
    r += inRight;
    Net &net = nets[index];
    replacePin(net, inLeft ? a : b, result);
    if (inLeft && inRight) {
      joined.bits -= net.saved();
      llvm::erase(net.pins, b);
      leave(index);
    }
    if (net.holders > 1)
      joined.nets.push_back(index);
  }
  if (usesSizes) {
    bySize.push_back({joined.bits, result});
    std::push_heap(bySize.begin(), bySize.end(), std::greater<>());
  }
  openWideNets();
  offerLowerNeighbours(result);
}

/// Nets that have just become narrow enough get their pins, and these become
/// candidates.
void GreedyJoiner::openWideNets() {
  while (!noLongerWide.empty()) {
    unsigned index = noLongerWide.pop_back_val();
    Net &net = nets[index];
    for (unsigned vertex : graph.nets[index].pins)
      net.pins.push_back(liveValue(vertex));
    llvm::sort(net.pins);
    net.pins.erase(llvm::unique(net.pins), net.pins.end());
    for (unsigned pin : net.pins)
      if (pin + 1 != values.size())
        offerLowerNeighbours(pin);
  }
}

//===----------------------------------------------------------------------===//
// Candidates
//===----------------------------------------------------------------------===//

FixedBits GreedyJoiner::savedByWideNets(unsigned a, unsigned b) const {
  FixedBits saved = 0;
  for (unsigned index : values[a].nets)
    if (nets[index].isWide() && llvm::binary_search(values[b].nets, index))
      saved += nets[index].saved();
  return saved;
}

void GreedyJoiner::offer(unsigned a, unsigned b, FixedBits saved) {
  if (wideNets > 0)
    saved += savedByWideNets(a, b);
  FixedBits bits = values[a].bits + values[b].bits - saved;
  double key = signedLogScore(bits, values[a].bits, values[b].bits,
                              parameters.costWeight);
  if (parameters.temperature > 0)
    key +=
        parameters.temperature * portableLog2(-portableLog2(random.uniform()));
  heap.push_back({key, bits, a, b});
  std::push_heap(heap.begin(), heap.end());
}

/// Offers the pairs of a value with all neighbours of lower number.
void GreedyJoiner::offerLowerNeighbours(unsigned value) {
  for (unsigned index : values[value].nets) {
    const Net &net = nets[index];
    for (unsigned pin : net.pins) {
      if (pin >= value)
        continue;
      if (savedWith[pin] == 0)
        around.push_back(pin);
      savedWith[pin] += net.saved();
    }
  }
  for (unsigned other : around) {
    offer(other, value, savedWith[other]);
    savedWith[other] = 0;
  }
  around.clear();
}

std::optional<std::pair<unsigned, unsigned>> GreedyJoiner::bestCandidate() {
  while (!heap.empty()) {
    auto [a, b] = std::make_pair(heap.front().a, heap.front().b);
    std::pop_heap(heap.begin(), heap.end());
    heap.pop_back();
    if (isLive(a) && isLive(b))
      return std::make_pair(a, b);
  }
  return std::nullopt;
}

unsigned GreedyJoiner::popSmallest() {
  unsigned value;
  do {
    value = bySize.front().second;
    std::pop_heap(bySize.begin(), bySize.end(), std::greater<>());
    bySize.pop_back();
  } while (!isLive(value));
  return value;
}

std::pair<unsigned, unsigned> GreedyJoiner::smallestTwo() {
  if (!usesSizes) {
    usesSizes = true;
    for (unsigned value = 0; value < values.size(); ++value)
      if (isLive(value))
        bySize.push_back({values[value].bits, value});
    std::make_heap(bySize.begin(), bySize.end(), std::greater<>());
  }
  unsigned first = popSmallest(), second = popSmallest();
  return std::minmax(first, second);
}

Pairs GreedyJoiner::run() {
  pairs.reserve(graph.numVertices);
  for (unsigned vertex = 0; vertex < graph.numVertices; ++vertex)
    offerLowerNeighbours(vertex);
  while (pairs.size() + 1 < graph.numVertices) {
    auto pair = bestCandidate();
    auto [a, b] = pair ? *pair : smallestTwo();
    join(a, b);
  }
  return std::move(pairs);
}

//===----------------------------------------------------------------------===//
// Interface
//===----------------------------------------------------------------------===//

GreedyParameters GreedyParameters::ofTrial(uint64_t trial, uint64_t seed) {
  GreedyParameters parameters;
  if (trial == 0)
    return parameters;
  SeedRandom random(SeedRandom(seed).next() + trial);
  parameters.seed = random.next();
  parameters.costWeight = portableExp2(-3.3 + 5.3 * random.uniform());
  parameters.temperature = portableExp2(-10 + 10 * random.uniform());
  return parameters;
}

Pairs conveinsum::greedyPairs(const SeedGraph &graph,
                              const GreedyParameters &parameters) {
  return GreedyJoiner(graph, parameters).run();
}
