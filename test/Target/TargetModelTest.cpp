//===- TargetModelTest.cpp - Rooflines ------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Predictions: values, bounds, levels, monotonicity, saturation.
//
//===----------------------------------------------------------------------===//

#include "Plan/PlanTestSupport.h"
#include <random>

using namespace conveinsum;
using Bound = TargetModel::Bound;

static const StepKind kKind = StepKind::Contraction;
static const ElementType kType = ElementType::F32;

/// 1 MAC per picosecond; 100 bytes at 2 bytes per picosecond, then 1.
static TargetModel simpleModel() {
  TargetModel model;
  model.name = "simple";
  model.macsPerSecond.fill(1'000'000'000'000);
  model.typePercent.fill(100);
  model.levels = {{100, 2'000'000'000'000},
                  {TargetModel::kEverything, 1'000'000'000'000}};
  model.callPicoseconds = 7;
  return model;
}

static std::string timeOf(const TargetModel &model, Count macs, Count bytes) {
  return toString(model.predict(kKind, kType, macs, bytes).picoseconds);
}

//===----------------------------------------------------------------------===//
// Prediction
//===----------------------------------------------------------------------===//

TEST(TargetModel, TimeIsCallPlusTheLongerTerm) {
  TargetModel model = simpleModel();
  EXPECT_EQ(timeOf(model, 0, 0), "7");
  EXPECT_EQ(timeOf(model, 50, 0), "57");
  EXPECT_EQ(timeOf(model, 50, 100), "57");
  EXPECT_EQ(timeOf(model, 30, 100), "57");
  EXPECT_EQ(timeOf(model, 30, 101), "108");
}

TEST(TargetModel, RoundsUp) {
  TargetModel model = simpleModel();
  EXPECT_EQ(timeOf(model, 0, 3), "9");
  model.macsPerSecond.fill(3'000'000'000'000);
  EXPECT_EQ(timeOf(model, 1, 0), "8");
  EXPECT_EQ(timeOf(model, 3, 0), "8");
  EXPECT_EQ(timeOf(model, 4, 0), "9");
}

TEST(TargetModel, TakesTheSmallestLevelThatHoldsTheBytes) {
  TargetModel model = simpleModel();
  model.levels = {{10, 4'000'000'000'000},
                  {1000, 2'000'000'000'000},
                  {1, 1'000'000'000'000}}; // the capacity of the last is unread
  model.callPicoseconds = 0;
  for (auto [bytes, picoseconds] :
       {std::pair(8, "2"), std::pair(10, "3"), std::pair(11, "6"),
        std::pair(1000, "500"), std::pair(1001, "1001"),
        std::pair(5000, "5000")})
    EXPECT_EQ(timeOf(model, 0, bytes), picoseconds) << bytes;
}

TEST(TargetModel, RateDependsOnKindAndType) {
  TargetModel model = simpleModel();
  model.callPicoseconds = 0;
  for (unsigned kind = 0; kind < TargetModel::kStepKinds; ++kind)
    model.macsPerSecond[kind] = 1'000'000'000'000 * (kind + 1);
  for (unsigned type = 0; type < TargetModel::kElementTypes; ++type)
    model.typePercent[type] = 100 * (type + 1);
  const Count work = 2520 * 2520;
  for (unsigned kind = 0; kind < TargetModel::kStepKinds; ++kind)
    for (unsigned type = 0; type < TargetModel::kElementTypes; ++type)
      EXPECT_EQ(
          toString(model.predict(StepKind(kind), ElementType(type), work, 0)
                       .picoseconds),
          toString(work / (kind + 1) / (type + 1)));
}

TEST(TargetModel, NamesWhatBounds) {
  TargetModel model = simpleModel();
  auto bound = [&](Count macs, Count bytes) {
    return model.predict(kKind, kType, macs, bytes).bound;
  };
  EXPECT_EQ(bound(6, 6), Bound::Call);
  EXPECT_EQ(bound(7, 0), Bound::Compute);
  EXPECT_EQ(bound(50, 100), Bound::Compute);
  EXPECT_EQ(bound(49, 100), Bound::Memory);
  EXPECT_EQ(name(Bound::Call), "call");
  EXPECT_EQ(name(Bound::Compute), "compute");
  EXPECT_EQ(name(Bound::Memory), "memory");
}

TEST(TargetModel, IsExactBeyond128Bits) {
  TargetModel model = simpleModel();
  Count macs = Count::powerOfTwo(120), more = Count::powerOfTwo(400) + 1;
  EXPECT_EQ(timeOf(model, macs, 0), toString(macs + 7));
  EXPECT_EQ(timeOf(model, more, 0), toString(more + 7));
  model.levels = {{TargetModel::kEverything, 1}};
  EXPECT_EQ(timeOf(model, 0, more),
            toString(more * uint64_t(1'000'000'000'000) + 7));
  model.macsPerSecond.fill(~uint64_t(0));
  model.typePercent.fill(~uint32_t(0));
  EXPECT_EQ(timeOf(model, 1, 0), "8");
}

TEST(TargetModel, NeverDividesByZero) {
  TargetModel model = simpleModel();
  model.macsPerSecond.fill(0);
  EXPECT_EQ(timeOf(model, 1, 0), toString(Count::infinity()));
  EXPECT_EQ(timeOf(model, 0, 1), "8");
  model.levels = {{TargetModel::kEverything, 0}};
  EXPECT_EQ(timeOf(model, 0, 1), toString(Count::infinity()));
  EXPECT_EQ(timeOf(model, 0, 0), "7");
}

TEST(TargetModel, IsMonotone) {
  std::mt19937_64 random(1);
  auto amount = [&] { return Count(random() >> (random() % 64)); };
  for (const TargetModel *model : {&TargetModel::cpu(), &TargetModel::gpu()})
    for (unsigned trial = 0; trial < 20000; ++trial) {
      auto kind = StepKind(random() % TargetModel::kStepKinds);
      auto type = ElementType(random() % TargetModel::kElementTypes);
      Count macs = amount(), bytes = amount();
      Count time = model->predict(kind, type, macs, bytes).picoseconds;
      EXPECT_GE(time, model->callPicoseconds);
      EXPECT_LE(time,
                model->predict(kind, type, macs + amount(), bytes).picoseconds);
      EXPECT_LE(time,
                model->predict(kind, type, macs, bytes + amount()).picoseconds);
    }
}

/// Every capacity is the last amount of its level: monotone across the edge.
TEST(TargetModel, IsMonotoneAcrossLevels) {
  for (const TargetModel *model : {&TargetModel::cpu(), &TargetModel::gpu()})
    for (const TargetModel::Level &level :
         llvm::ArrayRef(model->levels).drop_back()) {
      auto time = [&](Count bytes) {
        return model->predict(kKind, kType, 0, bytes).picoseconds;
      };
      EXPECT_LT(time(level.bytes), time(Count(level.bytes) + 1));
      EXPECT_LE(time(level.bytes - 1), time(level.bytes));
    }
}

TEST(TargetModel, HeaderExample) {
  auto prediction = TargetModel::cpu().predict(kKind, kType, 1 << 21, 196608);
  EXPECT_EQ(toString(prediction.picoseconds), "46703378");
  EXPECT_EQ(prediction.bound, Bound::Compute);
}

//===----------------------------------------------------------------------===//
// Built-in models
//===----------------------------------------------------------------------===//

TEST(TargetModel, FindsTheBuiltInModels) {
  EXPECT_EQ(TargetModel::find("cpu"), &TargetModel::cpu());
  EXPECT_EQ(TargetModel::find("gpu"), &TargetModel::gpu());
  EXPECT_EQ(TargetModel::find("CPU"), nullptr);
  EXPECT_EQ(TargetModel::find(""), nullptr);
}

TEST(TargetModel, FusesOnlyStreamingSteps) {
  TargetModel model = simpleModel();
  unsigned fused = 0;
  for (bool fuses : {false, true}) {
    model.fuses = fuses;
    for (unsigned first = 0; first < TargetModel::kStepKinds; ++first)
      for (unsigned second = 0; second < TargetModel::kStepKinds; ++second)
        fused += model.fusesInto(StepKind(first), StepKind(second));
    EXPECT_EQ(fused, fuses ? 4u : 0u);
  }
  EXPECT_TRUE(model.fusesInto(StepKind::Depthwise, StepKind::Elementwise));
  EXPECT_FALSE(model.fusesInto(StepKind::Depthwise, kKind));
}

//===----------------------------------------------------------------------===//
// Machines
//===----------------------------------------------------------------------===//

static Machine machineOf(unsigned vectorBits, unsigned cores) {
  Machine machine;
  machine.cpu = "cpu";
  machine.vectorBits = vectorBits;
  machine.cores = cores;
  return machine;
}

static void expectEqual(const TargetModel &a, const TargetModel &b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.macsPerSecond, b.macsPerSecond);
  EXPECT_EQ(a.typePercent, b.typePercent);
  ASSERT_EQ(a.levels.size(), b.levels.size());
  for (size_t level = 0; level < a.levels.size(); ++level) {
    EXPECT_EQ(a.levels[level].bytes, b.levels[level].bytes);
    EXPECT_EQ(a.levels[level].bytesPerSecond, b.levels[level].bytesPerSecond);
  }
}

TEST(TargetModel, OfTheMachineThatTheBuiltInModelDescribes) {
  expectEqual(TargetModel::of(machineOf(512, 1)), TargetModel::cpu());
  // Threads beyond the cores do not help.
  expectEqual(TargetModel::of(machineOf(512, 1), 8), TargetModel::cpu());
}

TEST(TargetModel, OfMachinesFollowsVectorsThreadsAndCaches) {
  const TargetModel &cpu = TargetModel::cpu();
  TargetModel narrow = TargetModel::of(machineOf(256, 4));
  for (unsigned kind = 0; kind < TargetModel::kStepKinds; ++kind)
    EXPECT_EQ(narrow.macsPerSecond[kind] * 2, cpu.macsPerSecond[kind]);
  TargetModel threads = TargetModel::of(machineOf(512, 4), 2);
  for (unsigned kind = 0; kind < TargetModel::kStepKinds; ++kind)
    EXPECT_EQ(threads.macsPerSecond[kind], cpu.macsPerSecond[kind] * 2);
  EXPECT_EQ(threads.levels[0].bytes, cpu.levels[0].bytes * 2);
  EXPECT_EQ(threads.levels[1].bytes, cpu.levels[1].bytes);
  EXPECT_EQ(threads.levels[2].bytesPerSecond, cpu.levels[2].bytesPerSecond);
  Machine small = machineOf(512, 1);
  small.caches = {16 << 10};
  EXPECT_EQ(TargetModel::of(small).levels.size(), 2u);
}

/// Larger levels are never faster, however many threads share them.
TEST(TargetModel, OfThisMachineIsOrdered) {
  Machine host = Machine::host();
  EXPECT_FALSE(host.caches.empty());
  EXPECT_TRUE(llvm::is_sorted(host.caches));
  for (unsigned threads : {1u, 2u, 1024u}) {
    TargetModel model = TargetModel::of(host, threads);
    EXPECT_EQ(model.levels.back().bytes, TargetModel::kEverything);
    for (size_t level = 1; level < model.levels.size(); ++level)
      EXPECT_GE(model.levels[level].bytes, model.levels[level - 1].bytes);
  }
}
