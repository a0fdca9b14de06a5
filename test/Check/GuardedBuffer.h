//===- GuardedBuffer.h - Memory that notices strangers ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A buffer with an inaccessible page on either side. Compiled code that reads
// or writes outside is stopped by the processor; what is written into the few
// bytes between the buffer and the pages is found by `isIntact`.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_CHECK_GUARDEDBUFFER_H
#define CONVEINSUM_TEST_CHECK_GUARDEDBUFFER_H

#include <cstddef>

namespace conveinsum::test {

class GuardedBuffer {
public:
  /// Which of the two inaccessible pages the buffer touches.
  enum class Side { Below, Above };

  /// `bytes` bytes, aligned to `alignment`, all of them `filling`. Ends the
  /// process if there is no memory.
  GuardedBuffer(size_t bytes, size_t alignment, Side side,
                unsigned char filling);
  ~GuardedBuffer();
  GuardedBuffer(const GuardedBuffer &) = delete;
  GuardedBuffer &operator=(const GuardedBuffer &) = delete;

  unsigned char *data() { return begin; }
  const unsigned char *data() const { return begin; }
  size_t size() const { return bytes; }

  /// Whether nothing was written between the buffer and the pages.
  bool isIntact() const;

private:
  unsigned char *mapping, *inner; ///< with, and without, the outer pages
  size_t mappingBytes, innerBytes;
  unsigned char *begin;
  size_t bytes;
};

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_CHECK_GUARDEDBUFFER_H
