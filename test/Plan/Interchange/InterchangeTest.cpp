//===- InterchangeTest.cpp - Networks and paths of other planners ---------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is written can be read again and is the same network; what is wrong is
// refused with one diagnostic that says so.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Interchange/Interchange.h"
#include "Plan/Reuse/Disguise.h"
#include "conveinsum/Plan/Reuse/CanonicalForm.h"

using namespace conveinsum;
namespace json = llvm::json;

static json::Value parse(llvm::StringRef text) {
  auto value = json::parse(text);
  EXPECT_TRUE(bool(value)) << text.str();
  if (!value) {
    llvm::consumeError(value.takeError());
    return nullptr;
  }
  return std::move(*value);
}

static ImportedNetwork imported(const json::Value &value) {
  Caught caught;
  auto network = importNetwork(value, caught);
  EXPECT_TRUE(network) << caught.text();
  EXPECT_EQ(caught.count, 0u);
  return network ? *network : ImportedNetwork();
}

static Equation equationOf(const ImportedNetwork &network) {
  return makeEquation(network.text, network.shapes);
}

static json::Object exported(const Equation &equation,
                             const ContractionTree *tree = nullptr) {
  Caught caught;
  auto object = exportNetwork(equation, tree, caught);
  EXPECT_TRUE(object) << caught.text();
  return object ? *object : json::Object();
}

static std::string textOf(const json::Value &value) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

static std::string einsum(const Equation &equation) {
  Caught caught;
  auto text = einsumText(equation, caught);
  EXPECT_TRUE(text) << caught.text();
  return text.value_or("");
}

//===----------------------------------------------------------------------===//
// Import
//===----------------------------------------------------------------------===//

TEST(Interchange, ReadsWhatCotengraSaves) {
  ImportedNetwork network = imported(parse(
      R"({"inputs": [["a", "b"], ["b", "c"], ["c", "a"], []],
          "output": ["c"], "size_dict": {"a": 2, "b": 3, "c": 4, "z": 9}})"));
  EXPECT_EQ(network.text, "ab,bc,ca,->c");
  EXPECT_EQ(network.shapes, (std::vector<Shape>{{2, 3}, {3, 4}, {4, 2}, {}}));
  EXPECT_FALSE(network.tree);
  EXPECT_EQ(equationOf(network).numOperands(), 4u);
}

TEST(Interchange, ReadsShapesInsteadOfSizes) {
  ImportedNetwork network = imported(parse(
      R"({"inputs": [["a", "b"], ["b", "b"]], "output": [],
          "shapes": [[2, 3], [3, 3]], "size_dict": {"a": 2, "b": 3}})"));
  EXPECT_EQ(network.text, "ab,bb->");
  EXPECT_EQ(network.shapes, (std::vector<Shape>{{2, 3}, {3, 3}}));
}

TEST(Interchange, NamesThatAreNoLabelsAreReplaced) {
  ImportedNetwork network = imported(parse(
      R"({"inputs": [["k0,1", "i2"], ["é", "", "x0"], ["k0,1", "(", "", "_"]],
          "output": ["k0,1", "é"], "size_dict":
          {"k0,1": 2, "i2": 3, "é": 4, "": 5, "x0": 6, "(": 7, "_": 8}})"));
  EXPECT_EQ(network.text, "(x1)(i2),é(x2)(x0),(x1)(x3)(x2)(_)->(x1)é");
  EXPECT_EQ(equationOf(network).numModes(), 7u);
}

TEST(Interchange, ReadsPaths) {
  std::string network = R"({"inputs": [["a"], ["a", "b"], ["b"]], "output": [],
                            "size_dict": {"a": 2, "b": 3}, )";
  auto treeOf = [&](const std::string &paths) {
    auto tree = imported(parse(network + paths + "}")).tree;
    return tree ? tree->treeText() : "";
  };
  EXPECT_EQ(treeOf(R"("path": [[1, 2], [0, 1]])"), "(0,(1,2))");
  EXPECT_EQ(treeOf(R"("ssa_path": [[0, 1], [3, 2]])"), "((0,1),2)");
  EXPECT_EQ(treeOf(R"("path": [[0, 2], [0, 1]], "ssa_path": [[2, 0], [1, 3]])"),
            "(1,(2,0))");
  for (const char *path : {"[]", "[[0]]"})
    EXPECT_EQ(imported(parse(std::string(R"({"inputs": [["a"]], "output": [],
                                          "size_dict": {"a": 2}, "path": )") +
                             path + "}"))
                  .tree->treeText(),
              "0");
}

TEST(Interchange, RefusesEverythingElse) {
  struct Fault {
    const char *text, *message;
  };
  // The network that all but the first few spoil.
#define NETWORK R"("inputs": [["a"], ["a", "b"], ["b"]], "output": ["b"])"
#define SIZES R"("size_dict": {"a": 2, "b": 3})"
  const Fault faults[] = {
      {"[]", "expected an object, got a list"},
      {"{}", "expected a list in 'inputs', got nothing"},
      {R"({"inputs": {}})", "expected a list in 'inputs', got an object"},
      {R"({"inputs": []})", "expected at least one input, got none"},
      {R"({"inputs": ["ab"]})",
       "expected a list in input 0, got the string 'ab'"},
      {R"({"inputs": [["a"], [1.5]]})",
       "expected index names in input 1, got 1.5"},
      {R"({"inputs": [["a"]]})", "expected a list in 'output', got nothing"},
      {R"({"inputs": [["a"]], "output": true})",
       "expected a list in 'output', got true"},
      {R"({"inputs": [["a"]], "output": [null]})",
       "expected index names in 'output', got null"},
      {R"({"inputs": [["a"]], "output": ["b"]})",
       "expected indices of the inputs in 'output', got 'b'"},
      {R"({"inputs": [["a"]], "output": ["a", "a"]})",
       "expected every index once in 'output', got 'a' twice"},
      {"{" NETWORK "}", "expected 'size_dict' or 'shapes', got neither"},
      {"{" NETWORK R"(, "size_dict": [2, 3]})",
       "expected an object in 'size_dict', got a list"},
      {"{" NETWORK R"(, "size_dict": {"a": 2}})",
       "expected a size of index 'b' in 'size_dict', got none"},
      {"{" NETWORK R"(, "size_dict": {"a": 2, "b": -3}})",
       "expected a size of index 'b' in 'size_dict', got -3"},
      {"{" NETWORK R"(, "size_dict": {"a": 2, "b": "3"}})",
       "expected a size of index 'b' in 'size_dict', got the string '3'"},
      {"{" NETWORK R"(, "size_dict": {"a": 9223372036854775808, "b": 3}})",
       "expected a size of index 'a' in 'size_dict', got 9223372036854775808"},
      {"{" NETWORK R"(, "shapes": 4})", "expected a list in 'shapes', got 4"},
      {"{" NETWORK R"(, "shapes": [[2], [2, 3]]})",
       "expected 3 lists in 'shapes', got 2"},
      {"{" NETWORK R"(, "shapes": [[2], 2, [3]]})",
       "expected a list in shape 1, got 2"},
      {"{" NETWORK R"(, "shapes": [[2], [2], [3]]})",
       "expected 2 sizes in shape 1, got 1"},
      {"{" NETWORK R"(, "shapes": [[2], [4, 3], [3]]})",
       "expected size 2 of index 'a' in shape 1 as elsewhere, got 4"},
      {"{" NETWORK R"(, "shapes": [[2], [2, 4], [4]], )" SIZES "}",
       "expected size 3 of index 'b' in shape 1 as elsewhere, got 4"},
      {"{" NETWORK ", " SIZES R"(, "paht": []})",
       "expected the keys inputs, output, size_dict, shapes, path, ssa_path, "
       "got 'paht'; did you mean 'path'?"},
      {"{" NETWORK ", " SIZES R"(, "path": null})",
       "expected a list in 'path', got null"},
      {"{" NETWORK ", " SIZES R"(, "path": [0, 1]})",
       "expected a list in step 0 of 'path', got 0"},
      {"{" NETWORK ", " SIZES R"(, "path": [[0, 1, 2]]})",
       "expected two numbers in step 0 of 'path', got 3"},
      {"{" NETWORK ", " SIZES R"(, "path": [[0, 1], [0, -1]]})",
       "expected a position in step 1 of 'path', got -1"},
      {"{" NETWORK ", " SIZES R"(, "ssa_path": [[0, 1], [2, 4294967296]]})",
       "expected a position in step 1 of 'ssa_path', got 4294967296"},
      {"{" NETWORK ", " SIZES R"(, "path": [[0, 1], [0, 2]]})",
       "'path': expected a position below 2 in step 1, got 2"},
      {"{" NETWORK ", " SIZES R"(, "ssa_path": [[0, 1], [0, 2]]})",
       "'ssa_path': expected every value once, got operand 0 again in step 1"},
      {"{" NETWORK ", " SIZES R"(, "path": [[0, 1]]})",
       "'path': expected 2 steps for 3 operands, got 1"},
      {"{" NETWORK ", " SIZES
       R"(, "path": [[0, 1], [0, 1]], "ssa_path": [[0, 2], [1, 3]]})",
       "expected the same steps in 'path' and 'ssa_path', got (0,1),(2,3) and "
       "(0,2),(1,3)"},
  };
#undef NETWORK
#undef SIZES
  for (const Fault &fault : faults) {
    Caught caught;
    EXPECT_FALSE(importNetwork(parse(fault.text), caught)) << fault.text;
    EXPECT_EQ(caught.count, 1u) << fault.text;
    ASSERT_TRUE(caught.diagnostic) << fault.text;
    EXPECT_EQ(caught.diagnostic->message, fault.message);
  }
}

//===----------------------------------------------------------------------===//
// Export
//===----------------------------------------------------------------------===//

TEST(Interchange, WritesWhatCotengraLoads) {
  Equation equation =
      makeEquation("(row)(mid),(mid)c,cd->(row)d", {{2, 3}, {3, 4}, {4, 5}});
  ContractionTree tree = ContractionTree::leftToRight(3);
  EXPECT_EQ(textOf(exported(equation, &tree)),
            R"({"inputs":[["a","b"],["b","c"],["c","d"]],"output":["a","d"],)"
            R"("path":[[0,1],[0,1]],"size_dict":{"a":2,"b":3,"c":4,"d":5},)"
            R"("ssa_path":[[0,1],[3,2]]})");
  EXPECT_EQ(einsum(equation), "ab,bc,cd->ad");
}

TEST(Interchange, LabelsAreSingleCharacters) {
  EXPECT_EQ(einsum(makeEquation("Zb,bq->qZ", {{2, 3}, {3, 4}})), "Zb,bq->qZ");
  EXPECT_EQ(einsum(makeEquation("éb,bq->qé", {{2, 3}, {3, 4}})), "ab,bc->ca");
  // A path of 60 operands has 61 modes.
  std::vector<std::vector<ModeId>> operands;
  for (unsigned operand = 0; operand < 60; ++operand)
    operands.push_back({operand, operand + 1});
  Equation path = plainNetwork(operands);
  std::vector<std::string> labels = einsumLabels(path);
  EXPECT_EQ(labels[25] + labels[26] + labels[51], "zAZ");
  EXPECT_EQ(labels[52] + labels[60], "\u00c0\u00c8");
  // Such labels stay when they come back, and names stay in JSON.
  std::vector<Shape> shapes(60, {2, 2});
  Equation again = makeEquation(einsum(path), shapes);
  EXPECT_EQ(einsumLabels(again), labels);
  EXPECT_EQ(makeEquation(imported(exported(path)).text, shapes).text(),
            path.text());
}

TEST(Interchange, RefusesToWriteWhatTheFormatHasNot) {
  Caught caught;
  Equation conv =
      makeEquation("bs(h1),ts(h1)->bt(h1)|(h1)", {{2, 3, 7}, {4, 3, 3}});
  EXPECT_FALSE(exportNetwork(conv, nullptr, caught));
  EXPECT_FALSE(einsumText(conv, caught));
  EXPECT_EQ(caught.count, 2u);
  EXPECT_EQ(caught.diagnostic->message,
            "expected plain modes only, got conv mode '(h1)'");
  Equation dynamic = makeEquation("ab,bc->ac", {{2, 3}, {3, kDynamic}});
  EXPECT_FALSE(exportNetwork(dynamic, nullptr, caught));
  EXPECT_EQ(caught.count, 3u);
  EXPECT_EQ(caught.diagnostic->message,
            "expected static extents, got a dynamic extent of mode 'c'");
  EXPECT_EQ(einsum(dynamic), "ab,bc->ac");
}

TEST(Interchange, RoundTrips) {
  unsigned tested = 0;
  for (uint64_t seed = 0; seed < 400; ++seed) {
    RandomEquation drawn = randomEquation(seed);
    Equation equation = makeEquation(drawn.text, drawn.shapes, drawn.geometry);
    if (!equation.relations().empty())
      continue;
    ++tested;
    for (const ContractionTree &tree : spreadTrees(equation.numOperands(), 4)) {
      ImportedNetwork network =
          imported(parse(textOf(exported(equation, &tree))));
      EXPECT_EQ(network.tree, tree);
      EXPECT_EQ(network.text, einsum(equation));
      EXPECT_EQ(givenForm(equationOf(network), {}).key,
                givenForm(equation, {}).key);
    }
  }
  EXPECT_GT(tested, 50u);
}

TEST(Interchange, ReadsLargeNetworks) {
  // As cotengra's benchmarks: labels from get_symbol, many of them.
  json::Array inputs;
  json::Object sizes;
  std::vector<std::vector<ModeId>> operands;
  for (unsigned operand = 0; operand < 1500; ++operand)
    operands.push_back({operand, operand + 1});
  std::vector<std::string> labels = einsumLabels(plainNetwork(operands));
  for (unsigned operand = 0; operand < 1500; ++operand)
    inputs.push_back(json::Array{labels[operand], labels[operand + 1]});
  for (const std::string &label : labels)
    sizes[label] = 2;
  ImportedNetwork network =
      imported(json::Object{{"inputs", std::move(inputs)},
                            {"output", json::Array()},
                            {"size_dict", std::move(sizes)}});
  EXPECT_EQ(equationOf(network).numModes(), 1501u);
}
