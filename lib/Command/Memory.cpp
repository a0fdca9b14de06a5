//===- Memory.cpp - Need and availability of memory -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads /proc and the control group; what cannot be read limits nothing.
//
//===----------------------------------------------------------------------===//

#include "Memory.h"
#include "Network.h"
#include "Report/Text/Numbers.h"
#include "conveinsum/Plan/Request/PlanWords.h"
#include "llvm/Support/MemoryBuffer.h"
#include <limits>
#include <sys/resource.h>

using namespace conveinsum;
using namespace conveinsum::command;
using llvm::StringRef;

static constexpr uint64_t kUnlimited = std::numeric_limits<uint64_t>::max();

/// In full, so that a need and a limit never look the same.
static std::string exactBytes(Count bytes) {
  std::string text = toString(bytes) + " bytes";
  return bytes < 1024 ? text : text + ", " + humanBytes(bytes);
}

void MemoryNeed::add(StringRef what, Count bytes) {
  parts.emplace_back(what.str(), bytes);
}

void MemoryNeed::add(const MemoryNeed &other) {
  parts.append(other.parts.begin(), other.parts.end());
}

Count MemoryNeed::total() const {
  Count sum = 0;
  for (const auto &[what, bytes] : parts)
    sum += bytes;
  return sum;
}

std::string MemoryNeed::text() const {
  std::string text = exactBytes(total()) + " (";
  for (const auto &[what, bytes] : parts)
    text += (text.back() == '(' ? "" : ", ") + what + " " + humanBytes(bytes);
  return text + ")";
}

/// The text of a file of /proc or /sys, whose sizes are 0; empty if there is
/// none.
static std::string readSystemFile(const char *path) {
  auto buffer = llvm::MemoryBuffer::getFileAsStream(path);
  return buffer ? (*buffer)->getBuffer().str() : std::string();
}

/// The number of kB behind `key:` in a file such as /proc/meminfo.
static uint64_t readField(StringRef text, StringRef key) {
  size_t at = text.find(key);
  if (at == StringRef::npos)
    return kUnlimited;
  uint64_t value;
  StringRef rest = text.drop_front(at + key.size()).ltrim(": \t");
  return rest.consumeInteger(10, value) ? kUnlimited : value * 1024;
}

static uint64_t readNumber(const char *path) {
  uint64_t value;
  return StringRef(readSystemFile(path)).trim().getAsInteger(10, value)
             ? kUnlimited
             : value;
}

static uint64_t remaining(uint64_t limit, uint64_t used) {
  if (limit == kUnlimited || used == kUnlimited)
    return kUnlimited;
  return limit > used ? limit - used : 0;
}

uint64_t command::availableMemory() {
  uint64_t available =
      readField(readSystemFile("/proc/meminfo"), "MemAvailable");
  available = std::min(available,
                       remaining(readNumber("/sys/fs/cgroup/memory.max"),
                                 readNumber("/sys/fs/cgroup/memory.current")));
  rlimit limit;
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
    available = std::min(
        available,
        remaining(limit.rlim_cur,
                  readField(readSystemFile("/proc/self/status"), "VmSize")));
  return available;
}

bool command::checkMemory(const MemoryNeed &need, const Arguments &arguments,
                          ErrorFn onError) {
  uint64_t available;
  StringRef what = "available";
  PlanRequest request;
  if (auto text = arguments.value("memory-limit");
      text && !readPlanWord("memory-limit", "--memory-limit", *text,
                            /*operands=*/0, request, onError))
    return false;
  if (request.memoryLimit) {
    available = *request.memoryLimit;
    what = "allowed by --memory-limit";
  } else {
    available = availableMemory();
  }
  if (need.total() <= available)
    return true;
  return refuse(onError, "not enough memory: expected at most what is " + what +
                             ", " + exactBytes(available) + ", got a need of " +
                             need.text());
}
