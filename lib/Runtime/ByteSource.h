//===- ByteSource.h - Bytes in their order ----------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arrays come out of files, out of archives and through standard input. Whoever
// reads one sees bytes that come one after the other.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_RUNTIME_BYTESOURCE_H
#define CONVEINSUM_LIB_RUNTIME_BYTESOURCE_H

#include "conveinsum/Runtime/Fallible.h"
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace conveinsum {

class ByteSource {
public:
  virtual ~ByteSource();

  /// Reads the next bytes, up to so many; 0 at the end.
  virtual Fallible<uint64_t> readSome(void *to, uint64_t bytes) = 0;
  /// How many bytes are to come, where that is known.
  virtual std::optional<uint64_t> remaining() const = 0;
  /// Checks what can be checked only when everything was read.
  virtual Status checkEnd() = 0;

  /// Reads exactly so many bytes.
  Status read(void *to, uint64_t bytes);
};

/// A regular file that is open.
class InputFile {
public:
  static Fallible<std::shared_ptr<InputFile>> open(const std::string &path);
  InputFile(const InputFile &) = delete;
  ~InputFile();

  uint64_t bytes() const { return size; }
  /// Reads bytes at a place.
  Status read(uint64_t offset, void *to, uint64_t bytes) const;

private:
  InputFile() = default;
  int descriptor = -1;
  uint64_t size = 0;
};

/// A part of a file, which must lie within it.
std::unique_ptr<ByteSource> sourceOf(std::shared_ptr<InputFile> file,
                                     uint64_t offset, uint64_t bytes);
/// Standard input, whose length is not known.
std::unique_ptr<ByteSource> standardInput();
/// A pipe that has a name, such as a shell's `<(...)`; null for anything else.
/// One that nobody writes to is empty.
std::unique_ptr<ByteSource> openPipe(const std::string &path);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_RUNTIME_BYTESOURCE_H
