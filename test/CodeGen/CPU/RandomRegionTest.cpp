//===- RandomRegionTest.cpp - Random programs of branches and loops -------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Programs on tensors of integers, compiled and interpreted. Loops carry, swap
// and drop values in every way, so that a value that is overwritten before its
// last reader shows.
//
//===----------------------------------------------------------------------===//

#include "JitFunction.h"
#include <array>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <vector>

using namespace conveinsum;
using namespace conveinsum::test;

using Tensor = std::array<uint32_t, 4>;
using Names = std::vector<unsigned>;

namespace {
struct Statement;
/// Statements, and the values that leave them.
struct Block {
  std::vector<Statement> statements;
  Names yields;
};

/// `results = kind(operands)`. A loop has the names of what it carries in
/// `carried`, a branch has two bodies.
struct Statement {
  enum Kind { Add, Subtract, Multiply, For, If } kind;
  Names results, operands, carried;
  std::vector<Block> bodies;
};

class Program {
public:
  explicit Program(unsigned seed) : random(seed) {
    body = makeBlock({0, 1}, /*depth=*/0, /*yields=*/1);
  }

  Tensor run(const Tensor &a, const Tensor &b, bool flag) const {
    std::map<unsigned, Tensor> values = {{0, a}, {1, b}};
    execute(body, values, flag);
    return values[body.yields[0]];
  }

  std::string text() const {
    return "func.func @f(%v0: " + type + ", %v1: " + type +
           ", %flag: tensor<i1>) -> " + type +
           " {\n%c0 = arith.constant 0 : index\n%c1 = arith.constant 1 : "
           "index\n%c3 = arith.constant 3 : index\n%i = tensor.extract "
           "%flag[] : tensor<i1>\n" +
           print(body) + "return " + list(body.yields) + " : " + type + "\n}\n";
  }

private:
  unsigned below(unsigned bound) { return random() % bound; }

  Names pick(const Names &visible, unsigned count) {
    Names names;
    for (unsigned i = 0; i != count; ++i)
      names.push_back(visible[below(visible.size())]);
    return names;
  }

  Names fresh(unsigned count) {
    Names names;
    for (unsigned i = 0; i != count; ++i)
      names.push_back(next++);
    return names;
  }

  Block makeBlock(Names visible, unsigned depth, unsigned yields) {
    Block block;
    for (unsigned i = 0, e = 1 + below(4); i != e; ++i) {
      block.statements.push_back(makeStatement(visible, depth));
      for (unsigned result : block.statements.back().results)
        visible.push_back(result);
    }
    block.yields = pick(visible, yields);
    return block;
  }

  Statement makeStatement(const Names &visible, unsigned depth) {
    Statement made;
    made.kind = Statement::Kind(below(depth < 3 ? 5 : 3));
    unsigned count = 1 + below(3);
    if (made.kind == Statement::For) {
      made.operands = pick(visible, count);
      made.carried = fresh(count);
      Names inside = visible;
      inside.insert(inside.end(), made.carried.begin(), made.carried.end());
      made.bodies.push_back(makeBlock(inside, depth + 1, count));
      made.results = fresh(count);
    } else if (made.kind == Statement::If) {
      for (unsigned i = 0; i != 2; ++i)
        made.bodies.push_back(makeBlock(visible, depth + 1, count));
      made.results = fresh(count);
    } else {
      made.operands = pick(visible, 2);
      made.results = fresh(1);
    }
    return made;
  }

  static void execute(const Block &block, std::map<unsigned, Tensor> &values,
                      bool flag) {
    for (const Statement &statement : block.statements)
      execute(statement, values, flag);
  }

  static std::vector<Tensor> read(const Names &names,
                                  std::map<unsigned, Tensor> &values) {
    std::vector<Tensor> tensors;
    for (unsigned name : names)
      tensors.push_back(values[name]);
    return tensors;
  }

  static void write(const Names &names, const std::vector<Tensor> &tensors,
                    std::map<unsigned, Tensor> &values) {
    for (size_t i = 0; i != names.size(); ++i)
      values[names[i]] = tensors[i];
  }

  static void execute(const Statement &statement,
                      std::map<unsigned, Tensor> &values, bool flag) {
    std::vector<Tensor> in = read(statement.operands, values);
    if (statement.kind == Statement::For) {
      for (unsigned k = 0; k != 3; ++k) {
        write(statement.carried, in, values);
        execute(statement.bodies[0], values, flag);
        in = read(statement.bodies[0].yields, values);
      }
      return write(statement.results, in, values);
    }
    if (statement.kind == Statement::If) {
      const Block &taken = statement.bodies[flag ? 0 : 1];
      execute(taken, values, flag);
      return write(statement.results, read(taken.yields, values), values);
    }
    Tensor out;
    for (size_t i = 0; i != out.size(); ++i)
      out[i] = statement.kind == Statement::Add        ? in[0][i] + in[1][i]
               : statement.kind == Statement::Subtract ? in[0][i] - in[1][i]
                                                       : in[0][i] * in[1][i];
    write(statement.results, {out}, values);
  }

  static std::string list(const Names &names) {
    std::string text;
    for (unsigned name : names)
      text += (text.empty() ? "%v" : ", %v") + std::to_string(name);
    return text;
  }

  static std::string types(size_t count) {
    std::string text;
    for (size_t i = 0; i != count; ++i)
      text += (text.empty() ? "" : ", ") + type;
    return text;
  }

  static std::string print(const Block &block) {
    std::string text;
    for (const Statement &statement : block.statements)
      text += print(statement);
    return text;
  }

  /// A body with its yield, in braces.
  static std::string printBody(const Block &block) {
    return "{\n" + print(block) + "scf.yield " + list(block.yields) + " : " +
           types(block.yields.size()) + "\n}";
  }

  static std::string print(const Statement &statement) {
    std::string text = list(statement.results) + " = ";
    size_t count = statement.results.size();
    if (statement.kind == Statement::If)
      return text + "scf.if %i -> (" + types(count) + ") " +
             printBody(statement.bodies[0]) + " else " +
             printBody(statement.bodies[1]) + "\n";
    if (statement.kind != Statement::For) {
      const char *ops[] = {"arith.addi ", "arith.subi ", "arith.muli "};
      return text + ops[statement.kind] + list(statement.operands) + " : " +
             type + "\n";
    }
    std::string starts;
    for (size_t i = 0; i != count; ++i)
      starts += (i ? ", %v" : "%v") + std::to_string(statement.carried[i]) +
                " = %v" + std::to_string(statement.operands[i]);
    return text + "scf.for %k" + std::to_string(statement.carried[0]) +
           " = %c0 to %c3 step %c1 iter_args(" + starts + ") -> (" +
           types(count) + ") " + printBody(statement.bodies[0]) + "\n";
  }

  static const std::string type;
  std::mt19937 random;
  unsigned next = 2;
  Block body;
};

const std::string Program::type = "tensor<4xi32>";
} // namespace

TEST(RandomRegion, ComputesWhatTheProgramSays) {
  const Tensor a = {1, 2, 3, 0xFFFFFFF0}, b = {7, 5, 0x10001, 9};
  for (unsigned seed = 0; seed != 120 && !HasFailure(); ++seed) {
    Program program(seed);
    CpuOptions options;
    options.minVectorWork = seed % 4 == 0 ? 0 : INT64_MAX;
    auto compiled =
        JitFunction::compile(program.text(), options, /*optLevel=*/0);
    ASSERT_TRUE(compiled) << program.text();
    for (bool flag : {false, true}) {
      Tensor result = {}, first = a, second = b;
      (*compiled)({first.data(), second.data(), &flag}, result.data());
      EXPECT_EQ(result, program.run(a, b, flag))
          << program.text() << "seed " << seed << ", flag " << flag;
      EXPECT_EQ(first, a) << "an input was written, seed " << seed;
      EXPECT_EQ(second, b) << "an input was written, seed " << seed;
    }
  }
}
