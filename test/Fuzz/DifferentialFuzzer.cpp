//===- DifferentialFuzzer.cpp - Compiled code against the definition ------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An input is a list of choices: types, labels, extents, geometry, a tree, the
// way of compiling. Whatever they say becomes an equation that is small; what
// is not refused is compiled step by step along the tree, run, and compared
// with the evaluator.
//
//===----------------------------------------------------------------------===//

#include "FuzzTarget.h"
#include "conveinsum/Check/Fill.h"
#include "conveinsum/Check/Reference.h"
#include "conveinsum/Check/TreeRunner.h"
#include "conveinsum/Equation/GeometryText.h"

using namespace conveinsum;
using namespace conveinsum::test;

static constexpr uint64_t kMostWork = 20000;
static constexpr llvm::StringLiteral kLabels = "abcdxyz";
static constexpr llvm::StringLiteral kConvLabels = "hw";

namespace {
struct Network {
  std::string text;
  std::vector<Shape> shapes;
  GeometryMap geometry;
};
} // namespace

static Geometry drawGeometry(Bytes &bytes) {
  static const PaddingMode modes[] = {
      PaddingMode::Same,      PaddingMode::Valid,    PaddingMode::Full,
      PaddingMode::Causal,    PaddingMode::Circular, PaddingMode::SameUpper,
      PaddingMode::SameLower, PaddingMode::Explicit};
  Geometry geometry;
  geometry.stride = bytes.between(1, 4);
  geometry.dilation = bytes.between(1, 3);
  geometry.padding.mode = modes[bytes.between(0, 7)];
  if (geometry.padding.mode == PaddingMode::Explicit) {
    geometry.padding.low = bytes.between(-2, 4);
    geometry.padding.high = bytes.between(-2, 4);
  }
  geometry.flip = bytes.oneIn(4);
  geometry.transposed = bytes.oneIn(4);
  if (geometry.transposed)
    geometry.outputPadding = bytes.between(0, 3);
  if (bytes.oneIn(8))
    geometry.kind = RelationKind::Circular;
  return geometry;
}

/// Operands of plain modes, of which each may repeat, and conv modes.
static Network drawNetwork(Bytes &bytes) {
  Network network;
  int64_t sizes[kLabels.size()];
  for (int64_t &size : sizes)
    size = bytes.between(1, 5);
  std::string convModes;
  for (char label : kConvLabels)
    if (bytes.oneIn(2))
      convModes += label;
  std::string held;
  auto hold = [&](char label) {
    network.text += label;
    if (held.find(label) == std::string::npos)
      held += label;
  };

  unsigned operands = bytes.between(1, 4);
  for (unsigned k = 0; k < operands; ++k) {
    if (k > 0)
      network.text += ',';
    Shape &shape = network.shapes.emplace_back();
    for (int64_t rank = bytes.between(0, 3); rank > 0; --rank) {
      size_t index = bytes.between(0, kLabels.size() - 1);
      hold(kLabels[index]);
      shape.push_back(sizes[index]);
    }
    for (char label : convModes)
      if (bytes.between(0, 3) > 0) {
        hold(label);
        shape.push_back(bytes.between(1, 7));
      }
  }
  network.text += "->";
  // Any order of some of them.
  while (!held.empty()) {
    size_t index = bytes.between(0, held.size() - 1);
    if (bytes.oneIn(2))
      network.text += held[index];
    held.erase(index, 1);
  }
  std::string listed;
  for (char label : convModes)
    if (network.text.find(label) != std::string::npos) {
      listed += listed.empty() ? "|" : "";
      listed += label;
      network.geometry[std::string(1, label)] = drawGeometry(bytes);
    }
  network.text += listed;
  return network;
}

static ElementTypes drawTypes(Bytes &bytes) {
  auto draw = [&] {
    return ElementType(bytes.between(0, int64_t(ElementType::I64)));
  };
  ElementTypes types = {draw(), draw()};
  if (!isValidResultType(types.operand, types.result))
    types.result = types.operand;
  return types;
}

static ContractionTree drawTree(Bytes &bytes, unsigned operands) {
  llvm::SmallVector<unsigned> values;
  for (unsigned k = 0; k < operands; ++k)
    values.push_back(k);
  auto take = [&] {
    size_t index = bytes.between(0, values.size() - 1);
    unsigned value = values[index];
    values.erase(values.begin() + index);
    return value;
  };
  llvm::SmallVector<ContractionTree::Step> steps;
  while (values.size() > 1) {
    unsigned left = take(), right = take();
    steps.emplace_back(left, right);
    values.push_back(operands + steps.size() - 1);
  }
  return ContractionTree(operands, steps);
}

/// Drivers are kept: one that tiles everything, one that tiles nothing, and one
/// that optimizes.
static Driver &driverInTurn(unsigned choice) {
  static std::array<std::unique_ptr<Driver>, 3> drivers;
  std::unique_ptr<Driver> &driver = drivers[choice];
  if (!driver) {
    DriverOptions options;
    options.optLevel = choice == 2 ? OptLevel::O2 : OptLevel::O0;
    options.vectorize = choice != 1;
    options.minVectorWork = 0;
    driver = std::make_unique<Driver>(options);
    driver->context().disableMultithreading();
  }
  return *driver;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Bytes bytes(data, size);
  ElementTypes types = drawTypes(bytes);
  Driver &driver = driverInTurn(bytes.between(0, 2));
  unsigned fillChoice = bytes.byte();
  Network network = drawNetwork(bytes);
  Refusals refusals(network.text);
  std::optional<Equation> equation = Equation::create(
      network.text, network.geometry, network.shapes, refusals.sink());
  refusals.requireExactlyUnless(equation.has_value());
  if (!equation || Count(kMostWork) < evaluationWork(*equation))
    return 0;

  ContractionTree tree = drawTree(bytes, equation->numOperands());
  std::vector<Fill> fills = Fill::all(*equation, types.operand);
  const Fill &fill = fills[fillChoice % fills.size()];
  std::vector<Tensor> operands;
  for (unsigned k = 0; k < equation->numOperands(); ++k) {
    const Shape &shape = network.shapes[k];
    Fallible<Tensor> tensor =
        Tensor::allocate(types.operand, {shape.begin(), shape.end()});
    require(bool(tensor), "a small tensor is there");
    fill.apply(*tensor, k);
    operands.push_back(std::move(*tensor));
  }

  std::string what = network.text + " with " + tree.treeText() + ", " +
                     std::string(name(types.operand)) + " to " +
                     std::string(name(types.result)) + ", " +
                     std::string(name(fill.kind()));
  for (const Shape &shape : network.shapes)
    what += " " + toString(shape);
  for (const LinearRelation &relation : equation->relations())
    what += " [" + equation->relationText(relation) + "]";
  auto onError = [&](const Fault &fault) {
    require(false, "what resolves compiles: " + fault.message + ": " + what);
  };
  TreeRunner runner(*equation, types);
  unsigned root = runner.addTree(tree);
  runner.compile(driver, onError);
  std::optional<Tensor> result = runner.run(root, operands, 1 << 20, onError);
  require(result.has_value(), "compiled code runs: " + what);
  Comparison comparison =
      Reference(*equation, operands, types).compare(*result);
  require(comparison.passed, "compiled code computes the definition: error " +
                                 std::to_string(comparison.maxError) +
                                 ", bound " + std::to_string(comparison.bound) +
                                 ": " + what);
  return 0;
}
