//===- CompileCommand.cpp - conveinsum compile ----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes the IR of a stage, an object, or a shared library with its C header.
//
//===----------------------------------------------------------------------===//

#include "Compiling.h"
#include "Planning.h"
#include "Session.h"
#include "conveinsum/Runtime/OutputFile.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;
namespace json = llvm::json;

/// `lib/step.so` -> `lib/step.h`.
static std::string headerPath(StringRef library) {
  library.consume_back(".so");
  return (library + ".h").str();
}

static bool writeStage(Driver &driver, const FunctionSpec &spec, EmitStage stage,
                       StringRef path, ErrorFn onError) {
  auto module =
      driver.buildModule({spec}, stage != EmitStage::Imported, onError);
  if (!module || !driver.runTo(*module, stage, onError))
    return false;
  std::string text;
  llvm::raw_string_ostream os(text);
  module->print(os);
  os << '\n';
  return writeText(path, text, onError);
}

static bool writeObject(Driver &driver, const FunctionSpec &spec, StringRef text,
                        bool asLibrary, StringRef path, ErrorFn onError) {
  if (path == "-")
    return refuse(onError, "expected the name of a file for an object or a "
                           "library, got standard output");
  auto module = driver.buildModule({spec}, /*withPlans=*/true, onError);
  if (!module)
    return false;
  std::optional<ObjectCode> object =
      driver.emitObject(*module, /*withEntries=*/false, onError);
  if (!object)
    return false;
  if (!asLibrary) {
    Status written =
        writeFile(path.str(), object->bytes.data(), object->bytes.size());
    return written || refuse(onError, written.message());
  }
  uint64_t workspace = object->functions.front().second;
  return linkLibrary(*object, driver.options().threads > 1, path, onError) &&
         writeText(headerPath(path),
                   libraryHeader(spec, text, workspace, driver.options()),
                   onError);
}

static std::optional<Outcome> compileOne(const Network &network,
                                         const Arguments &arguments,
                                         DriverSource &drivers,
                                         PlanSource &plans,
                                         ErrorFn onError) {
  StringRef emit = *arguments.value("emit");
  std::optional<EmitStage> stage = parseEmitStage(emit);
  if (!stage && emit != "object" && emit != "library") {
    refuse(onError, "expected --emit to be imported, planned, steps, linalg, "
                    "llvm, object or library, got '" +
                        emit + "'");
    return std::nullopt;
  }
  std::string output =
      arguments.value("output").value_or(network.output.value_or("")).str();
  if (output.empty()) {
    refuse(onError, "expected the name of an output file");
    return std::nullopt;
  }
  std::optional<DriverOptions> options =
      readDriverOptions(arguments, portableCpu(), 1, onError);
  std::optional<Equation> equation = network.problem.resolve(onError);
  std::optional<ElementTypes> types = resultTypes(
      network, network.dtype.value_or(ElementType::F32), onError);
  if (!options || !equation || !types)
    return std::nullopt;
  std::optional<PlanAnswer> plan;
  if (stage != EmitStage::Imported &&
      !(plan = planNetwork(network, *equation, *types, arguments, plans,
                           onError)))
    return std::nullopt;

  Driver &driver = drivers.get(*options);
  FunctionSpec spec = networkSpec(network, *equation, *types, plan);
  bool ok = stage ? writeStage(driver, spec, *stage, output, onError)
                  : writeObject(driver, spec, network.expr(), emit == "library",
                                output, onError);
  if (!ok)
    return std::nullopt;
  Outcome outcome;
  outcome.json = json::Object{{"name", nullptr}, {"output", json::fixUTF8(output)}};
  if (network.problem.name)
    outcome.json["name"] = *network.problem.name;
  if (emit == "object" || emit == "library")
    outcome.json["function"] = spec.name;
  return outcome;
}

int command::runCompileCommand(const Arguments &arguments) {
  DriverSource drivers;
  PlanSource plans;
  if (!openPlanSource(plans, arguments, printWithoutPlace))
    return Refused;
  return forEachNetwork(arguments, [&](const Network &network, ErrorFn onError) {
    return compileOne(network, arguments, drivers, plans, onError);
  });
}
