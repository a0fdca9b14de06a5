//===- JsonObjectTest.cpp - JSON from untrusted text ----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is JSON is read as it stands, and whatever is not is refused with the
// byte at fault.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/JsonObject.h"
#include "TestSupport.h"
#include "conveinsum/Equation/NearWord.h"

using namespace conveinsum;

static std::string fault(const std::string &text) {
  Caught caught;
  EXPECT_FALSE(parseJsonObject(text, std::ref(caught))) << text;
  EXPECT_EQ(caught.count, 1u) << text;
  std::string words = caught.text();
  llvm::StringRef fault = words;
  // Without a constraint.
  fault.consume_front(": ");
  return fault.str();
}

static std::string read(const std::string &text) {
  Caught caught;
  std::optional<llvm::json::Object> object =
      parseJsonObject(text, std::ref(caught));
  EXPECT_TRUE(object) << text << ": " << caught.text();
  llvm::json::Value value(object ? std::move(*object) : llvm::json::Object());
  return llvm::formatv("{0}", value).str();
}

TEST(JsonObject, WhatIsJsonIsReadAsItStands) {
  EXPECT_EQ(read(" { } \r\n\t"), "{}");
  EXPECT_EQ(read("\xef\xbb\xbf{}"), "{}");
  EXPECT_EQ(read(R"({"a":[-0,10,-2.5,1e3,1E-2,1.5e+1,[],{}]})"),
            R"({"a":[0,10,-2.5,1000,0.01,15,[],{}]})");
  EXPECT_EQ(read(R"({"\u00e4\ud83d\ude00\n":"\"\\\/\b\f\r\t"})"),
            "{\"\u00e4\U0001f600\\n\":\"\\\"\\\\/\\u0008\\u000c\\r\\t\"}");
  EXPECT_EQ(read(R"({"a":true,"b":false,"c":null,"A":""})"),
            R"({"A":"","a":true,"b":false,"c":null})");
  // Equal keys of different objects.
  EXPECT_EQ(read(R"({"a":{"a":{}},"b":[{"a":1},{"a":2}]})"),
            R"({"a":{"a":{}},"b":[{"a":1},{"a":2}]})");
  EXPECT_EQ(read(R"({"a":[9223372036854775807,-9223372036854775808,1e20]})"),
            R"({"a":[9223372036854775807,-9223372036854775808,1e+20]})");
}

TEST(JsonObject, OtherValuesAreNoObjects) {
  EXPECT_EQ(fault("[1]"), "expected a JSON object, got an array");
  EXPECT_EQ(fault("7"), "expected a JSON object, got a number");
  EXPECT_EQ(fault("null"), "expected a JSON object, got null");
  EXPECT_EQ(fault("\"a\""), "expected a JSON object, got a string");
  EXPECT_EQ(fault("{\"\xff\":1}"),
            "expected a JSON object, got bytes that are not UTF-8 (the first "
            "at byte 2)");
}

TEST(JsonObject, C43KeysAreGivenOnce) {
  EXPECT_EQ(fault(R"({"a": 1, "b": 2, "a": 1})"),
            "C43: malformed JSON at byte 17: expected every key once, got 'a' "
            "again");
  EXPECT_EQ(fault(R"({"x": [{"ab": 1, "\u0061b": 1}]})"),
            "C43: malformed JSON at byte 17: expected every key once, got 'ab' "
            "again");
  EXPECT_EQ(fault(R"({"":1,"":1})").substr(0, 4), "C43:");
}

TEST(JsonObject, TextThatIsNotJson) {
  const std::pair<const char *, const char *> faults[] = {
      {"", "0: expected a value, got the end of the text"},
      {"{", "1: expected a string, got the end of the text"},
      {"{}x", "2: expected nothing behind the value, got 'x'"},
      {"{} {}", "3: expected nothing behind the value, got '{'"},
      {"{'a':1}", "1: expected a string, got '''"},
      {"{a:1}", "1: expected a string, got 'a'"},
      {R"({"a" 1})", "5: expected ':' behind a key, got '1'"},
      {R"({"a":1,})", "7: expected a string, got '}'"},
      {R"({"a":1 "b":2})", "7: expected ',' or '}', got '\"'"},
      {R"({"a":[1,]})", "8: expected a value, got ']'"},
      {R"({"a":[1 2]})", "8: expected ',' or ']', got '2'"},
      {R"({"a":NaN})", "5: expected a value, got 'NaN'"},
      {R"({"a":Infinity})", "5: expected a value, got 'Infinity'"},
      {R"({"a":-Infinity})", "6: expected a digit, got 'Infinity'"},
      {R"({"a":True})", "5: expected a value, got 'True'"},
      {R"({"a":nul})", "5: expected a value, got 'nul'"},
      {R"({"a":01})", "6: expected ',' or '}', got '1'"},
      {R"({"a":1.})", "7: expected a digit, got '}'"},
      {R"({"a":.5})", "5: expected a value, got '.'"},
      {R"({"a":+1})", "5: expected a value, got '+'"},
      {R"({"a":1e})", "7: expected a digit, got '}'"},
      {R"({"a":0x10})", "6: expected ',' or '}', got 'x10'"},
      {R"({"a":1e999})", "5: expected a number that a double holds, got 1e999"},
      {R"({"a":9007199254740993.0})",
       "5: expected a number that a double holds exactly, got "
       "9007199254740993.0"},
      {R"({"a":2000000000000000000000000000000000000000.2})",
       "5: expected a number that a double holds exactly, got "
       "2000000000000000000000000000000000000000..."},
      {R"({"a":abcdefghijklmnopqrstuvwxyz})",
       "5: expected a value, got 'abcdefghijklmnopqrstuvwx...'"},
      {R"({"a":"b)", "7: expected the end of a string, '\"', got the end of "
                     "the text"},
      {"{\"a\":\"\n\"}",
       "6: expected control characters in strings to be escaped, got the byte "
       "0xa"},
      {R"({"a":"\x"})",
       R"(6: expected an escape such as \n or \u00e4, got '\x')"},
      {"{\"a\":\"\\\x01",
       R"(6: expected an escape such as \n or \u00e4, got '\' and the byte 0x1)"},
      {"{\"a\":\"\\\xc3\xa4\"}",
       R"(6: expected an escape such as \n or \u00e4, got '\' and the byte 0xc3)"},
      {R"({"a":"\)",
       R"(6: expected an escape such as \n or \u00e4, got '\' and the end of the text)"},
      {R"({"a":"\u12g4"})",
       R"(10: expected four hexadecimal digits behind \u, got 'g4')"},
      {R"({"a":"\u0000"})", R"(6: expected a character, got \u0000)"},
      {R"({"a":"\ud800"})",
       R"(6: expected a pair of surrogates, got \ud800 alone)"},
      {R"({"a":"\ud800\u0041"})",
       R"(6: expected a pair of surrogates, got \ud800 alone)"},
      {R"({"a":"\udc00"})",
       R"(6: expected a pair of surrogates, got \udc00 alone)"},
      {"{} // no", "3: expected nothing behind the value, got '/'"}};
  for (auto [text, expected] : faults)
    EXPECT_EQ(fault(text), std::string("malformed JSON at byte ") + expected)
        << text;
}

TEST(JsonObject, DepthAndNumberAreLimited) {
  auto nested = [](unsigned depth) {
    return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  read(nested(255));
  EXPECT_EQ(fault(nested(256)), "malformed JSON at byte 260: expected at most "
                                "256 levels, got more");
  EXPECT_NE(fault(nested(1000000)).find("levels"), std::string::npos);
  std::string many = "{\"a\":[0";
  for (unsigned k = 0; k < (1u << 22); ++k)
    many += ",0";
  EXPECT_NE(fault(many + "]}").find("expected at most 4194304 values"),
            std::string::npos);
}

TEST(NearWord, SlipsAndSpellings) {
  const llvm::StringRef known[] = {"expr", "conv_modes", "gradients", "path",
                                   "in"};
  for (auto [word, meant] : {std::pair("convModes", "conv_modes"),
                             {"conv-mode", "conv_modes"},
                             {"conv modes", "conv_modes"},
                             {"con_mode", "conv_modes"},
                             {"gradient", "gradients"},
                             {"gradeints", "gradients"},
                             {"Path", "path"},
                             {"paths", "path"},
                             {"ptah", "path"},
                             {"exp", "expr"},
                             {"IN", "in"},
                             {"on", ""},
                             {"notes", ""},
                             {"patches", ""},
                             {"", ""},
                             {"mode", ""}})
    EXPECT_EQ(nearestWord(word, known), meant) << word;
  EXPECT_EQ(nearestWord(std::string(100000, 'x'), known), "");
  EXPECT_EQ(didYouMean("Path", known), "; did you mean 'path'?");
  EXPECT_EQ(didYouMean("notes", known), "");
}
