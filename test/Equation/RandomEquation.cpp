//===- RandomEquation.cpp - Equations from seeds --------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Draws modes, who holds them, sizes and geometry, in that order, and repeats
// with the next numbers where the equation would be too large.
//
//===----------------------------------------------------------------------===//

#include "RandomEquation.h"
#include "conveinsum/Equation/Evaluator.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

int64_t SplitMix64::between(int64_t low, int64_t high) {
  return low + int64_t(next() % uint64_t(high - low + 1));
}

double conveinsum::randomEntry(SplitMix64 &random) {
  return double(random.between(-32, 32)) / 4;
}

namespace {
class Generator {
public:
  Generator(SplitMix64 &random, const RandomEquationOptions &options)
      : random(random), numOperands(random.between(1, options.maxOperands)),
        numConvModes(random.between(0, options.maxConvModes)),
        operands(numOperands), shapes(numOperands) {}

  RandomEquation draw() {
    drawLabels();
    drawPlainModes();
    for (unsigned i = 0; i < numConvModes; ++i)
      drawConvMode();
    shuffleOperands();
    drawEllipsis();
    return {spell(), std::move(geometry), std::move(shapes)};
  }

private:
  void drawLabels();
  void drawPlainModes();
  void drawConvMode();
  void shuffleOperands();
  void drawEllipsis();
  std::string spell();

  llvm::SmallVector<unsigned, 6> drawHolders(unsigned most);
  Geometry drawGeometry(llvm::ArrayRef<unsigned> participants,
                        llvm::ArrayRef<int64_t> extents);
  Padding drawLinearPadding(int64_t featureExtent, int64_t kernelReach);
  void drawCircularPadding(Geometry &geometry, int64_t kernelReach);
  void drawTransposed(Geometry &geometry);
  std::string takeLabel() {
    std::string label = labels.back();
    labels.pop_back();
    return label;
  }

  SplitMix64 &random;
  unsigned numOperands, numConvModes;
  std::vector<std::string> labels; ///< bare ones, not yet taken
  std::vector<std::string> plain, conv;
  /// Bare labels of every operand's modes; "..." is the ellipsis.
  std::vector<std::vector<std::string>> operands;
  std::vector<Shape> shapes;
  GeometryMap geometry;
};
} // namespace

void Generator::drawLabels() {
  labels = {"a", "b", "c", "h", "w", "K", "x", "y", "\u03b2", "t1", "s_2"};
  random.shuffle(labels);
}

/// Between 1 and `most` operands, ascending.
llvm::SmallVector<unsigned, 6> Generator::drawHolders(unsigned most) {
  llvm::SmallVector<unsigned, 6> all;
  for (unsigned k = 0; k < numOperands; ++k)
    all.push_back(k);
  random.shuffle(all);
  all.resize(size_t(random.between(1, std::min(most, numOperands))));
  llvm::sort(all);
  return all;
}

void Generator::drawPlainModes() {
  int64_t count = random.between(numConvModes == 0 ? 1 : 0, 4);
  for (int64_t i = 0; i < count; ++i) {
    std::string label = takeLabel();
    int64_t size = random.oneIn(80) ? 0 : random.between(1, 4);
    plain.push_back(label);
    for (unsigned k : drawHolders(3))
      for (int64_t times = random.oneIn(12) ? 2 : 1; times > 0; --times) {
        operands[k].push_back(label);
        shapes[k].push_back(size);
      }
  }
}

void Generator::drawConvMode() {
  std::string label = takeLabel();
  conv.push_back(label);
  llvm::SmallVector<unsigned, 6> participants = drawHolders(4);
  llvm::SmallVector<int64_t, 6> extents;
  size_t longest = size_t(random.between(0, participants.size() - 1));
  for (size_t p = 0; p < participants.size(); ++p) {
    extents.push_back(random.between(1, p == longest ? 9 : 4));
    operands[participants[p]].push_back(label);
    shapes[participants[p]].push_back(extents.back());
  }
  if (random.oneIn(8))
    return; // every default
  geometry[label] = drawGeometry(participants, extents);
}

Geometry Generator::drawGeometry(llvm::ArrayRef<unsigned> participants,
                                 llvm::ArrayRef<int64_t> extents) {
  Geometry drawn;
  drawn.stride = random.oneIn(2) ? 1 : random.between(2, 4);
  drawn.flip = random.oneIn(3);
  size_t feature = 0;
  if (random.oneIn(3)) {
    feature = size_t(random.between(0, participants.size() - 1));
    drawn.feature = participants[feature];
  }
  std::vector<int64_t> dilations;
  std::map<unsigned, int64_t> byOperand;
  int64_t common = random.oneIn(2) ? 1 : random.between(2, 3);
  bool isCommon = participants.size() == 1 || random.oneIn(2);
  int64_t kernelReach = 0;
  for (size_t p = 0; p < participants.size(); ++p) {
    if (p == feature)
      continue;
    int64_t dilation = isCommon ? common : random.between(1, 4);
    dilations.push_back(dilation);
    byOperand[participants[p]] = dilation;
    kernelReach += dilation * (extents[p] - 1);
  }
  if (isCommon)
    drawn.dilation = common;
  else if (random.oneIn(2))
    drawn.dilation = dilations;
  else
    drawn.dilation = byOperand;

  if (random.oneIn(4))
    drawCircularPadding(drawn, kernelReach);
  else if (random.oneIn(4))
    drawTransposed(drawn);
  else
    drawn.padding = drawLinearPadding(extents[feature], kernelReach);
  return drawn;
}

/// Paddings that leave something of every extent.
void Generator::drawTransposed(Geometry &geometry) {
  geometry.transposed = true;
  geometry.stride = random.between(1, 3);
  switch (random.between(0, 3)) {
  case 0:
    geometry.padding.mode = PaddingMode::Same;
    break;
  case 1:
    geometry.padding.mode = PaddingMode::SameUpper;
    return;
  case 2:
    geometry.padding.mode = PaddingMode::Valid;
    break;
  default:
    geometry.padding.mode = PaddingMode::Explicit;
    geometry.padding.low = random.between(-3, 0);
    geometry.padding.high = random.between(-2, 0);
  }
  geometry.outputPadding = random.between(0, geometry.stride - 1);
}

/// `kernelReach` is ext - 1 of docs/Semantics.md, section 3.
Padding Generator::drawLinearPadding(int64_t featureExtent,
                                     int64_t kernelReach) {
  Padding padding;
  int64_t room = featureExtent - 1 - kernelReach;
  switch (random.between(0, 6)) {
  case 0:
    padding.mode = PaddingMode::Same;
    break;
  case 5:
    padding.mode =
        random.oneIn(2) ? PaddingMode::SameUpper : PaddingMode::SameLower;
    break;
  case 6:
    padding.mode = PaddingMode::Causal;
    break;
  case 1:
    padding.mode = room >= 0 ? PaddingMode::Valid : PaddingMode::Full;
    break;
  case 2:
    padding.mode = PaddingMode::Full;
    break;
  default:
    // The padded feature must hold the kernels: room + low + high >= 0.
    padding.mode = PaddingMode::Explicit;
    padding.low = random.between(-3, 4);
    padding.high = std::max(random.between(-3, 4), -room - padding.low);
  }
  return padding;
}

void Generator::drawCircularPadding(Geometry &geometry, int64_t kernelReach) {
  geometry.kind = RelationKind::Circular;
  switch (random.between(0, 2)) {
  case 0:
    geometry.padding.mode = PaddingMode::Circular;
    if (random.oneIn(2))
      geometry.kind.reset();
    break;
  case 1:
    geometry.padding.mode = PaddingMode::Same;
    break;
  default:
    geometry.padding.mode = PaddingMode::Explicit;
    geometry.padding.low = random.between(-2, kernelReach + 2);
    geometry.padding.high = kernelReach - geometry.padding.low;
  }
}

void Generator::shuffleOperands() {
  for (unsigned k = 0; k < numOperands; ++k) {
    llvm::SmallVector<size_t, 6> order;
    for (size_t d = 0; d < operands[k].size(); ++d)
      order.push_back(d);
    random.shuffle(order);
    std::vector<std::string> modes;
    Shape shape;
    for (size_t d : order) {
      modes.push_back(operands[k][d]);
      shape.push_back(shapes[k][d]);
    }
    operands[k] = std::move(modes);
    shapes[k] = std::move(shape);
  }
}

/// Puts an ellipsis of up to two modes into some operands, aligned at the
/// right.
void Generator::drawEllipsis() {
  if (!random.oneIn(6))
    return;
  int64_t sizes[2] = {random.between(1, 3), random.between(1, 3)};
  for (unsigned k : drawHolders(3)) {
    int64_t at = random.between(0, int64_t(operands[k].size()));
    int64_t rank = random.between(0, 2);
    operands[k].insert(operands[k].begin() + at, "...");
    shapes[k].insert(shapes[k].begin() + at, sizes + 2 - rank, sizes + 2);
  }
}

std::string Generator::spell() {
  auto spellAll = [](llvm::ArrayRef<std::string> modes) {
    std::string text;
    for (const std::string &label : modes)
      text += label == "..." ? label : spellLabel(label);
    return text;
  };
  std::string text;
  for (unsigned k = 0; k < numOperands; ++k)
    text += (k == 0 ? "" : ",") + spellAll(operands[k]);
  if (!random.oneIn(8)) {
    std::vector<std::string> result;
    for (const std::string &label : plain)
      if (random.oneIn(2))
        result.push_back(label);
    for (const std::string &label : conv)
      if (!random.oneIn(5))
        result.push_back(label);
    bool hasEllipsis = llvm::any_of(operands, [](const auto &modes) {
      return llvm::is_contained(modes, "...");
    });
    if (hasEllipsis)
      result.push_back("...");
    random.shuffle(result);
    text += "->" + spellAll(result);
  }
  if (!conv.empty())
    text += "|" + spellAll(conv);
  return text;
}

RandomEquation
conveinsum::randomEquation(uint64_t seed,
                           const RandomEquationOptions &options) {
  SplitMix64 random(seed);
  while (true) {
    RandomEquation drawn = Generator(random, options).draw();
    auto equation = Equation::create(drawn.text, drawn.geometry, drawn.shapes,
                                     [&](const Fault &) {});
    // What does not resolve is handed out for the test to fail on.
    if (!equation || evaluationWork(*equation) <= options.maxWork)
      return drawn;
  }
}
