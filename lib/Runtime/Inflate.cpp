//===- Inflate.cpp - Deflated bytes ---------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See the header.
//
//===----------------------------------------------------------------------===//

#include "Inflate.h"
#include <algorithm>
#include <cassert>
#include <limits>

using namespace conveinsum;

static constexpr size_t kInputBytes = 1 << 16;

static Failure malformed(const std::string &reason) {
  return Failure{"malformed deflated data: " + reason};
}

Inflater::Inflater(std::unique_ptr<ByteSource> source)
    : source(std::move(source)), input(kInputBytes) {
  // Archives have neither the header nor the checksum of zlib's own format.
  [[maybe_unused]] int code = inflateInit2(&stream, -MAX_WBITS);
  assert(code == Z_OK && "zlib has no memory, or is another version");
}

Inflater::~Inflater() { inflateEnd(&stream); }

Fallible<uint64_t> Inflater::readSome(void *to, uint64_t bytes) {
  stream.next_out = static_cast<uint8_t *>(to);
  uint64_t wanted = std::min<uint64_t>(bytes, std::numeric_limits<uInt>::max());
  stream.avail_out = uInt(wanted);
  while (stream.avail_out > 0 && !isAtEnd) {
    if (stream.avail_in == 0) {
      Fallible<uint64_t> got = source->readSome(input.data(), input.size());
      if (!got)
        return got.failure();
      stream.next_in = input.data();
      stream.avail_in = uInt(*got);
    }
    switch (inflate(&stream, Z_NO_FLUSH)) {
    case Z_OK:
      break;
    case Z_STREAM_END:
      isAtEnd = true;
      break;
    case Z_BUF_ERROR: // Nothing came, and nothing was left.
      return malformed("it ends too early");
    case Z_MEM_ERROR:
      return Failure{"out of memory"};
    default:
      return malformed(stream.msg ? stream.msg : "it is no such data");
    }
  }
  return wanted - stream.avail_out;
}

Status Inflater::checkEnd() {
  uint8_t more;
  Fallible<uint64_t> got = readSome(&more, 1);
  if (!got)
    return got.failure();
  if (*got > 0)
    return malformed("it does not end where it should");
  Fallible<uint64_t> rest = source->readSome(&more, 1);
  if (!rest)
    return rest.failure();
  if (stream.avail_in > 0 || *rest > 0)
    return malformed("bytes behind its end");
  return Done();
}
