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
// equal input gives equal plans on every machine. docs/TargetModels.md has the
// JSON form and says where the figures of the two built-in models come from.
//
// Example, a contraction of 2^21 MACs in f32 that moves 196608 bytes, on `cpu`:
//
//   compute  2097152 / 45 G/s   = 46603378 ps
//   memory    196608 / 80 GB/s  =  2457600 ps   (fits the level of 1 MiB)
//   time      100000 + 46603378 = 46703378 ps, bound by compute
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TARGET_TARGETMODEL_H
#define CONVEINSUM_TARGET_TARGETMODEL_H

#include "conveinsum/Equation/Equation.h"
#include "conveinsum/Runtime/ElementType.h"
#include "conveinsum/Target/Machine.h"
#include <array>

namespace llvm::json {
class Object;
class Value;
} // namespace llvm::json

namespace conveinsum {

struct TargetModel {
  static constexpr unsigned kStepKinds = unsigned(StepKind::Contraction) + 1;
  static constexpr unsigned kElementTypes = unsigned(ElementType::I64) + 1;
  /// Capacity of the last level.
  static constexpr uint64_t kEverything = ~uint64_t(0);
  /// Limits of what `fromJSON` accepts: rates, bytes and picoseconds; percents;
  /// levels.
  static constexpr int64_t kLargestFigure = 1'000'000'000'000'000'000;
  static constexpr int64_t kLargestPercent = 100'000;
  static constexpr unsigned kMostLevels = 8;

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
  /// Smallest and fastest first, never empty.
  llvm::SmallVector<Level, 4> levels;
  /// Overhead of a step, in picoseconds.
  uint64_t callPicoseconds = 0;
  /// Whether elementwise and depthwise steps that follow each other run as one
  /// group that moves no bytes between its members. A property of what executes
  /// the plan: neither built-in model has it, since no code generator here
  /// fuses steps.
  bool fuses = false;

  /// One core of a current x86-64 server.
  static const TargetModel &cpu();
  /// A machine with so many threads at work, of which no more than its cores
  /// count. Rates are those of `cpu`, which has 512-bit vectors, in proportion
  /// to the width of the machine's. The levels are its caches but the
  /// innermost, which feeds the registers: private ones work in parallel, the
  /// last one is shared and gives half of its bandwidth to every further
  /// thread; one thread alone takes all that the memory gives. A machine with
  /// 512-bit vectors and the usual caches is `cpu` on one thread.
  static TargetModel of(const Machine &machine, unsigned threads = 1);
  /// A data-centre GPU.
  static const TargetModel &gpu();
  /// `cpu` or `gpu`; null for another word.
  static const TargetModel *find(llvm::StringRef name);
  /// The form of docs/TargetModels.md. Every key is required, unknown keys are
  /// refused, ranges are checked; the first fault is reported with the key,
  /// what was expected and what was found.
  static std::optional<TargetModel> fromJSON(const llvm::json::Value &value,
                                             ErrorFn onError);
  /// The inverse of `fromJSON`, for models within its limits.
  llvm::json::Object toJSON() const;

  /// What bounds a step.
  enum class Bound : uint8_t { Compute, Memory, Call };
  struct Prediction {
    Count picoseconds; ///< `Count::infinity()` of what has no rate
    Bound bound;
  };
  /// `bytes`: read and written in all. Rounded up, and monotone in both
  /// amounts; what has a rate of zero takes forever.
  Prediction predict(StepKind kind, ElementType type, Count macs,
                     Count bytes) const;

  /// Whether the result of a step of kind `producer` need not be written when a
  /// step of kind `consumer` reads it.
  bool fusesInto(StepKind producer, StepKind consumer) const;
};

llvm::StringRef name(TargetModel::Bound bound);

} // namespace conveinsum

#endif // CONVEINSUM_TARGET_TARGETMODEL_H
