//===- Zip.cpp - Archives of arrays ---------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing is allocated by a size that the file claims and cannot have.
//
//===----------------------------------------------------------------------===//

#include "Zip.h"
#include "Inflate.h"
#include <algorithm>
#include <array>
#include <cstring>
#include <set>

using namespace conveinsum;

static constexpr uint32_t kLocalHeader = 0x04034b50, kEntryHeader = 0x02014b50,
                          kEnd = 0x06054b50, kEnd64 = 0x06064b50,
                          kEnd64Place = 0x07064b50;
static constexpr uint64_t kLocalBytes = 30, kEntryBytes = 46, kEndBytes = 22,
                          kEnd64Bytes = 56, kPlaceBytes = 20;
static constexpr uint64_t kMaxComment = 0xffff;
/// Far above what any archive of arrays needs, far below what could hurt.
static constexpr uint64_t kMaxDirectory = uint64_t(64) << 20;
/// A deflated byte stands for no more.
static constexpr uint64_t kMaxRatio = 1032;

enum Method : uint32_t { Stored = 0, Deflated = 8 };
/// Encrypted, encrypted strongly, with an encrypted directory.
static constexpr uint32_t kEncryptedFlags = 1 | 1 << 6 | 1 << 13;

static Failure malformed(const std::string &reason) {
  return Failure{"malformed .npz archive: " + reason};
}

/// A number of 2, 4 or 8 bytes.
template <unsigned Bytes>
static uint64_t number(const char *at) {
  uint64_t value = 0;
  for (unsigned byte = 0; byte < Bytes; ++byte)
    value |= uint64_t((unsigned char)(at[byte])) << (8 * byte);
  return value;
}

/// A part of a file, or why there is none.
static Fallible<std::string> readPart(const InputFile &file, uint64_t offset,
                                      uint64_t bytes) {
  if (offset > file.bytes() || bytes > file.bytes() - offset)
    return malformed("it ends too early");
  std::string text(bytes, '\0');
  if (Status read = file.read(offset, text.data(), bytes); !read)
    return read.failure();
  return text;
}

bool conveinsum::isZip(const InputFile &file) {
  char start[4];
  if (file.bytes() < kEndBytes || !file.read(0, start, 4))
    return false;
  uint64_t signature = number<4>(start);
  return signature == kLocalHeader || signature == kEnd;
}

//===----------------------------------------------------------------------===//
// The directory
//===----------------------------------------------------------------------===//

namespace {
/// Where the directory is.
struct Directory {
  uint64_t offset, bytes, entries;
  uint64_t end; ///< where what follows it begins
};
} // namespace

/// Reads the 64-bit end in front of the end at `offset`.
static Fallible<Directory> readEnd64(const InputFile &file, uint64_t offset) {
  if (offset < kPlaceBytes)
    return malformed("it has no 64-bit end");
  Fallible<std::string> place =
      readPart(file, offset - kPlaceBytes, kPlaceBytes);
  if (!place)
    return place.failure();
  if (number<4>(place->data()) != kEnd64Place)
    return malformed("it has no 64-bit end");
  uint64_t at = number<8>(place->data() + 8);
  Fallible<std::string> end = readPart(file, at, kEnd64Bytes);
  if (!end)
    return end.failure();
  const char *text = end->data();
  if (number<4>(text) != kEnd64)
    return malformed("it has no 64-bit end");
  if (number<4>(text + 16) != 0 || number<4>(text + 20) != 0 ||
      number<8>(text + 24) != number<8>(text + 32))
    return Failure{"expected an archive in one piece, got one of several"};
  return Directory{number<8>(text + 48), number<8>(text + 40),
                   number<8>(text + 32), at};
}

static Fallible<Directory> findDirectory(const InputFile &file) {
  uint64_t bytes = std::min(file.bytes(), kEndBytes + kMaxComment);
  uint64_t offset = file.bytes() - bytes;
  Fallible<std::string> tail = readPart(file, offset, bytes);
  if (!tail)
    return tail.failure();
  uint64_t places = bytes < kEndBytes ? 0 : bytes - kEndBytes + 1;
  for (; places > 0; --places) {
    uint64_t at = places - 1;
    const char *text = tail->data() + at;
    if (number<4>(text) != kEnd ||
        number<2>(text + 20) != bytes - at - kEndBytes)
      continue;
    uint64_t entries = number<2>(text + 10), size = number<4>(text + 12),
             begin = number<4>(text + 16);
    if (entries == 0xffff || size == 0xffffffff || begin == 0xffffffff)
      return readEnd64(file, offset + at);
    if (number<2>(text + 4) != 0 || number<2>(text + 6) != 0 ||
        number<2>(text + 8) != entries)
      return Failure{"expected an archive in one piece, got one of several"};
    return Directory{begin, size, entries, offset + at};
  }
  return malformed("it has no end, it may be truncated");
}

/// Replaces the fields that say "too large" by those of the 64-bit extra.
static bool readExtra(const char *extra, uint64_t size, ZipEntry &entry) {
  uint64_t *fields[] = {&entry.bytes, &entry.compressed, &entry.offset};
  bool isNeeded = std::any_of(std::begin(fields), std::end(fields),
                              [](auto *field) { return *field == 0xffffffff; });
  while (isNeeded && size >= 4) {
    uint64_t kind = number<2>(extra), length = number<2>(extra + 2);
    extra += 4;
    size -= 4;
    if (length > size)
      return false;
    if (kind != 1) {
      extra += length;
      size -= length;
      continue;
    }
    for (uint64_t *field : fields) {
      if (*field != 0xffffffff)
        continue;
      if (length < 8)
        return false;
      *field = number<8>(extra);
      extra += 8;
      length -= 8;
    }
    return true;
  }
  return !isNeeded;
}

Fallible<std::vector<ZipEntry>>
conveinsum::readZipDirectory(const InputFile &file) {
  Fallible<Directory> directory = findDirectory(file);
  if (!directory)
    return directory.failure();
  if (directory->bytes > kMaxDirectory)
    return malformed("its directory has " + std::to_string(directory->bytes) +
                     " bytes");
  if (directory->offset > directory->end ||
      directory->bytes > directory->end - directory->offset)
    return malformed("its directory ends behind its end");
  Fallible<std::string> text =
      readPart(file, directory->offset, directory->bytes);
  if (!text)
    return text.failure();
  std::vector<ZipEntry> entries;
  std::set<std::string> names;
  uint64_t at = 0;
  while (at < text->size()) {
    const char *header = text->data() + at;
    uint64_t left = text->size() - at;
    if (left < kEntryBytes || number<4>(header) != kEntryHeader)
      return malformed("its directory has no entry where one should be");
    uint64_t nameBytes = number<2>(header + 28),
             extraBytes = number<2>(header + 30),
             commentBytes = number<2>(header + 32);
    if (nameBytes + extraBytes + commentBytes > left - kEntryBytes)
      return malformed("its directory ends within an entry");
    ZipEntry entry;
    entry.flags = number<2>(header + 8);
    entry.method = number<2>(header + 10);
    entry.checksum = number<4>(header + 16);
    entry.compressed = number<4>(header + 20);
    entry.bytes = number<4>(header + 24);
    entry.offset = number<4>(header + 42);
    entry.name.assign(header + kEntryBytes, nameBytes);
    if (!readExtra(header + kEntryBytes + nameBytes, extraBytes, entry))
      return malformed("'" + entry.name + "' lacks its 64-bit sizes");
    if (!names.insert(entry.name).second)
      return malformed("it has '" + entry.name + "' twice");
    entries.push_back(std::move(entry));
    at += kEntryBytes + nameBytes + extraBytes + commentBytes;
  }
  if (entries.size() != directory->entries)
    return malformed("expected " + std::to_string(directory->entries) +
                     " entries in its directory, got " +
                     std::to_string(entries.size()));
  return entries;
}

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

static std::array<uint32_t, 256> makeChecksumTable() {
  std::array<uint32_t, 256> table;
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit)
      value = value >> 1 ^ (value & 1 ? 0xedb88320 : 0);
    table[byte] = value;
  }
  return table;
}

namespace {
/// Counts and sums what it hands on, and never hands on more than was said.
class CheckedSource : public ByteSource {
public:
  CheckedSource(std::unique_ptr<ByteSource> source, const ZipEntry &entry)
      : source(std::move(source)), left(entry.bytes), wanted(entry.checksum) {}

  Fallible<uint64_t> readSome(void *to, uint64_t bytes) override {
    static const std::array<uint32_t, 256> table = makeChecksumTable();
    Fallible<uint64_t> got = source->readSome(to, std::min(bytes, left));
    if (!got)
      return got;
    const auto *data = static_cast<const unsigned char *>(to);
    for (uint64_t i = 0; i < *got; ++i)
      checksum = table[(checksum ^ data[i]) & 0xff] ^ checksum >> 8;
    left -= *got;
    return got;
  }
  std::optional<uint64_t> remaining() const override { return left; }
  Status checkEnd() override {
    if (Status ended = source->checkEnd(); !ended)
      return ended;
    if (~checksum != wanted)
      return malformed("the checksum of the entry is wrong");
    return Done();
  }

private:
  std::unique_ptr<ByteSource> source;
  uint64_t left;
  uint32_t wanted, checksum = 0xffffffff;
};
} // namespace

static std::string methodName(uint32_t method) {
  switch (method) {
  case 9:
    return "Deflate64";
  case 12:
    return "bzip2";
  case 14:
    return "LZMA";
  case 93:
    return "Zstandard";
  case 95:
    return "XZ";
  default:
    return "method " + std::to_string(method);
  }
}

Fallible<std::unique_ptr<ByteSource>>
conveinsum::openZipEntry(std::shared_ptr<InputFile> file,
                         const ZipEntry &entry) {
  if (entry.flags & kEncryptedFlags)
    return Failure{"expected an entry that is not encrypted"};
  if (entry.method != Stored && entry.method != Deflated)
    return Failure{"expected an entry that is stored or deflated, got " +
                   methodName(entry.method)};
  Fallible<std::string> header = readPart(*file, entry.offset, kLocalBytes);
  if (!header)
    return header.failure();
  if (number<4>(header->data()) != kLocalHeader)
    return malformed("no entry where its directory says");
  uint64_t nameBytes = number<2>(header->data() + 26);
  Fallible<std::string> name =
      readPart(*file, entry.offset + kLocalBytes, nameBytes);
  if (!name)
    return name.failure();
  if (*name != entry.name || number<2>(header->data() + 8) != entry.method)
    return malformed("the entry and its directory differ");
  uint64_t data =
      entry.offset + kLocalBytes + nameBytes + number<2>(header->data() + 28);
  if (data > file->bytes() || entry.compressed > file->bytes() - data)
    return malformed("the entry ends after the file");
  bool isDeflated = entry.method == Deflated;
  // Both sides are far below 2^64: the file is as large as it says.
  if (isDeflated ? entry.bytes / kMaxRatio > entry.compressed
                 : entry.bytes != entry.compressed)
    return malformed("expected an entry of " + std::to_string(entry.bytes) +
                     " bytes, which " + std::to_string(entry.compressed) +
                     " cannot hold");
  std::unique_ptr<ByteSource> source =
      sourceOf(std::move(file), data, entry.compressed);
  if (isDeflated)
    source = std::make_unique<Inflater>(std::move(source));
  return std::unique_ptr<ByteSource>(
      std::make_unique<CheckedSource>(std::move(source), entry));
}
