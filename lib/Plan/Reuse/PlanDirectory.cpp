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
static constexpr uint32_t kFormatVersion = 2;
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
    llvm::APInt integer = value.integer();
    number(uint32_t(integer.getNumWords()));
    for (unsigned word = 0; word < integer.getNumWords(); ++word)
      number(integer.getRawData()[word]);
  }

private:
  llvm::support::endian::Writer stream;
};

/// Reads; where there are not enough bytes, what is missing is zeros, and the
/// reader knows.
class Reader {
public:
  explicit Reader(StringRef bytes) : bytes(bytes) {}

  template <typename T>
  T number() {
    if (bytes.size() < sizeof(T)) {
      isShort = true;
      return 0;
    }
    StringRef front = bytes.take_front(sizeof(T));
    bytes = bytes.drop_front(sizeof(T));
    return llvm::support::endian::read<T, llvm::endianness::little>(
        front.data());
  }
  Count count() {
    auto words = number<uint32_t>();
    if (words == 0 || words > bytes.size() / sizeof(uint64_t)) {
      isShort = true;
      return 0;
    }
    llvm::SmallVector<uint64_t, 2> integer(words);
    for (uint64_t &word : integer)
      word = number<uint64_t>();
    return Count(llvm::APInt(64 * words, integer));
  }
  /// Whether all was there, and nothing else.
  bool isComplete() const { return !isShort && bytes.empty(); }

private:
  StringRef bytes;
  bool isShort = false;
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
  if (!reader.isComplete() || proof > uint8_t(Proof::Rebuild) ||
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
  // Serialised plans of all trees have one size but for their counts.
  StoredPlan sample;
  sample.tree = ContractionTree::leftToRight(numOperands);
  size_t least = serialise(key, sample).size();
  constexpr size_t mostForCounts = size_t(1) << 20;
  // Opening what is no regular file might wait forever.
  fs::file_status status;
  if (fs::status(file, status) || !fs::is_regular_file(status) ||
      status.getSize() < least || status.getSize() > least + mostForCounts)
    return nullptr;
  // Volatile: read, not mapped, since anyone may shorten the file meanwhile.
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false,
                                            /*IsVolatile=*/true);
  if (!buffer || (*buffer)->getBufferSize() < least)
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
