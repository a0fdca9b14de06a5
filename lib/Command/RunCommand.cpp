//===- RunCommand.cpp - conveinsum run ------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Headers of the files, plan, code, memory, data: in this order, so that
// nothing large happens before everything that can be refused has been.
//
//===----------------------------------------------------------------------===//

#include "Execution.h"
#include "InputFiles.h"
#include "OutputFiles.h"
#include "Planning.h"
#include "Session.h"
#include "conveinsum/Check/Reference.h"
#include "llvm/Support/FormatVariadic.h"

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;
namespace json = llvm::json;

namespace {
/// One network on its way from files to a file.
class NetworkRun {
public:
  NetworkRun(const Network &network, const Arguments &arguments,
             ErrorFn onError)
      : network(network), arguments(arguments), onError(onError) {}

  std::optional<Outcome> run(DriverSource &drivers, PlanSource &plans,
                             OutputClaims &claims);

private:
  MemoryNeed needBesideCode() const;
  bool checkNeed();
  bool compile(DriverSource &drivers, PlanSource &plans);
  bool execute();
  bool compareAndWrite();
  Outcome describe() const;

  const Network &network;
  const Arguments &arguments;
  ErrorFn onError;

  std::optional<InputFiles> files;
  std::optional<CommandRequest> request;
  std::optional<LoadedNetwork> code;
  std::vector<Tensor> operands;
  std::optional<Tensor> result;
  std::string output;
  double seconds = 0;
  /// If there are constants.
  std::optional<double> prepareSeconds;
  std::optional<Comparison> comparison;
};
} // namespace

/// What is needed beside operands, result and what the code needs.
MemoryNeed NetworkRun::needBesideCode() const {
  MemoryNeed need;
  addOutputNeed(files->equation().resultShape(), files->types().result, need);
  if (arguments.has("check"))
    need.add("check",
             Reference::bytesNeeded(files->equation(), files->types().operand));
  return need;
}

/// Compares all that is known of the need with the memory that there is.
/// --memory-limit is met by the choice of the plan.
bool NetworkRun::checkNeed() {
  if (arguments.has("memory-limit"))
    return true;
  const Equation &equation = files->equation();
  MemoryNeed need;
  Count operandBytes = 0;
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    operandBytes +=
        tensorBytes(equation.operandShape(k), files->types().operand);
  need.add("operands", operandBytes);
  need.add("result",
           tensorBytes(equation.resultShape(), files->types().result));
  need.add(needBesideCode());
  if (code)
    code->addNeed(need);
  return checkMemory(need, arguments, onError);
}

bool NetworkRun::compile(DriverSource &drivers, PlanSource &plans) {
  std::optional<DriverOptions> options =
      readDriverOptions(arguments, "host", processorCount(), onError);
  request = readPlanRequest(network, files->equation(), files->types(),
                            arguments, onError);
  if (!options || !request)
    return false;
  if (!request->options.goal.gradients.empty())
    return refuse(onError, "expected no gradients beside run, which computes "
                           "results only; conveinsum grad computes both");
  std::optional<FunctionSpec> spec = networkSpec(
      network, files->equation(), files->types(), *request, arguments, onError);
  if (!spec)
    return false;
  setThreads(options->threads);
  code = LoadedNetwork::load(*spec, *request, arguments, plans,
                             drivers.get(*options), needBesideCode(), onError);
  return code.has_value();
}

bool NetworkRun::execute() {
  std::optional<std::vector<Tensor>> read = files->readOperands(onError);
  if (!read)
    return false;
  operands = std::move(*read);
  std::optional<PrivateBuffers> owned =
      PrivateBuffers::allocate(*code, onError);
  if (!owned)
    return false;
  result = allocateTensor(files->types().result,
                          files->equation().resultShape(), onError);
  if (!result)
    return false;
  CallBuffers buffers;
  for (const Tensor &operand : operands)
    buffers.operands.push_back(operand.data());
  buffers.out = result->data();
  owned->addTo(buffers);
  if (const CompiledFunction *prepare = code->find(FunctionRole::Prepare))
    prepareSeconds = timeCall(*prepare, buffers);
  seconds = timeCall(*code->find(FunctionRole::Run), buffers);
  return true;
}

bool NetworkRun::compareAndWrite() {
  if (arguments.has("check"))
    comparison =
        Reference(files->equation(), operands, files->types()).compare(*result);
  Status written = writeNpy(output, *result);
  return written || refuse(onError, written.message());
}

Outcome NetworkRun::describe() const {
  json::Array shape;
  for (int64_t extent : result->shape())
    shape.push_back(extent);
  std::string converted = files->storedTypes();
  std::string type(name(files->types().operand));
  Outcome outcome;
  outcome.json = json::Object{{"name", nullptr},
                              {"output", json::fixUTF8(output)},
                              {"result_shape", std::move(shape)},
                              {"dtype", std::string(name(result->type()))},
                              {"seconds", seconds}};
  if (prepareSeconds)
    outcome.json["prepare_seconds"] = *prepareSeconds;
  if (network.problem.name)
    outcome.json["name"] = *network.problem.name;
  if (converted != type)
    outcome.json["converted_from"] = converted;
  if (comparison)
    addComparison(outcome, *comparison, output == "-");
  return outcome;
}

std::optional<Outcome> NetworkRun::run(DriverSource &drivers, PlanSource &plans,
                                       OutputClaims &claims) {
  if (auto path = arguments.value("output"))
    output = path->str();
  else if (network.output)
    output = *network.output;
  if (output.empty() || (output == "-" && arguments.has("batch"))) {
    refuse(onError,
           "expected the name of an output file, got " +
               llvm::Twine(output.empty() ? "none" : "standard output"));
    return std::nullopt;
  }
  if (output == "-" && arguments.has("json")) {
    refuse(onError, "expected one of --json and -o -, got both");
    return std::nullopt;
  }
  if (!checkIsNoInput(output, network, arguments, onError) ||
      (arguments.has("batch") && !claims.claimFile(output, network, onError)) ||
      !(files = InputFiles::open(network, arguments, onError)) || !checkNeed())
    return std::nullopt;
  if (arguments.has("check") &&
      !Reference::isAffordable(files->equation(), onError))
    return std::nullopt;
  if (!compile(drivers, plans) || !checkNeed() || !execute() ||
      !compareAndWrite())
    return std::nullopt;
  std::string converted = files->storedTypes();
  std::string type(name(files->types().operand));
  bool isBatch = arguments.has("batch");
  if (!isBatch && converted != type)
    printNote("operands were converted from " + converted + " to " + type);
  if (!isBatch && !arguments.has("json"))
    printNote(
        "wrote " + (output == "-" ? "standard output" : output) + ": " +
        shapeText(result->shape()) + " " + std::string(name(result->type())) +
        llvm::formatv(", {0:f6} s", seconds).str() +
        (prepareSeconds ? llvm::formatv(" after {0:f6} s for what is constant",
                                        *prepareSeconds)
                              .str()
                        : ""));
  Outcome outcome = describe();
  sayRemarks(*request, arguments, outcome.json);
  return outcome;
}

int command::runRunCommand(const Arguments &arguments) {
  DriverSource drivers;
  PlanSource plans;
  OutputClaims claims;
  if (!openPlanSource(plans, arguments, printWithoutPlace))
    return Refused;
  return forEachNetwork(arguments, [&](const Network &network,
                                       ErrorFn onError) {
    return NetworkRun(network, arguments, onError).run(drivers, plans, claims);
  });
}
