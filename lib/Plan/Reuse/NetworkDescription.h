//===- NetworkDescription.h - A network as flat numbers ---------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads an equation and a goal once into flat arrays, from which keys are
// written for any order of the operands and the canonical order is found.
//
// A key is a sequence of unsigned numbers in base 128, low digits first, signed
// ones interleaved (0, -1, 1, -2, ...):
//
//   operands, modes, objective, count, weight, element types and machine where
//   they matter, the role of every operand, then every mode: what it is, its
//   size or relation, and its holders by ascending position.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PLAN_REUSE_NETWORKDESCRIPTION_H
#define CONVEINSUM_LIB_PLAN_REUSE_NETWORKDESCRIPTION_H

#include "CanonicalOrder.h"
#include "conveinsum/Plan/Cost/Goal.h"

namespace conveinsum {

class NetworkDescription {
public:
  /// The shapes must be static and the goal must verify. Both arguments are
  /// kept by reference.
  NetworkDescription(const Equation &equation, const PlanGoal &goal);

  CanonicalOrder canonicalOrder() const {
    return conveinsum::canonicalOrder(graph);
  }
  /// The operands in their own order.
  llvm::SmallVector<unsigned, 16> givenOrder() const;
  /// The key for an order: a permutation of the operands.
  std::string key(llvm::ArrayRef<unsigned> order) const;

private:
  enum class Role : uint8_t { Free, Gradient, Constant };

  /// An operand and a mode that it holds.
  struct Incidence {
    unsigned operand;
    ModeId mode;
    int64_t coefficient; ///< of a plain mode: how often the operand holds it
    int64_t extent;      ///< 0 for a plain mode
    bool isFeature;      ///< and this matters
  };

  unsigned vertexOf(ModeId mode) const { return graph.numOperands + mode; }
  void readRoles();
  Incidence incidence(unsigned operand, ModeId mode) const;
  void readIncidences();
  void sortIncidences();
  void colourModes();
  llvm::ArrayRef<unsigned> incidencesOf(ModeId mode) const;
  llvm::SmallVector<ModeId, 32>
  modeOrder(llvm::ArrayRef<unsigned> positions) const;

  class KeyWriter;
  void writeGoal(KeyWriter &writer) const;
  void writeMode(KeyWriter &writer, ModeId mode,
                 llvm::ArrayRef<unsigned> positions) const;

  const Equation &equation;
  const PlanGoal &goal;
  /// Whether it matters which operand is called the feature.
  bool featureMatters;
  llvm::SmallVector<Role, 16> roles;
  llvm::SmallVector<bool, 32> isInResult;      ///< by mode
  llvm::SmallVector<Incidence, 48> incidences; ///< by operand
  llvm::SmallVector<unsigned, 48> byMode; ///< the same by mode, as in the graph
  ColouredGraph graph;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_PLAN_REUSE_NETWORKDESCRIPTION_H
