//===- TestSupport.h - Helpers of the tests of this room ------ -*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Catches diagnostics and reads the data files.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_EQUATION_TESTSUPPORT_H
#define CONVEINSUM_TEST_EQUATION_TESTSUPPORT_H

#include "conveinsum/Equation/Case.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

namespace conveinsum {

/// Keeps what a check reports and counts how often it does.
struct Caught {
  std::optional<Fault> diagnostic;
  unsigned count = 0;

  void operator()(const Fault &reported) {
    diagnostic = reported;
    ++count;
  }
  /// Says what was reported, for failure messages.
  std::string text() const {
    if (!diagnostic)
      return "nothing reported";
    return diagnostic->constraint + ": " + diagnostic->message;
  }
};

/// The parsed data file `test/data/NAME`.
inline llvm::json::Value readDataFile(const std::string &name) {
  std::string path = std::string(CONVEINSUM_TEST_DATA) + "/" + name;
  auto buffer = llvm::MemoryBuffer::getFile(path);
  EXPECT_TRUE(bool(buffer)) << path;
  if (!buffer)
    return nullptr;
  auto value = llvm::json::parse((*buffer)->getBuffer());
  EXPECT_TRUE(bool(value)) << path;
  if (!value) {
    llvm::consumeError(value.takeError());
    return nullptr;
  }
  return std::move(*value);
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_EQUATION_TESTSUPPORT_H
