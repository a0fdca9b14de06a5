//===- Fallible.h - A value or the reason why there is none -----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The runtime reports errors by value: it uses neither exceptions nor LLVM. A
// failed system call, a malformed file and memory that is not there are all a
// `Failure` with one line of text.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_RUNTIME_FALLIBLE_H
#define CONVEINSUM_RUNTIME_FALLIBLE_H

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace conveinsum {

/// Why something could not be done: lower case, no final period.
struct Failure {
  std::string message;
};

/// A T or a Failure. Test it before reading.
template <typename T>
class [[nodiscard]] Fallible {
public:
  Fallible(T value) : state(std::move(value)) {}
  Fallible(Failure failure) : state(std::move(failure)) {}

  explicit operator bool() const { return std::holds_alternative<T>(state); }
  T &operator*() {
    assert(*this && "read of a failed value");
    return *std::get_if<T>(&state);
  }
  const T &operator*() const {
    assert(*this && "read of a failed value");
    return *std::get_if<T>(&state);
  }
  T *operator->() { return &**this; }
  const T *operator->() const { return &**this; }

  /// The failure's text.
  const std::string &message() const {
    assert(!*this && "success has no message");
    return std::get_if<Failure>(&state)->message;
  }
  Failure failure() const { return Failure{message()}; }

private:
  std::variant<T, Failure> state;
};

/// What a function returns that makes nothing but can fail.
struct Done {};
using Status = Fallible<Done>;

} // namespace conveinsum

#endif // CONVEINSUM_RUNTIME_FALLIBLE_H
