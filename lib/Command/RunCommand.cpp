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

#include "Candidates.h"
#include "JsonText.h"
#include "Memory.h"
#include "OutputFiles.h"
#include "Planning.h"
#include "Session.h"
#include "conveinsum/Check/Reference.h"
#include "conveinsum/Equation/ElementTypeCheck.h"
#include "conveinsum/Runtime/Npy.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>

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
  bool checkStandardInput();
  bool checkStoredTypes();
  bool readHeaders();
  MemoryNeed needBesideCode() const;
  bool checkNeed();
  uint64_t workspaceBytes() const;
  bool compile(DriverSource &drivers, PlanSource &plans);
  bool loadOperands();
  bool execute();
  bool compareAndWrite();
  Outcome describe() const;

  const Network &network;
  const Arguments &arguments;
  ErrorFn onError;

  std::vector<NpyReader> files;
  std::optional<Equation> equation;
  std::optional<ElementTypes> types;
  std::optional<CommandRequest> request;
  std::unique_ptr<CompiledModule> code;
  /// Of the code: what runs, and what prepares if there are constants.
  const CompiledFunction *function = nullptr, *prepare = nullptr;
  std::vector<Tensor> operands;
  std::optional<Tensor> result;
  std::string output;
  double seconds = 0, prepareSeconds = 0;
  std::optional<Comparison> comparison;
};
} // namespace

/// Types of the files, or "f32" if all agree.
static std::string typeList(llvm::ArrayRef<NpyReader> files) {
  std::string list;
  for (const NpyReader &file : files) {
    std::string word = name(file.header().type);
    if ((", " + list + ",").find(", " + word + ",") == std::string::npos)
      list += (list.empty() ? "" : ", ") + word;
  }
  return list;
}

/// Reports a fault of an operand's file.
static bool refuseOperand(unsigned operand, const llvm::Twine &message,
                          ErrorFn onError) {
  Fault fault;
  fault.message = message.str();
  fault.operand = operand;
  onError(fault);
  return false;
}

/// Standard input is one array, or one case, or one batch.
bool NetworkRun::checkStandardInput() {
  std::optional<unsigned> reader;
  for (auto [operand, path] : llvm::enumerate(network.inputs)) {
    if (path != "-")
      continue;
    for (StringRef option : {"case", "batch"})
      if (arguments.value(option) == StringRef("-"))
        return refuseOperand(operand,
                             "expected one reader of standard input, "
                             "got --" +
                                 option + "=- and an operand",
                             onError);
    if (reader)
      return refuseOperand(operand,
                           "expected one reader of standard input, "
                           "got operands " +
                               llvm::Twine(*reader) + " and " +
                               llvm::Twine(operand),
                           onError);
    reader = operand;
  }
  return true;
}

/// Files of numbers that are no elements are read on request only.
bool NetworkRun::checkStoredTypes() {
  for (auto [operand, file] : llvm::enumerate(files)) {
    StoredType type = file.header().type;
    if (!network.dtype && !type.isElement())
      return refuseOperand(operand,
                           "expected --dtype=TYPE, the element type "
                           "to read entries of " +
                               name(type) + " as, in '" +
                               network.inputs[operand] + "', got none",
                           onError);
    if (network.dtype && !isConvertible(type, *network.dtype))
      return refuseOperand(operand,
                           "expected complex elements to read entries "
                           "of " +
                               name(type) + " as, got " +
                               std::string(name(*network.dtype)),
                           onError);
  }
  return true;
}

bool NetworkRun::readHeaders() {
  if (network.inputs.empty())
    return refuse(onError, "expected one .npy file for each operand, got none");
  if (!checkStandardInput())
    return false;
  std::vector<Shape> shapes;
  llvm::SmallVector<ElementType> fileTypes;
  for (auto [operand, path] : llvm::enumerate(network.inputs)) {
    Fallible<NpyReader> file = NpyReader::open(path);
    if (!file)
      return refuseOperand(operand, file.message(), onError);
    const NpyHeader &header = file->header();
    shapes.emplace_back(header.shape.begin(), header.shape.end());
    fileTypes.push_back(header.type.element);
    files.push_back(std::move(*file));
  }
  equation = network.problem.resolve(shapes, onError);
  if (!equation || !checkStoredTypes())
    return false;
  if (!network.dtype && !verifyElementTypes(fileTypes, std::nullopt, onError))
    return false;
  types =
      resultTypes(network, network.dtype.value_or(fileTypes.front()), onError);
  return types.has_value();
}

/// Bytes of a tensor.
static Count tensorBytes(llvm::ArrayRef<int64_t> shape, ElementType type) {
  Count bytes = byteSize(type);
  for (int64_t extent : shape)
    bytes *= Count(extent);
  return bytes;
}

/// What is needed beside operands, result and what the code needs.
MemoryNeed NetworkRun::needBesideCode() const {
  MemoryNeed need;
  if (types->result == ElementType::BF16)
    need.add("output", 2 * tensorBytes(equation->resultShape(), types->result));
  if (arguments.has("check"))
    need.add("check", Reference::bytesNeeded(*equation, types->operand));
  return need;
}

/// Compares all that is known of the need with the memory that there is.
/// --memory-limit is met by the choice of the plan.
bool NetworkRun::checkNeed() {
  if (arguments.has("memory-limit"))
    return true;
  MemoryNeed need;
  Count operandBytes = 0;
  for (const NpyReader &file : files)
    operandBytes += tensorBytes(file.header().shape, types->operand);
  need.add("operands", operandBytes);
  need.add("result", tensorBytes(equation->resultShape(), types->result));
  need.add(needBesideCode());
  if (code) {
    if (prepare)
      need.add("prepared", prepare->info().bytesOf(ArgumentRole::Prepared));
    if (uint64_t bytes = workspaceBytes())
      need.add("workspace", bytes);
    need.add("code", code->codeBytes());
  }
  return checkMemory(need, arguments, onError);
}

uint64_t NetworkRun::workspaceBytes() const {
  return std::max(function->workspaceBytes(),
                  prepare ? prepare->workspaceBytes() : 0);
}

bool NetworkRun::compile(DriverSource &drivers, PlanSource &plans) {
  std::optional<DriverOptions> options =
      readDriverOptions(arguments, "host", processorCount(), onError);
  request = readPlanRequest(network, *equation, *types, arguments, onError);
  if (!options || !request || !checkCodeRequest(*request, "run", onError))
    return false;
  std::optional<FunctionSpec> spec =
      networkSpec(network, *equation, *types, *request, arguments, onError);
  if (!spec)
    return false;
  setThreads(options->threads);
  Driver &driver = drivers.get(*options);
  std::optional<LoweredNetwork> lowered = lowerNetwork(
      *spec, *request, arguments, plans, driver, needBesideCode(), onError);
  if (!lowered || !driver.finish(*lowered->module, lowered->object,
                                 /*withEntries=*/true, onError))
    return false;
  const FunctionInfo *preparing =
      findFunction(lowered->object.functions, FunctionRole::Prepare);
  std::string prepareName = preparing ? preparing->name : "";
  code = driver.load(std::move(lowered->object), onError);
  if (!code)
    return false;
  function = code->find(spec->name);
  assert(function && "a compiled module has its functions");
  if (preparing)
    prepare = code->find(prepareName);
  return true;
}

bool NetworkRun::loadOperands() {
  for (NpyReader &file : files) {
    Fallible<Tensor> tensor = file.read(types->operand);
    if (!tensor)
      return refuseOperand(operands.size(), tensor.message(), onError);
    operands.push_back(std::move(*tensor));
  }
  return true;
}

/// Seconds of one call.
static double timeCall(const CompiledFunction &function,
                       const CallBuffers &buffers) {
  auto start = std::chrono::steady_clock::now();
  function.invoke(buffers);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

bool NetworkRun::execute() {
  Fallible<AlignedBuffer> workspace = allocateAligned(workspaceBytes());
  if (!workspace)
    return refuse(onError, workspace.message());
  Fallible<AlignedBuffer> prepared = allocateAligned(
      prepare ? prepare->info().bytesOf(ArgumentRole::Prepared) : 0);
  if (!prepared)
    return refuse(onError, prepared.message());
  result = allocateTensor(types->result, equation->resultShape(), onError);
  if (!result)
    return false;
  CallBuffers buffers;
  for (const Tensor &operand : operands)
    buffers.operands.push_back(operand.data());
  buffers.out = result->data();
  buffers.prepared = prepared->get();
  buffers.workspace = workspace->get();
  if (prepare)
    prepareSeconds = timeCall(*prepare, buffers);
  seconds = timeCall(*function, buffers);
  return true;
}

bool NetworkRun::compareAndWrite() {
  if (arguments.has("check"))
    comparison = Reference(*equation, operands, *types).compare(*result);
  Status written = writeNpy(output, *result);
  return written || refuse(onError, written.message());
}

Outcome NetworkRun::describe() const {
  json::Array shape;
  for (int64_t extent : result->shape())
    shape.push_back(extent);
  std::string converted = typeList(files);
  Outcome outcome;
  outcome.json = json::Object{{"name", nullptr},
                              {"output", json::fixUTF8(output)},
                              {"result_shape", std::move(shape)},
                              {"dtype", std::string(name(types->result))},
                              {"seconds", seconds}};
  if (prepare)
    outcome.json["prepare_seconds"] = prepareSeconds;
  if (network.problem.name)
    outcome.json["name"] = *network.problem.name;
  if (converted != name(types->operand))
    outcome.json["converted_from"] = converted;
  if (comparison) {
    outcome.passed = comparison->passed;
    outcome.json["passed"] = comparison->passed;
    outcome.json["max_error"] = finiteNumber(comparison->maxError);
    outcome.json["bound"] = finiteNumber(comparison->bound);
    // Standard output may be the result.
    outcome.print = [comparison = *comparison,
                     toErrors = output == "-"](llvm::raw_ostream &out, bool) {
      (toErrors ? llvm::errs() : out)
          << (comparison.passed ? "passed" : "FAILED")
          << llvm::formatv(": error {0:e2}, bound {1:e2}, relative to the "
                           "definition on absolute values\n",
                           comparison.maxError, comparison.bound);
    };
  }
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
      !readHeaders() || !checkNeed())
    return std::nullopt;
  if (arguments.has("check") && !Reference::isAffordable(*equation, onError))
    return std::nullopt;
  if (!compile(drivers, plans) || !checkNeed() || !loadOperands() ||
      !execute() || !compareAndWrite())
    return std::nullopt;
  std::string converted = typeList(files);
  bool isBatch = arguments.has("batch");
  if (!isBatch && converted != name(types->operand))
    printNote("operands were converted from " + converted + " to " +
              std::string(name(types->operand)));
  if (!isBatch && !arguments.has("json"))
    printNote("wrote " + (output == "-" ? "standard output" : output) + ": " +
              shapeText(result->shape()) + " " +
              std::string(name(types->result)) +
              llvm::formatv(", {0:f6} s", seconds).str() +
              (prepare ? llvm::formatv(" after {0:f6} s for what is constant",
                                       prepareSeconds)
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
