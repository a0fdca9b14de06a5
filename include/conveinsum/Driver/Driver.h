//===- Driver.h - From equations and modules to code ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The compiler as a library. Equations become a module, the module goes through
// the stages, and out comes IR, an object, a shared library, or functions in
// this process:
//
//     Driver driver(options);
//     auto module = driver.buildModule({spec}, onError);
//     auto code = driver.compile(*module, onError);
//     const CompiledFunction *f = code->find(spec.name);
//     f->invoke(inputs, output, workspace);   // workspace: f->workspaceBytes()
//
// Identical steps, wherever they stand in a module, are compiled once. Compiled
// functions allocate nothing; what they need is known before they run.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_DRIVER_DRIVER_H
#define CONVEINSUM_DRIVER_DRIVER_H

#include "conveinsum/Target/CpuTarget.h"
#include "conveinsum/Runtime/ElementType.h"
#include "conveinsum/Plan/Tree/ContractionTree.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <memory>

namespace conveinsum {

/// How hard LLVM works on the code that the stages before it made.
enum class OptLevel : uint8_t { O0, O1, O2 };

struct DriverOptions {
  /// The CPU to compile for.
  CpuTarget target = CpuTarget::host();
  /// Above 1, large loops run on OpenMP threads.
  unsigned threads = 1;
  OptLevel optLevel = OptLevel::O2;
  /// Without it all code is scalar, which compiles fastest.
  bool vectorize = true;
  /// Iterations below which an op stays scalar loops; 0 tiles everything.
  int64_t minVectorWork = 2048;
  /// Iterations from which an op is worth the start of threads, at least 1.
  int64_t parallelWork = 1 << 20;
};

/// One function to be compiled: an equation with element types, and the order of
/// its steps, which an equation of more than two operands needs.
struct FunctionSpec {
  std::string name;
  Equation equation;
  llvm::SmallVector<ElementType, 4> operandTypes;
  ElementType resultType;
  std::optional<ContractionTree> tree;

  /// Equal for specs of at most two operands that compute the same, whatever
  /// their names and labels.
  std::string stepKey() const;
};

/// The stages at which a module can be looked at.
enum class EmitStage : uint8_t { Imported, Planned, Steps, Linalg, LLVM };
/// `imported`, `planned`, `steps`, `linalg`, `llvm`; nothing for other words.
std::optional<EmitStage> parseEmitStage(llvm::StringRef word);

/// A function in this process, `void f(const T *in0, ..., R *out, void *ws)`.
class CompiledFunction {
public:
  using Entry = void (*)(const void *const *arguments);

  CompiledFunction() = default;
  CompiledFunction(Entry entry, uint64_t workspace)
      : entry(entry), workspace(workspace) {}

  uint64_t workspaceBytes() const { return workspace; }
  /// Buffers are row-major and dense; `output` and `workspace` are aligned to 64
  /// bytes and overlap nothing else.
  void invoke(llvm::ArrayRef<const void *> inputs, void *output,
              void *workspace) const;

private:
  Entry entry = nullptr;
  uint64_t workspace = 0;
};

/// Functions in this process and the memory they live in.
class CompiledModule {
public:
  virtual ~CompiledModule();
  /// Null if the module exports no function of that name.
  virtual const CompiledFunction *find(llvm::StringRef name) const = 0;
  /// Bytes of machine code and its data.
  virtual uint64_t codeBytes() const = 0;
};

/// An object file in memory.
struct ObjectCode {
  llvm::SmallVector<char, 0> bytes;
  /// Name and workspace of every exported function, in the module's order.
  std::vector<std::pair<std::string, uint64_t>> functions;
};

class Driver {
public:
  explicit Driver(DriverOptions options = {});
  ~Driver();

  const DriverOptions &options() const { return driverOptions; }
  mlir::MLIRContext &context() { return *mlirContext; }

  /// A module at stage imported: one function with one `conveinsum.einsum` for
  /// each spec. Trees are attached at once if `withPlans`.
  mlir::OwningOpRef<mlir::ModuleOp>
  buildModule(llvm::ArrayRef<FunctionSpec> specs, bool withPlans, ErrorFn onError);

  /// Takes a module from stage imported, or planned, to `stage`.
  bool runTo(mlir::ModuleOp module, EmitStage stage, ErrorFn onError);

  /// Takes a module from stage imported or planned to machine code. Public
  /// functions are exported; `withEntries` adds those that `compile` calls.
  std::optional<ObjectCode> emitObject(mlir::ModuleOp module, bool withEntries,
                                       ErrorFn onError);

  /// `emitObject`, loaded into this process.
  std::unique_ptr<CompiledModule> compile(mlir::ModuleOp module, ErrorFn onError);

private:
  DriverOptions driverOptions;
  std::unique_ptr<mlir::MLIRContext> mlirContext;
};

/// Address space of the stack of each thread but the first.
constexpr uint64_t kThreadStackBytes = 1 << 20;

/// How many threads functions compiled with threads use from now on.
void setThreads(unsigned threads);

/// Links an object into a shared library at `path` with the system's compiler
/// driver, complete or not at all. `threads` says whether it calls OpenMP.
bool linkLibrary(const ObjectCode &object, bool threads, llvm::StringRef path,
                 ErrorFn onError);

/// The C header of the one function that a library exports.
std::string libraryHeader(const FunctionSpec &spec, llvm::StringRef text,
                          uint64_t workspaceBytes, const DriverOptions &options);

/// `name` as a C identifier.
std::string sanitizeIdentifier(llvm::StringRef name);

} // namespace conveinsum

#endif // CONVEINSUM_DRIVER_DRIVER_H
