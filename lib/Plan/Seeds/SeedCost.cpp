//===- SeedCost.cpp - What a tree costs on a SeedGraph --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SeedCost.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace conveinsum;

namespace {

/// A net that is open at a value, and how many of its pins are inside.
struct OpenNet {
  unsigned net, pins;
};
using OpenNets = std::vector<OpenNet>; // by net

} // namespace

/// The nets of either side with the pins that both have, by net.
static OpenNets united(const OpenNets &left, const OpenNets &right) {
  OpenNets both;
  both.reserve(left.size() + right.size());
  auto l = left.begin(), r = right.begin();
  while (l != left.end() && r != right.end()) {
    if (l->net < r->net)
      both.push_back(*l++);
    else if (r->net < l->net)
      both.push_back(*r++);
    else {
      both.push_back({l->net, l->pins + r->pins});
      ++l, ++r;
    }
  }
  both.insert(both.end(), l, left.end());
  both.insert(both.end(), r, right.end());
  return both;
}

std::vector<double> conveinsum::stepBits(const SeedGraph &graph,
                                         const Pairs &pairs) {
  std::vector<OpenNets> open(graph.numVertices);
  for (unsigned net = 0; net < graph.nets.size(); ++net)
    for (unsigned pin : graph.nets[net].pins)
      open[pin].push_back({net, 1});
  std::vector<double> bitsOfSteps;
  for (auto [a, b] : pairs) {
    OpenNets nets = united(open[a], open[b]);
    auto dropClosed = [&] {
      llvm::erase_if(nets, [&](const OpenNet &entry) {
        const SeedGraph::Net &net = graph.nets[entry.net];
        return entry.pins == net.pins.size() && !net.isExternal;
      });
    };
    if (graph.cost == SeedGraph::Cost::Elements)
      dropClosed();
    FixedBits bits = 0;
    for (const OpenNet &entry : nets)
      bits += toFixed(graph.nets[entry.net].bits);
    bitsOfSteps.push_back(toBits(bits));
    dropClosed();
    OpenNets().swap(open[a]);
    OpenNets().swap(open[b]);
    open.push_back(std::move(nets));
  }
  return bitsOfSteps;
}

double conveinsum::logSum(llvm::ArrayRef<double> bits) {
  if (bits.empty())
    return 0;
  double top = *std::max_element(bits.begin(), bits.end()), sum = 0;
  for (double value : bits)
    sum += portableExp2(value - top);
  return top + portableLog2(sum);
}
