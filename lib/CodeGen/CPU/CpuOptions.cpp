//===- CpuOptions.cpp - What the code generator can be told ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The limits of each option, checked for every door alike.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/CodeGen/CPU/CpuOptions.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace conveinsum;
using llvm::Twine;

/// Vectors as wide as those of any CPU, and as narrow as one f64.
static constexpr unsigned kMinVectorBits = 64, kMaxVectorBits = 2048;

bool CpuOptions::verify(llvm::function_ref<void(const Twine &)> onError) const {
  bool isWidth = llvm::isPowerOf2_32(vectorBits) &&
                 vectorBits >= kMinVectorBits && vectorBits <= kMaxVectorBits;
  if (vectorBits != 0 && !isWidth) {
    onError("expected vector-bits to be 0 or a power of two from " +
            Twine(kMinVectorBits) + " to " + Twine(kMaxVectorBits) + ", got " +
            Twine(vectorBits));
    return false;
  }
  if (vectorRegisters == 0) {
    onError("expected vector-registers to be at least 1, got 0");
    return false;
  }
  if (!llvm::is_sorted(caches) || (!caches.empty() && caches.front() == 0)) {
    onError("expected caches to be bytes from the smallest to the largest, got "
            "one that is smaller than the one before, or of 0 bytes");
    return false;
  }
  for (auto [name, value] : {std::pair("min-vector-work", minVectorWork),
                             std::pair("parallel-work", parallelWork)})
    if (value < 0) {
      onError("expected " + Twine(name) + " to be at least 0, got " +
              Twine(value));
      return false;
    }
  return true;
}
