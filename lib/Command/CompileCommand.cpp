//===- CompileCommand.cpp - conveinsum compile ----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes the IR of a stage, or an object or a shared library with its C header.
//
//===----------------------------------------------------------------------===//

#include "Candidates.h"
#include "OutputFiles.h"
#include "Planning.h"
#include "Session.h"
#include "conveinsum/Equation/NearWord.h"
#include "conveinsum/Plan/Request/PlanWords.h"
#include "conveinsum/Runtime/OutputFile.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;
namespace json = llvm::json;

namespace {
/// One network on its way to a file.
class NetworkCompile {
public:
  NetworkCompile(const Network &network, const Arguments &arguments,
                 ErrorFn onError)
      : network(network), arguments(arguments), onError(onError) {}

  std::optional<Outcome> run(DriverSource &drivers, PlanSource &plans,
                             OutputClaims &claims);

private:
  bool read();
  void carryRequest();
  bool writeStage(Driver &driver, PlanSource &plans);
  bool writeObject(Driver &driver, PlanSource &plans);
  /// Whether the files are ours to write.
  bool checkOutput(OutputClaims &claims);
  bool claimSymbols(OutputClaims &claims);
  std::string linking() const;
  Outcome describe() const;

  const Network &network;
  const Arguments &arguments;
  ErrorFn onError;

  StringRef emit;
  std::optional<EmitStage> stage; ///< nothing for an object or a library
  std::string output, header;
  std::optional<DriverOptions> options;
  std::optional<CommandRequest> request;
  std::optional<FunctionSpec> spec;
  /// That were exported.
  std::vector<std::string> functions;
};
} // namespace

/// `lib/step.so` and `lib/step.so.1` -> `lib/step.h`.
static std::string headerPath(StringRef path, bool isLibrary) {
  if (isLibrary) {
    StringRef stem = path.rtrim("0123456789.");
    if (!path.consume_back(".so") && stem.ends_with(".so") &&
        path[stem.size()] == '.')
      path = stem.drop_back(3);
  } else {
    path.consume_back(".o");
  }
  return (path + ".h").str();
}

bool NetworkCompile::checkOutput(OutputClaims &claims) {
  bool isBatch = arguments.has("batch");
  if (output == "-" && (isBatch || !stage))
    return refuse(onError, llvm::Twine("expected the name of a file ") +
                               (stage ? "in a batch"
                                      : "for an object or a "
                                        "library") +
                               ", got standard output");
  if (!checkIsNoInput(output, network, arguments, onError))
    return false;
  if (!stage) {
    header = headerPath(output, emit == "library");
    if (!checkIsNoInput(header, network, arguments, onError) ||
        !checkReplaceable(output, FileKind::Code, arguments, onError) ||
        !checkReplaceable(header, FileKind::Header, arguments, onError))
      return false;
  }
  return !isBatch || (claims.claimFile(output, network, onError) &&
                      (stage || (claims.claimFile(header, network, onError) &&
                                 claimSymbols(claims))));
}

/// Claims all names that may be exported, which are those of other networks if
/// these are called so: `a_forward` is one of `a` with gradients.
bool NetworkCompile::claimSymbols(OutputClaims &claims) {
  llvm::SmallVector<StringRef, 4> ends{""};
  if (!spec->constants.empty())
    ends.push_back("_prepare");
  if (!spec->gradients.empty())
    ends.append({"_forward", "_backward"});
  for (StringRef end : ends)
    if (!claims.claimSymbol((spec->name + end).str(), network, onError))
      return false;
  return true;
}

/// Reports an open extent along a conv mode of more than two operands: what is
/// kept of some of them depends on all extents.
static bool checkOpenSizes(const Equation &equation, ErrorFn onError) {
  if (equation.isDecomposable())
    return true;
  for (const LinearRelation &relation : equation.relations())
    for (const LinearRelation::Term &term : relation.terms)
      if (relation.terms.size() > 2 && term.extent == kDynamic) {
        Fault fault;
        fault.mode = equation.label(relation.mode).str();
        fault.operand = term.operand;
        fault.message = "expected a static extent of conv mode " +
                        spellLabel(*fault.mode) + " in operand " +
                        std::to_string(term.operand) + ", as " +
                        std::to_string(relation.terms.size()) +
                        " operands hold it, got a dynamic one";
        onError(fault);
        return false;
      }
  return refuse(onError, "expected static extents along conv modes that more "
                         "than two operands hold");
}

bool NetworkCompile::read() {
  emit = *arguments.value("emit");
  stage = parseEmitStage(emit);
  if (!stage && emit != "object" && emit != "library")
    return refuse(
        onError, "expected --emit to be imported, planned, steps, "
                 "linalg, llvm, object or library, got '" +
                     emit + "'" +
                     didYouMean(emit, {"imported", "planned", "steps", "linalg",
                                       "llvm", "object", "library"}));
  output =
      arguments.value("output").value_or(network.output.value_or("")).str();
  if (output.empty())
    return refuse(onError, "expected the name of an output file");
  options = readDriverOptions(arguments, portableCpu(), 1, onError);
  std::optional<Equation> equation = network.problem.resolve(onError);
  std::optional<ElementTypes> types =
      resultTypes(network, network.dtype.value_or(ElementType::F32), onError);
  if (!options || !equation || !types)
    return false;
  // An open size leaves open what a conv mode is summed over.
  if (!equation->verify(onError))
    return false;
  if (stage != EmitStage::Imported && !checkOpenSizes(*equation, onError))
    return false;
  // Code for a CPU has static buffers; IR before it has not.
  if ((!stage || stage == EmitStage::LLVM) &&
      !checkStaticExtents(*equation, "for --emit=" + emit.str(), onError))
    return false;
  request = readPlanRequest(network, *equation, *types, arguments, onError);
  if (!request)
    return false;
  if (request->memoryLimit &&
      !checkStaticExtents(*equation, "to count bytes", onError))
    return false;
  bool isPlan = stage == EmitStage::Imported || stage == EmitStage::Planned;
  if (!isPlan && !checkGradients(*equation, *types, *request, onError))
    return false;
  spec = networkSpec(network, *equation, *types, *request, arguments, onError);
  return spec.has_value();
}

/// Puts what is asked of the planner where the pass will look for it.
void NetworkCompile::carryRequest() {
  // Before planning there is a plan only if somebody pinned one.
  if (request->pinned)
    spec->plan = Plan(*request->pinned);
  for (const PlanWord &word : planWords())
    if (std::optional<StringRef> text = arguments.value(word.name);
        text && !word.attribute.empty())
      spec->requests.emplace_back(word.attribute.str(), text->str());
}

bool NetworkCompile::writeStage(Driver &driver, PlanSource &plans) {
  if (stage == EmitStage::Imported) {
    carryRequest();
  } else {
    std::optional<Plan> plan =
        choosePlan(*spec, *request, arguments, plans, driver, onError);
    if (!plan)
      return false;
    setPlan(*spec, std::move(*plan));
  }
  auto module = driver.buildModule({*spec}, onError);
  if (!module || !driver.runTo(*module, *stage, onError))
    return false;
  std::string text;
  llvm::raw_string_ostream os(text);
  module->print(os);
  os << '\n';
  return writeText(output, text, onError);
}

std::string NetworkCompile::linking() const {
  std::string command =
      "Link with: cc program.c " + llvm::sys::path::filename(output).str();
  // A library knows what it needs.
  if (emit == "object")
    command += options->threads > 1 ? " -lomp -lm" : " -lm";
  return command;
}

bool NetworkCompile::writeObject(Driver &driver, PlanSource &plans) {
  std::optional<LoweredNetwork> lowered =
      lowerNetwork(*spec, *request, arguments, plans, driver,
                   /*others=*/MemoryNeed(), onError);
  if (!lowered)
    return false;
  ObjectCode &object = lowered->object;
  for (const FunctionInfo &function : object.functions)
    functions.push_back(function.name);
  object.strings.emplace_back(
      infoSymbol(lowered->spec),
      infoText(lowered->spec, network.expr(), object.functions, *options));
  if (!driver.finish(*lowered->module, object, /*withEntries=*/false, onError))
    return false;
  if (emit == "library") {
    if (!linkLibrary(object, options->threads > 1, output, onError))
      return false;
  } else if (Status written =
                 writeFile(output, object.bytes.data(), object.bytes.size());
             !written) {
    return refuse(onError, written.message());
  }
  return writeText(header,
                   cHeader(lowered->spec, network.expr(), object.functions,
                           *options, linking()),
                   onError);
}

Outcome NetworkCompile::describe() const {
  Outcome outcome;
  outcome.json =
      json::Object{{"name", nullptr}, {"output", json::fixUTF8(output)}};
  if (network.problem.name)
    outcome.json["name"] = *network.problem.name;
  if (!stage) {
    outcome.json["function"] = spec->name;
    outcome.json["functions"] = json::Array(functions);
    outcome.json["header"] = json::fixUTF8(header);
  }
  return outcome;
}

std::optional<Outcome> NetworkCompile::run(DriverSource &drivers,
                                           PlanSource &plans,
                                           OutputClaims &claims) {
  if (!read() || !checkOutput(claims))
    return std::nullopt;
  Driver &driver = drivers.get(*options);
  if (!(stage ? writeStage(driver, plans) : writeObject(driver, plans)))
    return std::nullopt;
  if (output != "-" && !arguments.has("batch"))
    printNote("wrote " + output + (stage ? "" : " and " + header));
  Outcome outcome = describe();
  sayRemarks(*request, arguments, outcome.json);
  return outcome;
}

int command::runCompileCommand(const Arguments &arguments) {
  DriverSource drivers;
  PlanSource plans;
  OutputClaims claims;
  if (arguments.has("batch") && arguments.has("name")) {
    refuse(printWithoutPlace, "expected 'name' in the lines of a batch, got "
                              "--name");
    return Refused;
  }
  if (!openPlanSource(plans, arguments, printWithoutPlace))
    return Refused;
  return forEachNetwork(arguments,
                        [&](const Network &network, ErrorFn onError) {
                          return NetworkCompile(network, arguments, onError)
                              .run(drivers, plans, claims);
                        });
}
