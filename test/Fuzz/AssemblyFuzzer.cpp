//===- AssemblyFuzzer.cpp - Modules as text, planned and lowered ----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An input is a module. What is read is printed, in our form and in the generic
// one, and as bytecode, and read again; what is small is planned, decomposed
// and lowered. Whatever fails says why.
//
// Einsums are written as text that is not ours, too: types, locations, ops of
// `func`. Bytes that reach no einsum teach nothing, so that inputs without one
// are passed over, and so are forms of the builtin dialect in which upstream's
// parser has asserts of its own.
//
//===----------------------------------------------------------------------===//

#include "ModuleFuzzer.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Pipelines/Pipelines.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

using namespace conveinsum;
using namespace conveinsum::test;

/// What a planner is asked for at all.
static constexpr unsigned kMostOperands = 8;
static constexpr unsigned kMostEinsums = 6;

static std::string print(mlir::ModuleOp module, bool generic) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  mlir::OpPrintingFlags flags;
  if (generic)
    flags.printGenericOpForm();
  module->print(stream, flags);
  return text;
}

static mlir::OwningOpRef<mlir::ModuleOp> parse(llvm::StringRef text,
                                               mlir::MLIRContext &context) {
  return mlir::parseSourceString<mlir::ModuleOp>(text,
                                                 mlir::ParserConfig(&context));
}

/// Whether MLIR's own parser is likely to be tested and not ours.
static bool isForUpstream(llvm::StringRef text) {
  for (llvm::StringRef form : {"dense", "affine", "{-#", "loc", "#loc",
                               "sparse", "opaque", "distinct", "\\", "strided"})
    if (text.contains(form))
      return true;
  return !text.contains("conveinsum.");
}

static bool isSmall(mlir::ModuleOp module) {
  unsigned einsums = 0;
  bool small = true;
  module.walk([&](EinsumOp op) {
    ++einsums;
    small &= op->getNumOperands() <= kMostOperands;
  });
  return small && einsums <= kMostEinsums;
}

/// What prints reads, and prints the same.
static void checkPrinting(mlir::ModuleOp module, mlir::MLIRContext &context) {
  std::string pretty = print(module, false);
  for (bool generic : {false, true}) {
    std::string text = print(module, generic);
    mlir::OwningOpRef<mlir::ModuleOp> again = parse(text, context);
    require(bool(again), "what is printed is read: " + text);
    require(print(*again, false) == pretty,
            "what is read prints the same: " + text);
  }
  std::string bytes;
  llvm::raw_string_ostream stream(bytes);
  require(mlir::succeeded(mlir::writeBytecodeToFile(module, stream)),
          "a module becomes bytecode: " + pretty);
  mlir::OwningOpRef<mlir::ModuleOp> again = parse(bytes, context);
  require(again && print(*again, false) == pretty,
          "bytecode is read as it is written: " + pretty);
  require(FuzzContext::errors() == 0, "success says no error");
}

static void lower(mlir::ModuleOp module, mlir::MLIRContext &context) {
  for (Stage last : {Stage::Planned, Stage::Steps, Stage::Lowered}) {
    mlir::OwningOpRef<mlir::ModuleOp> copy(module.clone());
    mlir::PassManager passes(&context);
    buildToLinalgPipeline(passes, {}, last);
    FuzzContext::forgetErrors();
    bool lowered = mlir::succeeded(passes.run(*copy));
    require(lowered == (FuzzContext::errors() == 0),
            lowered ? "success says no error" : "a failure says why");
    if (!lowered)
      return;
    FuzzContext::forgetErrors();
    checkPrinting(*copy, context);
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  llvm::StringRef text(reinterpret_cast<const char *>(data), size);
  if (isForUpstream(text))
    return 0;
  mlir::MLIRContext &context = FuzzContext::next();
  // The parser wants a zero behind it.
  std::string terminated = text.str();
  mlir::OwningOpRef<mlir::ModuleOp> module = parse(terminated, context);
  // Upstream's parser may take a module and complain of the word behind it.
  require(module || FuzzContext::errors() > 0, "a failure says why");
  if (!module)
    return 0;
  FuzzContext::forgetErrors();
  checkPrinting(*module, context);
  if (isSmall(*module))
    lower(*module, context);
  return 0;
}
