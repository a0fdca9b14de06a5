//===- TargetModelJSONTest.cpp - Target models as JSON --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The round trip, the example of the documentation, and every diagnostic.
//
//===----------------------------------------------------------------------===//

#include "Plan/PlanTestSupport.h"
#include "llvm/ADT/StringExtras.h"

using namespace conveinsum;
namespace json = llvm::json;

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
  llvm::StringRef text = (*buffer)
                             ->getBuffer()
                             .split("```json file=machine.json\n")
                             .second.split("```")
                             .first;
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
