//===- PlanDirectory.cpp - Plans by key, on disk --------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files are read as a whole and never trusted: the size must be the one that
// the key and the number of operands give, all bytes must hash to the checksum,
// and the tree must verify.
//
//===----------------------------------------------------------------------===//

#include "PlanStore.h"
#include "conveinsum/Plan/Reuse/PlanCache.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/EndianStream.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

using namespace conveinsum;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

static constexpr char kMagic[] = "cvnplan\n";
static constexpr uint32_t kFormatVersion = 1;
static constexpr char kPrefix[] = "llvmcache-";
static constexpr char kSuffix[] = ".cvnplan";

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

namespace {
class Writer {
public:
  explicit Writer(llvm::raw_ostream &os)
      : stream(os, llvm::endianness::little) {}

  template <typename T>
  void number(T value) {
    stream.write(value);
  }
  void count(Count value) {
    number(uint64_t(value));
    number(uint64_t(value >> 64));
  }

private:
  llvm::support::endian::Writer stream;
};

/// Reads from bytes that are known to be enough.
class Reader {
public:
  explicit Reader(StringRef bytes) : bytes(bytes) {}

  StringRef text(size_t length) {
    StringRef front = bytes.take_front(length);
    bytes = bytes.drop_front(length);
    return front;
  }
  template <typename T>
  T number() {
    return llvm::support::endian::read<T, llvm::endianness::little>(
        text(sizeof(T)).data());
  }
  Count count() {
    Count low = number<uint64_t>();
    return low | Count(number<uint64_t>()) << 64;
  }

private:
  StringRef bytes;
};
} // namespace

/// All that stands before the proof: what a file must begin with.
static std::string header(StringRef key, size_t numSteps) {
  std::string text;
  llvm::raw_string_ostream os(text);
  Writer writer(os);
  os << kMagic;
  writer.number(kFormatVersion);
  writer.number(kPlannerVersion);
  writer.number(uint64_t(key.size()));
  writer.number(uint64_t(numSteps));
  os << key;
  return text;
}

static std::string serialise(StringRef key, const StoredPlan &plan) {
  std::string text = header(key, plan.tree.steps().size());
  llvm::raw_string_ostream os(text);
  Writer writer(os);
  writer.number(uint8_t(plan.proof));
  writer.count(plan.value);
  writer.number(uint8_t(plan.lowerBound.has_value()));
  writer.count(plan.lowerBound.value_or(0));
  writer.number(plan.moves);
  for (auto [lhs, rhs] : plan.tree.steps()) {
    writer.number(uint32_t(lhs));
    writer.number(uint32_t(rhs));
  }
  os.flush();
  writer.number(llvm::xxh3_64bits(text));
  return text;
}

static std::shared_ptr<const StoredPlan>
deserialise(StringRef bytes, StringRef key, unsigned numOperands) {
  size_t numSteps = numOperands - 1;
  if (!bytes.consume_front(header(key, numSteps)))
    return nullptr;
  StoredPlan plan;
  Reader reader(bytes);
  uint8_t proof = reader.number<uint8_t>();
  plan.value = reader.count();
  bool hasBound = reader.number<uint8_t>();
  Count bound = reader.count();
  if (hasBound)
    plan.lowerBound = bound;
  plan.moves = reader.number<uint64_t>();
  llvm::SmallVector<ContractionTree::Step, 8> steps(numSteps);
  for (auto &[lhs, rhs] : steps) {
    lhs = reader.number<uint32_t>();
    rhs = reader.number<uint32_t>();
  }
  plan.tree = ContractionTree(numOperands, steps);
  if (proof > uint8_t(Proof::Rebuild) ||
      !plan.tree.verify([](const Fault &) {}))
    return nullptr;
  plan.proof = Proof(proof);
  return std::make_shared<StoredPlan>(std::move(plan));
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

std::string PlanDirectory::fileOf(StringRef key) const {
  llvm::SmallString<128> file(path);
  llvm::sys::path::append(file, kPrefix +
                                    llvm::utohexstr(llvm::xxh3_64bits(key),
                                                    /*LowerCase=*/true, 16) +
                                    kSuffix);
  return file.str().str();
}

std::shared_ptr<const StoredPlan>
PlanDirectory::lookup(StringRef key, unsigned numOperands) const {
  if (path.empty())
    return nullptr;
  std::string file = fileOf(key);
  constexpr size_t checksum = sizeof(uint64_t);
  // A serialised plan of any tree has the size that is expected.
  StoredPlan sample;
  sample.tree = ContractionTree::leftToRight(numOperands);
  size_t size = serialise(key, sample).size();
  // Opening what is no regular file might wait forever.
  fs::file_status status;
  if (fs::status(file, status) || !fs::is_regular_file(status) ||
      status.getSize() != size)
    return nullptr;
  // Volatile: read, not mapped, since anyone may shorten the file meanwhile.
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false,
                                            /*IsVolatile=*/true);
  if (!buffer || (*buffer)->getBufferSize() != size)
    return nullptr;
  StringRef bytes = (*buffer)->getBuffer();
  Reader last(bytes.take_back(checksum));
  bytes = bytes.drop_back(checksum);
  if (last.number<uint64_t>() != llvm::xxh3_64bits(bytes))
    return nullptr;
  return deserialise(bytes, key, numOperands);
}

/// Writes and closes; the error of either.
static std::error_code writeAll(int descriptor, StringRef bytes) {
  llvm::raw_fd_ostream os(descriptor, /*shouldClose=*/true);
  os << bytes;
  os.close();
  std::error_code error = os.error();
  os.clear_error();
  return error;
}

std::error_code PlanDirectory::insert(StringRef key,
                                      const StoredPlan &plan) const {
  if (path.empty())
    return {};
  std::string file = fileOf(key);
  llvm::SmallString<128> temporary;
  int descriptor = -1;
  if (std::error_code error =
          fs::createUniqueFile(file + ".tmp-%%%%%%%%", descriptor, temporary))
    return error;
  std::error_code error = writeAll(descriptor, serialise(key, plan));
  if (!error)
    error = fs::rename(temporary, file);
  if (error)
    fs::remove(temporary);
  else
    std::call_once(pruned, [&] { prune(); });
  return error;
}

/// Whether another program's cache has files here that pruning would take for
/// ours; temporary files of ours have the suffix inside of their names.
bool PlanDirectory::hasForeignCache() const {
  std::error_code error;
  for (fs::directory_iterator at(path, error), end; at != end && !error;
       at.increment(error)) {
    StringRef name = llvm::sys::path::filename(at->path());
    if (name.starts_with("Thin-") ||
        (name.starts_with(kPrefix) && !name.contains(kSuffix)))
      return true;
  }
  return bool(error);
}

void PlanDirectory::prune() const {
  if ((maxBytes == 0 && maxAge.count() == 0) || hasForeignCache())
    return;
  llvm::CachePruningPolicy policy; // looks at a directory every 20 minutes
  policy.MaxSizeBytes = maxBytes;
  policy.MaxSizePercentageOfAvailableSpace = 0;
  policy.Expiration = maxAge;
  llvm::pruneCache(path, policy);
}
