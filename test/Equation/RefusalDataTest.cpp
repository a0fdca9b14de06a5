//===- RefusalDataTest.cpp - Refusals of the data files -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every line of test/data/invalid.json and of `invalid` in corpus.json is
// refused. The constraint and the whole message are asserted, and position,
// operand, mode and values where the file gives them.
//
//===----------------------------------------------------------------------===//

#include "TestSupport.h"
#include "conveinsum/Equation/ElementTypeCheck.h"
#include "llvm/ADT/StringExtras.h"

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// invalid.json
//===----------------------------------------------------------------------===//

/// Name of the case, and what is reported: constraint and message.
static const std::map<std::string, std::string> kExpected = {
    {"r01", "C2: unknown character '$'"},
    {"r02", "C2: unknown character '2' outside a name"},
    {"r03", "C2: unknown character '.'"},
    {"r04", "C2: unknown character '.'"},
    {"r05", "C2: unknown character '_' outside a name"},
    {"r06", "C2: unknown character U+00A0 NO-BREAK SPACE; blanks are space and "
            "tab, type one of these or nothing"},
    {"r07", "C2: unknown character U+2003 EM SPACE; blanks are space and "
            "tab, type one of these or nothing"},
    {"r08", "C2: unknown character '?'"},
    {"r09", "C2: unknown character ';'"},
    {"r10", "C2: unknown character '-'"},
    {"r11", "C2: unknown character '%'"},
    {"r12", "C1: invalid UTF-8 at byte 0x80"},
    {"r13", "C1: invalid UTF-8 at byte 0xE2"},
    {"r14", "C3: '(' without ')'"},
    {"r15", "C3: ')' without '('"},
    {"r16", "C3: '(' inside a name"},
    {"r17", "C4: empty name '()'"},
    {"r18", "C4: malformed name: expected a letter or '_' first, got '1'"},
    {"r19", "C4: malformed name: expected a letter, a digit or '_', got "
            "'-'"},
    {"r20", "C8: empty list after '|': expected a label"},
    {"r21", "C8: empty list after '|': expected a label"},
    {"r22", "C8: trailing comma after '|': expected a label"},
    {"r23", "C8: empty part after '|': expected a label, got ','"},
    {"r24", "C5: more than one '->'"},
    {"r25", "C6: more than one '|'"},
    {"r26", "C7: '|' before the result: expected it after the result"},
    {"r27", "C20: number of operands differs: expected 2 shapes, one per "
            "operand, got 3"},
    {"r28", "C20: number of operands differs: expected 2 shapes, one per "
            "operand, got 1"},
    {"r29", "C21: rank of operand 1: expected 3, one per label and no "
            "ellipsis, got 2"},
    {"r30", "C21: rank of operand 0: expected 3, one per label and no "
            "ellipsis, got 4"},
    {"r31", "C21: rank of operand 0: expected at least 3, one per label, "
            "got 2"},
    {"r32", "C9: two ellipses in operand 0"},
    {"r33", "C10: an ellipsis after '|'"},
    {"r34", "C11: an ellipsis in the result, but in no operand"},
    {"r35", "C12: the ellipsis of operand 0 stands for 1 mode and is "
            "missing from the result"},
    {"r36", "C23: sizes of mode '(_0)' of the ellipsis differ: expected "
            "4 as of operand 0, got 1 of operand 1; a size of 1 is not "
            "broadcast"},
    {"r37", "C23: sizes of mode '(_1)' of the ellipsis differ: expected "
            "4 as of operand 0, got 5 of operand 1"},
    {"r38", "C13: result label 'z' is held by no operand"},
    {"r39", "C14: duplicate label 'i' in the result"},
    {"r40", "C14: duplicate label 'h' in the result"},
    {"r41", "C15: conv mode 'z' is held by no operand"},
    {"r42", "C16: conv mode 'h' is listed twice"},
    {"r43", "C17: conv mode 'h' repeats inside operand 0"},
    {"r44", "C30: geometry given for 's', which is a plain mode: "
            "expected a conv mode"},
    {"r45", "C30: geometry given for 'q', which is not in the equation"},
    {"r46", "C43: unknown key 'strides' in the geometry of mode 'h': "
            "expected stride, dilation, padding, flip, feature_operand, "
            "kind, transposed, output_padding, in_size or out_size; "
            "did you mean 'stride'?"},
    {"r47", "C40: unknown padding 'reflect' of mode 'h': expected same, "
            "same-upper, same-lower, valid, full, causal, circular or "
            "numbers; this border is copied into the operand first, as "
            "numpy.pad(x, widths, 'reflect') does, and then padding=valid is "
            "right"},
    {"r48", "C40: unknown padding 'SAME' of mode 'h': expected same, "
            "same-upper, same-lower, valid, full, causal, circular or "
            "numbers; did you mean 'same-upper'?"},
    {"r49", "C41: padding of mode 'h': expected two numbers, got 3"},
    {"r50", "C34: dilation of mode 'h' given for operand 2, which does "
            "not hold the mode"},
    {"r51", "C34: dilation of mode 'h' given for operand 0, which is its "
            "feature"},
    {"r52", "C23: sizes of mode 's' differ: expected 3 as of operand 0, "
            "got 5 of operand 1"},
    {"r53", "C23: sizes of mode 's' differ: expected 3 as of operand 0, "
            "got 1 of operand 1; a size of 1 is not broadcast"},
    {"r54", "C23: sizes of mode 'i' differ inside operand 0: expected 2, "
            "got 3"},
    {"r55", "C23: sizes of mode 's' differ: expected 0 as of operand 0, "
            "got 3 of operand 1"},
    {"r56", "C31: stride of mode 'h': expected at least 1, got 0"},
    {"r57", "C31: stride of mode 'h': expected at least 1, got -1"},
    {"r58", "C32: dilation of mode 'h': expected at least 1, got 0"},
    {"r59", "C32: dilation of mode 'h' for operand 2: expected at least "
            "1, got -2"},
    {"r60", "C36: padded feature of mode 'h' is smaller than the kernel: "
            "expected an extent of at least 3, got 2"},
    {"r61", "C36: padded feature of mode 'h' is smaller than the kernel: "
            "expected an extent of at least 9, got 8"},
    {"r62", "C36: padded feature of mode 'h' is smaller than the kernel: "
            "expected an extent of at least 3, got 2"},
    {"r63", "C36: padded feature of mode 'h' is smaller than the kernel: "
            "expected an extent of at least 7, got 3"},
    {"r64", "C24: extent of operand 0 along conv mode 'h': expected at "
            "least 1, got 0"},
    {"r65", "C24: extent of operand 1 along conv mode 'h': expected at "
            "least 1, got 0"},
    {"r66", "C38: circular padding of mode 'h' does not add up: expected "
            "lo + hi = ext - 1 = 2, got 1 + 2 = 3"},
    {"r67", "C38: circular padding of mode 'h' does not add up: expected "
            "lo + hi = ext - 1 = 4, got 1 + 1 = 2"},
    {"r68", "C35: feature operand 1 does not hold mode 'h'"},
    {"r69", "C35: feature operand of mode 'h': expected a position below "
            "2, got 2"},
    {"r70", "C50: element types differ: expected f32 as of operand 0, "
            "got f64 of operand 1"},
    {"r71", "C39: overflow: the padded extent of mode 'h' does not fit "
            "signed 64 bit"},
    {"r72", "C39: overflow: the kernels' extent of mode 'h' does not fit "
            "signed 64 bit"},
    {"r73", "C45: padding of mode 'h': overflow, 9223372036854775808 "
            "does not fit signed 64 bit"},
};

/// Runs one line of the file through every check in the order of the command.
static void check(const llvm::json::Object &line, ErrorFn onError) {
  llvm::json::Object object = line;
  std::optional<llvm::StringRef> hex = line.getString("expr_hex");
  if (hex)
    object["expr"] = "";
  std::optional<Case> aCase = Case::fromJSON(object, onError);
  if (!aCase)
    return;
  if (hex)
    aCase->expr = llvm::fromHex(*hex);
  if (!aCase->resolve(onError))
    return;
  std::vector<ElementType> types(aCase->shapes->size(), ElementType::F32);
  if (const llvm::json::Array *names = line.getArray("dtypes"))
    for (unsigned k = 0; k < names->size(); ++k)
      types[k] = *parseElementType(*(*names)[k].getAsString());
  verifyElementTypes(types, std::nullopt, onError);
}

static void compareWithFile(const llvm::json::Object &line,
                            const Fault &diagnostic) {
  if (std::optional<int64_t> position = line.getInteger("position"))
    EXPECT_EQ(diagnostic.position, std::optional<size_t>(*position));
  if (std::optional<int64_t> operand = line.getInteger("operand"))
    EXPECT_EQ(diagnostic.operand, std::optional<unsigned>(*operand));
  if (std::optional<llvm::StringRef> mode = line.getString("mode"))
    EXPECT_EQ(diagnostic.mode, std::optional<std::string>(mode->str()));
  if (const llvm::json::Array *values = line.getArray("values"))
    for (const llvm::json::Value &value : *values)
      EXPECT_NE(
          diagnostic.message.find(" " + std::to_string(*value.getAsInteger())),
          std::string::npos)
          << diagnostic.message;
}

TEST(RefusalData, InvalidJson) {
  llvm::json::Value data = readDataFile("invalid.json");
  ASSERT_TRUE(data.getAsObject());
  const llvm::json::Array *lines = data.getAsObject()->getArray("cases");
  ASSERT_TRUE(lines);
  EXPECT_EQ(lines->size(), kExpected.size());
  for (const llvm::json::Value &value : *lines) {
    const llvm::json::Object &line = *value.getAsObject();
    std::string name = line.getString("name")->str();
    SCOPED_TRACE(name + ": " + line.getString("reason")->str());
    Caught caught;
    check(line, std::ref(caught));
    ASSERT_EQ(caught.count, 1u);
    ASSERT_TRUE(kExpected.count(name));
    EXPECT_EQ(caught.text(), kExpected.at(name));
    compareWithFile(line, *caught.diagnostic);
  }
}

//===----------------------------------------------------------------------===//
// corpus.json
//===----------------------------------------------------------------------===//

/// The strings in their order, with what is reported.
static const std::pair<const char *, const char *> kCorpus[] = {
    {"ij,jk,kl->il|j",
     "C20: number of operands differs: expected 3 shapes, one per operand, got "
     "2"},
    {"ij,jk->iz|j", "C13: result label 'z' is held by no operand"},
    {"ij,jk->ik|z", "C15: conv mode 'z' is held by no operand"},
    {"ij,jk->ik|jj", "C16: conv mode 'j' is listed twice"},
    {"ij|j,jk->ik", "C7: '|' before the result: expected it after the result"},
    {"ij,jk->ik|j|k", "C6: more than one '|'"},
    {"ij,jk->ik->il", "C5: more than one '->'"},
    {"ij,jk->iik", "C14: duplicate label 'i' in the result"},
    {"ii->i|i", "C17: conv mode 'i' repeats inside operand 0"},
    {"b(s1h,t(s1)h->bth|h", "C3: '(' without ')'"},
    {"b()h,th->bth|h", "C4: empty name '()'"},
    {"i$,j->ij", "C2: unknown character '$'"},
    {"ij,ij->ij",
     "C23: sizes of mode 'j' differ: expected 4 as of operand 0, got 5 of "
     "operand 1"},
    {"ij,jk->ik|j",
     "C30: geometry given for 'k', which is a plain mode: expected a conv "
     "mode"}};

TEST(RefusalData, CorpusJson) {
  llvm::json::Value data = readDataFile("corpus.json");
  ASSERT_TRUE(data.getAsObject());
  const llvm::json::Array *lines = data.getAsObject()->getArray("invalid");
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->size(), std::size(kCorpus));
  for (unsigned i = 0; i < lines->size(); ++i) {
    const llvm::json::Object &line = *(*lines)[i].getAsObject();
    std::string expr = line.getString("expr")->str();
    SCOPED_TRACE(expr + ": " + line.getString("reason")->str());
    ASSERT_EQ(expr, kCorpus[i].first);
    // The shapes that `reason` names, and the geometry of the last line.
    std::vector<Shape> shapes = {{3, 4}, {3, 5}};
    shapes.resize(*line.getInteger("operands"));
    GeometryMap geometry;
    if (i + 1 == lines->size())
      geometry["k"] = Geometry();
    Caught caught;
    EXPECT_FALSE(Equation::create(expr, geometry, shapes, std::ref(caught)));
    EXPECT_EQ(caught.count, 1u);
    EXPECT_EQ(caught.text(), kCorpus[i].second);
  }
}
