//===- NearWord.h - What a misspelt word was meant to be --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One rule for keys of JSON, options and their words:
//
//   convModes, Conv-Mode    conv_modes    the same but for case, '_', '-',
//   plural gradeints               gradients     one slip, or two in a long
//   word notes                   -
//
// Short words resemble many, so they have to be nearer.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_NEARWORD_H
#define CONVEINSUM_EQUATION_NEARWORD_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace conveinsum {

/// The word that `word` resembles most, the first of equals; empty if it
/// resembles none. A word of `known` resembles itself.
llvm::StringRef nearestWord(llvm::StringRef word,
                            llvm::ArrayRef<llvm::StringRef> known);

/// `; did you mean 'conv_modes'?`, or nothing.
std::string didYouMean(llvm::StringRef word,
                       llvm::ArrayRef<llvm::StringRef> known);

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_NEARWORD_H
