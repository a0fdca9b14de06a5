//===- ByteSource.cpp - Bytes in their order ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Failures do not name the file; whoever has the path puts it in front.
//
//===----------------------------------------------------------------------===//

#include "ByteSource.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace conveinsum;

/// The system reads no more at once.
static constexpr uint64_t kMostAtOnce = uint64_t(1) << 30;

static Failure systemFailure() {
  return Failure{std::string("cannot read: ") + std::strerror(errno)};
}

ByteSource::~ByteSource() = default;

Status ByteSource::read(void *to, uint64_t bytes) {
  char *next = static_cast<char *>(to);
  uint64_t left = bytes;
  while (left > 0) {
    Fallible<uint64_t> got = readSome(next, left);
    if (!got)
      return got.failure();
    if (*got == 0)
      return Failure{"truncated: expected " + std::to_string(bytes) +
                     " more bytes, got " + std::to_string(bytes - left)};
    next += *got;
    left -= *got;
  }
  return Done();
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

Fallible<std::shared_ptr<InputFile>> InputFile::open(const std::string &path) {
  std::shared_ptr<InputFile> file(new InputFile());
  // Without O_NONBLOCK, opening a pipe would wait for a writer.
  file->descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status;
  if (file->descriptor < 0 || fstat(file->descriptor, &status) != 0)
    return systemFailure();
  if (!S_ISREG(status.st_mode))
    return Failure{"expected a regular file or a pipe"};
  file->size = uint64_t(status.st_size);
  return file;
}

InputFile::~InputFile() {
  if (descriptor >= 0)
    close(descriptor);
}

Status InputFile::read(uint64_t offset, void *to, uint64_t bytes) const {
  char *next = static_cast<char *>(to);
  while (bytes > 0) {
    ssize_t got =
        pread(descriptor, next, std::min(bytes, kMostAtOnce), off_t(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return systemFailure();
    if (got == 0)
      return Failure{"truncated while it was read"};
    next += got;
    offset += uint64_t(got);
    bytes -= uint64_t(got);
  }
  return Done();
}

namespace {
class FilePart : public ByteSource {
public:
  FilePart(std::shared_ptr<InputFile> file, uint64_t offset, uint64_t bytes)
      : file(std::move(file)), offset(offset), left(bytes) {}

  Fallible<uint64_t> readSome(void *to, uint64_t bytes) override {
    uint64_t size = std::min(bytes, left);
    if (Status read = file->read(offset, to, size); !read)
      return read.failure();
    offset += size;
    left -= size;
    return size;
  }
  std::optional<uint64_t> remaining() const override { return left; }
  Status checkEnd() override { return Done(); }

private:
  std::shared_ptr<InputFile> file;
  uint64_t offset, left;
};

class Stream : public ByteSource {
public:
  Stream(int descriptor, bool isOurs)
      : descriptor(descriptor), isOurs(isOurs) {}
  ~Stream() override {
    if (isOurs)
      close(descriptor);
  }

  Fallible<uint64_t> readSome(void *to, uint64_t bytes) override {
    for (;;) {
      ssize_t got = ::read(descriptor, to, std::min(bytes, kMostAtOnce));
      if (got >= 0)
        return uint64_t(got);
      if (errno != EINTR)
        return systemFailure();
    }
  }
  std::optional<uint64_t> remaining() const override { return std::nullopt; }
  Status checkEnd() override {
    char more;
    Fallible<uint64_t> got = readSome(&more, 1);
    if (!got)
      return got.failure();
    if (*got > 0)
      return Failure{"trailing bytes: expected the end behind the entries"};
    return Done();
  }

private:
  int descriptor;
  bool isOurs; ///< standard input is not
};
} // namespace

std::unique_ptr<ByteSource>
conveinsum::sourceOf(std::shared_ptr<InputFile> file, uint64_t offset,
                     uint64_t bytes) {
  return std::make_unique<FilePart>(std::move(file), offset, bytes);
}

std::unique_ptr<ByteSource> conveinsum::standardInput() {
  return std::make_unique<Stream>(STDIN_FILENO, /*isOurs=*/false);
}

std::unique_ptr<ByteSource> conveinsum::openPipe(const std::string &path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0 || !S_ISFIFO(status.st_mode))
    return nullptr;
  // Without O_NONBLOCK, opening would wait for a writer; reading should.
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0)
    return nullptr;
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
  return std::make_unique<Stream>(descriptor, /*isOurs=*/true);
}
