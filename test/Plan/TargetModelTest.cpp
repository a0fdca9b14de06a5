//===- TargetModelTest.cpp - Rooflines and their JSON form ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Predictions: values, bounds, levels, monotonicity, saturation. JSON: the
// example of the documentation, and every diagnostic.
//
//===----------------------------------------------------------------------===//

#include "PlanTestSupport.h"
#include "llvm/ADT/StringExtras.h"
#include <random>

using namespace conveinsum;
namespace json = llvm::json;

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

TEST(TargetModel, Saturates) {
  TargetModel model = simpleModel();
  EXPECT_EQ(timeOf(model, kMaxCount, 0), toString(kMaxCount));
  EXPECT_EQ(timeOf(model, 0, kMaxCount), toString(kMaxCount));
  model.levels = {{TargetModel::kEverything, 1}};
  EXPECT_EQ(timeOf(model, 0, kMaxCount / 1'000'000), toString(kMaxCount));
  // What fits is exact, however large the product on the way.
  Count macs = Count(1) << 120;
  EXPECT_EQ(timeOf(model, macs, 0), toString(macs + 7));
  model.macsPerSecond.fill(~uint64_t(0));
  model.typePercent.fill(~uint32_t(0));
  EXPECT_EQ(timeOf(model, 1, 0), "8");
}

TEST(TargetModel, NeverDividesByZero) {
  TargetModel model = simpleModel();
  model.macsPerSecond.fill(0);
  EXPECT_EQ(timeOf(model, 1, 0), toString(kMaxCount));
  EXPECT_EQ(timeOf(model, 0, 1), "8");
  model.levels = {{TargetModel::kEverything, 0}};
  EXPECT_EQ(timeOf(model, 0, 1), toString(kMaxCount));
  EXPECT_EQ(timeOf(model, 0, 0), "7");
}

TEST(TargetModel, IsMonotone) {
  std::mt19937_64 random(1);
  auto amount = [&] { return Count(random()) >> (random() % 64); };
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
// JSON
//===----------------------------------------------------------------------===//

TEST(TargetModelJSON, BuiltInModelsSurviveTheRoundTrip) {
  for (const TargetModel *model : {&TargetModel::cpu(), &TargetModel::gpu()}) {
    Caught caught;
    json::Value written = model->toJSON();
    auto read = TargetModel::fromJSON(written, caught);
    ASSERT_TRUE(read) << caught.text();
    EXPECT_EQ(json::Value(read->toJSON()), written);
    EXPECT_EQ(read->name, model->name);
    EXPECT_EQ(read->macsPerSecond, model->macsPerSecond);
    EXPECT_EQ(read->typePercent, model->typePercent);
    EXPECT_EQ(read->callPicoseconds, model->callPicoseconds);
    EXPECT_EQ(read->fuses, model->fuses);
    ASSERT_EQ(read->levels.size(), model->levels.size());
    for (unsigned index = 0; index < model->levels.size(); ++index) {
      EXPECT_EQ(read->levels[index].bytes, model->levels[index].bytes);
      EXPECT_EQ(read->levels[index].bytesPerSecond,
                model->levels[index].bytesPerSecond);
    }
  }
}

/// The first block of JSON in docs/TargetModels.md.
static json::Value documentedExample() {
  std::string path = std::string(CONVEINSUM_DOCS) + "/TargetModels.md";
  auto buffer = llvm::MemoryBuffer::getFile(path);
  EXPECT_TRUE(bool(buffer)) << path;
  if (!buffer)
    return nullptr;
  llvm::StringRef text =
      (*buffer)->getBuffer().split("```json\n").second.split("```").first;
  auto value = json::parse(text);
  EXPECT_TRUE(bool(value)) << text.str();
  if (value)
    return std::move(*value);
  llvm::consumeError(value.takeError());
  return nullptr;
}

TEST(TargetModelJSON, DocumentedExampleIsTheCpu) {
  json::Value example = documentedExample();
  Caught caught;
  EXPECT_TRUE(TargetModel::fromJSON(example, caught)) << caught.text();
  EXPECT_EQ(example, json::Value(TargetModel::cpu().toJSON()));
}

/// What is reported when `change` was done to the model `cpu`.
static std::string refusalOf(llvm::function_ref<void(json::Object &)> change) {
  json::Object object = TargetModel::cpu().toJSON();
  change(object);
  Caught caught;
  EXPECT_FALSE(TargetModel::fromJSON(std::move(object), caught));
  EXPECT_EQ(caught.count, 1u);
  return caught.diagnostic ? caught.diagnostic->message : "";
}

/// What is reported when the value at `path`, keys and positions apart by dots,
/// is replaced; by nothing, when it is taken out.
static std::string refusalOf(llvm::StringRef path,
                             std::optional<json::Value> value) {
  return refusalOf([&](json::Object &object) {
    llvm::SmallVector<llvm::StringRef> keys;
    path.split(keys, '.');
    json::Object *parent = &object;
    for (llvm::StringRef key : llvm::ArrayRef(keys).drop_back()) {
      unsigned position;
      if (llvm::to_integer(key, position))
        continue;
      json::Value &child = parent->find(key)->second;
      parent = child.getAsObject();
      if (!parent) {
        llvm::to_integer(keys[1], position);
        parent = (*child.getAsArray())[position].getAsObject();
      }
    }
    if (value)
      (*parent)[keys.back()] = *value;
    else
      parent->erase(keys.back());
  });
}

TEST(TargetModelJSON, RefusesWhatIsNoObject) {
  Caught caught;
  EXPECT_FALSE(TargetModel::fromJSON(json::Value(3), caught));
  EXPECT_EQ(caught.diagnostic->message, "target: expected an object, got 3");
}

TEST(TargetModelJSON, RefusesUnknownKeys) {
  EXPECT_EQ(refusalOf("speed", 3),
            "target: expected the keys name, macs_per_second, type_percent, "
            "levels, call_picoseconds, fuses, got unknown key 'speed'");
  EXPECT_EQ(refusalOf("macs_per_second.scan", 3),
            "macs_per_second: expected the keys kernel-merge, depthwise, "
            "grouped, convolution, outer, elementwise, contraction, got "
            "unknown key 'scan'");
  EXPECT_EQ(refusalOf("type_percent.f8", 3),
            "type_percent: expected the keys f64, f32, f16, bf16, "
            "complex<f32>, complex<f64>, i8, i16, i32, i64, got unknown key "
            "'f8'");
  EXPECT_EQ(refusalOf("levels.1.latency", 3),
            "levels[1]: expected the keys bytes, bytes_per_second, got unknown "
            "key 'latency'");
}

/// Of several unknown keys the first in spelling, whatever the order of a hash.
TEST(TargetModelJSON, RefusesTheFirstUnknownKey) {
  std::string message = refusalOf([](json::Object &object) {
    for (const char *key : {"zeta", "beta", "gamma"})
      object[key] = 1;
  });
  EXPECT_TRUE(llvm::StringRef(message).ends_with("got unknown key 'beta'"))
      << message;
}

TEST(TargetModelJSON, RequiresEveryKey) {
  for (auto [path, message] :
       {std::pair("name",
                  "name: expected a string that is not empty, got no such key"),
        std::pair("macs_per_second",
                  "macs_per_second: expected an object, got no such key"),
        std::pair("type_percent",
                  "type_percent: expected an object, got no such key"),
        std::pair("levels",
                  "levels: expected a list of 1 to 8 levels, got no such key"),
        std::pair("levels.0.bytes", "levels[0].bytes: expected an integer from "
                                    "1 to 1000000000000000000, got no such "
                                    "key"),
        std::pair("levels.2.bytes",
                  "levels[2].bytes: expected null in the last level, which "
                  "takes everything, got no such key"),
        std::pair("levels.0.bytes_per_second",
                  "levels[0].bytes_per_second: expected an integer from 1 to "
                  "1000000000000000000, got no such key"),
        std::pair("call_picoseconds",
                  "call_picoseconds: expected an integer from 0 to "
                  "1000000000000000000, got no such key"),
        std::pair("fuses", "fuses: expected true or false, got no such key")})
    EXPECT_EQ(refusalOf(path, std::nullopt), message);
}

TEST(TargetModelJSON, RequiresEveryKindAndType) {
  unsigned keys = 0;
  for (llvm::StringRef key : {"macs_per_second", "type_percent"}) {
    json::Object model = TargetModel::cpu().toJSON();
    for (const auto &[member, ignored] : *model.getObject(key)) {
      std::string path = (key + "." + llvm::StringRef(member)).str();
      std::string largest =
          key == "type_percent" ? "100000" : "1000000000000000000";
      EXPECT_EQ(refusalOf(path, std::nullopt),
                path + ": expected an integer from 1 to " + largest +
                    ", got no such key");
      ++keys;
    }
  }
  EXPECT_EQ(keys, TargetModel::kStepKinds + TargetModel::kElementTypes);
}

TEST(TargetModelJSON, ChecksTypesAndRanges) {
  auto expectRefused = [](llvm::StringRef path, json::Value value,
                          const std::string &message) {
    EXPECT_EQ(refusalOf(path, std::move(value)), message);
  };
  const std::string text = "name: expected a string that is not empty, got ";
  expectRefused("name", 3, text + "3");
  expectRefused("name", "", text + "\"\"");
  const std::string rate = "macs_per_second.outer: expected an integer from 1 "
                           "to 1000000000000000000, got ";
  expectRefused("macs_per_second.outer", 0, rate + "0");
  expectRefused("macs_per_second.outer", -1, rate + "-1");
  expectRefused("macs_per_second.outer", 1.5, rate + "1.5");
  expectRefused("macs_per_second.outer", "fast", rate + "\"fast\"");
  expectRefused("macs_per_second.outer", 1'000'000'000'000'000'001,
                rate + "1000000000000000001");
  const std::string percent =
      "type_percent.bf16: expected an integer from 1 to 100000, got ";
  expectRefused("type_percent.bf16", 0, percent + "0");
  expectRefused("type_percent.bf16", 100001, percent + "100001");
  expectRefused("type_percent", json::Array{},
                "type_percent: expected an object, got []");
  const std::string call = "call_picoseconds: expected an integer from 0 to "
                           "1000000000000000000, got ";
  expectRefused("call_picoseconds", -1, call + "-1");
  expectRefused("call_picoseconds", nullptr, call + "null");
  expectRefused("fuses", 1, "fuses: expected true or false, got 1");
}

TEST(TargetModelJSON, ChecksLevels) {
  const std::string list = "levels: expected a list of 1 to 8 levels, got ";
  EXPECT_EQ(refusalOf("levels", json::Array{}), list + "[]");
  EXPECT_EQ(refusalOf("levels", 3), list + "3");
  EXPECT_EQ(refusalOf("levels", json::Array{1, 2, 3, 4, 5, 6, 7, 8, 9}),
            list + "[1,2,3,4,5,6,7,8,9]");
  EXPECT_EQ(refusalOf("levels", json::Array{1}),
            "levels[0]: expected an object, got 1");
  EXPECT_EQ(refusalOf("levels.0.bytes", nullptr),
            "levels[0].bytes: expected an integer from 1 to "
            "1000000000000000000, got null");
  EXPECT_EQ(refusalOf("levels.2.bytes", 5),
            "levels[2].bytes: expected null in the last level, which takes "
            "everything, got 5");
  EXPECT_EQ(refusalOf("levels.1.bytes_per_second", 0),
            "levels[1].bytes_per_second: expected an integer from 1 to "
            "1000000000000000000, got 0");
  EXPECT_EQ(refusalOf("levels.1.bytes", 4096),
            "levels[1].bytes: expected more than the 1048576 of the level "
            "before, got 4096");
  EXPECT_EQ(refusalOf("levels.1.bytes", 1048576),
            "levels[1].bytes: expected more than the 1048576 of the level "
            "before, got 1048576");
  EXPECT_EQ(refusalOf("levels.2.bytes_per_second", 40'000'000'001),
            "levels[2].bytes_per_second: expected at most the 40000000000 of "
            "the level before, got 40000000001");
}

TEST(TargetModelJSON, AcceptsTheLimits) {
  json::Object object = TargetModel::cpu().toJSON();
  (*object.getObject("macs_per_second"))["outer"] = TargetModel::kLargestFigure;
  (*object.getObject("type_percent"))["i8"] = TargetModel::kLargestPercent;
  object["call_picoseconds"] = 0;
  object["fuses"] = true;
  object["levels"] =
      json::Array{json::Object{{"bytes", nullptr}, {"bytes_per_second", 1}}};
  json::Value value = std::move(object);
  Caught caught;
  auto model = TargetModel::fromJSON(value, caught);
  ASSERT_TRUE(model) << caught.text();
  EXPECT_EQ(json::Value(model->toJSON()), value);
}
