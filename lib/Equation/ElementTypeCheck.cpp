//===- ElementTypeCheck.cpp - Element types of one equation ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Checks C50 to C52.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/ElementTypeCheck.h"
#include "conveinsum/Equation/NearWord.h"

using namespace conveinsum;
using llvm::StringRef;

static std::string text(ElementType type) { return std::string(name(type)); }

bool conveinsum::verifyElementTypes(llvm::ArrayRef<ElementType> operands,
                                    std::optional<ElementType> result,
                                    ErrorFn onError) {
  for (unsigned k = 1; k < operands.size(); ++k) {
    if (operands[k] == operands[0])
      continue;
    onError({"element types differ: expected " + text(operands[0]) +
                 " as of operand 0, got " + text(operands[k]) + " of operand " +
                 std::to_string(k),
             std::nullopt, k, std::nullopt, "C50"});
    return false;
  }
  if (result && !operands.empty() && !isValidResultType(operands[0], *result)) {
    onError({"expected " + text(operands[0]) +
                 " or a wider type of the same kind for the result, got " +
                 text(*result),
             std::nullopt, std::nullopt, std::nullopt, "C51"});
    return false;
  }
  return true;
}

/// Why a word for a type that others have is none here.
static std::string explainType(StringRef word) {
  if (word == "f8")
    return ", which is 64 bits in NumPy and 8 elsewhere";
  if (word == "float" || word == "int")
    return ", which is 64 bits in NumPy and 32 elsewhere";
  if (word == "bool" || word.starts_with("u"))
    return "; files of booleans and unsigned integers are read as one of these";
  return didYouMean(
      word, {"f64",          "f32",     "f16",     "bf16",     "complex<f32>",
             "complex<f64>", "i8",      "i16",     "i32",      "i64",
             "float64",      "float32", "float16", "bfloat16", "complex64",
             "complex128",   "int8",    "int16",   "int32",    "int64",
             "half",         "double",  "single"});
}

std::optional<ElementType>
conveinsum::readElementType(StringRef word, StringRef what, ErrorFn onError) {
  std::optional<ElementType> type =
      parseElementType(std::string_view(word.data(), word.size()));
  if (!type)
    onError({("expected " + what +
              " to be one of f64, f32, f16, bf16, complex<f32>, complex<f64>, "
              "i8, i16, i32, i64, got '" +
              word + "'" + explainType(word))
                 .str(),
             std::nullopt, std::nullopt, std::nullopt, "C52"});
  return type;
}
