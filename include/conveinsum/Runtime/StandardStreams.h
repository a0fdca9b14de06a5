//===- StandardStreams.h - Descriptors 0, 1 and 2 ---------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program may be started with any of its standard streams closed. The next
// file that it opens then gets that number, and what is meant for a stream ends
// in the file: with `2>&-` a diagnostic would be written into the result.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_RUNTIME_STANDARDSTREAMS_H
#define CONVEINSUM_RUNTIME_STANDARDSTREAMS_H

namespace conveinsum {

/// Gives closed standard streams descriptors of their own, and makes a reader
/// that went away an error of the write instead of the end of the process.
/// Reading a closed standard input and writing a closed standard output fail;
/// what is written to a closed standard error is lost. For the beginning of
/// programs, not for libraries.
void guardStandardStreams();

} // namespace conveinsum

#endif // CONVEINSUM_RUNTIME_STANDARDSTREAMS_H
