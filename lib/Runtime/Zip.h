//===- Zip.h - Archives of arrays -------------------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NumPy's .npz is a zip archive of .npy files, stored or deflated, since it may
// be large in the 64-bit form. What the directory says is held against the
// file, the local headers and, when an entry was read, its checksum:
//
//   header data header data ... directory [64-bit end, its place] end
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_RUNTIME_ZIP_H
#define CONVEINSUM_LIB_RUNTIME_ZIP_H

#include "ByteSource.h"
#include <vector>

namespace conveinsum {

struct ZipEntry {
  std::string name;
  uint32_t flags = 0, method = 0, checksum = 0;
  uint64_t compressed = 0, bytes = 0;
  uint64_t offset = 0; ///< of its header
};

/// Whether a file begins like an archive.
bool isZip(const InputFile &file);

/// The directory; an archive with two entries of one name is refused.
Fallible<std::vector<ZipEntry>> readZipDirectory(const InputFile &file);

/// What an entry holds; `remaining` is what the directory says.
Fallible<std::unique_ptr<ByteSource>>
openZipEntry(std::shared_ptr<InputFile> file, const ZipEntry &entry);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_RUNTIME_ZIP_H
