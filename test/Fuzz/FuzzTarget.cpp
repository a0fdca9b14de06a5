//===- FuzzTarget.cpp - What all fuzz targets share -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Promises, refusals, and what sanitizers are told: libMLIR is not
// instrumented, so that containers which it shares with us look poisoned, and
// what it keeps until the end looks lost.
//
//===----------------------------------------------------------------------===//

#include "FuzzTarget.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace conveinsum;
using namespace conveinsum::test;

extern "C" const char *__asan_default_options();
extern "C" const char *__asan_default_options() {
  return "detect_leaks=0:allow_user_poisoning=0:allocator_may_return_null=1";
}
extern "C" const char *__ubsan_default_options();
extern "C" const char *__ubsan_default_options() {
  return "print_stacktrace=1";
}

void test::require(bool holds, const llvm::Twine &promise) {
  if (holds)
    return;
  llvm::errs() << "broken promise: " << promise << '\n';
  std::abort();
}

void Refusals::add(const Fault &fault) {
  llvm::StringRef message = fault.message;
  require(!message.empty(), "a refusal says something");
  require(!message.ends_with(".") || message.ends_with("..."),
          "no final period: " + message);
  if (fault.position && !text.empty())
    require(*fault.position <= text.size(), "a place is in the text");
  messages.push_back(numberedMessage(fault));
  for (char character : messages.back())
    require(character == '\n' || !llvm::isASCII(character) ||
                llvm::isPrint(character),
            "a message can be shown: " + message);
  renderDiagnostic(fault, text);
}

void Refusals::requireExactlyUnless(bool succeeded) const {
  std::string all;
  for (const std::string &message : messages)
    all += "\n  " + message;
  require(messages.size() == (succeeded ? 0 : 1),
          (succeeded ? "success says nothing, got"
                     : "a failure says one thing, got") +
              llvm::Twine(all.empty() ? " nothing" : all));
}
