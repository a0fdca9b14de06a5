//===- Generators.cpp - Fresh networks ------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `randomNetwork` draws from the distribution of `rand_equation` of opt_einsum,
// with which planners are usually compared. Numbers come from mt19937_64, which
// is the same everywhere, never from a distribution of the standard library,
// which is not.
//
//===----------------------------------------------------------------------===//

#include "Generators.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include <random>
#include <set>

using namespace conveinsum::bench;
namespace json = llvm::json;

namespace {
class Random {
public:
  explicit Random(uint64_t seed) : engine(seed) {}

  /// 0 <= result < end.
  unsigned below(unsigned end) { return engine() % end; }
  unsigned between(unsigned first, unsigned last) {
    return first + below(last - first + 1);
  }
  template <typename T>
  void shuffle(std::vector<T> &items) {
    for (size_t left = items.size(); left > 1; --left)
      std::swap(items[left - 1], items[below(left)]);
  }

private:
  std::mt19937_64 engine;
};

/// A network by the numbers of its modes.
struct Draft {
  std::vector<std::vector<unsigned>> operands;
  std::vector<unsigned> result;
  std::vector<int64_t> sizes;

  explicit Draft(unsigned numOperands) : operands(numOperands) {}

  void addEdge(unsigned from, unsigned to, int64_t size) {
    operands[from].push_back(sizes.size());
    operands[to].push_back(sizes.size());
    sizes.push_back(size);
  }
};
} // namespace

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

static std::string label(unsigned mode) {
  if (mode < 26)
    return std::string(1, char('a' + mode));
  if (mode < 52)
    return std::string(1, char('A' + mode - 26));
  return "(m" + std::to_string(mode) + ")";
}

static std::string labels(llvm::ArrayRef<unsigned> modes) {
  std::string text;
  for (unsigned mode : modes)
    text += label(mode);
  return text;
}

static json::Object lineOf(const Draft &draft, std::string name,
                           llvm::StringRef set, std::string group) {
  std::string expr;
  json::Array shapes;
  for (llvm::ArrayRef<unsigned> modes : draft.operands) {
    expr += (shapes.empty() ? "" : ",") + labels(modes);
    json::Array shape;
    for (unsigned mode : modes)
      shape.push_back(draft.sizes[mode]);
    shapes.push_back(std::move(shape));
  }
  return json::Object{{"name", std::move(name)},
                      {"set", set},
                      {"group", std::move(group)},
                      {"expr", expr + "->" + labels(draft.result)},
                      {"shapes", std::move(shapes)}};
}

//===----------------------------------------------------------------------===//
// Drafts
//===----------------------------------------------------------------------===//

/// Modes of size 2 to 9: `numResult` that one operand and the result hold, and
/// n * regularity / 2 that two operands hold; every operand holds at least one.
static Draft randomNetwork(unsigned n, unsigned regularity, unsigned numResult,
                           Random &random) {
  Draft draft(n);
  std::vector<unsigned> places;
  for (unsigned mode = 0; mode < n * regularity / 2 + numResult; ++mode) {
    draft.sizes.push_back(random.between(2, 9));
    places.push_back(mode);
    if (mode < numResult)
      draft.result.push_back(mode);
    else
      places.push_back(mode);
  }
  random.shuffle(places);
  random.shuffle(draft.result);
  for (auto [index, mode] : llvm::enumerate(places)) {
    unsigned operand = index < n ? index : random.below(n);
    while (llvm::is_contained(draft.operands[operand], mode))
      operand = random.below(n);
    draft.operands[operand].push_back(mode);
  }
  return draft;
}

/// Every operand has `degree` neighbours, each over a mode of its own.
static Draft regularGraph(unsigned n, unsigned degree, int64_t size,
                          Random &random) {
  std::vector<unsigned> ends;
  for (unsigned operand = 0; operand < n; ++operand)
    ends.insert(ends.end(), degree, operand);
  std::vector<std::pair<unsigned, unsigned>> edges;
  // Pair the ends by chance until no pair is a loop and none occurs twice:
  // after some e^2 tries for degree 3.
  while (edges.size() != ends.size() / 2) {
    random.shuffle(ends);
    edges.clear();
    std::set<std::pair<unsigned, unsigned>> seen;
    for (size_t index = 0; index < ends.size(); index += 2) {
      auto edge = std::minmax(ends[index], ends[index + 1]);
      if (edge.first == edge.second || !seen.insert(edge).second)
        break;
      edges.push_back(edge);
    }
  }
  Draft draft(n);
  for (auto [from, to] : edges)
    draft.addEdge(from, to, size);
  return draft;
}

/// A random tree and some more edges.
static Draft sparseGraph(unsigned n, unsigned extra, Random &random) {
  Draft draft(n);
  for (unsigned operand = 1; operand < n; ++operand)
    draft.addEdge(operand, random.below(operand), random.between(2, 4));
  while (extra > 0) {
    unsigned from = random.below(n), to = random.below(n);
    if (from == to)
      continue;
    draft.addEdge(from, to, random.between(2, 4));
    --extra;
  }
  return draft;
}

static Draft grid(unsigned rows, unsigned columns, int64_t size) {
  Draft draft(rows * columns);
  for (unsigned row = 0; row < rows; ++row)
    for (unsigned column = 0; column < columns; ++column) {
      unsigned operand = row * columns + column;
      if (column + 1 < columns)
        draft.addEdge(operand, operand + 1, size);
      if (row + 1 < rows)
        draft.addEdge(operand, operand + columns, size);
    }
  return draft;
}

/// Whether steps that share a mode can join all operands.
static bool isConnected(const Draft &draft) {
  llvm::EquivalenceClasses<unsigned> parts;
  std::vector<int> firstHolder(draft.sizes.size(), -1);
  for (auto [operand, modes] : llvm::enumerate(draft.operands)) {
    parts.insert(operand);
    for (unsigned mode : modes)
      if (firstHolder[mode] < 0)
        firstHolder[mode] = operand;
      else
        parts.unionSets(firstHolder[mode], operand);
  }
  return parts.getNumClasses() == 1;
}

//===----------------------------------------------------------------------===//
// Sets
//===----------------------------------------------------------------------===//

namespace {
class NetworkMaker {
public:
  explicit NetworkMaker(const GeneratorOptions &options) : options(options) {}

  std::vector<json::Object> lines;

  void makeRandom() {
    for (unsigned n : {5, 6, 8, 10, 12, 15, 20, 25, 30})
      for (unsigned regularity : {2, 3, 4})
        for (unsigned index = 0; index < options.repetitions; ++index) {
          Random random = seeded(n, regularity, index);
          add(randomNetwork(n, regularity, index % 3, random), "random",
              nameOf("random", n, regularity, index), n);
        }
  }

  /// Draws until a network hangs together.
  void makeConnected() {
    for (unsigned n : {20, 25, 30}) {
      if (options.quick && n > 25)
        continue;
      for (unsigned regularity : {3, 4})
        for (unsigned index = 0; index < options.repetitions; ++index) {
          Random random = seeded(n, regularity, 1000 + index);
          Draft draft = randomNetwork(n, regularity, index % 3, random);
          while (!isConnected(draft))
            draft = randomNetwork(n, regularity, index % 3, random);
          add(draft, "connected", nameOf("connected", n, regularity, index), n);
        }
    }
  }

  void makeLarge() {
    for (unsigned n : {100, 200, 500, 1000}) {
      if (options.quick && n > 200)
        continue;
      Random random = seeded(n, 3, 0);
      add(regularGraph(n, 3, 2, random), "large",
          "regular3_n" + std::to_string(n), n);
    }
    add(grid(8, options.quick ? 25 : 250, 2), "large",
        options.quick ? "grid_8x25" : "grid_8x250", 0);
    for (unsigned n : {1000, 2000}) {
      if (options.quick && n > 1000)
        continue;
      Random random = seeded(n, 2, 0);
      add(sparseGraph(n, n / 10, random), "large",
          "sparse_n" + std::to_string(n), n);
    }
  }

private:
  Random seeded(unsigned n, unsigned regularity, unsigned index) const {
    return Random(((options.seed * 4096 + n) * 8 + regularity) * 4096 + index);
  }
  std::string nameOf(llvm::StringRef set, unsigned n, unsigned regularity,
                     unsigned index) const {
    return (set + "_n" + llvm::Twine(n) + "_r" + llvm::Twine(regularity) +
            "_s" + llvm::Twine(options.seed) + "_" + llvm::Twine(index))
        .str();
  }
  void add(const Draft &draft, llvm::StringRef set, std::string name,
           unsigned n) {
    lines.push_back(
        lineOf(draft, std::move(name), set, "N=" + std::to_string(n)));
  }

  const GeneratorOptions &options;
};
} // namespace

std::vector<json::Object>
conveinsum::bench::makeNetworks(const GeneratorOptions &options) {
  NetworkMaker maker(options);
  maker.makeRandom();
  maker.makeConnected();
  maker.makeLarge();
  return std::move(maker.lines);
}
