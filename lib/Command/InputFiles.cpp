//===- InputFiles.cpp - Operands from files -------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is said of one file names its operand, so that a diagnostic points at it
// in the equation.
//
//===----------------------------------------------------------------------===//

#include "InputFiles.h"
#include "Compiling.h"

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

/// Reports a fault of an operand's file, or of the cotangent's.
static bool refuseFile(std::optional<unsigned> operand,
                       const llvm::Twine &message, ErrorFn onError) {
  Fault fault;
  fault.message = message.str();
  fault.operand = operand;
  onError(fault);
  return false;
}

/// Standard input is one array, or one case, or one batch.
static bool checkStandardInput(const Network &network,
                               const Arguments &arguments, ErrorFn onError) {
  std::optional<std::string> reader;
  auto claim = [&](std::optional<unsigned> operand) {
    std::string other =
        operand ? "operand " + std::to_string(*operand) : "the cotangent";
    for (StringRef option : {"case", "batch"})
      if (arguments.value(option) == StringRef("-"))
        reader = ("--" + option + "=-").str();
    if (reader)
      return refuseFile(operand,
                        "expected one reader of standard input, got " +
                            *reader + " and " + other,
                        onError);
    reader = other;
    return true;
  };
  for (auto [operand, path] : llvm::enumerate(network.inputs))
    if (path == "-" && !claim(operand))
      return false;
  return network.cotangent != "-" || claim(std::nullopt);
}

/// Files of numbers that are no elements are read on request only.
static bool checkStoredType(const NpyReader &file, StringRef path,
                            std::optional<ElementType> dtype,
                            std::optional<unsigned> operand, ErrorFn onError) {
  StoredType type = file.header().type;
  if (!dtype && !type.isElement())
    return refuseFile(operand,
                      "expected --dtype=TYPE, the element type to read entries "
                      "of " +
                          name(type) + " as, in '" + path + "', got none",
                      onError);
  if (dtype && !isConvertible(type, *dtype))
    return refuseFile(operand,
                      "expected complex elements to read entries of " +
                          name(type) + " as, got " + std::string(name(*dtype)),
                      onError);
  return true;
}

//===----------------------------------------------------------------------===//
// Headers
//===----------------------------------------------------------------------===//

bool InputFiles::openOperands(const Network &network, ErrorFn onError) {
  std::vector<Shape> shapes;
  llvm::SmallVector<ElementType> fileTypes;
  for (auto [operand, path] : llvm::enumerate(network.inputs)) {
    Fallible<NpyReader> file = NpyReader::open(path);
    if (!file)
      return refuseFile(operand, file.message(), onError);
    const NpyHeader &header = file->header();
    shapes.emplace_back(header.shape.begin(), header.shape.end());
    fileTypes.push_back(header.type.element);
    files.push_back(std::move(*file));
  }
  resolved = network.problem.resolve(shapes, onError);
  if (!resolved)
    return false;
  for (auto [operand, file] : llvm::enumerate(files))
    if (!checkStoredType(file, network.inputs[operand], network.dtype, operand,
                         onError))
      return false;
  if (!network.dtype && !verifyElementTypes(fileTypes, std::nullopt, onError))
    return false;
  std::optional<ElementTypes> types =
      resultTypes(network, network.dtype.value_or(fileTypes.front()), onError);
  if (types)
    elementTypes = *types;
  return types.has_value();
}

bool InputFiles::openCotangent(const Network &network, ErrorFn onError) {
  if (!network.cotangent)
    return true;
  Fallible<NpyReader> file = NpyReader::open(*network.cotangent);
  if (!file)
    return refuse(onError, "the cotangent: " + file.message());
  const NpyHeader &header = file->header();
  Shape shape = resolved->resultShape();
  std::vector<int64_t> extents(shape.begin(), shape.end());
  if (header.shape != extents)
    return refuse(onError, "expected the cotangent to have the shape of the "
                           "result, " +
                               shapeText(extents) + ", got " +
                               shapeText(header.shape) + " in '" +
                               *network.cotangent + "'");
  ElementType type = elementTypes.result;
  std::optional<ElementType> converted;
  if (network.dtype)
    converted = type;
  if (!checkStoredType(*file, *network.cotangent, converted, std::nullopt,
                       onError))
    return false;
  if (!network.dtype && header.type.element != type)
    return refuse(onError, "expected the cotangent to have the type of the "
                           "result, " +
                               std::string(name(type)) + ", got " +
                               name(header.type) + " in '" +
                               *network.cotangent + "'");
  cotangent = std::move(*file);
  return true;
}

std::optional<InputFiles> InputFiles::open(const Network &network,
                                           const Arguments &arguments,
                                           ErrorFn onError) {
  if (network.inputs.empty()) {
    refuse(onError, "expected one .npy file for each operand, got none");
    return std::nullopt;
  }
  InputFiles inputs;
  if (!checkStandardInput(network, arguments, onError) ||
      !inputs.openOperands(network, onError) ||
      !inputs.openCotangent(network, onError))
    return std::nullopt;
  return inputs;
}

std::string InputFiles::storedTypes() const {
  std::string list;
  for (const NpyReader &file : files) {
    std::string word = name(file.header().type);
    if ((", " + list + ",").find(", " + word + ",") == std::string::npos)
      list += (list.empty() ? "" : ", ") + word;
  }
  return list;
}

std::string InputFiles::cotangentType() const {
  return cotangent ? name(cotangent->header().type) : "";
}

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

std::optional<std::vector<Tensor>> InputFiles::readOperands(ErrorFn onError) {
  std::vector<Tensor> operands;
  for (NpyReader &file : files) {
    Fallible<Tensor> tensor = file.read(elementTypes.operand);
    if (!tensor) {
      refuseFile(operands.size(), tensor.message(), onError);
      return std::nullopt;
    }
    operands.push_back(std::move(*tensor));
  }
  return operands;
}

std::optional<Tensor> InputFiles::readCotangent(ErrorFn onError) {
  if (cotangent) {
    Fallible<Tensor> tensor = cotangent->read(elementTypes.result);
    if (tensor)
      return std::move(*tensor);
    refuse(onError, "the cotangent: " + tensor.message());
    return std::nullopt;
  }
  std::optional<Tensor> ones =
      allocateTensor(elementTypes.result, resolved->resultShape(), onError);
  if (ones)
    for (uint64_t i = 0; i < ones->elements(); ++i)
      ones->setFloating(i, 1);
  return ones;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Count command::tensorBytes(llvm::ArrayRef<int64_t> shape, ElementType type) {
  Count bytes = byteSize(type);
  for (int64_t extent : shape)
    bytes *= Count(extent);
  return bytes;
}

void command::addOutputNeed(llvm::ArrayRef<int64_t> shape, ElementType type,
                            MemoryNeed &need) {
  // It is written as f32.
  if (type == ElementType::BF16)
    need.add("output", 2 * tensorBytes(shape, type));
}
