//===- OutputFile.cpp - Files that are complete or absent -----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Temporary names live in a fixed table so that a signal handler, which may
// neither allocate nor lock, can remove the files.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/OutputFile.h"
#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Temporary files and interrupts
//===----------------------------------------------------------------------===//

/// The files of so many gradients may wait for their names.
static constexpr int kSlots = 1024;
enum SlotState : int { Free, Filling, Used };
static std::atomic<int> slotStates[kSlots];
static char slotPaths[kSlots][PATH_MAX];

int conveinsum::protectTemporary(const std::string &path) {
  if (path.size() >= PATH_MAX)
    return -1;
  for (int slot = 0; slot < kSlots; ++slot) {
    int expected = Free;
    if (!slotStates[slot].compare_exchange_strong(expected, Filling))
      continue;
    std::memcpy(slotPaths[slot], path.c_str(), path.size() + 1);
    slotStates[slot].store(Used);
    return slot;
  }
  return -1;
}

void conveinsum::releaseTemporary(int slot) {
  if (slot >= 0)
    slotStates[slot].store(Free);
}

static void removeTemporaries(int signal) {
  for (int slot = 0; slot < kSlots; ++slot)
    if (slotStates[slot].load() == Used)
      unlink(slotPaths[slot]);
  // The handler was installed with SA_RESETHAND: this ends the process.
  raise(signal);
}

void conveinsum::installInterruptHandler() {
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction old;
    // A signal that the parent chose to ignore (nohup) stays ignored.
    if (sigaction(signal, nullptr, &old) != 0 || old.sa_handler == SIG_IGN)
      continue;
    struct sigaction action = {};
    action.sa_handler = removeTemporaries;
    action.sa_flags = SA_RESETHAND;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
  }
}

//===----------------------------------------------------------------------===//
// OutputFile
//===----------------------------------------------------------------------===//

static Failure systemFailure(const std::string &what, const std::string &path) {
  std::string name = path == "-" ? "standard output" : "'" + path + "'";
  return Failure{"cannot " + what + " " + name + ": " + std::strerror(errno)};
}

/// The file behind symbolic links, so that a rename does not replace the link.
static std::string resolveLinks(const std::string &path) {
  char *real = realpath(path.c_str(), nullptr);
  if (!real)
    return path;
  std::string resolved = real;
  std::free(real);
  return resolved;
}

/// The permissions that open(2) would give a new file.
static mode_t defaultPermissions() {
  mode_t mask = umask(0);
  umask(mask);
  return 0666 & ~mask;
}

Fallible<OutputFile> OutputFile::standardOutput() {
  OutputFile file;
  file.target = file.temporary = "-";
  file.descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
  if (file.descriptor < 0)
    return systemFailure("write", file.target);
  return Fallible<OutputFile>(std::move(file));
}

Fallible<OutputFile> OutputFile::create(const std::string &path,
                                        const std::string &suffix) {
  OutputFile file;
  file.target = resolveLinks(path);
  struct stat status;
  bool exists = stat(file.target.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    errno = EISDIR;
    return systemFailure("write", path);
  }
  if (exists && !S_ISREG(status.st_mode)) {
    file.temporary = file.target;
    file.descriptor = open(file.target.c_str(), O_WRONLY | O_CLOEXEC);
    if (file.descriptor < 0)
      return systemFailure("write", path);
    return Fallible<OutputFile>(std::move(file));
  }
  if (exists && access(file.target.c_str(), W_OK) != 0)
    return systemFailure("write", path);
  std::string pattern = file.target + ".tmp-XXXXXX" + suffix;
  file.descriptor = mkostemps(pattern.data(), int(suffix.size()), O_CLOEXEC);
  if (file.descriptor < 0)
    return systemFailure("write", path);
  file.temporary = pattern;
  file.slot = protectTemporary(pattern);
  fchmod(file.descriptor,
         exists ? status.st_mode & 0777 : defaultPermissions());
  return Fallible<OutputFile>(std::move(file));
}

OutputFile::OutputFile(OutputFile &&other) noexcept
    : target(std::move(other.target)), temporary(std::move(other.temporary)),
      descriptor(std::exchange(other.descriptor, -1)),
      slot(std::exchange(other.slot, -1)) {
  other.target.clear();
  other.temporary.clear();
}

OutputFile::~OutputFile() { discard(); }

void OutputFile::discard() {
  if (descriptor >= 0)
    ::close(descriptor);
  descriptor = -1;
  if (temporary != target)
    unlink(temporary.c_str());
  temporary = target;
  releaseTemporary(std::exchange(slot, -1));
}

Status OutputFile::write(const void *data, uint64_t bytes) {
  const char *next = static_cast<const char *>(data);
  while (bytes > 0) {
    ssize_t written =
        ::write(descriptor, next, std::min<uint64_t>(bytes, 1 << 30));
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return systemFailure("write", target);
    next += written;
    bytes -= uint64_t(written);
  }
  return Done();
}

Status OutputFile::close() {
  if (descriptor >= 0 && ::close(std::exchange(descriptor, -1)) != 0)
    return systemFailure("write", target);
  return Done();
}

Status OutputFile::commit() {
  if (Status closed = close(); !closed)
    return closed;
  if (temporary == target)
    return Done();
  if (rename(temporary.c_str(), target.c_str()) != 0)
    return systemFailure("write", target);
  temporary = target;
  releaseTemporary(std::exchange(slot, -1));
  return Done();
}

Status conveinsum::writeFile(const std::string &path, const void *data,
                             uint64_t bytes) {
  Fallible<OutputFile> file = OutputFile::create(path);
  if (!file)
    return file.failure();
  if (Status written = file->write(data, bytes); !written)
    return written;
  return file->commit();
}
