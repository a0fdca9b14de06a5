//===- FuzzTarget.h - What all fuzz targets share ---------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A fuzz target is one function of bytes. libFuzzer calls it with what it
// invents, ReplayMain.cpp with files. A target ends the process by `require`
// where a promise is broken; all else that it may hear is a refusal in words,
// which `Refusals` counts:
//
//     Refusals refusals;
//     auto equation = Equation::create(text, {}, shapes, refusals.sink());
//     refusals.requireExactlyUnless(equation.has_value());
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_FUZZ_FUZZTARGET_H
#define CONVEINSUM_TEST_FUZZ_FUZZTARGET_H

#include "conveinsum/Equation/Fault.h"
#include "llvm/ADT/SmallVector.h"
#include <cstddef>
#include <cstdint>
#include <functional>

/// The target. Returns 0 always, as libFuzzer wants it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

namespace conveinsum::test {

/// Ends the process and says what is broken, unless `holds`.
void require(bool holds, const llvm::Twine &promise);

/// Hears faults and checks how they are worded.
class Refusals {
public:
  /// `text` is where positions point into, if anywhere.
  explicit Refusals(llvm::StringRef text = {})
      : text(text), hear([this](const Fault &fault) { add(fault); }) {}
  Refusals(const Refusals &) = delete;

  ErrorFn sink() { return hear; }
  /// What succeeded said nothing, what failed said one thing.
  void requireExactlyUnless(bool succeeded) const;

private:
  void add(const Fault &fault);

  llvm::StringRef text;
  llvm::SmallVector<std::string, 1> messages;
  std::function<void(const Fault &)> hear;
};

/// Takes numbers from the bytes of an input; zeros when they are used up.
class Bytes {
public:
  Bytes(const uint8_t *data, size_t size) : next(data), end(data + size) {}

  bool isEmpty() const { return next == end; }
  uint8_t byte() { return next == end ? 0 : *next++; }
  /// From low to high, both included, at most 256 of them.
  int64_t between(int64_t low, int64_t high) {
    return low + byte() % (high - low + 1);
  }
  bool oneIn(int64_t times) { return between(1, times) == times; }

private:
  const uint8_t *next, *end;
};

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_FUZZ_FUZZTARGET_H
