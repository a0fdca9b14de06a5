//===- Library.cpp - Shared libraries -------------------------------------===//
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
    return refuse(onError, "cannot create a temporary file");
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
  return code == 0 ||
         refuse(onError,
                "'" + program + "' cannot link the library: " + message);
}

bool conveinsum::linkLibrary(const ObjectCode &object, bool threads,
                             StringRef path, ErrorFn onError) {
  std::optional<std::string> driver = findCompilerDriver();
  if (!driver)
    return refuse(onError, "cannot link a shared library: none of the compiler "
                           "drivers cc, clang, gcc is on the path");
  Fallible<OutputFile> library = OutputFile::create(path.str(), ".so");
  if (!library)
    return refuse(onError, library.message());
  Fallible<OutputFile> input = OutputFile::create(path.str() + ".o", ".o");
  if (!input)
    return refuse(onError, input.message());
  if (Status written = input->write(object.bytes.data(), object.bytes.size());
      !written)
    return refuse(onError, written.message());

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
  return committed || refuse(onError, committed.message());
}

std::string conveinsum::sanitizeIdentifier(StringRef name) {
  std::string identifier;
  for (char c : name)
    identifier += llvm::isAlnum(c) ? c : '_';
  if (identifier.empty() || llvm::isDigit(identifier.front()))
    identifier.insert(0, "_");
  return identifier;
}
