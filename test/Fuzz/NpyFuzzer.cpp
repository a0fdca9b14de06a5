//===- NpyFuzzer.cpp - .npy files and .npz archives -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An input is the bytes of a file, read as a whole, as an archive with an array
// `x`, and as the dictionary of a header. What is read is written and read
// again. Checksums of archives are right by luck only, so seeds matter more
// here than elsewhere.
//
//===----------------------------------------------------------------------===//

#include "FuzzTarget.h"
#include "conveinsum/Runtime/Npy.h"
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

using namespace conveinsum;
using namespace conveinsum::test;

/// What an archive may swell to; a header that promises more is only checked.
static constexpr uint64_t kMostBytes = 1 << 20;

namespace {
/// A file without a place on a disk.
class MemoryFile {
public:
  MemoryFile() : descriptor(memfd_create("fuzz", 0)) {
    require(descriptor >= 0, "there is a file in memory");
  }
  MemoryFile(const MemoryFile &) = delete;
  ~MemoryFile() { close(descriptor); }

  std::string path() const {
    return "/proc/self/fd/" + std::to_string(descriptor);
  }
  void fill(const uint8_t *data, size_t size) {
    while (size > 0) {
      ssize_t written = write(descriptor, data, size);
      require(written > 0, "a file in memory takes bytes");
      data += written;
      size -= written;
    }
  }

private:
  int descriptor;
};
} // namespace

template <typename T>
static void requireWords(const Fallible<T> &result) {
  if (!result)
    require(!result.message().empty(), "a failure says something");
}

/// Values come back as they are written.
static void checkWriting(const Tensor &tensor) {
  // It has no type in such files.
  if (tensor.type() == ElementType::BF16)
    return;
  std::string bytes = npyPreamble(tensor.type(), tensor.shape());
  bytes.append(reinterpret_cast<const char *>(tensor.data()), tensor.bytes());
  MemoryFile file;
  file.fill(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size());
  Fallible<Tensor> again = readNpy(file.path());
  require(bool(again), "what is written is read");
  require(again->type() == tensor.type() && again->shape() == tensor.shape(),
          "type and shape stay");
  require(std::memcmp(again->data(), tensor.data(), tensor.bytes()) == 0,
          "entries stay");
}

static void checkFile(const std::string &path) {
  for (unsigned number = 0; number <= unsigned(ElementType::I64); ++number) {
    Fallible<NpyReader> reader = NpyReader::open(path);
    requireWords(reader);
    if (!reader)
      return;
    std::optional<uint64_t> bytes = byteCount(16, reader->header().shape);
    if (!bytes || *bytes > kMostBytes)
      return;
    Fallible<Tensor> tensor = reader->read(ElementType(number));
    requireWords(tensor);
    if (!tensor)
      continue;
    require(tensor->shape() == reader->header().shape, "a shape is read");
    checkWriting(*tensor);
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  requireWords(parseNpyDictionary(
      std::string_view(reinterpret_cast<const char *>(data), size)));
  MemoryFile file;
  file.fill(data, size);
  checkFile(file.path());
  checkFile(file.path() + ":x");
  return 0;
}
