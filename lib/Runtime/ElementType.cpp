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

std::optional<ElementType> conveinsum::parseElementType(std::string_view name) {
  if (name == "c64")
    return ElementType::C64;
  if (name == "c128")
    return ElementType::C128;
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
