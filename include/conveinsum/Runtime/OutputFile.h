//===- OutputFile.h - Files that are complete or absent ---------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Output goes to a temporary name beside the target and is renamed when it is
// complete. An error, the end of the object's life or an interrupt removes the
// temporary file; what stood under the target's name before stays as it was.
// Devices and pipes are written to directly.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_RUNTIME_OUTPUTFILE_H
#define CONVEINSUM_RUNTIME_OUTPUTFILE_H

#include "conveinsum/Runtime/Fallible.h"
#include <cstddef>
#include <cstdint>

namespace conveinsum {

class OutputFile {
public:
  /// Opens a temporary file beside `path`; `suffix` ends its name, for programs
  /// that look at it.
  static Fallible<OutputFile> create(const std::string &path,
                                     const std::string &suffix = "");

  /// Standard output, which is written to directly.
  static Fallible<OutputFile> standardOutput();

  OutputFile(OutputFile &&other) noexcept;
  OutputFile &operator=(OutputFile &&other) = delete;
  ~OutputFile();

  Status write(const void *data, uint64_t bytes);
  /// Ends writing, so that many files may wait for their names.
  Status close();
  /// Closes the file and gives it its name. The only way to keep it.
  Status commit();
  /// Where the bytes go until `commit`; another program may write them.
  const std::string &temporaryPath() const { return temporary; }

private:
  OutputFile() = default;
  void discard();

  std::string target;    // after symbolic links
  std::string temporary; // equal to `target` for devices and pipes
  int descriptor = -1;
  int slot = -1; // in the list that the signal handler reads
};

/// Creates `path` with the given contents, complete or not at all.
Status writeFile(const std::string &path, const void *data, uint64_t bytes);

/// Registers a temporary file for removal on an interrupt. Returns -1 when
/// there is no room, which only means that an interrupt may leave the file
/// behind.
int protectTemporary(const std::string &path);
void releaseTemporary(int slot);

/// Makes SIGINT, SIGTERM and SIGHUP remove all temporary files, then end the
/// process as they would have. For programs, not for libraries.
void installInterruptHandler();

} // namespace conveinsum

#endif // CONVEINSUM_RUNTIME_OUTPUTFILE_H
