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

using namespace conveinsum;
using llvm::StringRef;
namespace json = llvm::json;

/// Far above what a case needs, far below what the stack holds.
static constexpr unsigned kMaxDepth = 256;

/// Whether brackets nest deeper than kMaxDepth; strings are skipped.
static bool isTooDeep(StringRef text) {
  unsigned depth = 0;
  bool inString = false;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (inString) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inString = false;
    } else if (c == '"') {
      inString = true;
    } else if (c == '[' || c == '{') {
      if (++depth > kMaxDepth)
        return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

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
  text.consume_front("\xEF\xBB\xBF"); // a byte order mark
  size_t invalid = 0;
  if (!json::isUTF8(text, &invalid))
    return refuseObject(onError, "bytes that are not UTF-8 "
                                 "(the first at byte " +
                                     std::to_string(invalid) + ")");
  if (isTooDeep(text))
    return refuseObject(onError, "one nested more than " +
                                     std::to_string(kMaxDepth) +
                                     " levels deep");
  llvm::Expected<json::Value> value = json::parse(text);
  if (!value)
    return refuseObject(onError, "text that is not JSON: " +
                                     llvm::toString(value.takeError()));
  json::Object *object = value->getAsObject();
  if (!object)
    return refuseObject(onError, kindOf(*value));
  return std::move(*object);
}
