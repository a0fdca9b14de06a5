//===- CostModel.cpp - What sets of operands keep, in bits ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fills rows and tables. Everything about windows and pairs is asked of the
// equation; here is only what is asked when.
//
//===----------------------------------------------------------------------===//

#include "CostModel.h"
#include "conveinsum/Plan/Cost/LiveBytes.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

static void setBit(uint64_t *row, unsigned bit) {
  row[bit / 64] |= uint64_t(1) << (bit % 64);
}

CostModel::CostModel(const Equation &equation, const PlanGoal &goal)
    : planGoal(goal), operands(equation.numOperands()),
      gradient(operands, false), constant(operands, false) {
  for (unsigned operand : goal.gradients)
    gradient[operand] = true;
  for (unsigned operand : goal.constants)
    constant[operand] = true;
  for (unsigned operand = 0; operand < operands; ++operand)
    raw.push_back(conveinsum::rawElements(equation, operand));
  addPlainClasses(equation);
  addConvModes(equation);
}

template <class T>
static std::vector<T> productTables(llvm::ArrayRef<Count> sizes,
                                    unsigned words) {
  std::vector<T> tables(size_t(words) * 8 * 256, T(1));
  for (unsigned byte = 0; byte * 8 < sizes.size(); ++byte) {
    T *table = &tables[size_t(byte) * 256];
    unsigned bits = std::min<size_t>(8, sizes.size() - byte * 8);
    for (unsigned set = 1; set < 1u << bits; ++set)
      table[set] =
          times(table[set & (set - 1)],
                fromCount<T>(sizes[byte * 8 + llvm::countr_zero(set)]));
  }
  return tables;
}

void CostModel::addPlainClasses(const Equation &equation) {
  bool keepsSizeOne = planGoal.objective.kind == ObjectiveKind::Time;
  // Holders, and whether the result holds the modes too -> class.
  std::map<std::pair<llvm::SmallVector<unsigned, 2>, bool>, unsigned> classes;
  llvm::SmallVector<bool, 16> isExternal;
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    if (equation.relation(mode))
      continue;
    llvm::ArrayRef<unsigned> holders = equation.holders(mode);
    bool inResult = equation.inResult(mode);
    Count size = Count(equation.size(mode));
    // Summed before the first step at no cost, or of no effect.
    if ((!inResult && holders.size() == 1) || (size == 1 && !keepsSizeOne))
      continue;
    llvm::SmallVector<unsigned, 2> operandList(holders);
    auto [entry, isNew] = classes.try_emplace({operandList, inResult},
                                              unsigned(classSizes.size()));
    if (isNew) {
      classHolders.push_back(std::move(operandList));
      classSizes.push_back(size);
      isExternal.push_back(inResult);
    } else {
      classSizes[entry->second] = times(classSizes[entry->second], size);
    }
  }
  numPlainWords = (classSizes.size() + 63) / 64;

  exactTables = productTables<Count>(classSizes, numPlainWords);
  wordTables = productTables<uint64_t>(classSizes, numPlainWords);
  realTables = productTables<double>(classSizes, numPlainWords);
  result.assign(std::max(1u, numPlainWords), 0);
  for (unsigned index = 0; index < isExternal.size(); ++index)
    if (isExternal[index])
      setBit(result.data(), index);
}

/// Participants up to which a conv mode has a table of all pairs of sets.
static unsigned maxTabled(size_t convModes) {
  return convModes <= 32 ? 6 : convModes <= 512 ? 4 : 2;
}

void CostModel::addWideTables() const {
  wideTables = productTables<WideReal>(classSizes, numPlainWords);
  if (wideTables.empty())
    wideTables.resize(1);
}

void CostModel::addConvModes(const Equation &equation) {
  unsigned bit = 0;
  unsigned tabled = maxTabled(equation.relations().size());
  convModes.reserve(equation.relations().size());
  for (const LinearRelation &relation : equation.relations()) {
    unsigned participants = relation.terms.size();
    if (participants == 0) {
      // It multiplies no MACs, but the result has it.
      if (equation.inResult(relation.mode))
        resultOnly =
            TypedCount(times(resultOnly.exact, Count(relation.resultExtent)));
      continue;
    }
    // What is no word of its own with others in it has words to itself.
    bool isWide = participants > ConvModel::kMaxNarrow;
    if (isWide || bit % 64 + participants > 64)
      bit = (bit + 63) / 64 * 64;
    convModes.emplace_back(equation, relation, planGoal.objective.count, bit,
                           tabled);
    modeOfBit.resize(bit + participants, convModes.size() - 1);
    bit += participants;
    if (isWide)
      bit = (bit + 63) / 64 * 64;
  }
  numConvWords = (bit + 63) / 64;
  modeOfBit.resize(size_t(numConvWords) * 64, 0);
  leaves.assign(size_t(operands) * words() + 1, 0);
  for (unsigned index = 0; index < classHolders.size(); ++index)
    for (unsigned operand : classHolders[index])
      setBit(&leaves[size_t(operand) * words()], index);
  for (const ConvModel &mode : convModes)
    for (unsigned index = 0; index < mode.numParticipants(); ++index)
      setBit(&leaves[size_t(mode.operand(index)) * words() + numPlainWords],
             mode.firstBit() + index);
}

uint64_t CostModel::weightOf(const uint64_t *row) const {
  uint64_t bytes = 0, weight = 12 + words() / 2;
  for (unsigned word = 0; word < numPlainWords; ++word)
    for (uint64_t bits = row[word]; bits != 0; bits >>= 8)
      bytes += (bits & 255) != 0;
  forConvModes(row, row,
               [&](const ConvModel &mode) { weight += mode.weight(); });
  weight += bytes;
  // Predictions ask the target; maxima are gathered over whole trees.
  bool isDear = planGoal.objective.kind == ObjectiveKind::Time ||
                planGoal.objective.kind == ObjectiveKind::Size;
  return isDear ? weight * 5 / 2 : weight;
}

uint64_t CostModel::takeWork(uint64_t sixteenths) const {
  open += sixteenths;
  uint64_t moves = open / 16;
  open %= 16;
  for (const ConvModel &mode : convModes)
    moves += mode.takeWork();
  return moves;
}

Count CostModel::resultSize() const {
  std::vector<uint64_t> row(words() + 1, 0);
  std::copy(result.begin(), result.begin() + numPlainWords, row.begin());
  for (const ConvModel &mode : convModes)
    for (unsigned index = 0; index < mode.numParticipants(); ++index)
      setBit(row.data() + numPlainWords, mode.firstBit() + index);
  return resultElements<Count>(row.data());
}

bool CostModel::hasZeros() const {
  return llvm::is_contained(classSizes, Count(0)) ||
         llvm::any_of(convModes,
                      [](const ConvModel &mode) { return mode.hasZeros(); });
}

StepKind CostModel::kind(const uint64_t *a, const uint64_t *b,
                         const uint64_t *both) const {
  bool keepsPlain = false, sumsPlain = false;
  for (unsigned word = 0; word < numPlainWords; ++word) {
    uint64_t common = a[word] & b[word];
    keepsPlain |= (common & both[word]) != 0;
    sumsPlain |= (common & ~both[word]) != 0;
  }
  bool hasConv = false, hasFeature = false;
  const uint64_t *left = a + numPlainWords, *right = b + numPlainWords;
  forConvModes(a, b, [&](const ConvModel &mode) {
    if (mode.isEmpty(left) || mode.isEmpty(right))
      return;
    hasConv = true;
    hasFeature |= mode.hasFeature(left) || mode.hasFeature(right);
  });
  return stepKind(hasConv, hasFeature, keepsPlain, sumsPlain);
}
