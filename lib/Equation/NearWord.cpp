//===- NearWord.cpp - What a misspelt word was meant to be ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Distances count slips of the hand: a character too many, one too few, a wrong
// one, two that changed places.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/NearWord.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include <optional>

using namespace conveinsum;
using llvm::StringRef;

/// Nobody mistypes a word into one of this length.
static constexpr size_t kMaxLength = 64;

/// The word without what people write in different ways.
static std::string plainForm(StringRef word) {
  std::string plain;
  for (char c : word)
    if (c != '_' && c != '-' && c != ' ')
      plain += llvm::toLower(c);
  if (plain.size() > 3 && plain.back() == 's')
    plain.pop_back();
  return plain;
}

static unsigned slipsBetween(StringRef a, StringRef b) {
  // Rows of the table for prefixes of `a`: two before, one before, this one.
  llvm::SmallVector<unsigned, 32> older, old, row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    older = old;
    old = row;
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min(
          {old[j] + 1, row[j - 1] + 1, old[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], older[j - 2] + 1);
    }
  }
  return row.back();
}

/// How far `word` is from a known one; nothing if it does not resemble it.
static std::optional<unsigned> distance(const std::string &word,
                                        const std::string &known) {
  size_t length = known.size();
  unsigned most = length < 4 ? 0 : length < 8 ? 1 : 2;
  unsigned slips = slipsBetween(word, known);
  return slips <= most ? std::optional(slips) : std::nullopt;
}

StringRef conveinsum::nearestWord(StringRef word,
                                  llvm::ArrayRef<StringRef> known) {
  StringRef nearest;
  if (word.size() > kMaxLength)
    return nearest;
  unsigned best = ~0u;
  std::string plain = plainForm(word);
  for (StringRef candidate : known) {
    std::optional<unsigned> slips = distance(plain, plainForm(candidate));
    if (slips && *slips < best) {
      best = *slips;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string conveinsum::didYouMean(StringRef word,
                                   llvm::ArrayRef<StringRef> known) {
  StringRef nearest = nearestWord(word, known);
  return nearest.empty() ? "" : ("; did you mean '" + nearest + "'?").str();
}
