//===- ElementType.cpp - The element types of tensors ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One table of all element types; every question is answered from it.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/ElementType.h"

using namespace conveinsum;

namespace {
enum class Kind : uint8_t { Float, Complex, Integer };

struct Properties {
  ElementType type;
  std::string_view name;
  Kind kind;
  uint8_t bytes;
  double roundoff;
};
} // namespace

static constexpr Properties kTypes[] = {
    {ElementType::F64, "f64", Kind::Float, 8, 0x1p-53},
    {ElementType::F32, "f32", Kind::Float, 4, 0x1p-24},
    {ElementType::F16, "f16", Kind::Float, 2, 0x1p-11},
    {ElementType::BF16, "bf16", Kind::Float, 2, 0x1p-8},
    {ElementType::C64, "complex<f32>", Kind::Complex, 8, 0x1p-24},
    {ElementType::C128, "complex<f64>", Kind::Complex, 16, 0x1p-53},
    {ElementType::I8, "i8", Kind::Integer, 1, 0},
    {ElementType::I16, "i16", Kind::Integer, 2, 0},
    {ElementType::I32, "i32", Kind::Integer, 4, 0},
    {ElementType::I64, "i64", Kind::Integer, 8, 0},
};

static constexpr bool isInOrder() {
  unsigned index = 0;
  for (const Properties &properties : kTypes)
    if (static_cast<unsigned>(properties.type) != index++)
      return false;
  return true;
}
static_assert(isInOrder(), "the table is indexed by the type");

static const Properties &get(ElementType type) {
  return kTypes[static_cast<unsigned>(type)];
}

std::string_view conveinsum::name(ElementType type) { return get(type).name; }

namespace {
struct Alias {
  std::string_view word;
  ElementType type;
};
} // namespace

/// What NumPy, PyTorch and JAX call the types, where it has one meaning: their
/// `float` and `int` differ, and NumPy's `f8`, `f16` and `i8` count bytes,
/// which here and in MLIR are bits. With a byte order they are NumPy's.
static constexpr Alias kAliases[] = {
    {"fp64", ElementType::F64},        {"fp32", ElementType::F32},
    {"fp16", ElementType::F16},        {"c64", ElementType::C64},
    {"c128", ElementType::C128},       {"float64", ElementType::F64},
    {"double", ElementType::F64},      {"float32", ElementType::F32},
    {"single", ElementType::F32},      {"f4", ElementType::F32},
    {"float16", ElementType::F16},     {"half", ElementType::F16},
    {"f2", ElementType::F16},          {"bfloat16", ElementType::BF16},
    {"complex64", ElementType::C64},   {"c8", ElementType::C64},
    {"complex128", ElementType::C128}, {"c16", ElementType::C128},
    {"int8", ElementType::I8},         {"i1", ElementType::I8},
    {"int16", ElementType::I16},       {"i2", ElementType::I16},
    {"int32", ElementType::I32},       {"i4", ElementType::I32},
    {"int64", ElementType::I64},       {"<f8", ElementType::F64},
    {"<f4", ElementType::F32},         {"<f2", ElementType::F16},
    {"<c8", ElementType::C64},         {"<c16", ElementType::C128},
    {"<i1", ElementType::I8},          {"|i1", ElementType::I8},
    {"<i2", ElementType::I16},         {"<i4", ElementType::I32},
    {"<i8", ElementType::I64},
};

std::optional<ElementType> conveinsum::parseElementType(std::string_view name) {
  for (std::string_view module : {"torch.", "numpy.", "np.", "jnp."})
    if (name.substr(0, module.size()) == module) {
      name.remove_prefix(module.size());
      break;
    }
  for (const Alias &alias : kAliases)
    if (alias.word == name)
      return alias.type;
  for (const Properties &properties : kTypes)
    if (properties.name == name)
      return properties.type;
  return std::nullopt;
}

unsigned conveinsum::byteSize(ElementType type) { return get(type).bytes; }
bool conveinsum::isInteger(ElementType type) {
  return get(type).kind == Kind::Integer;
}
bool conveinsum::isComplex(ElementType type) {
  return get(type).kind == Kind::Complex;
}
bool conveinsum::isFloat(ElementType type) {
  return get(type).kind == Kind::Float;
}

static ElementType wider(ElementType a, ElementType b) {
  return byteSize(a) >= byteSize(b) ? a : b;
}

ElementType conveinsum::accumulatorType(ElementType operand,
                                        ElementType result) {
  ElementType widest = wider(operand, result);
  if (isInteger(widest))
    return wider(widest, ElementType::I32);
  if (isFloat(widest))
    return wider(ElementType::F32, widest);
  return widest;
}

ElementType conveinsum::intermediateType(ElementType operand,
                                         ElementType result) {
  return isInteger(operand) ? accumulatorType(operand, result) : operand;
}

bool conveinsum::isValidResultType(ElementType operand, ElementType result) {
  return operand == result || (get(operand).kind == get(result).kind &&
                               byteSize(operand) < byteSize(result));
}

double conveinsum::unitRoundoff(ElementType type) { return get(type).roundoff; }
