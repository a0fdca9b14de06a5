//===- JsonText.cpp - JSON that goes out ----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What every object that goes out shares.
//
//===----------------------------------------------------------------------===//

#include "JsonText.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace conveinsum;
using llvm::StringRef;
namespace json = llvm::json;

json::Value command::finiteNumber(double value) {
  if (!std::isfinite(value))
    return nullptr;
  return value;
}

void command::printJsonLine(llvm::raw_ostream &os, json::Object value) {
  os << json::Value(std::move(value)) << '\n';
}

json::Object command::errorObject(const std::optional<std::string> &name,
                                  const Fault &diagnostic) {
  json::Object error{{"message", json::fixUTF8(diagnostic.message)}};
  if (diagnostic.position)
    error["position"] = int64_t(*diagnostic.position);
  if (diagnostic.operand)
    error["operand"] = int64_t(*diagnostic.operand);
  if (diagnostic.mode)
    error["mode"] = json::fixUTF8(*diagnostic.mode);
  if (!diagnostic.constraint.empty())
    error["constraint"] = diagnostic.constraint;
  json::Object object;
  if (name)
    object["name"] = json::fixUTF8(*name);
  else
    object["name"] = nullptr;
  object["error"] = std::move(error);
  return object;
}
