//===- BytecodeFuzzer.cpp - Attributes in bytecode ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// MLIR's own reader of bytecode ends the process on much that is malformed, so
// what is changed here never passes through it: a reader and a writer of our
// own stand in its place, below which only the dialect's code runs. An input is
// an attribute in assembly, a newline, and edits of what the writer makes of
// it, two bytes each: how many bytes to go on, and what stands there then.
//
//     #conveinsum.plan<((0, 1), 2)>
//     <3><255>
//
// Without edits, what is written must be what is read. Strings are attributes
// to bytecode: they keep their place in a table and are changed there.
//
//===----------------------------------------------------------------------===//

#include "ModuleFuzzer.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Bytecode/BytecodeImplementation.h"

using namespace conveinsum;
using namespace conveinsum::test;
using namespace mlir;

namespace {
/// What the dialect writes: bytes, and strings beside them.
struct Payload {
  std::vector<uint8_t> bytes;
  std::vector<std::string> strings;
};

/// Keeps numbers as LEB128; what the dialect never writes is a broken promise.
class PayloadWriter : public DialectBytecodeWriter {
public:
  Payload payload;

  void writeVarInt(uint64_t value) override {
    for (; value >= 0x80; value >>= 7)
      payload.bytes.push_back(uint8_t(value) | 0x80);
    payload.bytes.push_back(uint8_t(value));
  }
  void writeSignedVarInt(int64_t value) override {
    writeVarInt((uint64_t(value) << 1) ^ uint64_t(value >> 63));
  }
  void writeAttribute(Attribute attribute) override {
    auto text = dyn_cast<StringAttr>(attribute);
    require(bool(text), "attributes hold strings");
    writeVarInt(payload.strings.size());
    payload.strings.push_back(text.str());
  }

  void writeOptionalAttribute(Attribute) override { unexpected(); }
  void writeType(Type) override { unexpected(); }
  void writeResourceHandle(const AsmDialectResourceHandle &) override {
    unexpected();
  }
  void writeAPIntWithKnownWidth(const APInt &) override { unexpected(); }
  void writeAPFloatWithKnownSemantics(const APFloat &) override {
    unexpected();
  }
  void writeOwnedString(StringRef) override { unexpected(); }
  void writeOwnedBlob(ArrayRef<char>) override { unexpected(); }
  void writeOwnedBool(bool) override { unexpected(); }
  int64_t getBytecodeVersion() const override { return 6; }
  FailureOr<const DialectVersion *>
  getDialectVersion(StringRef) const override {
    return failure();
  }

private:
  static void unexpected() { require(false, "the format is what it was"); }
};

class PayloadReader : public DialectBytecodeReader {
public:
  PayloadReader(const Payload &payload, MLIRContext &context)
      : payload(payload), context(context) {}

  bool isAtEnd() const { return next == payload.bytes.size(); }

  LogicalResult readVarInt(uint64_t &result) override {
    result = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (isAtEnd())
        return emitError("the bytes end"), failure();
      uint8_t byte = payload.bytes[next++];
      result |= uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80)
        return success();
    }
    return emitError("a number is too long"), failure();
  }
  LogicalResult readSignedVarInt(int64_t &result) override {
    uint64_t bits;
    if (failed(readVarInt(bits)))
      return failure();
    result = int64_t(bits >> 1) ^ -int64_t(bits & 1);
    return success();
  }
  LogicalResult readAttribute(Attribute &result) override {
    uint64_t index;
    if (failed(readVarInt(index)))
      return failure();
    // One index is of an attribute that is no string.
    if (index == payload.strings.size()) {
      result = UnitAttr::get(&context);
      return success();
    }
    if (index > payload.strings.size())
      return emitError("no such attribute"), failure();
    result = StringAttr::get(&context, payload.strings[index]);
    return success();
  }
  InFlightDiagnostic emitError(const Twine &message = {}) const override {
    return mlir::emitError(UnknownLoc::get(&context), message);
  }
  MLIRContext *getContext() const override { return &context; }
  uint64_t getBytecodeVersion() const override { return 6; }

  FailureOr<const DialectVersion *>
  getDialectVersion(StringRef) const override {
    return failure();
  }
  LogicalResult readOptionalAttribute(Attribute &) override {
    return failure();
  }
  LogicalResult readType(Type &) override { return failure(); }
  FailureOr<APInt> readAPIntWithKnownWidth(unsigned) override {
    return failure();
  }
  FailureOr<APFloat>
  readAPFloatWithKnownSemantics(const llvm::fltSemantics &) override {
    return failure();
  }
  LogicalResult readString(StringRef &) override { return failure(); }
  LogicalResult readBlob(ArrayRef<char> &) override { return failure(); }
  LogicalResult readBool(bool &) override { return failure(); }

private:
  FailureOr<AsmDialectResourceHandle> readResourceHandle() override {
    return failure();
  }

  const Payload &payload;
  MLIRContext &context;
  size_t next = 0;
};
} // namespace

/// Walks over bytes and strings alike and overwrites some.
static void edit(Payload &payload, StringRef edits) {
  std::vector<char *> places;
  for (uint8_t &byte : payload.bytes)
    places.push_back(reinterpret_cast<char *>(&byte));
  for (std::string &text : payload.strings)
    for (char &character : text)
      places.push_back(&character);
  size_t place = 0;
  for (size_t i = 0; i + 1 < edits.size() && !places.empty(); i += 2) {
    place = (place + uint8_t(edits[i])) % places.size();
    *places[place] = edits[i + 1];
  }
}

static Payload write(Attribute attribute,
                     const BytecodeDialectInterface &dialect) {
  PayloadWriter writer;
  require(succeeded(dialect.writeAttribute(attribute, writer)),
          "attributes of ours are written");
  return std::move(writer.payload);
}

static std::string print(Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream(text) << attribute;
  return text;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  auto [text, edits] =
      StringRef(reinterpret_cast<const char *>(data), size).split('\n');
  if (!text.starts_with("#conveinsum."))
    return 0;
  MLIRContext &context = FuzzContext::next();
  const auto *dialect =
      context.getLoadedDialect<ConvEinsumDialect>()
          ->getRegisteredInterface<BytecodeDialectInterface>();
  Attribute attribute = parseAttribute(text, &context);
  // Upstream's lexer has read one more word, and may have complained of it.
  require(attribute || FuzzContext::errors() > 0, "a failure says why");
  FuzzContext::forgetErrors();
  if (!isa_and_nonnull<EquationAttr, PlanAttr>(attribute))
    return 0;

  Payload payload = write(attribute, *dialect);
  bool isEdited = edits.size() >= 2;
  edit(payload, edits);
  PayloadReader reader(payload, context);
  Attribute read = dialect->readAttribute(reader);
  require(bool(read) == (FuzzContext::errors() == 0),
          read ? "success says no error" : "a failure says why");
  if (!isEdited)
    require(read == attribute && reader.isAtEnd(),
            "what is written is read: " + text);
  if (!read)
    return 0;
  // Whatever is read is as good as what was parsed.
  std::string printed = print(read);
  require(parseAttribute(printed, &context) == read,
          "what is read prints and parses: " + printed);
  Payload again = write(read, *dialect);
  PayloadReader second(again, context);
  require(dialect->readAttribute(second) == read,
          "what is read is written: " + printed);
  return 0;
}
