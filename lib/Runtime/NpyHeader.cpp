//===- NpyHeader.cpp - The dictionary in front of a .npy file -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A parser for exactly the Python literal that the format allows: a dictionary
// with the keys descr, fortran_order and shape, in any order.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/Npy.h"

using namespace conveinsum;

/// NumPy itself stops at 64 dimensions.
static constexpr size_t kMaxRank = 64;

namespace {
/// A cursor over the literal. Every parser skips blanks first and returns false
/// or nothing without a message; the caller knows what it expected.
class Cursor {
public:
  explicit Cursor(std::string_view text) : rest(text) {}

  bool consume(std::string_view token) {
    skipBlanks();
    if (rest.substr(0, token.size()) != token)
      return false;
    rest.remove_prefix(token.size());
    return true;
  }

  bool peek(char c) {
    skipBlanks();
    return !rest.empty() && rest.front() == c;
  }

  bool atEnd() {
    skipBlanks();
    return rest.empty();
  }

  /// A string in single or double quotes, without escapes.
  std::optional<std::string_view> string() {
    skipBlanks();
    if (rest.empty() || (rest[0] != '\'' && rest[0] != '"'))
      return std::nullopt;
    size_t end = rest.find(rest[0], 1);
    if (end == std::string_view::npos)
      return std::nullopt;
    std::string_view text = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return text;
  }

  /// A non-negative number of at most 63 bits; Python 2 wrote `3L`.
  std::optional<int64_t> number() {
    skipBlanks();
    int64_t value = 0;
    size_t digits = 0;
    for (; digits < rest.size() && rest[digits] >= '0' && rest[digits] <= '9';
         ++digits)
      if (__builtin_mul_overflow(value, int64_t(10), &value) ||
          __builtin_add_overflow(value, int64_t(rest[digits] - '0'), &value))
        return std::nullopt;
    if (digits == 0)
      return std::nullopt;
    rest.remove_prefix(digits);
    if (!rest.empty() && rest.front() == 'L')
      rest.remove_prefix(1);
    return value;
  }

private:
  void skipBlanks() {
    size_t begin = rest.find_first_not_of(" \t\r\n");
    rest.remove_prefix(begin == std::string_view::npos ? rest.size() : begin);
  }

  std::string_view rest;
};
} // namespace

/// What a type code that cannot be read stands for.
static std::string describeUnsupported(std::string_view descr) {
  if (descr.empty())
    return "an empty type";
  switch (descr.size() > 1 ? descr[1] : descr[0]) {
  case 'O':
    return "objects";
  case 'S':
  case 'U':
  case 'a':
    return "strings";
  case 'V':
    return "records";
  case 'M':
  case 'm':
    return "dates";
  default:
    return "a type that has no counterpart";
  }
}

/// Reads `<f4`, `|u1`, `>i8` and the like into type and byte order.
static Status parseTypeCode(std::string_view descr, NpyHeader &header) {
  struct Code {
    std::string_view text;
    StoredType type;
  };
  static const Code codes[] = {{"f8", ElementType::F64},
                               {"f4", ElementType::F32},
                               {"f2", ElementType::F16},
                               {"c8", ElementType::C64},
                               {"c16", ElementType::C128},
                               {"i1", ElementType::I8},
                               {"i2", ElementType::I16},
                               {"i4", ElementType::I32},
                               {"i8", ElementType::I64},
                               {"u1", {ElementType::I8, StoredKind::Unsigned}},
                               {"u2", {ElementType::I16, StoredKind::Unsigned}},
                               {"u4", {ElementType::I32, StoredKind::Unsigned}},
                               {"u8", {ElementType::I64, StoredKind::Unsigned}},
                               {"b1", {ElementType::I8, StoredKind::Boolean}}};
  for (const Code &code : codes) {
    if (descr.empty() || descr.substr(1) != code.text)
      continue;
    char order = descr[0];
    if (order == '<' || order == '=' || order == '>' ||
        (order == '|' && byteSize(code.type) == 1)) {
      header.type = code.type;
      header.bigEndian = order == '>';
      return Done();
    }
  }
  return Failure{"expected entries of a float, complex, integer or boolean "
                 "type, got '" +
                 std::string(descr) + "' (" + describeUnsupported(descr) + ")"};
}

static Fallible<std::vector<int64_t>> parseShapeTuple(Cursor &cursor) {
  Failure malformed{"malformed header: expected a tuple of sizes as 'shape'"};
  std::vector<int64_t> shape;
  if (!cursor.consume("("))
    return malformed;
  while (!cursor.consume(")")) {
    std::optional<int64_t> extent = cursor.number();
    if (!extent)
      return Failure{"malformed header: expected sizes from 0 to 2^63-1 in "
                     "'shape'"};
    shape.push_back(*extent);
    if (shape.size() > kMaxRank)
      return Failure{"expected at most 64 dimensions, got more"};
    bool comma = cursor.consume(",");
    // (3) is a number in Python, (3,) a tuple.
    if (!comma && (shape.size() < 2 || !cursor.peek(')')))
      return malformed;
  }
  return shape;
}

Fallible<NpyHeader> conveinsum::parseNpyDictionary(std::string_view text) {
  Cursor cursor(text);
  NpyHeader header;
  bool hasType = false, hasOrder = false, hasShape = false;
  auto readEntry = [&](std::string_view key) -> Status {
    if (key == "descr" && !hasType) {
      hasType = true;
      if (cursor.peek('['))
        return Failure{"expected entries of one type, got records"};
      std::optional<std::string_view> descr = cursor.string();
      if (!descr)
        return Failure{"malformed header: expected a string as 'descr'"};
      return parseTypeCode(*descr, header);
    }
    if (key == "fortran_order" && !hasOrder) {
      hasOrder = true;
      header.fortranOrder = cursor.consume("True");
      if (!header.fortranOrder && !cursor.consume("False"))
        return Failure{
            "malformed header: expected True or False as 'fortran_order'"};
      return Done();
    }
    if (key == "shape" && !hasShape) {
      hasShape = true;
      Fallible<std::vector<int64_t>> shape = parseShapeTuple(cursor);
      if (!shape)
        return shape.failure();
      header.shape = std::move(*shape);
      return Done();
    }
    return Failure{"malformed header: unexpected key '" + std::string(key) +
                   "'"};
  };

  if (!cursor.consume("{"))
    return Failure{"malformed header: expected a dictionary"};
  while (!cursor.consume("}")) {
    std::optional<std::string_view> key = cursor.string();
    if (!key || !cursor.consume(":"))
      return Failure{"malformed header: expected 'key': value"};
    if (Status read = readEntry(*key); !read)
      return read.failure();
    if (!cursor.consume(",") && !cursor.peek('}'))
      return Failure{"malformed header: expected ',' or '}'"};
  }
  if (!cursor.atEnd())
    return Failure{"malformed header: text after the dictionary"};
  if (!hasType || !hasOrder || !hasShape)
    return Failure{"malformed header: expected the keys descr, fortran_order "
                   "and shape"};
  if (!byteCount(header.type.element, header.shape))
    return Failure{"the shape " + tooManyBytes(header.shape)};
  return header;
}
