//===- Proxy.cpp - A network as other planners see it ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Example: `bsh,rs,rh->brh|h` becomes `bsh,rs,rH->brhH`. What a planner makes
// of it is a path of the network as well, and costs what that path costs there.
//
//===----------------------------------------------------------------------===//

#include "Network.h"
#include "llvm/Support/ConvertUTF.h"

using namespace conveinsum;
using namespace conveinsum::bench;
namespace json = llvm::json;

/// Letters first, then code points from U+00C0 on: one character each, because
/// some planners take nothing else.
static std::string symbol(unsigned index) {
  if (index < 26)
    return std::string(1, char('a' + index));
  if (index < 52)
    return std::string(1, char('A' + index - 26));
  char buffer[4], *end = buffer;
  llvm::ConvertCodePointToUTF8(index - 52 + 0xC0, end);
  return std::string(buffer, end);
}

namespace {
class ProxyWriter {
public:
  explicit ProxyWriter(const Equation &equation) : equation(equation) {}

  void write(json::Object &network) {
    json::Array inputs;
    for (unsigned operand = 0; operand < equation.numOperands(); ++operand)
      inputs.push_back(input(operand));
    for (ModeId mode : equation.resultModes())
      if (!equation.relation(mode))
        output += plainSymbols[mode];
    network["inputs"] = std::move(inputs);
    network["output"] = output;
    network["sizes"] = std::move(sizes);
  }

private:
  /// A diagonal is one mode of the operand.
  std::string input(unsigned operand) {
    std::string text;
    OperandSet only = equation.singleton(operand);
    llvm::ArrayRef<ModeId> modes = equation.operandModes(operand);
    for (auto [position, mode] : llvm::enumerate(modes)) {
      if (llvm::is_contained(modes.take_front(position), mode))
        continue;
      int64_t size = equation.operandShape(operand)[position];
      if (equation.relation(mode)) {
        std::string label = add(size);
        output += label;
        text += label;
        continue;
      }
      if (plainSymbols[mode].empty())
        plainSymbols[mode] = add(size);
      text += plainSymbols[mode];
    }
    return text;
  }

  std::string add(int64_t size) {
    std::string label = symbol(sizes.size());
    sizes[label] = size;
    return label;
  }

  const Equation &equation;
  std::vector<std::string> plainSymbols =
      std::vector<std::string>(equation.numModes());
  std::string output;
  json::Object sizes;
};
} // namespace

bool conveinsum::bench::addProxy(json::Object &object) {
  auto network = Network::fromJSON(object);
  if (network)
    ProxyWriter(network->equation).write(object);
  return network.has_value();
}
