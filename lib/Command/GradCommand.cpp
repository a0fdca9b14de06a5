//===- GradCommand.cpp - conveinsum grad ----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Headers of the files, plan, code, memory, data, as in `run`; then the forward
// function and the backward one. All files are written before any of them gets
// its name.
//
//===----------------------------------------------------------------------===//

#include "Execution.h"
#include "InputFiles.h"
#include "JsonText.h"
#include "OutputFiles.h"
#include "Planning.h"
#include "Session.h"
#include "conveinsum/Check/GradientReference.h"
#include "conveinsum/Equation/JsonObject.h"
#include "conveinsum/Plan/Training/Training.h"
#include "conveinsum/Runtime/OutputFile.h"
#include "llvm/Support/FormatVariadic.h"

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;
namespace json = llvm::json;

namespace {
/// One network on its way from files to the files of its gradients.
class NetworkGradients {
public:
  NetworkGradients(const Network &network, const Arguments &arguments,
                   ErrorFn onError)
      : network(network), arguments(arguments), onError(onError) {}

  std::optional<Outcome> run(DriverSource &drivers, PlanSource &plans,
                             OutputClaims &claims);

private:
  bool readNames();
  bool readRequest();
  bool checkOutputs(OutputClaims &claims);
  MemoryNeed needBesideCode() const;
  bool checkNeed();
  bool compile(DriverSource &drivers, PlanSource &plans);
  bool allocate();
  bool execute();
  bool compare();
  bool write();
  Outcome describe() const;
  void sayWhatWasDone() const;

  llvm::ArrayRef<unsigned> wanted() const {
    return request->options.goal.gradients;
  }
  std::string fileOf(unsigned operand) const {
    return prefix + "." + std::to_string(operand) + ".npy";
  }

  const Network &network;
  const Arguments &arguments;
  ErrorFn onError;

  std::string prefix;
  std::optional<std::string> resultFile;
  std::optional<InputFiles> files;
  std::optional<CommandRequest> request;
  std::optional<LoadedNetwork> code;
  std::vector<Tensor> operands;
  std::optional<Tensor> cotangent, result;
  /// In the order of `wanted`.
  std::vector<Tensor> gradients;
  /// If there are constants.
  std::optional<double> prepareSeconds;
  double forwardSeconds = 0, backwardSeconds = 0;
  std::optional<Comparison> comparison;
};
} // namespace

//===----------------------------------------------------------------------===//
// What is asked for
//===----------------------------------------------------------------------===//

bool NetworkGradients::readNames() {
  prefix =
      arguments.value("output").value_or(network.output.value_or("")).str();
  if (prefix.empty() || prefix == "-" || StringRef(prefix).ends_with("/"))
    return refuse(onError,
                  "expected what the names of the output files begin with, "
                  "such as 'g' for g.0.npy, got " +
                      (prefix.empty()  ? "nothing"
                       : prefix == "-" ? "standard output"
                                       : "'" + prefix + "'"));
  if (std::optional<StringRef> file = arguments.value("result"))
    resultFile = file->str();
  if (resultFile && resultFile->empty())
    return refuse(onError,
                  "expected --result to be the name of a file, got ''");
  return resultFile != "-" || !arguments.has("json") ||
         refuse(onError, "expected one of --json and --result=-, got both");
}

bool NetworkGradients::readRequest() {
  request = readPlanRequest(network, files->equation(), files->types(),
                            arguments, onError);
  if (!request)
    return false;
  if (wanted().empty())
    return refuse(onError, "expected operands that need a gradient, got none");
  return checkGradients(files->equation(), files->types(), *request, onError);
}

/// Whether the files are none of the inputs, and none is written twice.
bool NetworkGradients::checkOutputs(OutputClaims &claims) {
  std::vector<std::string> outputs;
  for (unsigned operand : wanted())
    outputs.push_back(fileOf(operand));
  if (resultFile && *resultFile != "-")
    outputs.push_back(*resultFile);
  if (!checkAreDistinct(outputs, onError))
    return false;
  for (const std::string &output : outputs)
    if (!checkIsNoInput(output, network, arguments, onError) ||
        (arguments.has("batch") && !claims.claimFile(output, network, onError)))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

/// What is needed beside what the code's functions take.
MemoryNeed NetworkGradients::needBesideCode() const {
  const Equation &equation = files->equation();
  ElementType type = files->types().operand;
  MemoryNeed need;
  // Files are written one after the other.
  Count largest = 0;
  for (unsigned operand : wanted())
    largest =
        std::max(largest, tensorBytes(equation.operandShape(operand), type));
  if (resultFile && files->types().result == type)
    largest = std::max(largest, tensorBytes(equation.resultShape(), type));
  if (type == ElementType::BF16)
    need.add("output", largest * 2);
  if (arguments.has("check"))
    need.add("check", GradientReference::bytesNeeded(equation, type, wanted()));
  return need;
}

/// Compares all that is known of the need with the memory that there is.
/// --memory-limit is met by the choice of the plan.
bool NetworkGradients::checkNeed() {
  if (arguments.has("memory-limit"))
    return true;
  const Equation &equation = files->equation();
  ElementTypes types = files->types();
  Count operandBytes = 0, gradientBytes = 0;
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    operandBytes += tensorBytes(equation.operandShape(k), types.operand);
  for (unsigned k : wanted())
    gradientBytes += tensorBytes(equation.operandShape(k), types.operand);
  MemoryNeed need;
  need.add("operands", operandBytes);
  need.add("result", tensorBytes(equation.resultShape(), types.result));
  need.add("cotangent", tensorBytes(equation.resultShape(), types.result));
  need.add("gradients", gradientBytes);
  need.add(needBesideCode());
  if (code)
    code->addNeed(need);
  return checkMemory(need, arguments, onError);
}

//===----------------------------------------------------------------------===//
// Execution
//===----------------------------------------------------------------------===//

bool NetworkGradients::compile(DriverSource &drivers, PlanSource &plans) {
  std::optional<DriverOptions> options =
      readDriverOptions(arguments, "host", processorCount(), onError);
  if (!options)
    return false;
  std::optional<FunctionSpec> spec = networkSpec(
      network, files->equation(), files->types(), *request, arguments, onError);
  if (!spec)
    return false;
  setThreads(options->threads);
  code = LoadedNetwork::load(*spec, *request, arguments, plans,
                             drivers.get(*options), needBesideCode(), onError);
  return code.has_value();
}

bool NetworkGradients::allocate() {
  const Equation &equation = files->equation();
  std::optional<std::vector<Tensor>> read = files->readOperands(onError);
  if (!read)
    return false;
  operands = std::move(*read);
  cotangent = files->readCotangent(onError);
  result =
      allocateTensor(files->types().result, equation.resultShape(), onError);
  if (!cotangent || !result)
    return false;
  for (unsigned operand : wanted()) {
    std::optional<Tensor> gradient = allocateTensor(
        files->types().operand, equation.operandShape(operand), onError);
    if (!gradient)
      return false;
    gradients.push_back(std::move(*gradient));
  }
  return true;
}

bool NetworkGradients::execute() {
  std::optional<PrivateBuffers> owned =
      PrivateBuffers::allocate(*code, onError);
  if (!owned)
    return false;
  CallBuffers buffers;
  for (const Tensor &operand : operands)
    buffers.operands.push_back(operand.data());
  buffers.out = result->data();
  buffers.cotangent = cotangent->data();
  buffers.gradients.assign(operands.size(), nullptr);
  for (auto [operand, gradient] : llvm::zip_equal(wanted(), gradients))
    buffers.gradients[operand] = gradient.data();
  owned->addTo(buffers);
  if (const CompiledFunction *prepare = code->find(FunctionRole::Prepare))
    prepareSeconds = timeCall(*prepare, buffers);
  forwardSeconds = timeCall(*code->find(FunctionRole::Forward), buffers);
  backwardSeconds = timeCall(*code->find(FunctionRole::Backward), buffers);
  return true;
}

bool NetworkGradients::compare() {
  if (!arguments.has("check"))
    return true;
  GradientReference reference(files->equation(), operands, *cotangent,
                              files->types());
  for (auto [operand, gradient] : llvm::zip_equal(wanted(), gradients)) {
    Comparison one = reference.compare(operand, gradient);
    if (!comparison || one.nearness > comparison->nearness)
      comparison = one;
  }
  return true;
}

bool NetworkGradients::write() {
  std::vector<OutputFile> written;
  auto add = [&](const std::string &path, const Tensor &tensor) {
    Fallible<OutputFile> file = beginNpy(path, tensor);
    if (!file)
      return refuse(onError, file.message());
    written.push_back(std::move(*file));
    return true;
  };
  for (auto [operand, gradient] : llvm::zip_equal(wanted(), gradients))
    if (!add(fileOf(operand), gradient))
      return false;
  if (resultFile && !add(*resultFile, *result))
    return false;
  for (OutputFile &file : written)
    if (Status committed = file.commit(); !committed)
      return refuse(onError, committed.message());
  return true;
}

//===----------------------------------------------------------------------===//
// What is said
//===----------------------------------------------------------------------===//

static json::Value exactMacs(const CompiledFunction &function) {
  const std::optional<Count> &macs = function.info().macs;
  return macs ? exactJSON(*macs) : json::Value(nullptr);
}

Outcome NetworkGradients::describe() const {
  const FunctionSpec &spec = code->spec();
  const PlanGoal &goal = request->options.goal;
  std::optional<TrainingPoint> point =
      evaluateTrainingPoint(spec.equation, spec.plan->tree, spec.plan->kept,
                            goal, [](const Fault &) {});
  assert(point && "a plan that was compiled can be evaluated");
  json::Object outputs, shapes;
  for (unsigned operand : wanted()) {
    json::Array shape;
    for (int64_t extent : spec.equation.operandShape(operand))
      shape.push_back(extent);
    outputs[std::to_string(operand)] = json::fixUTF8(fileOf(operand));
    shapes[std::to_string(operand)] = std::move(shape);
  }
  std::string type(name(files->types().operand));
  Outcome outcome;
  outcome.json = json::Object{
      {"name", nullptr},
      {"outputs", std::move(outputs)},
      {"shapes", std::move(shapes)},
      {"dtype", type},
      {"macs",
       json::Object{
           {"forward", exactMacs(*code->find(FunctionRole::Forward))},
           {"backward", exactMacs(*code->find(FunctionRole::Backward))}}},
      {"kept_bytes", exactJSON(Count(code->bytesOf(ArgumentRole::Kept)))},
      {"forward_peak", exactJSON(point->forwardPeak)},
      {"backward_peak", exactJSON(point->backwardPeak)},
      {"forward_seconds", forwardSeconds},
      {"backward_seconds", backwardSeconds}};
  if (network.problem.name)
    outcome.json["name"] = *network.problem.name;
  if (resultFile)
    outcome.json["result"] = json::fixUTF8(*resultFile);
  if (prepareSeconds)
    outcome.json["prepare_seconds"] = *prepareSeconds;
  if (files->storedTypes() != type)
    outcome.json["converted_from"] = files->storedTypes();
  if (comparison)
    addComparison(outcome, *comparison, resultFile == "-");
  return outcome;
}

void NetworkGradients::sayWhatWasDone() const {
  if (arguments.has("batch"))
    return;
  std::string type(name(files->types().operand));
  if (files->storedTypes() != type)
    printNote("operands were converted from " + files->storedTypes() + " to " +
              type);
  std::string cotangentType(name(files->types().result));
  if (std::string stored = files->cotangentType();
      !stored.empty() && stored != cotangentType)
    printNote("the cotangent was converted from " + stored + " to " +
              cotangentType);
  if (arguments.has("json"))
    return;
  std::string list;
  for (auto [operand, gradient] : llvm::zip_equal(wanted(), gradients))
    list += (list.empty() ? "" : ", ") + fileOf(operand) + ": " +
            shapeText(gradient.shape()) + " " + type;
  if (resultFile)
    list += ", " + (*resultFile == "-" ? "standard output" : *resultFile) +
            ": " + shapeText(result->shape()) + " " + cotangentType;
  printNote("wrote " + list);
  printNote(llvm::formatv("{0:f6} s forward, {1:f6} s backward", forwardSeconds,
                          backwardSeconds)
                .str() +
            (prepareSeconds
                 ? llvm::formatv(" after {0:f6} s for what is constant",
                                 *prepareSeconds)
                       .str()
                 : "") +
            "; " + llvm::Twine(code->bytesOf(ArgumentRole::Kept)) +
            " bytes were kept");
}

std::optional<Outcome> NetworkGradients::run(DriverSource &drivers,
                                             PlanSource &plans,
                                             OutputClaims &claims) {
  if (!readNames() ||
      !(files = InputFiles::open(network, arguments, onError)) ||
      !readRequest() || !checkOutputs(claims) || !checkNeed())
    return std::nullopt;
  if (arguments.has("check") &&
      !GradientReference::isAffordable(files->equation(), wanted().size(),
                                       onError))
    return std::nullopt;
  if (!compile(drivers, plans) || !checkNeed() || !allocate() || !execute() ||
      !compare() || !write())
    return std::nullopt;
  sayWhatWasDone();
  Outcome outcome = describe();
  sayRemarks(*request, arguments, outcome.json);
  return outcome;
}

int command::runGradCommand(const Arguments &arguments) {
  DriverSource drivers;
  PlanSource plans;
  OutputClaims claims;
  if (!openPlanSource(plans, arguments, printWithoutPlace))
    return Refused;
  return forEachNetwork(arguments,
                        [&](const Network &network, ErrorFn onError) {
                          return NetworkGradients(network, arguments, onError)
                              .run(drivers, plans, claims);
                        });
}
