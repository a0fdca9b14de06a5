//===- NpyTest.cpp - Reading and writing of .npy files --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every type and version, Fortran order, and files that lie. That NumPy reads
// and writes the same files is tested with the command.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/Npy.h"
#include "TestSupport.h"
#include "conveinsum/Runtime/OutputFile.h"
#include <cstring>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace conveinsum;

namespace {
class NpyTest : public testing::Test {
protected:
  void SetUp() override {
    path =
        testing::TempDir() + "conveinsum-" + std::to_string(getpid()) + ".npy";
  }
  void TearDown() override { unlink(path.c_str()); }

  /// Writes a file of the given version with any header and any entries.
  void writeRaw(char version, std::string header, const std::string &entries) {
    std::string bytes = "\x93NUMPY";
    bytes += version;
    bytes += '\0';
    for (int byte = 0; byte < (version == 1 ? 2 : 4); ++byte)
      bytes += char(header.size() >> (8 * byte) & 0xff);
    bytes += header + entries;
    ASSERT_TRUE(bool(writeFile(path, bytes.data(), bytes.size())));
  }

  /// The message of reading the file, which must fail.
  std::string failure() {
    Fallible<Tensor> tensor = readNpy(path);
    EXPECT_FALSE(bool(tensor));
    return tensor ? "" : tensor.message();
  }

  std::string path;
};
} // namespace

static std::string header(const std::string &descr, const std::string &shape,
                          const std::string &order = "False") {
  return "{'descr': '" + descr + "', 'fortran_order': " + order +
         ", 'shape': " + shape + ", }\n";
}

TEST_F(NpyTest, EveryTypeRoundTrips) {
  for (ElementType type :
       {ElementType::F64, ElementType::F32, ElementType::F16, ElementType::C64,
        ElementType::C128, ElementType::I8, ElementType::I16, ElementType::I32,
        ElementType::I64}) {
    for (std::vector<int64_t> shape :
         {std::vector<int64_t>{}, {5}, {2, 3, 4}, {3, 0, 2}}) {
      Fallible<Tensor> tensor = Tensor::allocate(type, shape);
      ASSERT_TRUE(bool(tensor));
      for (uint64_t i = 0; i < tensor->bytes(); ++i)
        tensor->data()[i] = std::byte(i * 37 + 11);
      ASSERT_TRUE(bool(writeNpy(path, *tensor)));
      Fallible<Tensor> back = readNpy(path);
      ASSERT_TRUE(bool(back)) << back.message();
      EXPECT_EQ(back->type(), type);
      EXPECT_EQ(back->shape(), shape);
      EXPECT_EQ(std::memcmp(back->data(), tensor->data(), tensor->bytes()), 0);
    }
  }
}

TEST_F(NpyTest, BFloatIsWrittenAsFloat) {
  Fallible<Tensor> tensor = Tensor::allocate(ElementType::BF16, {2});
  ASSERT_TRUE(bool(tensor));
  tensor->setFloating(0, 1.5);
  tensor->setFloating(1, -0.25);
  ASSERT_TRUE(bool(writeNpy(path, *tensor)));
  Fallible<Tensor> back = readNpy(path);
  ASSERT_TRUE(bool(back));
  EXPECT_EQ(back->type(), ElementType::F32);
  EXPECT_EQ(back->toDoubles(), (std::vector<double>{1.5, -0.25}));
}

TEST_F(NpyTest, PreambleIsAligned) {
  for (size_t rank : {0, 1, 2, 12, 40, 64}) {
    std::vector<int64_t> shape(rank, 1);
    std::string preamble = npyPreamble(ElementType::F32, shape);
    EXPECT_EQ(preamble.size() % 64, 0u);
    EXPECT_EQ(preamble.back(), '\n');
    EXPECT_EQ(preamble[6], 1);
  }
}

TEST_F(NpyTest, ReadsEveryVersionAndSpelling) {
  std::string entries("\1\2\3\4\5\6", 6);
  for (char version : {1, 2, 3}) {
    writeRaw(version, header("|i1", "(2, 3)"), entries);
    Fallible<Tensor> tensor = readNpy(path);
    ASSERT_TRUE(bool(tensor)) << tensor.message();
    EXPECT_EQ(tensor->toRing(), (std::vector<uint64_t>{1, 2, 3, 4, 5, 6}));
  }
  writeRaw(1, "{\"shape\":(6L,),'fortran_order':True,'descr':'<i1'}", entries);
  EXPECT_TRUE(bool(readNpy(path)));
  writeRaw(1, "{'shape': ( 2,3,) , 'fortran_order': False, 'descr': '|i1'}  \n",
           entries);
  EXPECT_TRUE(bool(readNpy(path)));
}

TEST_F(NpyTest, TransposesFortranOrder) {
  writeRaw(1, header("|i1", "(2, 3)", "True"), std::string("\1\4\2\5\3\6", 6));
  Fallible<Tensor> tensor = readNpy(path);
  ASSERT_TRUE(bool(tensor)) << tensor.message();
  EXPECT_EQ(tensor->toRing(), (std::vector<uint64_t>{1, 2, 3, 4, 5, 6}));
}

TEST_F(NpyTest, TransposesAcrossChunks) {
  // 1.5 MiB, more than one chunk; entry (i, j, k) in Fortran order is i + 3 j
  // ...
  std::string entries;
  for (int i = 0; i < 3 * 128 * 1024; ++i)
    entries.append(reinterpret_cast<const char *>(&i), 4);
  writeRaw(1, header("<i4", "(3, 128, 1024)", "True"), entries);
  Fallible<Tensor> tensor = readNpy(path);
  ASSERT_TRUE(bool(tensor)) << tensor.message();
  std::vector<uint64_t> values = tensor->toRing();
  for (uint64_t i : {0, 1, 2})
    for (uint64_t j : {0, 77, 127})
      for (uint64_t k : {0, 5, 900, 1023})
        EXPECT_EQ(values[(i * 128 + j) * 1024 + k], i + 3 * (j + 128 * k));
}

TEST_F(NpyTest, RefusesUnsupportedTypes) {
  struct {
    const char *descr, *what;
  } cases[] = {{"|O", "objects"},          {"<U3", "strings"},
               {"|V8", "records"},         {"<M8[ns]", "dates"},
               {"<f16", "no counterpart"}, {"", "an empty type"},
               {"|f4", "no counterpart"},  {"!i4", "no counterpart"},
               {"f4", "no counterpart"}};
  for (const auto &test : cases) {
    writeRaw(1, header(test.descr, "(1,)"), std::string(16, '\0'));
    std::string message = failure();
    EXPECT_TRUE(contains(message, test.what)) << test.descr;
    EXPECT_TRUE(contains(message, path));
  }
  writeRaw(1,
           "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
           "1234");
  EXPECT_TRUE(contains(failure(), "records"));
}

TEST_F(NpyTest, StoredTypesAreReadByValue) {
  writeRaw(1, header("|u1", "(2, 2)", "True"), "\x01\xff\x80\x7f");
  EXPECT_TRUE(
      contains(failure(), "expected entries of an element type, got u8"));
  Fallible<NpyReader> reader = NpyReader::open(path);
  ASSERT_TRUE(bool(reader));
  EXPECT_EQ(name(reader->header().type), "u8");
  Fallible<Tensor> tensor = reader->read(ElementType::F32);
  ASSERT_TRUE(bool(tensor)) << tensor.message();
  EXPECT_EQ(tensor->toDoubles(), (std::vector<double>{1, 128, 255, 127}));
  EXPECT_EQ(NpyReader::open(path)->read(ElementType::I8).message(),
            "'" + path + "': entry 1 of u8 does not fit i8");
}

TEST_F(NpyTest, BigEndianEntriesAreSwapped) {
  writeRaw(1, header(">i2", "(2,)"), std::string("\x01\x02\xff\xfe", 4));
  Fallible<Tensor> tensor = readNpy(path);
  ASSERT_TRUE(bool(tensor)) << tensor.message();
  EXPECT_EQ(tensor->toRing(), (std::vector<uint64_t>{258, uint64_t(-2)}));
}

TEST_F(NpyTest, FilesThatChangeBetweenHeaderAndEntries) {
  writeRaw(1, header("<i4", "(1,)"), "1234");
  Fallible<NpyReader> reader = NpyReader::open(path);
  ASSERT_TRUE(bool(reader));
  writeRaw(1, header("<i4", "(2,)"), "12345678");
  EXPECT_TRUE(contains(reader->read(ElementType::I32).message(),
                       "changed while it was read"));
  Fallible<NpyReader> gone = NpyReader::open(path);
  ASSERT_TRUE(bool(gone));
  unlink(path.c_str());
  EXPECT_TRUE(contains(gone->read(ElementType::I32).message(), "No such file"));
}

TEST_F(NpyTest, RefusesFilesOfTheWrongLength) {
  writeRaw(1, header("<f4", "(2,)"), "1234567");
  EXPECT_TRUE(contains(failure(), "truncated: expected 8 bytes"));
  writeRaw(1, header("<f4", "(2,)"), "123456789");
  EXPECT_TRUE(contains(failure(), "trailing bytes: expected 8 bytes"));
  writeRaw(1, header("<f4", "(1000000000, 1000000)"), "1234");
  EXPECT_TRUE(contains(failure(), "truncated"));
  writeRaw(1, header("<f4", "(9223372036854775807, 2)"), "1234");
  EXPECT_TRUE(contains(failure(), "too many bytes"));
  writeRaw(1, header("<f4", "(99999999999999999999,)"), "1234");
  EXPECT_TRUE(contains(failure(), "2^63-1"));
}

TEST_F(NpyTest, RefusesMalformedHeaders) {
  for (const char *text :
       {"", "{}", "[]", "{'descr': '<f4'}",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': ()}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': [1]}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
        "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': "
        "(1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
        "{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)"}) {
    writeRaw(1, text, "1234");
    EXPECT_TRUE(contains(failure(), "malformed header")) << text;
  }
}

TEST_F(NpyTest, RefusesEveryPrefixOfAFile) {
  std::string bytes = npyPreamble(ElementType::F32, {2}) + "12345678";
  for (size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_TRUE(bool(writeFile(path, bytes.data(), size)));
    EXPECT_NE(failure(), "") << size;
  }
  ASSERT_TRUE(bool(writeFile(path, bytes.data(), bytes.size())));
  EXPECT_TRUE(bool(readNpy(path)));
}

TEST_F(NpyTest, RefusesOtherFiles) {
  EXPECT_TRUE(contains(failure(), "No such file"));
  ASSERT_TRUE(bool(writeFile(path, "not an array at all", 19)));
  EXPECT_TRUE(contains(failure(), "magic string"));
  writeRaw(4, header("<f4", "()"), "1234");
  EXPECT_TRUE(contains(failure(), "got 4.0"));
  unlink(path.c_str());
  // Nobody writes to it.
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_TRUE(contains(failure(), "expected 10 more bytes, got 0"));
  unlink(path.c_str());
  path = testing::TempDir();
  EXPECT_TRUE(contains(failure(), "regular file"));
}
