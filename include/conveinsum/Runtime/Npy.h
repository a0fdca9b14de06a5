//===- Npy.h - NumPy's .npy files -------------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads versions 1 to 3, C and Fortran order, little endian; writes version 1
// (2 for a header that does not fit). A file is a magic string, a version, the
// length of a header, the header (a literal of a Python dictionary) and the
// entries:
//
//   93 4e 55 4d 50 59 | 01 00 | 76 00 | {'descr': '<f4', 'fortran_order': ...
//
// Nothing is allocated before the header's sizes have been compared with the
// length of the file, so a file that lies about its shape costs nothing.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_RUNTIME_NPY_H
#define CONVEINSUM_RUNTIME_NPY_H

#include "conveinsum/Runtime/Tensor.h"
#include <string_view>

namespace conveinsum {

/// What the header of a file says; checked against the file's length.
struct NpyHeader {
  ElementType type = ElementType::F64;
  bool fortranOrder = false;
  std::vector<int64_t> shape;
  /// First byte of the entries.
  uint64_t dataOffset = 0;
};

/// Parses the dictionary literal of a header; `dataOffset` is left 0.
Fallible<NpyHeader> parseNpyDictionary(std::string_view text);

/// Reads and checks the header of a file. Every message names the file.
Fallible<NpyHeader> readNpyHeader(const std::string &path);
/// Reads a file; the result is row-major whatever the order in the file.
Fallible<Tensor> readNpy(const std::string &path);

/// The bytes before the entries of a tensor's file. bf16 has no type in `.npy`;
/// convert to f32 first.
std::string npyPreamble(ElementType type, const std::vector<int64_t> &shape);
/// Writes a file, complete or not at all; bf16 is written as f32.
Status writeNpy(const std::string &path, const Tensor &tensor);

} // namespace conveinsum

#endif // CONVEINSUM_RUNTIME_NPY_H
