//===- TestSupport.h - Helpers of the runtime's tests -----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Assertions on text that say what was found instead.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_RUNTIME_TESTSUPPORT_H
#define CONVEINSUM_TEST_RUNTIME_TESTSUPPORT_H

#include "gtest/gtest.h"
#include <string>

/// Whether `text` contains `part`.
inline testing::AssertionResult contains(const std::string &text,
                                         const std::string &part) {
  if (text.find(part) != std::string::npos)
    return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << "expected '" << part << "' in '" << text << "'";
}

#endif // CONVEINSUM_TEST_RUNTIME_TESTSUPPORT_H
