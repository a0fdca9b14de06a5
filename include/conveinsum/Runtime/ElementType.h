//===- ElementType.h - The element types of tensors -------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The element types of docs/Semantics.md, section 6, and which type a step
// accumulates in and stores. No LLVM IR and no MLIR: the runtime uses it too.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_RUNTIME_ELEMENTTYPE_H
#define CONVEINSUM_RUNTIME_ELEMENTTYPE_H

#include <cstdint>
#include <optional>
#include <string_view>

namespace conveinsum {

enum class ElementType : uint8_t {
  F64,
  F32,
  F16,
  BF16,
  C64,
  C128,
  I8,
  I16,
  I32,
  I64
};

/// `f64`, `f32`, `f16`, `bf16`, `complex<f32>`, `complex<f64>`, `i8`, ...
std::string_view name(ElementType type);
/// Inverse of `name`; also accepts `c64`/`c128` for the complex types, and what
/// NumPy, PyTorch and JAX call the types: `float32`, `torch.bfloat16`, `<f4`,
/// `half`.
std::optional<ElementType> parseElementType(std::string_view name);

/// Bytes of one element.
unsigned byteSize(ElementType type);
bool isInteger(ElementType type);
bool isComplex(ElementType type);
/// A real floating type: f64, f32, f16, bf16.
bool isFloat(ElementType type);

/// The type products are summed in, for operands of type `operand` and a
/// network whose result is `result` (section 6): f32 for f16 and bf16, the
/// wider of i32 and the result type for integers, else the wider of the two.
ElementType accumulatorType(ElementType operand, ElementType result);

/// The type in which intermediates are stored: the operands' type, except for
/// integers, which are stored in the accumulator type.
ElementType intermediateType(ElementType operand, ElementType result);

/// Whether `result` may be asked for with operands of type `operand`: the same
/// type or a wider one of the same kind (integer, float, complex). f16 and bf16
/// are not wider than each other.
bool isValidResultType(ElementType operand, ElementType result);

/// Unit round-off u of section 6: 2^-53, 2^-24, 2^-11, 2^-8; 0 for integers.
/// Complex types have that of their parts.
double unitRoundoff(ElementType type);

} // namespace conveinsum

#endif // CONVEINSUM_RUNTIME_ELEMENTTYPE_H
