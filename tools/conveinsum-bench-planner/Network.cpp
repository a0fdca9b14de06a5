//===- Network.cpp - The networks of the benchmark ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads lines and the data file.
//
//===----------------------------------------------------------------------===//

#include "Network.h"
#include "conveinsum/Equation/Case.h"
#include "conveinsum/Equation/JsonObject.h"
#include "conveinsum/Runtime/TextFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
using namespace conveinsum::bench;
using llvm::StringRef;
namespace json = llvm::json;

static std::optional<std::string> readFile(StringRef path) {
  Fallible<std::string> text = readTextFile(path.str());
  if (text)
    return std::move(*text);
  llvm::errs() << text.message() << "\n";
  return std::nullopt;
}

/// Parses `text`; prints what is wrong with it.
static std::optional<json::Object> parse(StringRef text, StringRef where) {
  return parseJsonObject(text, [&](const Fault &fault) {
    llvm::errs() << where << ": " << fault.message << "\n";
  });
}

bool conveinsum::bench::readLines(
    StringRef path, llvm::function_ref<bool(const json::Object &)> take) {
  std::optional<std::string> text = readFile(path);
  if (!text)
    return false;
  llvm::SmallVector<StringRef> lines;
  llvm::SplitString(*text, lines, "\n");
  for (StringRef line : lines) {
    std::optional<json::Object> object = parse(line, path);
    if (!object || !take(*object))
      return false;
  }
  return true;
}

std::optional<Network> Network::fromJSON(const json::Object &object) {
  Network network;
  auto text = [&](StringRef key) {
    return object.getString(key).value_or("").str();
  };
  network.name = text("name");
  network.set = text("set");
  network.group = text("group");
  auto report = [&](const Fault &diagnostic) {
    llvm::errs() << network.name << ": " << diagnostic.message << "\n";
  };
  auto read = Case::fromJSON(object, report);
  auto equation = read ? read->resolve(report) : std::nullopt;
  if (!equation)
    return std::nullopt;
  network.equation = std::move(*equation);
  if (const json::Object *best = object.getObject("best")) {
    if (auto macs = best->getInteger("macs"))
      network.bestMacs = Count(*macs);
    network.isProven = best->getBoolean("proven").value_or(false);
  }
  return network;
}

std::optional<std::vector<Network>>
conveinsum::bench::readNetworks(StringRef path) {
  std::vector<Network> networks;
  bool good = readLines(path, [&](const json::Object &object) {
    auto network = Network::fromJSON(object);
    if (network)
      networks.push_back(std::move(*network));
    return network.has_value();
  });
  if (!good)
    return std::nullopt;
  return networks;
}

//===----------------------------------------------------------------------===//
// The data file
//===----------------------------------------------------------------------===//

static StringRef groupOf(const json::Object &entry) {
  StringRef family = entry.getString("family").value_or("");
  bool isPlain = entry.getString("conv") == StringRef("none");
  if (family == "tnn" && !isPlain)
    return "TNN layers";
  if (family == "random" || family == "lattice" || family == "large")
    return family;
  return isPlain ? "plain layers and reported cases" : "other convolutional";
}

/// An entry of the data file as a line of this benchmark.
static json::Object lineOf(const json::Object &entry) {
  json::Object line;
  for (StringRef key : {"name", "expr", "shapes", "conv_modes"})
    if (const json::Value *value = entry.get(key))
      line[key] = *value;
  StringRef group = groupOf(entry);
  line["set"] = group == "large" ? "large" : "file";
  line["group"] = group.str();
  if (const json::Object *best = entry.getObject("best"))
    line["best"] =
        json::Object{{"macs", *best->get("macs")},
                     {"proven", best->getString("proof") ==
                                    StringRef("exact, outer products "
                                              "included")}};
  return line;
}

std::vector<json::Object>
conveinsum::bench::networksOfFile(StringRef path, unsigned mostOperands) {
  std::vector<json::Object> lines;
  std::optional<std::string> text = readFile(path);
  auto file = text ? parse(*text, path) : std::nullopt;
  if (!file)
    return lines;
  const json::Array *entries = file->getArray("networks");
  if (!entries) {
    llvm::errs() << path << ": expected an array 'networks'\n";
    return lines;
  }
  for (const json::Value &entry : *entries) {
    const json::Object *object = entry.getAsObject();
    if (!object)
      continue;
    json::Object line = lineOf(*object);
    if (line.getString("set") != StringRef("file") ||
        object->getInteger("n").value_or(0) <= mostOperands)
      lines.push_back(std::move(line));
  }
  return lines;
}
