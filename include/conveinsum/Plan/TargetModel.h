//===- TargetModel.h - What a machine is good at ----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The roofline of a machine, for the objective `time`:
//
//     time of a step = call + max(macs / rate(kind, type), bytes / bandwidth)
//
// where the bandwidth is that of the smallest memory level that holds all the
// step reads and writes. All arithmetic is on integers (picoseconds), so that
// equal input gives equal plans on every machine.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_TARGETMODEL_H
#define CONVEINSUM_PLAN_TARGETMODEL_H

#include "conveinsum/Equation/ElementType.h"
#include "conveinsum/Equation/Equation.h"
#include <array>

namespace llvm::json {
class Object;
class Value;
} // namespace llvm::json

namespace conveinsum {

struct TargetModel {
  static constexpr unsigned kStepKinds = unsigned(StepKind::Contraction) + 1;
  static constexpr unsigned kElementTypes = unsigned(ElementType::I64) + 1;

  /// A cache, or the memory.
  struct Level {
    uint64_t bytes;          ///< capacity; the last level takes everything
    uint64_t bytesPerSecond; ///< sustained, reads and writes together
  };

  std::string name;
  /// Multiply-adds per second in f32, by StepKind.
  std::array<uint64_t, kStepKinds> macsPerSecond{};
  /// Rate of an element type relative to f32, in percent.
  std::array<uint32_t, kElementTypes> typePercent{};
  llvm::SmallVector<Level, 4> levels; ///< smallest first, never empty
  /// Overhead of a step, in picoseconds.
  uint64_t callPicoseconds = 0;
  /// Whether elementwise and depthwise steps that follow each other run as one
  /// group that moves no bytes between its members.
  bool fuses = false;

  /// One core of a current x86-64 server. docs/Planning.md says where the
  /// figures come from.
  static const TargetModel &cpu();
  /// A data-centre GPU.
  static const TargetModel &gpu();
  /// `cpu` or `gpu`; null for another word.
  static const TargetModel *find(llvm::StringRef name);
  /// The form of docs/Cli.md; every key is required, unknown keys are refused.
  static std::optional<TargetModel> fromJSON(const llvm::json::Value &value,
                                             ErrorFn onError);
  llvm::json::Object toJSON() const;

  /// What bounds a step.
  enum class Bound : uint8_t { Compute, Memory, Call };
  struct Prediction {
    Count picoseconds; ///< saturating
    Bound bound;
  };
  /// `bytes`: read and written in all.
  Prediction predict(StepKind kind, ElementType type, Count macs,
                     Count bytes) const;

  /// Whether the result of a step of kind `producer` need not be written when a
  /// step of kind `consumer` reads it.
  bool fusesInto(StepKind producer, StepKind consumer) const;
};

llvm::StringRef name(TargetModel::Bound bound);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_TARGETMODEL_H
