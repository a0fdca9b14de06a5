//===- Npy.cpp - NumPy's .npy files ---------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reading and writing of whole files. Other types and orders are brought into
// form while they are read, chunk by chunk, so that no second copy is needed.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/Npy.h"
#include "ByteSource.h"
#include "Zip.h"
#include <algorithm>
#include <cstring>
#include <unistd.h>

using namespace conveinsum;

static constexpr char kMagic[] = "\x93NUMPY";
static constexpr size_t kMagicSize = 6;
/// Far above what any shape needs, far below what could hurt.
static constexpr uint64_t kMaxHeaderSize = 1 << 20;

//===----------------------------------------------------------------------===//
// Names of arrays
//===----------------------------------------------------------------------===//

namespace {
/// A path and, for an array of an archive that is named, its name.
struct ArrayPath {
  std::string file;
  std::optional<std::string> entry;
};
} // namespace

/// Splits a path at the last colon behind a file that there is; a file that is
/// called like that itself goes before.
static ArrayPath splitPath(const std::string &path) {
  if (access(path.c_str(), F_OK) == 0)
    return {path, std::nullopt};
  for (size_t colon = path.rfind(':'); colon != std::string::npos && colon > 0;
       colon = path.rfind(':', colon - 1)) {
    std::string file = path.substr(0, colon);
    if (access(file.c_str(), F_OK) == 0)
      return {file, path.substr(colon + 1)};
  }
  return {path, std::nullopt};
}

std::string conveinsum::fileOfArray(const std::string &path) {
  return splitPath(path).file;
}

static bool isArray(const std::string &name) {
  return name.size() > 4 && name.compare(name.size() - 4, 4, ".npy") == 0;
}

/// The arrays of an archive, for messages.
static std::string listArrays(const std::vector<ZipEntry> &entries) {
  constexpr unsigned most = 16;
  std::string list;
  unsigned count = 0;
  for (const ZipEntry &entry : entries)
    if (isArray(entry.name) && ++count <= most)
      list +=
          (count > 1 ? ", " : "") + entry.name.substr(0, entry.name.size() - 4);
  if (count > most)
    list += " and " + std::to_string(count - most) + " more";
  return count == 0 ? "none" : list;
}

static Fallible<ZipEntry> findEntry(const std::vector<ZipEntry> &entries,
                                    const std::optional<std::string> &name) {
  const ZipEntry *found = nullptr;
  unsigned arrays = 0;
  for (const ZipEntry &entry : entries) {
    arrays += isArray(entry.name);
    if (name ? entry.name == *name || entry.name == *name + ".npy"
             : isArray(entry.name))
      found = &entry;
  }
  if (name && !found)
    return Failure{"expected one of the arrays " + listArrays(entries) +
                   ", got '" + *name + "'"};
  if (!found || (!name && arrays > 1))
    return Failure{"expected the name of an array, as in FILE.npz:NAME; the "
                   "archive has " +
                   listArrays(entries)};
  return *found;
}

static Fallible<std::unique_ptr<ByteSource>>
openSource(const std::string &path) {
  if (path == "-")
    return standardInput();
  if (std::unique_ptr<ByteSource> pipe = openPipe(path))
    return pipe;
  ArrayPath parts = splitPath(path);
  Fallible<std::shared_ptr<InputFile>> file = InputFile::open(parts.file);
  if (!file)
    return file.failure();
  if (!isZip(**file)) {
    if (parts.entry)
      return Failure{"expected a .npz archive in front of ':'"};
    return sourceOf(*file, 0, (*file)->bytes());
  }
  Fallible<std::vector<ZipEntry>> entries = readZipDirectory(**file);
  if (!entries)
    return entries.failure();
  Fallible<ZipEntry> entry = findEntry(*entries, parts.entry);
  if (!entry)
    return entry.failure();
  return openZipEntry(*file, *entry);
}

//===----------------------------------------------------------------------===//
// Headers
//===----------------------------------------------------------------------===//

static Fallible<NpyHeader> readHeader(ByteSource &source) {
  uint8_t start[12] = {};
  if (source.remaining().value_or(10) < 10)
    return Failure{"not a .npy file: too short for a header"};
  if (Status read = source.read(start, 10); !read)
    return Failure{"not a .npy file: " + read.message()};
  if (std::memcmp(start, "PK", 2) == 0)
    return Failure{"not a .npy file: a .npz archive has to be a file"};
  if (std::memcmp(start, kMagic, kMagicSize) != 0)
    return Failure{"not a .npy file: expected the magic string \\x93NUMPY"};
  unsigned major = start[6], minor = start[7];
  if (major < 1 || major > 3 || minor != 0)
    return Failure{"expected .npy version 1.0, 2.0 or 3.0, got " +
                   std::to_string(major) + "." + std::to_string(minor)};
  if (major > 1)
    if (Status read = source.read(start + 10, 2); !read)
      return Failure{"truncated: the header ends after the file"};
  uint64_t length = start[8] | uint64_t(start[9]) << 8;
  if (major > 1)
    length |= uint64_t(start[10]) << 16 | uint64_t(start[11]) << 24;
  if (length > source.remaining().value_or(length))
    return Failure{"truncated: the header ends after the file"};
  if (length > kMaxHeaderSize)
    return Failure{"malformed header: " + std::to_string(length) +
                   " bytes long"};

  std::string text(length, '\0');
  if (Status read = source.read(text.data(), length); !read)
    return read.failure();
  Fallible<NpyHeader> header = parseNpyDictionary(text);
  if (!header)
    return header;
  uint64_t expected = *byteCount(header->type.element, header->shape);
  uint64_t got = source.remaining().value_or(expected);
  if (got != expected)
    return Failure{
        std::string(got < expected ? "truncated" : "trailing bytes") +
        ": expected " + std::to_string(expected) + " bytes of entries for " +
        shapeText(header->shape) + ", got " + std::to_string(got)};
  return header;
}

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

namespace {
/// The places of entries in Fortran order in row-major storage.
class FortranOrder {
public:
  explicit FortranOrder(const std::vector<int64_t> &shape)
      : shape(shape), stride(shape.size(), 1), index(shape.size(), 0) {
    for (size_t d = shape.size(); d > 1; --d)
      stride[d - 2] = stride[d - 1] * uint64_t(shape[d - 1]);
  }

  /// The place of the next entry.
  uint64_t next() {
    uint64_t place = target;
    for (size_t d = 0; d < shape.size(); ++d) { // the first index runs fastest
      target += stride[d];
      if (++index[d] < shape[d])
        break;
      target -= stride[d] * uint64_t(shape[d]);
      index[d] = 0;
    }
    return place;
  }

private:
  const std::vector<int64_t> &shape;
  std::vector<uint64_t> stride;
  std::vector<int64_t> index;
  uint64_t target = 0;
};
} // namespace

/// Reads entries of any form into row-major storage of another type.
static Status readConverted(ByteSource &source, const NpyHeader &header,
                            Tensor &tensor) {
  constexpr uint64_t chunkEntries = 1 << 16;
  size_t from = byteSize(header.type), to = byteSize(tensor.type());
  std::vector<std::byte> raw(chunkEntries * from), ready(chunkEntries * to);
  bool transposes = header.fortranOrder && header.shape.size() > 1;
  FortranOrder order(header.shape);
  for (uint64_t done = 0; done < tensor.elements();) {
    uint64_t count = std::min(chunkEntries, tensor.elements() - done);
    if (Status read = source.read(raw.data(), count * from); !read)
      return read;
    if (header.bigEndian)
      swapBytes(header.type, raw.data(), count);
    std::byte *target = transposes ? ready.data() : tensor.data() + done * to;
    if (std::optional<uint64_t> unfit = convertEntries(
            header.type, raw.data(), tensor.type(), target, count))
      return Failure{"entry " + std::to_string(done + *unfit) + " of " +
                     name(header.type) + " does not fit " +
                     std::string(name(tensor.type()))};
    for (uint64_t i = 0; transposes && i < count; ++i)
      std::memcpy(tensor.data() + order.next() * to, ready.data() + i * to, to);
    done += count;
  }
  return Done();
}

static Fallible<Tensor> readEntries(ByteSource &source, const NpyHeader &header,
                                    ElementType type) {
  if (!isConvertible(header.type, type))
    return Failure{"cannot convert " + name(header.type) + " to " +
                   std::string(name(type)) +
                   ": the imaginary parts would be lost"};
  Fallible<Tensor> tensor = Tensor::allocate(type, header.shape);
  if (!tensor)
    return tensor;
  bool asItStands = header.type == type && !header.bigEndian &&
                    (!header.fortranOrder || header.shape.size() < 2);
  Status read = asItStands ? source.read(tensor->data(), tensor->bytes())
                           : readConverted(source, header, *tensor);
  if (read)
    read = source.checkEnd();
  if (!read)
    return read.failure();
  return tensor;
}

//===----------------------------------------------------------------------===//
// Readers
//===----------------------------------------------------------------------===//

NpyReader::NpyReader() = default;
NpyReader::NpyReader(NpyReader &&other) noexcept = default;
NpyReader &NpyReader::operator=(NpyReader &&other) noexcept = default;
NpyReader::~NpyReader() = default;

static Failure inFile(const std::string &path, const std::string &message) {
  return Failure{"'" + path + "': " + message};
}

Fallible<NpyReader> NpyReader::open(const std::string &path) {
  NpyReader reader;
  reader.path = path;
  Fallible<std::unique_ptr<ByteSource>> source = openSource(path);
  if (!source)
    return inFile(path, source.message());
  Fallible<NpyHeader> header = readHeader(**source);
  if (!header)
    return inFile(path, header.message());
  reader.head = std::move(*header);
  if (!(*source)->remaining())
    reader.source = std::move(*source);
  return Fallible<NpyReader>(std::move(reader));
}

Fallible<Tensor> NpyReader::read(ElementType type) {
  if (!source) {
    Fallible<std::unique_ptr<ByteSource>> again = openSource(path);
    if (!again)
      return inFile(path, again.message());
    source = std::move(*again);
    Fallible<NpyHeader> header = readHeader(*source);
    if (!header)
      return inFile(path, header.message());
    if (header->type != head.type || header->shape != head.shape)
      return inFile(path, "changed while it was read");
    head = std::move(*header);
  }
  Fallible<Tensor> tensor = readEntries(*source, head, type);
  source.reset();
  if (!tensor)
    return inFile(path, tensor.message());
  return tensor;
}

Fallible<Tensor> conveinsum::readNpy(const std::string &path) {
  Fallible<NpyReader> reader = NpyReader::open(path);
  if (!reader)
    return reader.failure();
  StoredType type = reader->header().type;
  if (!type.isElement())
    return inFile(path,
                  "expected entries of an element type, got " + name(type));
  return reader->read(type.element);
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

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

Fallible<OutputFile> conveinsum::beginNpy(const std::string &path,
                                          const Tensor &tensor) {
  if (tensor.type() == ElementType::BF16) {
    Fallible<Tensor> wide = tensor.convert(ElementType::F32);
    if (!wide)
      return wide.failure();
    return beginNpy(path, *wide);
  }
  Fallible<OutputFile> file =
      path == "-" ? OutputFile::standardOutput() : OutputFile::create(path);
  if (!file)
    return file;
  std::string preamble = npyPreamble(tensor.type(), tensor.shape());
  if (Status written = file->write(preamble.data(), preamble.size()); !written)
    return written.failure();
  if (Status written = file->write(tensor.data(), tensor.bytes()); !written)
    return written.failure();
  if (Status closed = file->close(); !closed)
    return closed.failure();
  return file;
}

Status conveinsum::writeNpy(const std::string &path, const Tensor &tensor) {
  Fallible<OutputFile> file = beginNpy(path, tensor);
  return file ? file->commit() : file.failure();
}
