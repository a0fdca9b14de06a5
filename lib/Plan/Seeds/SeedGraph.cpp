//===- SeedGraph.cpp - A network as a weighted hypergraph -----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SeedGraph.h"
#include "llvm/ADT/STLExtras.h"
#include <tuple>

using namespace conveinsum;
using llvm::ArrayRef;

/// The extent whose bits stand for a conv mode. With one participant the mode
/// is complete from the start.
static int64_t largestExtent(const LinearRelation &relation, bool inResult) {
  int64_t extent = inResult ? relation.resultExtent : 1;
  if (relation.terms.size() > 1)
    for (const LinearRelation::Term &term : relation.terms)
      extent = std::max(extent, term.extent);
  return extent;
}

SeedGraph SeedGraph::of(const Equation &equation, Cost cost) {
  SeedGraph graph;
  graph.cost = cost;
  graph.numVertices = equation.numOperands();
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    bool inResult = equation.inResult(mode);
    const LinearRelation *relation = equation.relation(mode);
    int64_t size =
        relation ? largestExtent(*relation, inResult) : equation.size(mode);
    // Sizes 0 and 1 do not tell trees apart.
    if (size <= 1)
      continue;
    Net net{{}, portableLog2(static_cast<double>(size)), inResult};
    for (unsigned operand : equation.holders(mode))
      net.pins.push_back(operand);
    graph.nets.push_back(std::move(net));
  }
  graph.normalise();
  return graph;
}

SeedGraph SeedGraph::grouped(ArrayRef<unsigned> groupOf,
                             unsigned numGroups) const {
  SeedGraph result;
  result.numVertices = numGroups;
  result.cost = cost;
  for (const Net &net : nets) {
    Net inside{{}, net.bits, net.isExternal};
    for (unsigned pin : net.pins) {
      if (groupOf[pin] == kElsewhere)
        inside.isExternal = true;
      else
        inside.pins.push_back(groupOf[pin]);
    }
    if (!inside.pins.empty())
      result.nets.push_back(std::move(inside));
  }
  result.normalise();
  return result;
}

SeedGraph SeedGraph::restrictedTo(ArrayRef<unsigned> vertices) const {
  std::vector<unsigned> numberOf(numVertices, kElsewhere);
  for (auto [number, vertex] : llvm::enumerate(vertices))
    numberOf[vertex] = number;
  return grouped(numberOf, vertices.size());
}

void SeedGraph::normalise() {
  for (Net &net : nets) {
    llvm::sort(net.pins);
    net.pins.erase(llvm::unique(net.pins), net.pins.end());
  }
  llvm::erase_if(nets, [](const Net &net) {
    return net.bits <= 0 || net.pins.empty() ||
           (net.pins.size() == 1 && !net.isExternal);
  });
  // The bits too: those of equal nets are added in one order everywhere.
  llvm::sort(nets, [](const Net &a, const Net &b) {
    return std::tie(a.pins, a.isExternal, a.bits) <
           std::tie(b.pins, b.isExternal, b.bits);
  });
  size_t kept = 0;
  for (size_t index = 0; index < nets.size(); ++index) {
    if (kept > 0 && nets[kept - 1].pins == nets[index].pins &&
        nets[kept - 1].isExternal == nets[index].isExternal) {
      nets[kept - 1].bits += nets[index].bits;
      continue;
    }
    if (kept != index)
      nets[kept] = std::move(nets[index]);
    ++kept;
  }
  nets.erase(nets.begin() + kept, nets.end());
}

std::vector<llvm::SmallVector<unsigned, 6>>
conveinsum::netsOfVertices(const SeedGraph &graph) {
  std::vector<llvm::SmallVector<unsigned, 6>> netsOf(graph.numVertices);
  for (auto [index, net] : llvm::enumerate(graph.nets))
    for (unsigned pin : net.pins)
      netsOf[pin].push_back(index);
  return netsOf;
}
