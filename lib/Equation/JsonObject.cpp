//===- JsonObject.cpp - JSON from untrusted text --------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks before the parser.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/JsonObject.h"
#include "JsonScanner.h"

using namespace conveinsum;
using llvm::StringRef;
namespace json = llvm::json;

static std::string kindOf(const json::Value &value) {
  switch (value.kind()) {
  case json::Value::Null:
    return "null";
  case json::Value::Boolean:
    return "a boolean";
  case json::Value::Number:
    return "a number";
  case json::Value::String:
    return "a string";
  case json::Value::Array:
    return "an array";
  case json::Value::Object:
    return "an object";
  }
  return "something else";
}

static std::nullopt_t refuseObject(ErrorFn onError, const llvm::Twine &got) {
  refuse(onError, "expected a JSON object, got " + got);
  return std::nullopt;
}

std::optional<json::Object> conveinsum::parseJsonObject(StringRef text,
                                                        ErrorFn onError) {
  // Some editors begin a file with a mark that says how bytes are ordered.
  text.consume_front("\xef\xbb\xbf");
  size_t invalid = 0;
  if (!json::isUTF8(text, &invalid))
    return refuseObject(onError, "bytes that are not UTF-8 "
                                 "(the first at byte " +
                                     std::to_string(invalid) + ")");
  if (std::optional<JsonFault> fault = JsonScanner(text).scan()) {
    Fault report;
    report.message = "malformed JSON at byte " +
                     std::to_string(fault->position) + ": " + fault->message;
    if (fault->isRepeatedKey)
      report.constraint = "C43";
    onError(report);
    return std::nullopt;
  }
  llvm::Expected<json::Value> value = json::parse(text);
  if (!value)
    return refuseObject(onError, "text that is not JSON: " +
                                     llvm::toString(value.takeError()));
  json::Object *object = value->getAsObject();
  if (!object)
    return refuseObject(onError, kindOf(*value));
  return std::move(*object);
}

json::Value conveinsum::exactJSON(const Count &count) {
  constexpr uint64_t largest = uint64_t(1) << 53;
  if (count <= largest)
    return json::Value(int64_t(count.word()));
  return json::Value(toString(count));
}
