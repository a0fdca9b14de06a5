//===- OutputFileTest.cpp - Files that are complete or absent -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is left in the folder after success, failure and an interrupt.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/OutputFile.h"
#include "TestSupport.h"
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace conveinsum;
namespace fs = std::filesystem;

namespace {
class OutputFileTest : public testing::Test {
protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "conveinsum-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder = pattern;
  }
  void TearDown() override { fs::remove_all(folder); }

  std::string path(const char *name) const { return (folder / name).string(); }
  size_t files() const {
    return size_t(std::distance(fs::directory_iterator(folder), {}));
  }
  static std::string contents(const std::string &path) {
    std::ifstream stream(path);
    return std::string(std::istreambuf_iterator<char>(stream), {});
  }

  fs::path folder;
};
} // namespace

TEST_F(OutputFileTest, AppearsOnCommit) {
  Fallible<OutputFile> file = OutputFile::create(path("a"));
  ASSERT_TRUE(bool(file));
  ASSERT_TRUE(bool(file->write("hello", 5)));
  EXPECT_FALSE(fs::exists(path("a")));
  ASSERT_TRUE(bool(file->commit()));
  EXPECT_EQ(contents(path("a")), "hello");
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFileTest, LeavesNothingWithoutCommit) {
  ASSERT_TRUE(bool(writeFile(path("a"), "old", 3)));
  {
    Fallible<OutputFile> file = OutputFile::create(path("a"));
    ASSERT_TRUE(bool(file));
    ASSERT_TRUE(bool(file->write("new", 3)));
  }
  EXPECT_EQ(contents(path("a")), "old");
  EXPECT_EQ(files(), 1u);
}

TEST_F(OutputFileTest, FollowsSymbolicLinks) {
  ASSERT_TRUE(bool(writeFile(path("a"), "old", 3)));
  fs::create_symlink(path("a"), path("link"));
  ASSERT_TRUE(bool(writeFile(path("link"), "new", 3)));
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(contents(path("a")), "new");
}

TEST_F(OutputFileTest, RefusesFoldersAndMissingFolders) {
  Status folderStatus = writeFile(folder.string(), "x", 1);
  ASSERT_FALSE(bool(folderStatus));
  EXPECT_TRUE(contains(folderStatus.message(), "directory"));
  Status missing = writeFile(path("no/such/file"), "x", 1);
  ASSERT_FALSE(bool(missing));
  EXPECT_TRUE(contains(missing.message(), "No such file"));
}

TEST_F(OutputFileTest, WritesToDevicesDirectly) {
  EXPECT_TRUE(bool(writeFile("/dev/null", "x", 1)));
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  Status full = writeFile("/dev/full", "x", 1);
  ASSERT_FALSE(bool(full));
  EXPECT_TRUE(contains(full.message(), "No space"));
}

TEST_F(OutputFileTest, InterruptRemovesTheTemporaryFile) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    installInterruptHandler();
    Fallible<OutputFile> file = OutputFile::create(path("a"));
    bool ok = file && bool(file->write("partial", 7));
    if (write(ready[1], ok ? "y" : "n", 1) != 1)
      _exit(3);
    for (;;)
      pause();
  }
  char answer = 0;
  ASSERT_EQ(read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_EQ(files(), 1u);
  kill(child, SIGINT);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
  EXPECT_EQ(files(), 0u);
  close(ready[0]);
  close(ready[1]);
}
