//===- GuardedBuffer.cpp - Memory that notices strangers ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     | no access | unused ... | the buffer | unused | no access |
//
// where one of the two unused parts is empty, or shorter than the alignment.
//
//===----------------------------------------------------------------------===//

#include "GuardedBuffer.h"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

using namespace conveinsum::test;

/// What the unused bytes hold.
static constexpr unsigned char kUnused = 0x5A;

static size_t roundUp(size_t bytes, size_t multiple) {
  return (bytes + multiple - 1) / multiple * multiple;
}

GuardedBuffer::GuardedBuffer(size_t bytes, size_t alignment, Side side,
                             unsigned char filling)
    : bytes(bytes) {
  const size_t page = size_t(sysconf(_SC_PAGESIZE));
  innerBytes = roundUp(bytes, page);
  mappingBytes = innerBytes + 2 * page;
  void *mapped = mmap(nullptr, mappingBytes, PROT_NONE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) {
    std::perror("mmap");
    std::abort();
  }
  mapping = static_cast<unsigned char *>(mapped);
  inner = mapping + page;
  if (innerBytes != 0 &&
      mprotect(inner, innerBytes, PROT_READ | PROT_WRITE) != 0) {
    std::perror("mprotect");
    std::abort();
  }
  begin = side == Side::Below ? inner
                              : inner + innerBytes - roundUp(bytes, alignment);
  std::memset(inner, kUnused, innerBytes);
  std::memset(begin, filling, bytes);
}

GuardedBuffer::~GuardedBuffer() { munmap(mapping, mappingBytes); }

bool GuardedBuffer::isIntact() const {
  auto isUnused = [](unsigned char byte) { return byte == kUnused; };
  return std::all_of(inner, begin, isUnused) &&
         std::all_of(begin + bytes, inner + innerBytes, isUnused);
}
