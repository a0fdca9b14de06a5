//===- ReplayMain.cpp - A fuzz target on files ----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     replay-equation FILE-OR-FOLDER...
//
// Calls the target with every file, in the order of their names, without
// libFuzzer. A file that is named before the process ends is the one at fault.
//
//===----------------------------------------------------------------------===//

#include "FuzzTarget.h"
#include "conveinsum/Runtime/TextFile.h"
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

namespace fs = std::filesystem;

/// The files that are named, and those below folders that are.
static std::vector<fs::path> findFiles(int argc, char **argv) {
  std::vector<fs::path> files;
  for (int i = 1; i < argc; ++i) {
    if (!fs::is_directory(argv[i])) {
      files.push_back(argv[i]);
      continue;
    }
    for (const fs::directory_entry &entry :
         fs::recursive_directory_iterator(argv[i]))
      if (entry.is_regular_file())
        files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

int main(int argc, char **argv) {
  std::vector<fs::path> files = findFiles(argc, argv);
  for (const fs::path &file : files) {
    conveinsum::Fallible<std::string> bytes =
        conveinsum::readTextFile(file.string());
    if (!bytes) {
      std::fprintf(stderr, "error: %s\n", bytes.message().c_str());
      return 1;
    }
    std::fprintf(stderr, "%s\n", file.c_str());
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t *>(bytes->data()),
                           bytes->size());
  }
  std::printf("%zu inputs\n", files.size());
  if (files.empty())
    std::fprintf(stderr, "error: expected inputs, got none\n");
  return files.empty();
}
