//===- TextFile.h - Text of limited size ------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files that people name may be endless (/dev/zero), folders, pipes, or gone.
// They are read piece by piece up to a limit, never by the size that they
// claim.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_RUNTIME_TEXTFILE_H
#define CONVEINSUM_RUNTIME_TEXTFILE_H

#include "conveinsum/Runtime/Fallible.h"
#include <cstddef>
#include <cstdint>
#include <optional>

namespace conveinsum {

/// Far above what any network needs, far below what could hurt.
constexpr uint64_t kMaxTextBytes = uint64_t(64) << 20;

/// A file, or standard input for `-`, that is read from its beginning.
class TextReader {
public:
  static Fallible<TextReader> open(const std::string &path);
  TextReader(TextReader &&other) noexcept;
  TextReader &operator=(TextReader &&other) = delete;
  ~TextReader();

  /// All that is left; more than kMaxTextBytes is refused.
  Fallible<std::string> readAll();

  /// A line without its newline.
  struct Line {
    std::string text;
    /// Whether it was longer than kMaxTextBytes; `text` is empty then.
    bool isTooLong = false;
  };
  /// The next line, or nothing at the end. A line that is too long is passed
  /// over, unless it does not seem to end at all: that is a failure.
  Fallible<std::optional<Line>> readLine();

private:
  TextReader() = default;
  /// Reads what comes next into `buffer`; false at the end.
  Fallible<bool> fill();
  Failure fail(const std::string &reason) const;

  std::string path;
  int descriptor = -1;
  bool isOurs = false; ///< standard input is not
  std::string buffer;
  size_t next = 0; ///< the first byte of the buffer that was not taken
};

/// The text of a file, or of standard input for `-`.
Fallible<std::string> readTextFile(const std::string &path);

} // namespace conveinsum

#endif // CONVEINSUM_RUNTIME_TEXTFILE_H
