//===- Npy.cpp - NumPy's .npy files ---------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reading and writing of whole files. Fortran order is transposed while it is
// read, chunk by chunk, so that no second copy is needed.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/Npy.h"
#include "conveinsum/Runtime/OutputFile.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace conveinsum;

static constexpr char kMagic[] = "\x93NUMPY";
static constexpr size_t kMagicSize = 6;
/// Far above what any shape needs, far below what could hurt.
static constexpr uint64_t kMaxHeaderSize = 1 << 20;

namespace {
/// An open file that names itself in every failure.
class InputFile {
public:
  static Fallible<InputFile> open(const std::string &path);
  InputFile(InputFile &&other) noexcept
      : path(std::move(other.path)),
        descriptor(std::exchange(other.descriptor, -1)), size(other.size) {}
  ~InputFile() {
    if (descriptor >= 0)
      close(descriptor);
  }

  uint64_t bytes() const { return size; }
  Status read(uint64_t offset, void *to, uint64_t bytes) const;
  Failure fail(const std::string &message) const {
    return Failure{"'" + path + "': " + message};
  }

private:
  InputFile() = default;
  std::string path;
  int descriptor = -1;
  uint64_t size = 0;
};
} // namespace

Fallible<InputFile> InputFile::open(const std::string &path) {
  InputFile file;
  file.path = path;
  // Without O_NONBLOCK, opening a pipe would wait for a writer.
  file.descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status;
  if (file.descriptor < 0 || fstat(file.descriptor, &status) != 0)
    return Failure{"cannot read '" + path + "': " + std::strerror(errno)};
  if (!S_ISREG(status.st_mode))
    return file.fail("expected a regular file");
  file.size = uint64_t(status.st_size);
  return Fallible<InputFile>(std::move(file));
}

Status InputFile::read(uint64_t offset, void *to, uint64_t bytes) const {
  char *next = static_cast<char *>(to);
  while (bytes > 0) {
    ssize_t got = pread(descriptor, next, std::min<uint64_t>(bytes, 1 << 30),
                        off_t(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return fail(std::string("cannot read: ") + std::strerror(errno));
    if (got == 0)
      return fail("truncated while it was read");
    next += got;
    offset += uint64_t(got);
    bytes -= uint64_t(got);
  }
  return Done();
}

static Fallible<NpyHeader> readHeader(const InputFile &file) {
  uint8_t start[12] = {};
  if (file.bytes() < 10)
    return file.fail("not a .npy file: too short for a header");
  if (Status read = file.read(0, start, std::min<uint64_t>(12, file.bytes()));
      !read)
    return read.failure();
  if (std::memcmp(start, kMagic, kMagicSize) != 0)
    return file.fail("not a .npy file: expected the magic string \\x93NUMPY");
  unsigned major = start[6], minor = start[7];
  if (major < 1 || major > 3 || minor != 0)
    return file.fail("expected .npy version 1.0, 2.0 or 3.0, got " +
                     std::to_string(major) + "." + std::to_string(minor));
  uint64_t prefix = major == 1 ? 10 : 12;
  uint64_t length = start[8] | uint64_t(start[9]) << 8;
  if (major > 1)
    length |= uint64_t(start[10]) << 16 | uint64_t(start[11]) << 24;
  if (file.bytes() < prefix || length > file.bytes() - prefix)
    return file.fail("truncated: the header ends after the file");
  if (length > kMaxHeaderSize)
    return file.fail("malformed header: " + std::to_string(length) +
                     " bytes long");

  std::string text(length, '\0');
  if (Status read = file.read(prefix, text.data(), length); !read)
    return read.failure();
  Fallible<NpyHeader> header = parseNpyDictionary(text);
  if (!header)
    return file.fail(header.message());
  header->dataOffset = prefix + length;

  uint64_t expected = *byteCount(header->type, header->shape);
  uint64_t got = file.bytes() - header->dataOffset;
  if (got != expected)
    return file.fail(
        std::string(got < expected ? "truncated" : "trailing bytes") +
        ": expected " + std::to_string(expected) + " bytes of entries for " +
        shapeText(header->shape) + ", got " + std::to_string(got));
  return header;
}

/// Reads entries in Fortran order into row-major storage.
static Status readTransposed(const InputFile &file, const NpyHeader &header,
                             Tensor &tensor) {
  const std::vector<int64_t> &shape = header.shape;
  size_t width = byteSize(header.type), rank = shape.size();
  std::vector<uint64_t> stride(rank, width);
  for (size_t d = rank; d-- > 1;)
    stride[d - 1] = stride[d] * uint64_t(shape[d]);

  std::vector<std::byte> chunk(size_t(1) << 20);
  std::vector<int64_t> index(rank, 0);
  uint64_t target = 0;
  for (uint64_t done = 0; done < tensor.bytes();) {
    uint64_t size = std::min<uint64_t>(chunk.size(), tensor.bytes() - done);
    if (Status read = file.read(header.dataOffset + done, chunk.data(), size);
        !read)
      return read;
    for (uint64_t at = 0; at < size; at += width) {
      std::memcpy(tensor.data() + target, chunk.data() + at, width);
      for (size_t d = 0; d < rank; ++d) { // the first index runs fastest
        target += stride[d];
        if (++index[d] < shape[d])
          break;
        target -= stride[d] * uint64_t(shape[d]);
        index[d] = 0;
      }
    }
    done += size;
  }
  return Done();
}

Fallible<NpyHeader> conveinsum::readNpyHeader(const std::string &path) {
  Fallible<InputFile> file = InputFile::open(path);
  if (!file)
    return file.failure();
  return readHeader(*file);
}

Fallible<Tensor> conveinsum::readNpy(const std::string &path) {
  Fallible<InputFile> file = InputFile::open(path);
  if (!file)
    return file.failure();
  Fallible<NpyHeader> header = readHeader(*file);
  if (!header)
    return header.failure();
  Fallible<Tensor> tensor = Tensor::allocate(header->type, header->shape);
  if (!tensor)
    return file->fail(tensor.message());
  Status read =
      header->fortranOrder && header->shape.size() > 1
          ? readTransposed(*file, *header, *tensor)
          : file->read(header->dataOffset, tensor->data(), tensor->bytes());
  if (!read)
    return read.failure();
  return tensor;
}

static const char *typeCode(ElementType type) {
  switch (type) {
  case ElementType::F64:
    return "<f8";
  case ElementType::F32:
    return "<f4";
  case ElementType::F16:
    return "<f2";
  case ElementType::C64:
    return "<c8";
  case ElementType::C128:
    return "<c16";
  case ElementType::I8:
    return "|i1";
  case ElementType::I16:
    return "<i2";
  case ElementType::I32:
    return "<i4";
  case ElementType::I64:
    return "<i8";
  case ElementType::BF16:
    break;
  }
  assert(false && "bf16 has no type in .npy");
  return "<f4";
}

std::string conveinsum::npyPreamble(ElementType type,
                                    const std::vector<int64_t> &shape) {
  std::string tuple;
  for (int64_t extent : shape)
    tuple += std::to_string(extent) + ", ";
  if (shape.size() > 1)
    tuple.resize(tuple.size() - 2);
  else if (shape.size() == 1)
    tuple.pop_back();
  std::string text = std::string("{'descr': '") + typeCode(type) +
                     "', 'fortran_order': False, 'shape': (" + tuple + "), }";

  // The entries start at a multiple of 64 bytes; a newline ends the header.
  bool small = text.size() < 65000;
  size_t prefix = small ? 10 : 12;
  size_t total = (prefix + text.size() + 1 + 63) / 64 * 64;
  text.append(total - prefix - text.size() - 1, ' ');
  text += '\n';

  std::string preamble(kMagic, kMagicSize);
  preamble += small ? '\1' : '\2';
  preamble += '\0';
  for (size_t byte = 0; byte < prefix - 8; ++byte)
    preamble += char(text.size() >> (8 * byte) & 0xff);
  return preamble + text;
}

Status conveinsum::writeNpy(const std::string &path, const Tensor &tensor) {
  if (tensor.type() == ElementType::BF16) {
    Fallible<Tensor> wide = tensor.convert(ElementType::F32);
    if (!wide)
      return wide.failure();
    return writeNpy(path, *wide);
  }
  Fallible<OutputFile> file = OutputFile::create(path);
  if (!file)
    return file.failure();
  std::string preamble = npyPreamble(tensor.type(), tensor.shape());
  if (Status written = file->write(preamble.data(), preamble.size()); !written)
    return written;
  if (Status written = file->write(tensor.data(), tensor.bytes()); !written)
    return written;
  return file->commit();
}
