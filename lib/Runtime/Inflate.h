//===- Inflate.h - Deflated bytes -------------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What compressed archives hold, decoded by zlib as it is read: never more than
// a window of 32 KiB, whatever the data say that they become.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_RUNTIME_INFLATE_H
#define CONVEINSUM_LIB_RUNTIME_INFLATE_H

#include "ByteSource.h"
#include <vector>
#include <zlib.h>

namespace conveinsum {

class Inflater : public ByteSource {
public:
  explicit Inflater(std::unique_ptr<ByteSource> source);
  Inflater(const Inflater &) = delete;
  ~Inflater() override;

  Fallible<uint64_t> readSome(void *to, uint64_t bytes) override;
  std::optional<uint64_t> remaining() const override { return std::nullopt; }
  /// The stream and its source end here.
  Status checkEnd() override;

private:
  std::unique_ptr<ByteSource> source;
  std::vector<uint8_t> input;
  z_stream stream{};
  bool isAtEnd = false;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_RUNTIME_INFLATE_H
