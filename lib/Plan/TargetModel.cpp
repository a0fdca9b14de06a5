//===- TargetModel.cpp - What a machine is good at ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two machines, and the roofline of a step.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/TargetModel.h"

using namespace conveinsum;

/// Same rate for every kind of step but those that stream.
static std::array<uint64_t, TargetModel::kStepKinds> rates(uint64_t dense,
                                                           uint64_t streaming) {
  std::array<uint64_t, TargetModel::kStepKinds> rates;
  rates.fill(dense);
  for (StepKind kind :
       {StepKind::Depthwise, StepKind::Outer, StepKind::Elementwise})
    rates[unsigned(kind)] = streaming;
  return rates;
}

const TargetModel &TargetModel::cpu() {
  static const TargetModel model = [] {
    TargetModel model;
    model.name = "cpu";
    model.macsPerSecond = rates(50'000'000'000, 12'000'000'000);
    model.typePercent = {50, 100, 100, 100, 25, 12, 100, 100, 100, 50};
    model.levels = {{uint64_t(1) << 20, 100'000'000'000},
                    {uint64_t(32) << 20, 40'000'000'000},
                    {~uint64_t(0), 12'000'000'000}};
    model.callPicoseconds = 1'000'000;
    return model;
  }();
  return model;
}

const TargetModel &TargetModel::gpu() {
  static const TargetModel model = [] {
    TargetModel model;
    model.name = "gpu";
    model.macsPerSecond = rates(200'000'000'000'000, 20'000'000'000'000);
    model.typePercent = {12, 100, 200, 200, 25, 3, 400, 50, 50, 25};
    model.levels = {{uint64_t(40) << 20, 6'000'000'000'000},
                    {~uint64_t(0), 2'500'000'000'000}};
    model.callPicoseconds = 5'000'000;
    model.fuses = true;
    return model;
  }();
  return model;
}

const TargetModel *TargetModel::find(llvm::StringRef name) {
  return name == "cpu" ? &cpu() : name == "gpu" ? &gpu() : nullptr;
}

bool TargetModel::fusesInto(StepKind producer, StepKind consumer) const {
  auto streams = [](StepKind kind) {
    return kind == StepKind::Depthwise || kind == StepKind::Elementwise;
  };
  return fuses && streams(producer) && streams(consumer);
}

/// amount / rate in picoseconds, rounded up.
static Count picoseconds(Count amount, uint64_t perSecond) {
  constexpr uint64_t second = 1'000'000'000'000;
  Count scaled = saturatingMultiply(amount, second);
  return scaled == kMaxCount ? kMaxCount
                             : scaled / perSecond + (scaled % perSecond != 0);
}

TargetModel::Prediction TargetModel::predict(StepKind kind, ElementType type,
                                             Count macs, Count bytes) const {
  Count work = saturatingMultiply(macs, 100);
  uint64_t rate = macsPerSecond[unsigned(kind)];
  Count compute = picoseconds(work, saturatingMultiply(rate, typePercent[unsigned(type)]) >
                                            ~uint64_t(0)
                                        ? ~uint64_t(0)
                                        : rate * typePercent[unsigned(type)]);
  const Level *level = levels.begin();
  while (level + 1 != levels.end() && bytes > level->bytes)
    ++level;
  Count memory = picoseconds(bytes, level->bytesPerSecond);
  Count longer = std::max(compute, memory);
  Prediction prediction;
  prediction.picoseconds = saturatingAdd(longer, callPicoseconds);
  prediction.bound = longer < callPicoseconds ? Bound::Call
                     : compute >= memory      ? Bound::Compute
                                              : Bound::Memory;
  return prediction;
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
