//===- Library.cpp - Shared libraries and their headers -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Linking is left to the system's compiler driver, which knows its libraries.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Driver/Driver.h"
#include "conveinsum/Runtime/OutputFile.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include <dlfcn.h>

using namespace conveinsum;
using llvm::StringRef;

extern "C" void omp_set_num_threads(int);

static bool fail(ErrorFn onError, const llvm::Twine &message) {
  Diagnostic diagnostic;
  diagnostic.message = message.str();
  onError(diagnostic);
  return false;
}

/// The first compiler driver on the path.
static std::optional<std::string> findCompilerDriver() {
  for (StringRef name : {"cc", "clang", "gcc", "clang-22"})
    if (llvm::ErrorOr<std::string> path = llvm::sys::findProgramByName(name))
      return *path;
  return std::nullopt;
}

/// The OpenMP library that this process uses.
static std::string openMPLibrary() {
  Dl_info info;
  if (dladdr(reinterpret_cast<void *>(&omp_set_num_threads), &info) &&
      info.dli_fname)
    return info.dli_fname;
  return "-lomp";
}

/// Runs a program; its standard error becomes part of the diagnostic.
static bool runProgram(const std::string &program,
                       llvm::ArrayRef<std::string> arguments, ErrorFn onError) {
  llvm::SmallVector<StringRef> words{program};
  for (const std::string &argument : arguments)
    words.push_back(argument);
  llvm::SmallString<128> log;
  if (llvm::sys::fs::createTemporaryFile("conveinsum", "log", log))
    return fail(onError, "cannot create a temporary file");
  int slot = protectTemporary(log.str().str());
  std::optional<StringRef> redirects[] = {StringRef(""), StringRef(log),
                                          StringRef(log)};
  std::string message;
  int code = llvm::sys::ExecuteAndWait(program, words, std::nullopt, redirects,
                                       0, 0, &message);
  if (code != 0)
    if (auto text = llvm::MemoryBuffer::getFile(log))
      message += (*text)->getBuffer().trim().str();
  llvm::sys::fs::remove(log);
  releaseTemporary(slot);
  return code == 0 || fail(onError, "'" + program +
                                        "' cannot link the library: " + message);
}

bool conveinsum::linkLibrary(const ObjectCode &object, bool threads,
                             StringRef path, ErrorFn onError) {
  std::optional<std::string> driver = findCompilerDriver();
  if (!driver)
    return fail(onError, "cannot link a shared library: none of the compiler "
                         "drivers cc, clang, gcc is on the path");
  Fallible<OutputFile> library = OutputFile::create(path.str(), ".so");
  if (!library)
    return fail(onError, library.message());
  Fallible<OutputFile> input = OutputFile::create(path.str() + ".o", ".o");
  if (!input)
    return fail(onError, input.message());
  if (Status written = input->write(object.bytes.data(), object.bytes.size());
      !written)
    return fail(onError, written.message());

  std::string name = path.rsplit('/').second.empty()
                         ? path.str()
                         : path.rsplit('/').second.str();
  std::vector<std::string> arguments{"-shared", "-o", library->temporaryPath(),
                                     input->temporaryPath(),
                                     "-Wl,-soname," + name};
  if (threads)
    arguments.push_back(openMPLibrary());
  arguments.push_back("-lm");
  if (!runProgram(*driver, arguments, onError))
    return false;
  Status committed = library->commit();
  return committed || fail(onError, committed.message());
}

std::string conveinsum::sanitizeIdentifier(StringRef name) {
  std::string identifier;
  for (char c : name)
    identifier += llvm::isAlnum(c) ? c : '_';
  if (identifier.empty() || llvm::isDigit(identifier.front()))
    identifier.insert(0, "_");
  return identifier;
}

//===----------------------------------------------------------------------===//
// The header
//===----------------------------------------------------------------------===//

/// The C type of one entry; the 16-bit floats are passed as their bits.
static StringRef cType(ElementType type) {
  switch (type) {
  case ElementType::F64:
    return "double";
  case ElementType::F32:
    return "float";
  case ElementType::F16:
  case ElementType::BF16:
    return "uint16_t";
  case ElementType::C64:
    return "float";
  case ElementType::C128:
    return "double";
  case ElementType::I8:
    return "int8_t";
  case ElementType::I16:
    return "int16_t";
  case ElementType::I32:
    return "int32_t";
  case ElementType::I64:
    return "int64_t";
  }
  return "void";
}

static std::string describeTensor(llvm::ArrayRef<int64_t> shape,
                                  ElementType type) {
  std::string text = "[";
  for (auto [index, extent] : llvm::enumerate(shape))
    text += (index ? "][" : "") + std::to_string(extent);
  text = (shape.empty() ? "scalar" : text + "]") + " of " +
         std::string(name(type));
  if (isComplex(type))
    text += " (pairs: real, imaginary)";
  if (type == ElementType::F16 || type == ElementType::BF16)
    text += " (as bits)";
  return text;
}

std::string conveinsum::libraryHeader(const FunctionSpec &spec, StringRef text,
                                      uint64_t workspaceBytes,
                                      const DriverOptions &options) {
  std::string guard = StringRef(spec.name).upper() + "_H";
  std::string macro = StringRef(spec.name).upper() + "_WORKSPACE_BYTES";
  std::string header;
  llvm::raw_string_ostream os(header);
  os << "/* Generated by conveinsum.\n *\n *   " << text << "\n *\n";
  for (unsigned k = 0; k < spec.equation.numOperands(); ++k)
    os << " * in" << k << ": "
       << describeTensor(spec.equation.operandShape(k), spec.operandTypes[k])
       << '\n';
  os << " * out: " << describeTensor(spec.equation.resultShape(), spec.resultType)
     << "\n *\n"
     << " * All tensors are row-major and dense. out and workspace are aligned to "
        "64\n * bytes and overlap no other argument. workspace has at least\n * "
     << macro
     << " bytes, and may be null if that is 0.\n * Nothing is allocated. Code for "
     << options.target.triple << ", " << options.target.cpu
     << (options.threads > 1 ? ";\n * runs on the threads of OpenMP." : ".")
     << "\n */\n";
  os << "#ifndef " << guard << "\n#define " << guard
     << "\n\n#include <stdint.h>\n\n#define " << macro << ' ' << workspaceBytes
     << "\n\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\nvoid " << spec.name
     << '(';
  for (unsigned k = 0; k < spec.equation.numOperands(); ++k)
    os << "const " << cType(spec.operandTypes[k]) << " *in" << k << ", ";
  os << cType(spec.resultType) << " *out, void *workspace);\n\n"
     << "#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << guard << " */\n";
  return header;
}
