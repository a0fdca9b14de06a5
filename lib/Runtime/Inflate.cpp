//===- Inflate.cpp - Deflated bytes ---------------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers are read from low bits to high, codes from their first bit on.
//
//===----------------------------------------------------------------------===//

#include "Inflate.h"
#include <algorithm>
#include <cstring>

using namespace conveinsum;

static constexpr uint64_t kWindow = 1 << 15;

//===----------------------------------------------------------------------===//
// Codes
//===----------------------------------------------------------------------===//

static uint32_t reversed(uint32_t code, unsigned length) {
  uint32_t result = 0;
  for (unsigned bit = 0; bit < length; ++bit)
    result |= (code >> bit & 1) << (length - 1 - bit);
  return result;
}

bool HuffmanCode::build(const uint8_t *lengths, unsigned numSymbols) {
  counts.fill(0);
  for (unsigned symbol = 0; symbol < numSymbols; ++symbol)
    ++counts[lengths[symbol]];
  counts[0] = 0;
  // Codes that are left, in units of the longest.
  int left = 1;
  unsigned used = 0;
  std::array<uint16_t, kMostBits + 2> starts = {};
  std::array<uint32_t, kMostBits + 2> codes = {};
  for (unsigned length = 1; length <= kMostBits; ++length) {
    left = 2 * left - counts[length];
    if (left < 0)
      return false;
    used += counts[length];
    starts[length + 1] = starts[length] + counts[length];
    codes[length + 1] = (codes[length] + counts[length]) << 1;
  }
  if (left > 0 && (used > 1 || used != counts[1]))
    return false;
  symbols.assign(used, 0);
  table.fill(0);
  for (unsigned symbol = 0; symbol < numSymbols; ++symbol) {
    unsigned length = lengths[symbol];
    if (length == 0)
      continue;
    symbols[starts[length]++] = symbol;
    uint32_t code = codes[length]++;
    if (length <= kTableBits)
      for (uint32_t entry = reversed(code, length); entry < table.size();
           entry += 1u << length)
        table[entry] = symbol << 4 | length;
  }
  return true;
}

std::pair<unsigned, unsigned> HuffmanCode::decode(uint32_t bits) const {
  if (unsigned entry = table[bits & (table.size() - 1)])
    return {entry >> 4, entry & 15};
  uint32_t code = 0, first = 0;
  unsigned index = 0;
  for (unsigned length = 1; length <= kMostBits; ++length) {
    code |= bits & 1;
    bits >>= 1;
    if (code - first < counts[length])
      return {symbols[index + (code - first)], length};
    index += counts[length];
    first = (first + counts[length]) << 1;
    code <<= 1;
  }
  return {0, 0};
}

//===----------------------------------------------------------------------===//
// Bits
//===----------------------------------------------------------------------===//

Inflater::Inflater(std::unique_ptr<ByteSource> source)
    : source(std::move(source)), window(kWindow) {}

bool Inflater::fail(const char *reason) {
  fault.message = std::string("malformed deflated data: ") + reason;
  return false;
}

bool Inflater::need(unsigned count) {
  while (numBits < count) {
    if (nextInput == input.size() && numPadding == 0) {
      input.resize(1 << 16);
      Fallible<uint64_t> got = source->readSome(input.data(), input.size());
      input.resize(got ? *got : 0);
      nextInput = 0;
      if (!got) {
        fault = got.failure();
        return false;
      }
    }
    bool isPadding = nextInput == input.size();
    numPadding += isPadding ? 8 : 0;
    bits |= uint64_t(isPadding ? 0 : input[nextInput++]) << numBits;
    numBits += 8;
  }
  return true;
}

bool Inflater::take(unsigned count, uint32_t &value) {
  if (!need(count))
    return false;
  if (numBits - numPadding < count)
    return fail("it ends too early");
  value = bits & ((uint64_t(1) << count) - 1);
  bits >>= count;
  numBits -= count;
  return true;
}

bool Inflater::takeSymbol(const HuffmanCode &code, unsigned &symbol) {
  if (!need(HuffmanCode::kMostBits))
    return false;
  auto [found, length] = code.decode(bits);
  uint32_t ignored;
  symbol = found;
  return length > 0 ? take(length, ignored) : fail("it has an unknown code");
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

bool Inflater::readFixedCodes() {
  std::array<uint8_t, 288> lengths;
  std::fill(lengths.begin(), lengths.begin() + 144, 8);
  std::fill(lengths.begin() + 144, lengths.begin() + 256, 9);
  std::fill(lengths.begin() + 256, lengths.begin() + 280, 7);
  std::fill(lengths.begin() + 280, lengths.end(), 8);
  literals.build(lengths.data(), lengths.size());
  // The last two of 32 stand for nothing, but have codes.
  lengths.fill(5);
  distances.build(lengths.data(), 32);
  return true;
}

/// Reads run-length coded lengths with the code that `literals` holds.
bool Inflater::readLengths(uint8_t *lengths, unsigned count) {
  for (unsigned done = 0; done < count;) {
    unsigned symbol;
    if (!takeSymbol(literals, symbol))
      return false;
    if (symbol < 16) {
      lengths[done++] = symbol;
      continue;
    }
    if (symbol == 16 && done == 0)
      return fail("a length repeats none");
    uint8_t value = symbol == 16 ? lengths[done - 1] : 0;
    uint32_t repeat;
    if (!take(symbol == 16 ? 2 : symbol == 17 ? 3 : 7, repeat))
      return false;
    repeat += symbol == 18 ? 11 : 3;
    if (repeat > count - done)
      return fail("it has too many lengths");
    std::fill_n(lengths + done, repeat, value);
    done += repeat;
  }
  return true;
}

bool Inflater::readCodes() {
  static constexpr uint8_t order[19] = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                        11, 4,  12, 3, 13, 2, 14, 1, 15};
  uint32_t numLiterals, numDistances, numLengths;
  if (!take(5, numLiterals) || !take(5, numDistances) || !take(4, numLengths))
    return false;
  numLiterals += 257;
  numDistances += 1;
  if (numLiterals > 286 || numDistances > 30)
    return fail("it has too many codes");
  std::array<uint8_t, 320> lengths = {};
  for (unsigned k = 0; k < numLengths + 4; ++k) {
    uint32_t length;
    if (!take(3, length))
      return false;
    lengths[order[k]] = length;
  }
  if (!literals.build(lengths.data(), 19))
    return fail("it has an impossible code of lengths");
  if (!readLengths(lengths.data(), numLiterals + numDistances))
    return false;
  if (lengths[256] == 0)
    return fail("its blocks have no end");
  if (!literals.build(lengths.data(), numLiterals) ||
      !distances.build(lengths.data() + numLiterals, numDistances))
    return fail("it has an impossible code");
  return true;
}

bool Inflater::readHeader() {
  uint32_t last, kind, length, complement;
  if (!take(1, last) || !take(2, kind))
    return false;
  isLastBlock = last;
  if (kind == 3)
    return fail("it has a block of an unknown kind");
  state = kind == 0 ? State::Stored : State::Compressed;
  if (kind == 1)
    return readFixedCodes();
  if (kind == 2)
    return readCodes();
  uint32_t ignored;
  if (!take(numBits % 8, ignored) || !take(16, length) || !take(16, complement))
    return false;
  if ((length ^ complement) != 0xffff)
    return fail("a stored block has two lengths");
  stored = length;
  return true;
}

bool Inflater::readMatch(unsigned symbol) {
  static constexpr uint16_t lengthBase[] = {
      3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
      31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
  static constexpr uint8_t lengthBits[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1,
                                           1, 1, 2, 2, 2, 2, 3, 3, 3, 3,
                                           4, 4, 4, 4, 5, 5, 5, 5, 0};
  static constexpr uint16_t distanceBase[] = {
      1,    2,    3,    4,    5,    7,    9,    13,    17,    25,
      33,   49,   65,   97,   129,  193,  257,  385,   513,   769,
      1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
  if (symbol > 285)
    return fail("it has an unknown length");
  uint32_t extra;
  if (!take(lengthBits[symbol - 257], extra))
    return false;
  matchLength = lengthBase[symbol - 257] + extra;
  unsigned distance;
  if (!takeSymbol(distances, distance))
    return false;
  if (distance > 29)
    return fail("it has an unknown distance");
  if (!take(distance < 2 ? 0 : distance / 2 - 1, extra))
    return false;
  matchDistance = distanceBase[distance] + extra;
  if (matchDistance > produced)
    return fail("it copies what was before its beginning");
  return true;
}

void Inflater::put(uint8_t byte) {
  window[produced++ % kWindow] = byte;
  *output++ = byte;
}

//===----------------------------------------------------------------------===//
// The stream
//===----------------------------------------------------------------------===//

Fallible<uint64_t> Inflater::readSome(void *to, uint64_t bytes) {
  output = static_cast<uint8_t *>(to);
  outputEnd = output + bytes;
  while (output < outputEnd && state != State::End) {
    if (matchLength > 0) {
      --matchLength;
      put(window[(produced - matchDistance) % kWindow]);
    } else if (state == State::Header) {
      if (!readHeader())
        return fault;
    } else if (state == State::Stored) {
      uint32_t byte;
      if (stored == 0) {
        state = isLastBlock ? State::End : State::Header;
      } else {
        if (!take(8, byte))
          return fault;
        --stored;
        put(byte);
      }
    } else {
      unsigned symbol;
      if (!takeSymbol(literals, symbol))
        return fault;
      if (symbol < 256)
        put(symbol);
      else if (symbol == 256)
        state = isLastBlock ? State::End : State::Header;
      else if (!readMatch(symbol))
        return fault;
    }
  }
  return uint64_t(output - static_cast<uint8_t *>(to));
}

Status Inflater::checkEnd() {
  uint8_t more;
  Fallible<uint64_t> got = readSome(&more, 1);
  if (!got)
    return got.failure();
  if (*got > 0)
    return Failure{"malformed deflated data: it does not end where it should"};
  // Bits up to the next byte belong to the last block.
  unsigned whole = (numBits - numPadding) / 8;
  Fallible<uint64_t> rest = source->readSome(&more, 1);
  if (!rest)
    return rest.failure();
  if (whole > 0 || nextInput < input.size() || *rest > 0)
    return Failure{"malformed deflated data: bytes behind its end"};
  return Done();
}
