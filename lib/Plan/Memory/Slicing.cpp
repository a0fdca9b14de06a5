//===- Slicing.cpp - A network done piece by piece ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The meaning of a slicing: its checks, its tiles and its equations.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Memory/Slicing.h"
#include "Equation/Arithmetic.h"
#include "SliceTiles.h"
#include "llvm/ADT/STLExtras.h"
#include <tuple>

using namespace conveinsum;
using Term = LinearRelation::Term;

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

int64_t conveinsum::slicedExtent(const Equation &equation, ModeId mode) {
  const LinearRelation *relation = equation.relation(mode);
  return relation ? relation->resultExtent : equation.size(mode);
}

/// What is wrong with the slicing of one mode of the equation; empty if
/// nothing.
static std::string faultOf(const Equation &equation, const ModeSlicing &mode) {
  const LinearRelation *relation = equation.relation(mode.mode);
  if (relation && relation->modulus)
    return "expected a mode that is not circular, as tiles of it need both "
           "ends of the feature";
  if (relation && relation->terms.empty())
    return "expected a mode that an operand holds";
  if (mode.operand && !relation)
    return "expected no operand to cut, as the mode is plain, got operand " +
           std::to_string(*mode.operand);
  if (mode.operand && !relation->term(*mode.operand))
    return "expected an operand that holds the mode, got operand " +
           std::to_string(*mode.operand);
  int64_t extent = slicedExtent(equation, mode.mode);
  if (mode.chunk < 1 || mode.chunk > extent)
    return "expected chunks of 1 to " + std::to_string(extent) +
           " entries, got " + std::to_string(mode.chunk);
  int64_t chunks = numChunks(equation, mode);
  if (chunks > kMaxChunks)
    return "expected at most " + std::to_string(kMaxChunks) + " chunks, got " +
           std::to_string(chunks);
  return "";
}

bool conveinsum::verifySlicing(const Equation &equation, const Slicing &slicing,
                               ErrorFn onError) {
  if (!checkStaticExtents(equation, "to count bytes", onError))
    return false;
  auto fail = [&](const ModeSlicing &mode, std::string message) {
    Fault diagnostic;
    if (mode.mode < equation.numModes()) {
      diagnostic.mode = equation.label(mode.mode).str();
      message = "slicing mode " + spellLabel(*diagnostic.mode) + ": " + message;
    }
    if (mode.operand && *mode.operand < equation.numOperands())
      diagnostic.operand = mode.operand;
    diagnostic.message = std::move(message);
    onError(diagnostic);
    return false;
  };
  for (auto [position, mode] : llvm::enumerate(slicing)) {
    if (mode.mode >= equation.numModes())
      return fail(mode, "expected a sliced mode below " +
                            std::to_string(equation.numModes()) + ", got " +
                            std::to_string(mode.mode));
    for (const ModeSlicing &before :
         llvm::ArrayRef<ModeSlicing>(slicing).take_front(position))
      if (before.mode == mode.mode)
        return fail(mode, "expected every mode once, got it twice");
    std::string fault = faultOf(equation, mode);
    if (!fault.empty())
      return fail(mode, std::move(fault));
  }
  if (sliceClasses(equation, slicing, kMaxSliceClasses))
    return true;
  Fault diagnostic;
  diagnostic.message = "expected slices of at most " +
                       std::to_string(kMaxSliceClasses) +
                       " different shapes, got more";
  onError(diagnostic);
  return false;
}

int64_t conveinsum::numChunks(const Equation &equation,
                              const ModeSlicing &mode) {
  return (slicedExtent(equation, mode.mode) - 1) / mode.chunk + 1;
}

Count conveinsum::numSlices(const Equation &equation, const Slicing &slicing) {
  Count slices = 1;
  for (const ModeSlicing &mode : slicing)
    slices *= Count(numChunks(equation, mode));
  return slices;
}

bool conveinsum::accumulates(const Equation &equation, const Slicing &slicing) {
  return llvm::any_of(slicing, [&](const ModeSlicing &mode) {
    return !equation.inResult(mode.mode);
  });
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

unsigned conveinsum::cutOperand(const Equation &equation,
                                const ModeSlicing &mode) {
  const LinearRelation &relation = *equation.relation(mode.mode);
  if (mode.operand)
    return *mode.operand;
  if (relation.feature)
    return *relation.feature;
  return std::max_element(
             relation.terms.begin(), relation.terms.end(),
             [](const Term &a, const Term &b) { return a.extent < b.extent; })
      ->operand;
}

/// Cuts the operand to what the relation lets the tile's o reach.
static void cutOperandTo(const LinearRelation &relation, const Term &cut,
                         SliceTile &tile) {
  // c_p i_p = s o - b - (the others): an interval.
  Int low = Int(relation.resultCoefficient) * tile.first - relation.offset;
  Int high = low + Int(relation.resultCoefficient) * (tile.extent - 1);
  for (const Term &term : relation.terms) {
    Int end = Int(term.coefficient) * (std::max<int64_t>(term.extent, 1) - 1);
    if (term.operand != cut.operand)
      (end > 0 ? low : high) -= end;
  }
  Int c = cut.coefficient;
  if (c < 0) {
    std::swap(low, high);
    low = -low, high = -high, c = -c;
  }
  // An entry stays even if the tile reaches none.
  Int last = std::max<int64_t>(cut.extent, 1) - 1;
  Int first = std::clamp(ceilDiv(low, c), Int(0), last);
  Int end = std::clamp(floorDiv(high, c), first, last);
  tile.operandFirst = int64_t(first);
  tile.operandExtent = std::min(cut.extent, int64_t(end - first + 1));
  tile.offset = int64_t(relation.offset + Int(cut.coefficient) * first -
                        Int(relation.resultCoefficient) * tile.first);
}

SliceTile conveinsum::tileOf(const Equation &equation, const ModeSlicing &mode,
                             int64_t index) {
  SliceTile tile;
  tile.first = mode.chunk * index;
  tile.extent =
      std::min(mode.chunk, slicedExtent(equation, mode.mode) - tile.first);
  if (const LinearRelation *relation = equation.relation(mode.mode))
    cutOperandTo(*relation, *relation->term(cutOperand(equation, mode)), tile);
  return tile;
}

int64_t conveinsum::haloOf(const Equation &equation, const ModeSlicing &mode) {
  if (!equation.relation(mode.mode))
    return 0;
  int64_t halo = 0;
  SliceTile before = tileOf(equation, mode, 0);
  for (int64_t index = 1; index < numChunks(equation, mode); ++index) {
    SliceTile tile = tileOf(equation, mode, index);
    int64_t begin = std::max(before.operandFirst, tile.operandFirst);
    int64_t end = std::min(before.operandFirst + before.operandExtent,
                           tile.operandFirst + tile.operandExtent);
    halo = std::max(halo, end - begin);
    before = tile;
  }
  return halo;
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

namespace {
/// The parts of an equation while modes are cut out of it, one by one.
class Cutting {
public:
  explicit Cutting(const Equation &equation)
      : equation(equation), parts(equation.parts()) {
    for (const Shape &shape : parts.shapes)
      starts.emplace_back(Shape(shape.size(), 0));
    resultStarts.assign(parts.result.size(), 0);
  }

  void cut(const ModeSlicing &mode, const SliceTile &tile);

  Slice finish() {
    return {Equation::fromParts(std::move(parts)), std::move(starts),
            std::move(resultStarts)};
  }

private:
  /// Every dimension of operand `k` along the mode.
  void cutOperandDimensions(unsigned k, ModeId mode, int64_t first,
                            int64_t extent) {
    for (auto [dimension, held] : llvm::enumerate(parts.operands[k]))
      if (held == mode) {
        parts.shapes[k][dimension] = extent;
        starts[k][dimension] = first;
      }
  }

  const Equation &equation;
  EquationParts parts;
  std::vector<Shape> starts; // of the operands
  Shape resultStarts;
};
} // namespace

void Cutting::cut(const ModeSlicing &mode, const SliceTile &tile) {
  for (auto [dimension, held] : llvm::enumerate(equation.resultModes()))
    if (held == mode.mode)
      resultStarts[dimension] = tile.first;
  if (!equation.relation(mode.mode)) {
    for (unsigned k : equation.holders(mode.mode))
      cutOperandDimensions(k, mode.mode, tile.first, tile.extent);
    return;
  }
  cutOperandDimensions(cutOperand(equation, mode), mode.mode, tile.operandFirst,
                       tile.operandExtent);
  for (LinearRelation &relation : parts.relations)
    if (relation.mode == mode.mode) {
      relation.offset = tile.offset;
      relation.resultExtent = tile.extent;
    }
}

Slice conveinsum::slicedEquation(const Equation &equation,
                                 const Slicing &slicing,
                                 llvm::ArrayRef<int64_t> index) {
  assert(index.size() == slicing.size() && "one chunk per sliced mode");
  Cutting cutting(equation);
  for (auto [mode, chunk] : llvm::zip_equal(slicing, index))
    cutting.cut(mode, tileOf(equation, mode, chunk));
  return cutting.finish();
}

//===----------------------------------------------------------------------===//
// Slices of equal shapes
//===----------------------------------------------------------------------===//

namespace {
/// Chunks of one mode with equal shapes: one of them, and their number.
struct TileClass {
  SliceTile tile;
  int64_t index;
  Count multiplicity = 1;
};
} // namespace

/// Of one mode, the largest extents first. At most `limit` + 1 of them.
static std::vector<TileClass>
tileClasses(const Equation &equation, const ModeSlicing &mode, uint64_t limit) {
  std::vector<TileClass> classes;
  int64_t chunks = numChunks(equation, mode);
  for (int64_t index = 0; index < chunks && classes.size() <= limit; ++index) {
    SliceTile tile = tileOf(equation, mode, index);
    // Interior tiles follow each other: the latest class is the likeliest.
    auto known = llvm::find_if(llvm::reverse(classes), [&](TileClass &other) {
      return other.tile.hasShapeOf(tile);
    });
    if (known != classes.rend())
      known->multiplicity += 1;
    else
      classes.push_back({tile, index});
  }
  auto rank = [](const TileClass &tileClass) {
    return std::tuple(-tileClass.tile.extent, -tileClass.tile.operandExtent,
                      tileClass.index);
  };
  llvm::sort(classes, [&](const TileClass &a, const TileClass &b) {
    return rank(a) < rank(b);
  });
  return classes;
}

std::optional<std::vector<SliceClass>>
conveinsum::sliceClasses(const Equation &equation, const Slicing &slicing,
                         uint64_t limit) {
  std::vector<std::pair<llvm::SmallVector<int64_t, 3>, Count>> combinations{
      {{}, 1}};
  for (const ModeSlicing &mode : slicing) {
    std::vector<TileClass> classes = tileClasses(equation, mode, limit);
    if (combinations.size() * classes.size() > limit)
      return std::nullopt;
    decltype(combinations) longer;
    for (const auto &[index, multiplicity] : combinations)
      for (const TileClass &tile : classes) {
        longer.push_back({index, multiplicity * tile.multiplicity});
        longer.back().first.push_back(tile.index);
      }
    combinations = std::move(longer);
  }
  std::vector<SliceClass> classes;
  for (const auto &[index, multiplicity] : combinations)
    classes.push_back(
        {slicedEquation(equation, slicing, index).equation, multiplicity});
  return classes;
}

SliceClass conveinsum::largestSlice(const Equation &equation,
                                    const Slicing &slicing) {
  llvm::SmallVector<int64_t, 3> index;
  for (const ModeSlicing &mode : slicing) {
    // Two full chunks from the edge there is no padding, in general.
    int64_t best = 0, chunks = numChunks(equation, mode);
    for (int64_t i = 1; i < std::min<int64_t>(chunks, 3); ++i) {
      SliceTile tile = tileOf(equation, mode, i);
      SliceTile largest = tileOf(equation, mode, best);
      if (std::pair(tile.extent, tile.operandExtent) >
          std::pair(largest.extent, largest.operandExtent))
        best = i;
    }
    index.push_back(best);
  }
  return {slicedEquation(equation, slicing, index).equation,
          numSlices(equation, slicing)};
}

OperandSet conveinsum::slicedOperands(const Equation &equation,
                                      const Slicing &slicing) {
  OperandSet operands = equation.emptySet();
  for (const ModeSlicing &mode : slicing)
    for (unsigned operand : equation.holders(mode.mode))
      operands.set(operand);
  return operands;
}
