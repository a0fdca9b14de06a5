//===- NetworkDescription.cpp - A network as flat numbers -----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Gathers who holds what, colours it, and writes keys.
//
//===----------------------------------------------------------------------===//

#include "NetworkDescription.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include <numeric>

using namespace conveinsum;
using llvm::ArrayRef;

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

NetworkDescription::NetworkDescription(const Equation &equation,
                                       const PlanGoal &goal)
    : equation(equation), goal(goal),
      featureMatters(goal.objective.count == MacCount::Dense ||
                     goal.objective.kind == ObjectiveKind::Time),
      roles(equation.numOperands(), Role::Free),
      isInResult(equation.numModes(), false) {
  assert(equation.hasStaticShapes() && "a key needs all extents");
  graph.numOperands = equation.numOperands();
  readRoles();
  readIncidences();
  sortIncidences();
  colourModes();
}

void NetworkDescription::readRoles() {
  for (unsigned operand : goal.gradients)
    roles[operand] = Role::Gradient;
  for (unsigned operand : goal.constants)
    roles[operand] = Role::Constant;
  for (Role role : roles)
    graph.colours.push_back(mixBits(1 + uint64_t(role)));
  for (ModeId mode : equation.resultModes())
    isInResult[mode] = true;
}

NetworkDescription::Incidence NetworkDescription::incidence(unsigned operand,
                                                            ModeId mode) const {
  const LinearRelation *relation = equation.relation(mode);
  if (!relation)
    return {operand, mode, 1, 0, false};
  const LinearRelation::Term *term = relation->term(operand);
  assert(term && "a participant without a term");
  bool isFeature = featureMatters && relation->feature == operand;
  return {operand, mode, term->coefficient, term->extent, isFeature};
}

/// Lists the incidences; `graph.begin` receives the ranges of the operands.
void NetworkDescription::readIncidences() {
  // One more than the last incidence of a mode.
  llvm::SmallVector<unsigned, 32> last(equation.numModes(), 0);
  for (unsigned operand = 0; operand < equation.numOperands(); ++operand) {
    unsigned begin = incidences.size();
    graph.begin.push_back(begin);
    for (ModeId mode : equation.operandModes(operand)) {
      if (last[mode] > begin) {
        ++incidences[last[mode] - 1].coefficient;
        continue;
      }
      incidences.push_back(incidence(operand, mode));
      last[mode] = incidences.size();
    }
  }
}

/// Fills in the arcs of both sides: a counting sort by mode.
void NetworkDescription::sortIncidences() {
  unsigned modes = equation.numModes(), count = incidences.size();
  llvm::SmallVector<unsigned, 32> next(modes, 0);
  for (const Incidence &incidence : incidences)
    ++next[incidence.mode];
  unsigned end = count;
  for (unsigned &place : next) {
    graph.begin.push_back(end);
    end += std::exchange(place, end);
  }
  graph.begin.push_back(end);
  graph.arcs.resize(end);
  byMode.resize(count);
  for (auto [index, incidence] : llvm::enumerate(incidences)) {
    unsigned place = next[incidence.mode]++;
    uint64_t colour =
        combineHash(uint64_t(incidence.coefficient) << 1 | incidence.isFeature,
                    uint64_t(incidence.extent));
    graph.arcs[index] = {vertexOf(incidence.mode), colour};
    graph.arcs[place] = {incidence.operand, colour};
    byMode[place - count] = index;
  }
}

void NetworkDescription::colourModes() {
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    uint64_t colour = isInResult[mode];
    if (const LinearRelation *relation = equation.relation(mode)) {
      for (int64_t number : {relation->offset, relation->resultCoefficient,
                             relation->resultExtent, relation->modulus})
        colour = combineHash(colour, uint64_t(number));
    } else {
      colour = combineHash(colour, uint64_t(equation.size(mode)));
    }
    graph.colours.push_back(colour);
  }
}

llvm::SmallVector<unsigned, 16> NetworkDescription::givenOrder() const {
  llvm::SmallVector<unsigned, 16> order(graph.numOperands);
  std::iota(order.begin(), order.end(), 0u);
  return order;
}

ArrayRef<unsigned> NetworkDescription::incidencesOf(ModeId mode) const {
  unsigned begin = graph.begin[vertexOf(mode)];
  return ArrayRef(byMode).slice(begin - incidences.size(),
                                graph.begin[vertexOf(mode) + 1] - begin);
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

class NetworkDescription::KeyWriter {
public:
  void number(uint64_t value) {
    for (; value >= 128; value >>= 7)
      bytes.push_back(char(value | 128));
    bytes.push_back(char(value));
  }
  void signedNumber(int64_t value) {
    number(uint64_t(value) << 1 ^ uint64_t(value >> 63));
  }
  void target(const TargetModel &target) {
    for (uint64_t rate : target.macsPerSecond)
      number(rate);
    for (uint32_t percent : target.typePercent)
      number(percent);
    number(target.levels.size());
    for (const TargetModel::Level &level : target.levels) {
      number(level.bytes);
      number(level.bytesPerSecond);
    }
    number(target.callPicoseconds);
    number(target.fuses);
  }
  std::string take() const { return bytes.str().str(); }

private:
  llvm::SmallString<512> bytes;
};

void NetworkDescription::writeGoal(KeyWriter &writer) const {
  const Objective &objective = goal.objective;
  writer.number(uint64_t(objective.kind));
  writer.number(uint64_t(objective.count));
  writer.number(objective.weight);
  bool isTime = objective.kind == ObjectiveKind::Time;
  if (isTime || objective.kind == ObjectiveKind::Peak) {
    writer.number(uint64_t(goal.dtype));
    writer.number(uint64_t(goal.resultType));
  }
  if (isTime)
    writer.target(goal.target);
}

/// Modes by a hash of their descriptions. Modes of equal descriptions may stand
/// in any order.
llvm::SmallVector<ModeId, 32>
NetworkDescription::modeOrder(ArrayRef<unsigned> positions) const {
  llvm::SmallVector<std::pair<uint64_t, ModeId>, 32> hashes;
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    uint64_t sum = 0;
    for (const ColouredGraph::Arc &arc : graph.arcsOf(vertexOf(mode)))
      addToHash(sum, combineHash(positions[arc.vertex], arc.colour));
    hashes.push_back({combineHash(graph.colours[vertexOf(mode)], sum), mode});
  }
  std::sort(hashes.begin(), hashes.end());
  return llvm::to_vector<32>(llvm::make_second_range(hashes));
}

void NetworkDescription::writeMode(KeyWriter &writer, ModeId mode,
                                   ArrayRef<unsigned> positions) const {
  const LinearRelation *relation = equation.relation(mode);
  writer.number(2 * (relation != nullptr) + isInResult[mode]);
  if (relation) {
    writer.signedNumber(relation->offset);
    writer.signedNumber(relation->resultCoefficient);
    writer.signedNumber(relation->resultExtent);
    writer.signedNumber(relation->modulus);
  } else {
    writer.signedNumber(equation.size(mode));
  }
  llvm::SmallVector<std::pair<unsigned, unsigned>, 8> holders;
  for (unsigned index : incidencesOf(mode))
    holders.push_back({positions[incidences[index].operand], index});
  std::sort(holders.begin(), holders.end());
  writer.number(holders.size());
  for (auto [position, index] : holders) {
    const Incidence &incidence = incidences[index];
    writer.number(2 * uint64_t(position) + incidence.isFeature);
    writer.signedNumber(incidence.coefficient);
    if (relation)
      writer.signedNumber(incidence.extent);
  }
}

std::string NetworkDescription::key(ArrayRef<unsigned> order) const {
  llvm::SmallVector<unsigned, 16> positions(order.size());
  for (auto [position, operand] : llvm::enumerate(order))
    positions[operand] = position;
  KeyWriter writer;
  writer.number(graph.numOperands);
  writer.number(equation.numModes());
  writeGoal(writer);
  for (unsigned operand : order)
    writer.number(uint64_t(roles[operand]));
  for (ModeId mode : modeOrder(positions))
    writeMode(writer, mode, positions);
  return writer.take();
}
