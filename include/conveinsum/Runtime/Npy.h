//===- Npy.h - NumPy's .npy files -------------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads versions 1 to 3, C and Fortran order, both byte orders; writes version
// 1 (2 for a header that does not fit). A file is a magic string, a version,
// the length of a header, the header (a literal of a Python dictionary) and the
// entries:
//
//   93 4e 55 4d 50 59 | 01 00 | 76 00 | {'descr': '<f4', 'fortran_order': ...
//
// Arrays also come out of archives and through standard input:
//
//   x.npy            a file
//   x.npz:name       an array of an archive
//   x.npz            its only one
//   -                standard input; pipes that have names are like it
//
// Nothing is allocated before the header's sizes have been compared with the
// length of the file, so a file that lies about its shape costs nothing.
// Standard input has no length: compare the header with the memory that there
// is before you read.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_RUNTIME_NPY_H
#define CONVEINSUM_RUNTIME_NPY_H

#include "conveinsum/Runtime/OutputFile.h"
#include "conveinsum/Runtime/StoredType.h"
#include "conveinsum/Runtime/Tensor.h"
#include <string_view>

namespace conveinsum {

class ByteSource;

/// What the header of a file says; checked against the file's length.
struct NpyHeader {
  StoredType type;
  bool bigEndian = false;
  bool fortranOrder = false;
  std::vector<int64_t> shape;
};

/// Parses the dictionary literal of a header.
Fallible<NpyHeader> parseNpyDictionary(std::string_view text);

/// An array that is read in two steps. Every message names the file.
class NpyReader {
public:
  /// Reads and checks the header.
  static Fallible<NpyReader> open(const std::string &path);
  NpyReader(NpyReader &&other) noexcept;
  NpyReader &operator=(NpyReader &&other) noexcept;
  ~NpyReader();

  const NpyHeader &header() const { return head; }
  /// Reads the entries, by value as elements of `type`, row-major whatever the
  /// order in the file. May be called once.
  Fallible<Tensor> read(ElementType type);

private:
  NpyReader();

  std::string path;
  NpyHeader head;
  /// Of what cannot be opened again, behind the header; files are, so that any
  /// number of them may be read.
  std::unique_ptr<ByteSource> source;
};

/// Reads a whole array as elements of their own type; u8 and the like have
/// none.
Fallible<Tensor> readNpy(const std::string &path);

/// The file that holds the array of that name: `x.npz` for `x.npz:name`.
std::string fileOfArray(const std::string &path);

/// The bytes before the entries of a tensor's file. bf16 has no type in `.npy`;
/// convert to f32 first.
std::string npyPreamble(ElementType type, const std::vector<int64_t> &shape);
/// Writes a file, complete or not at all, or standard output for `-`; bf16 is
/// written as f32.
Status writeNpy(const std::string &path, const Tensor &tensor);
/// The same up to the point where the file gets its name, so that several files
/// can appear together.
Fallible<OutputFile> beginNpy(const std::string &path, const Tensor &tensor);

} // namespace conveinsum

#endif // CONVEINSUM_RUNTIME_NPY_H
