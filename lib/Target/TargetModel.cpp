//===- TargetModel.cpp - What a machine is good at ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two machines, and the roofline of a step. docs/TargetModels.md says where
// every figure comes from.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Target/TargetModel.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Machines
//===----------------------------------------------------------------------===//

static constexpr uint64_t operator""_G(unsigned long long value) {
  return value * 1'000'000'000;
}
static constexpr uint64_t operator""_MiB(unsigned long long value) {
  return value << 20;
}

/// In the order of StepKind.
struct KindRates {
  uint64_t kernelMerge, depthwise, grouped, convolution, outer, elementwise,
      contraction;
};

static void setRates(TargetModel &model, const KindRates &rates) {
  auto set = [&](StepKind kind, uint64_t rate) {
    model.macsPerSecond[unsigned(kind)] = rate;
  };
  set(StepKind::KernelMerge, rates.kernelMerge);
  set(StepKind::Depthwise, rates.depthwise);
  set(StepKind::Grouped, rates.grouped);
  set(StepKind::Convolution, rates.convolution);
  set(StepKind::Outer, rates.outer);
  set(StepKind::Elementwise, rates.elementwise);
  set(StepKind::Contraction, rates.contraction);
}

static TargetModel makeCpu() {
  TargetModel model;
  model.name = "cpu";
  KindRates rates;
  rates.contraction = 45_G;
  rates.convolution = 40_G;
  rates.grouped = 32_G;
  rates.depthwise = 12_G;
  rates.elementwise = 6_G;
  rates.outer = 5_G;
  rates.kernelMerge = 2_G;
  setRates(model, rates);
  //                   f64  f32 f16 bf16 c64 c128 i8 i16 i32 i64
  model.typePercent = {50, 100, 60, 50, 25, 12, 60, 60, 75, 10};
  model.levels = {
      {1_MiB, 80_G}, {32_MiB, 40_G}, {TargetModel::kEverything, 15_G}};
  model.callPicoseconds = 100'000;
  return model;
}

static TargetModel makeGpu() {
  TargetModel model;
  model.name = "gpu";
  KindRates rates;
  rates.contraction = rates.convolution = 25'000_G;
  rates.grouped = rates.kernelMerge = 12'000_G;
  rates.depthwise = rates.elementwise = rates.outer = 12'000_G;
  setRates(model, rates);
  //                   f64  f32  f16   bf16 c64 c128 i8  i16 i32 i64
  model.typePercent = {100, 100, 1600, 1600, 25, 25, 3200, 50, 50, 12};
  model.levels = {{40_MiB, 5'500_G}, {TargetModel::kEverything, 3'000_G}};
  model.callPicoseconds = 3'000'000;
  return model;
}

const TargetModel &TargetModel::cpu() {
  static const TargetModel model = makeCpu();
  return model;
}

TargetModel TargetModel::of(const Machine &machine, unsigned threads) {
  TargetModel model = cpu();
  model.name = machine.cpu;
  uint64_t parallel = std::clamp(threads, 1u, std::max(1u, machine.cores));
  uint64_t lanes = std::max(64u, machine.vectorBits);
  for (uint64_t &rate : model.macsPerSecond)
    rate = rate / 512 * lanes * parallel;
  llvm::ArrayRef<uint64_t> caches(machine.caches);
  if (caches.size() > 1)
    caches = caches.drop_front();
  const llvm::SmallVector<Level, 4> levels = model.levels;
  model.levels.clear();
  for (auto [index, bytes] : llvm::enumerate(caches)) {
    bool isShared = index + 1 == caches.size() && index > 0;
    uint64_t shared = levels[1].bytesPerSecond;
    if (isShared)
      model.levels.push_back({bytes, shared + shared / 2 * (parallel - 1)});
    else
      model.levels.push_back({std::min(bytes * parallel, caches.back()),
                              levels.front().bytesPerSecond * parallel});
  }
  model.levels.push_back(levels.back());
  return model;
}

const TargetModel &TargetModel::gpu() {
  static const TargetModel model = makeGpu();
  return model;
}

const TargetModel *TargetModel::find(llvm::StringRef name) {
  return name == "cpu" ? &cpu() : name == "gpu" ? &gpu() : nullptr;
}

//===----------------------------------------------------------------------===//
// Fusion
//===----------------------------------------------------------------------===//

bool TargetModel::fusesInto(StepKind producer, StepKind consumer) const {
  auto streams = [](StepKind kind) {
    return kind == StepKind::Depthwise || kind == StepKind::Elementwise;
  };
  return fuses && streams(producer) && streams(consumer);
}

//===----------------------------------------------------------------------===//
// Prediction
//===----------------------------------------------------------------------===//

/// amount / perSecond in picoseconds, rounded up. What has no rate never ends.
static Count picoseconds(const Count &amount, const Count &perSecond) {
  if (amount == 0)
    return 0;
  if (perSecond == 0)
    return Count::infinity();
  return (amount * uint64_t(1'000'000'000'000) + (perSecond - 1)) / perSecond;
}

/// The smallest level that holds `bytes`.
static const TargetModel::Level &
levelOf(llvm::ArrayRef<TargetModel::Level> levels, Count bytes) {
  for (const TargetModel::Level &level : levels.drop_back())
    if (bytes <= level.bytes)
      return level;
  return levels.back();
}

TargetModel::Prediction TargetModel::predict(StepKind kind, ElementType type,
                                             Count macs, Count bytes) const {
  Count rate =
      Count(macsPerSecond[unsigned(kind)]) * typePercent[unsigned(type)];
  Count compute = picoseconds(macs * 100, rate);
  Count memory = picoseconds(bytes, levelOf(levels, bytes).bytesPerSecond);
  Count longer = std::max(compute, memory);
  Bound bound = longer < callPicoseconds ? Bound::Call
                : compute >= memory      ? Bound::Compute
                                         : Bound::Memory;
  return {longer + callPicoseconds, bound};
}

llvm::StringRef conveinsum::name(TargetModel::Bound bound) {
  switch (bound) {
  case TargetModel::Bound::Compute:
    return "compute";
  case TargetModel::Bound::Memory:
    return "memory";
  case TargetModel::Bound::Call:
    return "call";
  }
  return "";
}
