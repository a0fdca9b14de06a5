//===- TextFile.cpp - Text of limited size --------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One buffer of a fixed size stands between the file and what is kept of it.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/TextFile.h"
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

using namespace conveinsum;

static constexpr size_t kBufferBytes = 1 << 18;
/// A line that is longer than this is taken to be endless.
static constexpr uint64_t kEndlessBytes = 16 * kMaxTextBytes;

static std::string limitText() {
  return std::to_string(kMaxTextBytes >> 20) + " MiB";
}

Fallible<TextReader> TextReader::open(const std::string &path) {
  TextReader reader;
  reader.path = path;
  reader.isOurs = path != "-";
  reader.descriptor =
      reader.isOurs ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
  if (reader.descriptor < 0)
    return reader.fail(std::strerror(errno));
  return Fallible<TextReader>(std::move(reader));
}

TextReader::TextReader(TextReader &&other) noexcept
    : path(std::move(other.path)),
      descriptor(std::exchange(other.descriptor, -1)), isOurs(other.isOurs),
      buffer(std::move(other.buffer)), next(other.next) {}

TextReader::~TextReader() {
  if (isOurs && descriptor >= 0)
    close(descriptor);
}

Failure TextReader::fail(const std::string &reason) const {
  return Failure{"cannot read '" + path + "': " + reason};
}

Fallible<bool> TextReader::fill() {
  next = 0;
  buffer.resize(kBufferBytes);
  ssize_t got;
  do
    got = read(descriptor, buffer.data(), buffer.size());
  while (got < 0 && errno == EINTR);
  int error = errno;
  buffer.resize(got < 0 ? 0 : size_t(got));
  if (got < 0)
    return fail(std::strerror(error));
  return got > 0;
}

Fallible<std::string> TextReader::readAll() {
  std::string text;
  for (;;) {
    text.append(buffer, next);
    if (text.size() > kMaxTextBytes)
      return fail("expected a file of at most " + limitText() + ", got more");
    Fallible<bool> more = fill();
    if (!more)
      return more.failure();
    if (!*more)
      return text;
  }
}

Fallible<std::optional<TextReader::Line>> TextReader::readLine() {
  Line line;
  uint64_t length = 0;
  for (;;) {
    if (next == buffer.size()) {
      Fallible<bool> more = fill();
      if (!more)
        return more.failure();
      if (!*more && length == 0)
        return std::optional<Line>();
      if (!*more)
        return std::optional<Line>(std::move(line));
    }
    size_t end = buffer.find('\n', next);
    bool isComplete = end != std::string::npos;
    end = isComplete ? end : buffer.size();
    length += end - next;
    line.isTooLong = length > kMaxTextBytes;
    if (line.isTooLong)
      line.text = std::string();
    else
      line.text.append(buffer, next, end - next);
    next = isComplete ? end + 1 : end;
    if (isComplete)
      return std::optional<Line>(std::move(line));
    if (length > kEndlessBytes)
      return fail("expected a line of at most " + limitText() +
                  ", got one that does not seem to end");
  }
}

Fallible<std::string> conveinsum::readTextFile(const std::string &path) {
  Fallible<TextReader> reader = TextReader::open(path);
  if (!reader)
    return reader.failure();
  return reader->readAll();
}
