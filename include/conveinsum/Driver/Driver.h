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
// A network with constant operands becomes two functions, `NAME_prepare` and
// `NAME`; with gradients, `NAME_forward` and `NAME_backward` stand in the place
// of `NAME` (FunctionInfo.h). What a module needs is known before there is
// code:
//
//     auto object = driver.lower(*module, onError);   // object->functions
//     driver.finish(*module, *object, withEntries, onError);
//
// Identical steps, wherever they stand in a module, are compiled once. Compiled
// functions allocate nothing; what they need is known before they run.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_DRIVER_DRIVER_H
#define CONVEINSUM_DRIVER_DRIVER_H

#include "conveinsum/Driver/FunctionInfo.h"
#include "conveinsum/Plan/Tree/Plan.h"
#include "conveinsum/Target/Machine.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <functional>
#include <memory>

namespace mlir {
class OpPassManager;
class PassManager;
} // namespace mlir

namespace conveinsum {

/// How hard LLVM works on the code that the stages before it made.
enum class OptLevel : uint8_t { O0, O1, O2 };

struct DriverOptions {
  /// The CPU to compile for.
  Machine target = Machine::host();
  /// Above 1, large loops run on OpenMP threads.
  unsigned threads = 1;
  OptLevel optLevel = OptLevel::O2;
  /// Without it all code is scalar, which compiles fastest.
  bool vectorize = true;
  /// Iterations below which an op stays scalar loops; 0 tiles everything.
  int64_t minVectorWork = 2048;
  /// Iterations from which an op is worth the start of threads, at least 1.
  int64_t parallelWork = 1 << 20;
  /// Called with every pass manager before it runs: for timing, IR printing and
  /// other instrumentations.
  std::function<void(mlir::PassManager &)> onPassManager;
};

/// One network to be compiled: an equation with element types, and a plan,
/// which an equation of more than two operands needs.
struct FunctionSpec {
  std::string name;
  Equation equation;
  llvm::SmallVector<ElementType, 4> operandTypes;
  ElementType resultType;
  std::optional<Plan> plan = {};
  /// Operands that are the same in every call, ascending.
  llvm::SmallVector<unsigned, 4> constants = {};
  /// Operands that need a gradient, ascending.
  llvm::SmallVector<unsigned, 4> gradients = {};
  /// What else is asked of the planner: attributes of PlanWords.h and their
  /// texts.
  std::vector<std::pair<std::string, std::string>> requests = {};

  /// Equal for specs of at most two operands that compute the same, whatever
  /// their names and labels.
  std::string stepKey() const;
};

/// The stages at which a module can be looked at.
enum class EmitStage : uint8_t { Imported, Planned, Steps, Linalg, LLVM };
/// `imported`, `planned`, `steps`, `linalg`, `llvm`; nothing for other words.
std::optional<EmitStage> parseEmitStage(llvm::StringRef word);

/// Buffers for the functions of one network. Those that a function does not
/// take may be left out.
struct CallBuffers {
  llvm::SmallVector<const void *, 8> operands; ///< all of the network's
  void *out = nullptr;
  void *kept = nullptr;
  const void *cotangent = nullptr;
  /// By operand of the network.
  llvm::SmallVector<void *, 8> gradients;
  void *prepared = nullptr;
  void *workspace = nullptr;
};

/// A function in this process.
class CompiledFunction {
public:
  using Entry = void (*)(const void *const *arguments);

  CompiledFunction() = default;
  CompiledFunction(Entry entry, FunctionInfo info)
      : entry(entry), description(std::move(info)) {}

  const FunctionInfo &info() const { return description; }
  uint64_t workspaceBytes() const { return description.workspaceBytes(); }

  /// Calls the function with a buffer for each of its arguments. All are
  /// row-major and dense, and all but operands are aligned to 64 bytes; what is
  /// written overlaps nothing else.
  void call(llvm::ArrayRef<const void *> arguments) const;
  /// The same with the buffers that its arguments ask for by their roles.
  void invoke(const CallBuffers &buffers) const;
  /// The same for a function `void f(const T *in0, ..., R *out, void
  /// *workspace)`.
  void invoke(llvm::ArrayRef<const void *> inputs, void *output,
              void *workspace) const;

private:
  Entry entry = nullptr;
  FunctionInfo description;
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
  /// Empty until the object is finished.
  llvm::SmallVector<char, 0> bytes;
  /// Every exported function, in the module's order.
  std::vector<FunctionInfo> functions;
  /// Exported strings, `const char NAME[]`: name and text.
  std::vector<std::pair<std::string, std::string>> strings;
};

class Driver {
public:
  explicit Driver(DriverOptions options = {});
  ~Driver();

  const DriverOptions &options() const { return driverOptions; }
  mlir::MLIRContext &context() { return *mlirContext; }

  /// A module at stage imported: one function with one `conveinsum.einsum` for
  /// each spec, with the plan that the spec has.
  mlir::OwningOpRef<mlir::ModuleOp>
  buildModule(llvm::ArrayRef<FunctionSpec> specs, ErrorFn onError);

  /// Takes a module from stage imported, or planned, to `stage`.
  bool runTo(mlir::ModuleOp module, EmitStage stage, ErrorFn onError);

  /// Takes a module from stage imported or planned to loops on buffers. All is
  /// known then of its functions but their code, which `finish` adds.
  std::optional<ObjectCode> lower(mlir::ModuleOp module, ErrorFn onError);
  /// Takes a module from there to machine code. Public functions are exported;
  /// `withEntries` adds instead what `load` calls.
  bool finish(mlir::ModuleOp module, ObjectCode &object, bool withEntries,
              ErrorFn onError);
  /// Both of the above.
  std::optional<ObjectCode> emitObject(mlir::ModuleOp module, bool withEntries,
                                       ErrorFn onError);

  /// An object with entries, loaded into this process.
  std::unique_ptr<CompiledModule> load(ObjectCode object, ErrorFn onError);
  /// `emitObject` and `load`.
  std::unique_ptr<CompiledModule> compile(mlir::ModuleOp module,
                                          ErrorFn onError);

private:
  DriverOptions driverOptions;
  std::unique_ptr<mlir::MLIRContext> mlirContext;
};

/// The passes that take a module from stage imported or planned to `stage`, for
/// callers that run them on a pass manager of their own.
void buildDriverPipeline(mlir::OpPassManager &pm, const DriverOptions &options,
                         EmitStage stage);

/// Address space of the stack of each thread but the first.
constexpr uint64_t kThreadStackBytes = 1 << 20;

/// How many threads functions compiled with threads use from now on.
void setThreads(unsigned threads);

/// Links an object into a shared library at `path` with the system's compiler
/// driver, complete or not at all. `threads` says whether it calls OpenMP.
bool linkLibrary(const ObjectCode &object, bool threads, llvm::StringRef path,
                 ErrorFn onError);

/// What headers begin with that the compiler made.
constexpr llvm::StringLiteral kHeaderBanner = "/* Generated by conveinsum.";

/// The C header of the functions of one network. `text` is its equation as it
/// was written; `linking` says in a sentence how a program gets the code.
std::string cHeader(const FunctionSpec &spec, llvm::StringRef text,
                    llvm::ArrayRef<FunctionInfo> functions,
                    const DriverOptions &options, llvm::StringRef linking);

/// The same as one JSON object for programs that read no header, which objects
/// hold as the string `infoSymbol(spec)`.
std::string infoText(const FunctionSpec &spec, llvm::StringRef text,
                     llvm::ArrayRef<FunctionInfo> functions,
                     const DriverOptions &options);
/// `conveinsum_NAME_info`.
std::string infoSymbol(const FunctionSpec &spec);

/// What functions of networks are called: this and a name.
constexpr llvm::StringLiteral kFunctionPrefix = "conveinsum_";

/// `name` as a C identifier.
std::string sanitizeIdentifier(llvm::StringRef name);

} // namespace conveinsum

#endif // CONVEINSUM_DRIVER_DRIVER_H
