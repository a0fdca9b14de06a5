//===- OutputFiles.cpp - Whether a file may be written --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What conveinsum made is recognised by what it puts into every such file.
//
//===----------------------------------------------------------------------===//

#include "OutputFiles.h"
#include "conveinsum/Driver/Driver.h"
#include "conveinsum/Runtime/Npy.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// One spelling for all names of a file. It need not exist, nor need what a
/// link points at.
static std::string identityOf(StringRef file) {
  llvm::SmallString<128> real;
  if (!fs::real_path(file, real))
    return real.str().str();
  StringRef folder = path::parent_path(file);
  if (fs::real_path(folder.empty() ? "." : folder, real))
    return file.str();
  path::append(real, path::filename(file));
  return real.str().str();
}

bool command::checkIsNoInput(StringRef output, const Network &network,
                             const Arguments &arguments, ErrorFn onError) {
  if (output == "-")
    return true;
  std::vector<std::string> inputs;
  for (const std::string &array : network.inputs)
    inputs.push_back(fileOfArray(array));
  if (network.cotangent)
    inputs.push_back(fileOfArray(*network.cotangent));
  for (StringRef option : {"case", "batch", "target"})
    if (std::optional<StringRef> file = arguments.value(option))
      inputs.push_back(file->str());
  std::string written = identityOf(output);
  for (const std::string &input : inputs)
    if (fs::exists(input) && fs::is_regular_file(input) &&
        identityOf(input) == written)
      return refuse(onError, "expected an output that is none of the inputs, "
                             "got '" +
                                 output + "'");
  return true;
}

bool command::checkAreDistinct(llvm::ArrayRef<std::string> outputs,
                               ErrorFn onError) {
  std::map<std::string, std::string> seen;
  for (const std::string &output : outputs)
    if (auto [other, isNew] = seen.emplace(identityOf(output), output); !isNew)
      return refuse(onError, "expected outputs of their own, got '" +
                                 other->second + "' and '" + output + "'");
  return true;
}

/// Whether code exports a description of ours, `conveinsum_NAME_info`.
static bool isOurCode(StringRef contents) {
  StringRef prefix = kFunctionPrefix;
  for (size_t at = contents.find(prefix); at != StringRef::npos;
       at = contents.find(prefix, at + 1)) {
    StringRef symbol = contents.substr(at).take_while(
        [](char c) { return llvm::isAlnum(c) || c == '_'; });
    if (symbol.ends_with("_info"))
      return true;
  }
  return false;
}

bool command::checkReplaceable(StringRef file, FileKind kind,
                               const Arguments &arguments, ErrorFn onError) {
  std::string what = kind == FileKind::Header ? "a header" : "compiled code";
  std::string where = "'" + file.str() + "'";
  if (kind == FileKind::Header)
    where += ", where the header goes";
  fs::file_status status;
  if (std::error_code error = fs::status(file, status))
    return error == std::errc::no_such_file_or_directory ||
           refuse(onError, "cannot read " + where + ": " + error.message());
  if (status.type() != fs::file_type::regular_file)
    return refuse(onError, "expected " + what +
                               " of conveinsum or no file at " + where +
                               ", got no regular file");
  if (arguments.has("force") || status.getSize() == 0)
    return true;
  auto there = llvm::MemoryBuffer::getFile(file, /*IsText=*/false,
                                           /*RequiresNullTerminator=*/false);
  if (!there)
    return refuse(onError,
                  "cannot read " + where + ": " + there.getError().message());
  StringRef contents = (*there)->getBuffer();
  bool isOurs = kind == FileKind::Header ? contents.starts_with(kHeaderBanner)
                                         : isOurCode(contents);
  return isOurs ||
         refuse(onError, "expected " + what + " of conveinsum or no file at " +
                             where + ", got another file; --force replaces it");
}

static bool claim(std::map<std::string, uint64_t> &claims,
                  const std::string &key, uint64_t line,
                  const llvm::Twine &what, ErrorFn onError) {
  auto [found, isNew] = claims.emplace(key, line);
  return isNew || refuse(onError, "expected " + what + " again as in line " +
                                      llvm::Twine(found->second));
}

bool OutputClaims::claimFile(StringRef file, const Network &network,
                             ErrorFn onError) {
  return claim(files, identityOf(file), network.line,
               "an output of its own, got '" + file + "'", onError);
}

bool OutputClaims::claimSymbol(StringRef symbol, const Network &network,
                               ErrorFn onError) {
  // Macros are the same in capitals.
  return claim(symbols, symbol.upper(), network.line,
               "a name of its own, got the functions '" + symbol + "'",
               onError);
}
