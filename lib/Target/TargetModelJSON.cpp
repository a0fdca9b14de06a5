//===- TargetModelJSON.cpp - Target models as JSON ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The form of docs/TargetModels.md, read with nothing left out and nothing
// passed over: a figure that is missing or misspelt would silently change every
// plan.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/NearWord.h"
#include "conveinsum/Target/TargetModel.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/JSON.h"

using namespace conveinsum;
using llvm::StringRef;
using llvm::Twine;
namespace json = llvm::json;

static StringRef kindName(unsigned kind) { return name(StepKind(kind)); }
static StringRef typeName(unsigned type) {
  std::string_view text = name(ElementType(type));
  return StringRef(text.data(), text.size());
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// An object of one number per enumerator.
template <typename Figures>
static json::Object figuresToJSON(const Figures &figures,
                                  StringRef (*nameOf)(unsigned)) {
  json::Object object;
  for (auto [index, figure] : llvm::enumerate(figures))
    object[nameOf(index)] = int64_t(figure);
  return object;
}

json::Object TargetModel::toJSON() const {
  json::Array list;
  for (const Level &level : levels) {
    bool isLast = &level == &levels.back();
    list.push_back(json::Object{
        {"bytes", isLast ? json::Value(nullptr) : int64_t(level.bytes)},
        {"bytes_per_second", int64_t(level.bytesPerSecond)}});
  }
  return json::Object{
      {"name", name},
      {"macs_per_second", figuresToJSON(macsPerSecond, kindName)},
      {"type_percent", figuresToJSON(typePercent, typeName)},
      {"levels", std::move(list)},
      {"call_picoseconds", int64_t(callPicoseconds)},
      {"fuses", fuses}};
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {
/// Reads a model; every function reports the first fault and returns false.
class ModelReader {
public:
  explicit ModelReader(ErrorFn onError) : onError(onError) {}

  bool read(const json::Value &value);

  TargetModel model;

private:
  bool readLevels(const json::Object &object);
  bool readLevel(const Twine &where, const json::Value &value, bool isLast);
  bool checkOrder(unsigned index);
  /// An object of one number per enumerator.
  template <typename Figures>
  bool readFigures(const json::Object &object, StringRef key,
                   StringRef (*nameOf)(unsigned), int64_t largest,
                   Figures &figures);
  template <typename Integer>
  bool readInteger(const json::Object &object, StringRef key,
                   const Twine &where, int64_t smallest, int64_t largest,
                   Integer &number);

  /// Refuses what is no object, and keys that are not in `keys`.
  const json::Object *objectOf(const json::Value *value, const Twine &where,
                               llvm::ArrayRef<StringRef> keys);
  /// Says `WHERE: expected X, got Y`; null is a key that is not there.
  bool fail(const Twine &where, const Twine &expected, const json::Value *got);
  bool report(const Twine &message) {
    onError({message.str(), std::nullopt, std::nullopt, std::nullopt, ""});
    return false;
  }

  ErrorFn onError;
};
} // namespace

bool ModelReader::fail(const Twine &where, const Twine &expected,
                       const json::Value *got) {
  std::string text = got ? llvm::formatv("{0}", *got).str() : "no such key";
  return report(where + ": expected " + expected + ", got " + text);
}

const json::Object *ModelReader::objectOf(const json::Value *value,
                                          const Twine &where,
                                          llvm::ArrayRef<StringRef> keys) {
  const json::Object *object = value ? value->getAsObject() : nullptr;
  if (!object) {
    fail(where, "an object", value);
    return nullptr;
  }
  // The object is a hash table: report the first unknown key by its spelling.
  std::optional<StringRef> unknown;
  for (const auto &[key, ignored] : *object)
    if (!llvm::is_contained(keys, StringRef(key)))
      if (!unknown || StringRef(key) < *unknown)
        unknown = StringRef(key);
  if (!unknown)
    return object;
  report(where + ": expected the keys " + llvm::join(keys, ", ") +
         ", got unknown key '" + *unknown + "'" + didYouMean(*unknown, keys));
  return nullptr;
}

template <typename Integer>
bool ModelReader::readInteger(const json::Object &object, StringRef key,
                              const Twine &where, int64_t smallest,
                              int64_t largest, Integer &number) {
  const json::Value *value = object.get(key);
  std::optional<int64_t> integer = value ? value->getAsInteger() : std::nullopt;
  if (!integer || *integer < smallest || *integer > largest)
    return fail(where,
                "an integer from " + Twine(smallest) + " to " + Twine(largest),
                value);
  number = Integer(*integer);
  return true;
}

template <typename Figures>
bool ModelReader::readFigures(const json::Object &object, StringRef key,
                              StringRef (*nameOf)(unsigned), int64_t largest,
                              Figures &figures) {
  llvm::SmallVector<StringRef> keys;
  for (unsigned index = 0; index < figures.size(); ++index)
    keys.push_back(nameOf(index));
  const json::Object *members = objectOf(object.get(key), key, keys);
  return members && llvm::all_of(llvm::enumerate(keys), [&](auto entry) {
           return readInteger(*members, entry.value(),
                              key + "." + entry.value(), 1, largest,
                              figures[entry.index()]);
         });
}

bool ModelReader::readLevel(const Twine &where, const json::Value &value,
                            bool isLast) {
  const json::Object *object =
      objectOf(&value, where, {"bytes", "bytes_per_second"});
  if (!object)
    return false;
  TargetModel::Level level{TargetModel::kEverything, 0};
  const json::Value *bytes = object->get("bytes");
  if (isLast && (!bytes || !bytes->getAsNull()))
    return fail(where + ".bytes",
                "null in the last level, which takes everything", bytes);
  if (!isLast && !readInteger(*object, "bytes", where + ".bytes", 1,
                              TargetModel::kLargestFigure, level.bytes))
    return false;
  if (!readInteger(*object, "bytes_per_second", where + ".bytes_per_second", 1,
                   TargetModel::kLargestFigure, level.bytesPerSecond))
    return false;
  model.levels.push_back(level);
  return true;
}

/// A level is larger and not faster than the one before it: more bytes never
/// take less time.
bool ModelReader::checkOrder(unsigned index) {
  const TargetModel::Level &before = model.levels[index - 1],
                           &level = model.levels[index];
  std::string where = ("levels[" + Twine(index) + "]").str();
  if (level.bytes <= before.bytes)
    return report(where + ".bytes: expected more than the " +
                  Twine(before.bytes) + " of the level before, got " +
                  Twine(level.bytes));
  if (level.bytesPerSecond > before.bytesPerSecond)
    return report(where + ".bytes_per_second: expected at most the " +
                  Twine(before.bytesPerSecond) + " of the level before, got " +
                  Twine(level.bytesPerSecond));
  return true;
}

bool ModelReader::readLevels(const json::Object &object) {
  const json::Value *value = object.get("levels");
  const json::Array *list = value ? value->getAsArray() : nullptr;
  if (!list || list->empty() || list->size() > TargetModel::kMostLevels)
    return fail("levels",
                "a list of 1 to " + Twine(TargetModel::kMostLevels) + " levels",
                value);
  for (auto [index, element] : llvm::enumerate(*list)) {
    std::string where = ("levels[" + Twine(index) + "]").str();
    if (!readLevel(where, element, index + 1 == list->size()) ||
        (index > 0 && !checkOrder(index)))
      return false;
  }
  return true;
}

bool ModelReader::read(const json::Value &value) {
  const json::Object *object =
      objectOf(&value, "target",
               {"name", "macs_per_second", "type_percent", "levels",
                "call_picoseconds", "fuses"});
  if (!object)
    return false;
  std::optional<StringRef> name = object->getString("name");
  if (!name || name->empty())
    return fail("name", "a string that is not empty", object->get("name"));
  model.name = name->str();
  if (!readFigures(*object, "macs_per_second", kindName,
                   TargetModel::kLargestFigure, model.macsPerSecond) ||
      !readFigures(*object, "type_percent", typeName,
                   TargetModel::kLargestPercent, model.typePercent) ||
      !readLevels(*object) ||
      !readInteger(*object, "call_picoseconds", "call_picoseconds", 0,
                   TargetModel::kLargestFigure, model.callPicoseconds))
    return false;
  std::optional<bool> fuses = object->getBoolean("fuses");
  if (!fuses)
    return fail("fuses", "true or false", object->get("fuses"));
  model.fuses = *fuses;
  return true;
}

std::optional<TargetModel> TargetModel::fromJSON(const json::Value &value,
                                                 ErrorFn onError) {
  ModelReader reader(onError);
  if (!reader.read(value))
    return std::nullopt;
  return std::move(reader.model);
}
