//===- TextFileTest.cpp - Text of limited size ----------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lines come back as they were, at every place of the buffer; endless files are
// refused.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/TextFile.h"
#include "TestSupport.h"
#include "conveinsum/Runtime/OutputFile.h"
#include <cstdio>
#include <vector>

using namespace conveinsum;

namespace {
class TextFileTest : public ::testing::Test {
protected:
  std::string write(const std::string &text) {
    EXPECT_TRUE(bool(writeFile(path, text.data(), text.size())));
    return path;
  }
  ~TextFileTest() override { std::remove(path.c_str()); }

  std::string path = testing::TempDir() + "TextFileTest.txt";
};
} // namespace

static std::vector<std::string> linesOf(const std::string &path) {
  std::vector<std::string> lines;
  Fallible<TextReader> reader = TextReader::open(path);
  EXPECT_TRUE(bool(reader));
  for (;;) {
    auto line = reader->readLine();
    EXPECT_TRUE(bool(line)) << line.message();
    if (!line || !*line)
      return lines;
    lines.push_back((*line)->isTooLong ? "too long" : (*line)->text);
  }
}

TEST_F(TextFileTest, Lines) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(linesOf(write("")), Lines());
  EXPECT_EQ(linesOf(write("\n")), Lines({""}));
  EXPECT_EQ(linesOf(write("a\n\nb")), Lines({"a", "", "b"}));
  // Around the size of the buffer.
  for (size_t size = (1 << 18) - 2; size < (1 << 18) + 3; ++size) {
    std::string line(size, 'x');
    EXPECT_EQ(linesOf(write(line + "\nb\n")), Lines({line, "b"}));
    EXPECT_EQ(linesOf(write(line)), Lines({line}));
  }
  std::string much(kMaxTextBytes + 1, 'x');
  EXPECT_EQ(linesOf(write("a\n" + much + "\nb\n")),
            Lines({"a", "too long", "b"}));
  EXPECT_EQ(linesOf(write(much)), Lines({"too long"}));
}

TEST_F(TextFileTest, WholeFiles) {
  std::string most(kMaxTextBytes, 'x');
  EXPECT_EQ(*readTextFile(write("")), "");
  EXPECT_EQ(readTextFile(write(most))->size(), most.size());
  EXPECT_EQ(readTextFile(write(most + "x")).message(),
            "cannot read '" + path +
                "': expected a file of at most 64 MiB, got more");
}

TEST_F(TextFileTest, FilesThatAreNone) {
  EXPECT_EQ(readTextFile("/dev/zero").message(),
            "cannot read '/dev/zero': expected a file of at most 64 MiB, got "
            "more");
  EXPECT_EQ(readTextFile("/").message(), "cannot read '/': Is a directory");
  EXPECT_EQ(readTextFile(path).message(),
            "cannot read '" + path + "': No such file or directory");
  Fallible<TextReader> endless = TextReader::open("/dev/zero");
  ASSERT_TRUE(bool(endless));
  EXPECT_EQ(endless->readLine().message(),
            "cannot read '/dev/zero': expected a line of at most 64 MiB, got "
            "one that does not seem to end");
}
