//===- ByteSize.cpp - Sizes in bytes as text ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whole numbers are exact; fractions of a unit are rounded down.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Request/ByteSize.h"

using llvm::StringRef;

std::optional<uint64_t> conveinsum::parseByteSize(StringRef text) {
  static const struct {
    StringRef suffix;
    uint64_t factor;
  } units[] = {{"TiB", uint64_t(1) << 40},
               {"GiB", uint64_t(1) << 30},
               {"MiB", uint64_t(1) << 20},
               {"KiB", uint64_t(1) << 10},
               {"TB", 1000000000000},
               {"GB", 1000000000},
               {"MB", 1000000},
               {"KB", 1000},
               {"kB", 1000},
               {"T", uint64_t(1) << 40},
               {"G", uint64_t(1) << 30},
               {"M", uint64_t(1) << 20},
               {"K", uint64_t(1) << 10},
               {"k", uint64_t(1) << 10},
               {"B", 1}};
  uint64_t factor = 1;
  for (const auto &unit : units)
    if (text.consume_back(unit.suffix)) {
      factor = unit.factor;
      break;
    }
  text = text.rtrim(' ');
  uint64_t whole;
  if (!text.getAsInteger(10, whole)) {
    uint64_t bytes;
    if (__builtin_mul_overflow(whole, factor, &bytes))
      return std::nullopt;
    return bytes;
  }
  double number;
  if (text.empty() ||
      text.find_first_not_of("0123456789.") != StringRef::npos ||
      text.getAsDouble(number) || !(number * double(factor) < 9e18))
    return std::nullopt;
  return uint64_t(number * double(factor));
}
