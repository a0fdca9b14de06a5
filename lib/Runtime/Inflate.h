//===- Inflate.h - Deflated bytes -------------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The decoder of RFC 1951, for compressed archives. The runtime depends on no
// library, and zlib would be the only one. It holds a window of 32 KiB and
// never more, whatever the data say that they become.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_RUNTIME_INFLATE_H
#define CONVEINSUM_LIB_RUNTIME_INFLATE_H

#include "ByteSource.h"
#include <array>
#include <vector>

namespace conveinsum {

/// The code of one alphabet: symbols by their codes, shorter codes first.
class HuffmanCode {
public:
  static constexpr unsigned kMostBits = 15;
  /// Codes of at most so many bits are looked up at once.
  static constexpr unsigned kTableBits = 10;

  /// Builds the code from the number of bits of every symbol; false if there is
  /// no such code. One that is incomplete is taken only if it has at most one
  /// symbol.
  bool build(const uint8_t *lengths, unsigned symbols);
  /// The symbol at the low end of `bits` and the length of its code; length 0
  /// if there is none.
  std::pair<unsigned, unsigned> decode(uint32_t bits) const;

private:
  std::array<uint16_t, kMostBits + 1> counts;  ///< of codes, by length
  std::vector<uint16_t> symbols;               ///< in the order of their codes
  std::array<uint16_t, 1 << kTableBits> table; ///< symbol * 16 + length, or 0
};

class Inflater : public ByteSource {
public:
  explicit Inflater(std::unique_ptr<ByteSource> source);

  Fallible<uint64_t> readSome(void *to, uint64_t bytes) override;
  std::optional<uint64_t> remaining() const override { return std::nullopt; }
  /// The stream and its source end here.
  Status checkEnd() override;

private:
  enum class State { Header, Stored, Compressed, End };

  /// Makes `count` bits available, zeros behind the end; false if the source
  /// fails.
  bool need(unsigned count);
  /// Takes bits; false, with a fault, behind the end.
  bool take(unsigned count, uint32_t &value);
  bool takeSymbol(const HuffmanCode &code, unsigned &symbol);
  bool fail(const char *reason);

  bool readHeader();
  bool readFixedCodes();
  bool readCodes();
  bool readLengths(uint8_t *lengths, unsigned count);
  bool readMatch(unsigned symbol);
  void put(uint8_t byte);

  std::unique_ptr<ByteSource> source;
  std::vector<uint8_t> input, window;
  size_t nextInput = 0;
  uint64_t bits = 0;
  unsigned numBits = 0;    ///< in `bits`
  unsigned numPadding = 0; ///< of them, behind the end of the source
  State state = State::Header;
  bool isLastBlock = false;
  HuffmanCode literals, distances;
  uint32_t stored = 0; ///< bytes of a stored block that are to come
  uint32_t matchLength = 0, matchDistance = 0;
  uint64_t produced = 0;
  uint8_t *output = nullptr, *outputEnd = nullptr;
  Failure fault;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_RUNTIME_INFLATE_H
