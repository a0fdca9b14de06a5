//===- Budget.cpp - How many bytes may be kept, in words ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shares are read as decimal fractions, so that 100% of a size is that size.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Checkpoint/Choice/Budget.h"
#include "conveinsum/Plan/Request/ByteSize.h"
#include "llvm/ADT/StringExtras.h"

using namespace conveinsum;
using llvm::StringRef;

StringRef CheckpointBudget::expected() {
  return "bytes with a unit (64MiB), a share of what keeping everything takes, "
         "at most 1 "
         "(0.5, 50%), min or max";
}

/// Digits, and others after a point, as a fraction.
static bool parseDecimal(StringRef text, Count &numerator, Count &denominator) {
  auto [whole, part] = text.split('.');
  std::string digits = (whole + part).str();
  // More places than these say nothing of a size of 64 bits.
  constexpr unsigned kMaxDigits = 30;
  if (digits.empty() || digits.size() > kMaxDigits ||
      !llvm::all_of(digits, llvm::isDigit))
    return false;
  numerator = 0;
  for (char digit : digits)
    numerator = numerator * Count(10) + Count(digit - '0');
  denominator = 1;
  for (size_t place = 0; place < part.size(); ++place)
    denominator *= 10;
  return true;
}

std::optional<CheckpointBudget> CheckpointBudget::parse(StringRef text) {
  CheckpointBudget budget;
  if (text == "max")
    return budget;
  if (text == "min") {
    budget.kind = Kind::Min;
    return budget;
  }
  bool isPercent = text.consume_back("%");
  if (parseDecimal(text, budget.numerator, budget.denominator)) {
    budget.kind = Kind::Share;
    if (isPercent)
      budget.denominator *= 100;
    if (budget.numerator > budget.denominator)
      return std::nullopt;
    return budget;
  }
  bool hasUnit = text.find_first_not_of("0123456789.") != StringRef::npos;
  std::optional<uint64_t> bytes = parseByteSize(text);
  if (isPercent || !hasUnit || !bytes)
    return std::nullopt;
  budget.kind = Kind::Bytes;
  budget.numerator = *bytes;
  return budget;
}

CheckpointBudget CheckpointBudget::ofBytes(const Count &bytes) {
  CheckpointBudget budget;
  budget.kind = Kind::Bytes;
  budget.numerator = bytes;
  return budget;
}

Count CheckpointBudget::bytesFor(const CheckpointFront &front) const {
  switch (kind) {
  case Kind::Bytes:
    return numerator;
  case Kind::Share:
    return front.maxBytes() * numerator / denominator;
  case Kind::Min:
    return front.minBytes();
  case Kind::Max:
    break;
  }
  return front.maxBytes();
}
