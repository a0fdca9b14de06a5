//===- PlanAttrTest.cpp - Plans through text and bytecode -----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Random plans come back from every form that IR has, and bytecode that says
// something else than plans is refused in words.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"
#include <map>
#include <random>

using namespace mlir;
using namespace conveinsum;

namespace {
/// Makes plans: every order of steps, and what else fits them.
class RandomPlan {
public:
  explicit RandomPlan(unsigned seed) : generator(seed) {}

  Plan operator()(unsigned numOperands) {
    Plan plan(randomTree(numOperands));
    addGroups(plan);
    unsigned last = numOperands + plan.tree.steps().size() - 1;
    for (unsigned value = numOperands; value < last; ++value)
      if (!isInner(plan, value) && below(2) == 0)
        plan.kept.push_back(value);
    return plan;
  }

  unsigned below(unsigned end) { return generator() % end; }

private:
  /// Joins any two values that are there.
  ContractionTree randomTree(unsigned numOperands) {
    std::vector<unsigned> values(numOperands);
    for (unsigned operand = 0; operand < numOperands; ++operand)
      values[operand] = operand;
    auto take = [&] {
      std::swap(values[below(values.size())], values.back());
      unsigned value = values.back();
      values.pop_back();
      return value;
    };
    SmallVector<ContractionTree::Step> steps;
    while (values.size() > 1) {
      unsigned first = take();
      steps.emplace_back(first, take());
      values.push_back(numOperands + steps.size() - 1);
    }
    return ContractionTree(numOperands, steps);
  }

  /// Puts steps into the groups of their readers.
  void addGroups(Plan &plan) {
    unsigned numOperands = plan.tree.numOperands();
    unsigned numSteps = plan.tree.steps().size();
    std::vector<unsigned> lastOf(numSteps);
    for (unsigned index = numSteps; index-- > 0;) {
      if (index + 1 == numSteps)
        lastOf[index] = index;
      auto [lhs, rhs] = plan.tree.steps()[index];
      for (unsigned value : {lhs, rhs})
        if (value >= numOperands)
          lastOf[value - numOperands] =
              below(3) == 0 ? lastOf[index] : value - numOperands;
    }
    std::map<unsigned, FusedGroup> groups;
    for (unsigned index = 0; index < numSteps; ++index)
      groups[lastOf[index]].push_back(plan.tree.resultOf(index));
    for (auto &[last, group] : groups)
      if (group.size() > 1)
        plan.groups.push_back(group);
    llvm::sort(plan.groups, [](const FusedGroup &one, const FusedGroup &other) {
      return one.front() < other.front();
    });
  }

  static bool isInner(const Plan &plan, unsigned value) {
    return llvm::any_of(plan.groups, [&](const FusedGroup &group) {
      return group.back() != value && llvm::is_contained(group, value);
    });
  }

  std::mt19937 generator;
};

class PlanAttrTest : public ::testing::Test {
protected:
  PlanAttrTest() : builder(&context) {
    context.loadDialect<ConvEinsumDialect>();
    context.getDiagEngine().registerHandler(
        [this](mlir::Diagnostic &fault) { messages += fault.str() + "\n"; });
  }

  /// A module with an einsum "a,a,...->a" that carries the plan.
  OwningOpRef<ModuleOp> moduleWith(const Plan &plan) {
    OwningOpRef<ModuleOp> module = ModuleOp::create(builder.getUnknownLoc());
    builder.setInsertionPointToStart(module->getBody());
    Location loc = builder.getUnknownLoc();
    mlir::Value tensor = tensor::EmptyOp::create(
        builder, loc, ArrayRef<int64_t>{8}, builder.getF32Type());
    unsigned numOperands = plan.tree.numOperands();
    std::string text = "a";
    for (unsigned operand = 1; operand < numOperands; ++operand)
      text += ",a";
    SmallVector<mlir::Value> inputs(numOperands, tensor);
    FailureOr<EinsumOp> op =
        EinsumOp::create(builder, loc, text + "->a", {}, inputs,
                         [](const conveinsum::Fault &) {});
    op->setPlanAttr(PlanAttr::get(&context, plan));
    return module;
  }

  static PlanAttr planOf(ModuleOp module) {
    PlanAttr plan;
    module.walk([&](EinsumOp op) { plan = op.getPlanAttr(); });
    return plan;
  }

  OwningOpRef<ModuleOp> parse(StringRef source) {
    return parseSourceString<ModuleOp>(source, &context);
  }

  static std::string bytecodeOf(ModuleOp module) {
    std::string bytes;
    llvm::raw_string_ostream stream(bytes);
    EXPECT_TRUE(succeeded(writeBytecodeToFile(module, stream)));
    return bytes;
  }

  MLIRContext context;
  OpBuilder builder;
  std::string messages;
};

TEST_F(PlanAttrTest, RandomPlansComeBack) {
  RandomPlan random(1);
  unsigned numLists = 0;
  for (unsigned turn = 0; turn < 300; ++turn) {
    Plan plan = random(1 + random.below(12));
    if (random.below(3) == 0)
      plan.slicing.push_back({0, 1 + random.below(8), std::nullopt});
    ASSERT_TRUE(plan.verify([&](const conveinsum::Fault &fault) {
      messages += fault.message;
    })) << messages;
    OwningOpRef<ModuleOp> module = moduleWith(plan);
    ASSERT_TRUE(succeeded(verify(*module))) << messages;
    PlanAttr attribute = planOf(*module);
    EXPECT_EQ(attribute.getValue(), plan);

    for (bool isGeneric : {false, true}) {
      std::string text;
      llvm::raw_string_ostream stream(text);
      OpPrintingFlags flags;
      module->print(stream, flags.printGenericOpForm(isGeneric));
      numLists += StringRef(text).contains(isGeneric ? "<[(" : "plan [(");
      OwningOpRef<ModuleOp> read = parse(text);
      ASSERT_TRUE(read) << text << messages;
      EXPECT_EQ(planOf(*read), attribute) << text;
    }
    OwningOpRef<ModuleOp> read = parse(bytecodeOf(*module));
    ASSERT_TRUE(read) << messages;
    EXPECT_EQ(planOf(*read), attribute);
    EXPECT_EQ(hash_value(planOf(*read).getValue()), hash_value(plan));
  }
  EXPECT_GT(numLists, 100u);
}

TEST_F(PlanAttrTest, KeepsTheOrderOfSteps) {
  ContractionTree one(4, {{0, 1}, {2, 3}, {4, 5}});
  ContractionTree other(4, {{2, 3}, {0, 1}, {5, 4}});
  EXPECT_NE(PlanAttr::get(&context, Plan(one)),
            PlanAttr::get(&context, Plan(other)));
  EXPECT_EQ(PlanAttr::get(&context, Plan(other)).getTree(), other);
  // A tree by itself says nothing about order.
  EXPECT_EQ(PlanAttr::get(&context, other), PlanAttr::get(&context, Plan(one)));
}

TEST_F(PlanAttrTest, StagePlannedVerifiesPlans) {
  Plan plan(ContractionTree(3, {{0, 1}, {3, 2}}));
  OwningOpRef<ModuleOp> module = moduleWith(plan);
  EXPECT_TRUE(succeeded(verifyStage(*module, Stage::Planned))) << messages;
  plan.slicing.push_back({0, 9, std::nullopt});
  module->walk(
      [&](EinsumOp op) { op.setPlanAttr(PlanAttr::get(&context, plan)); });
  EXPECT_TRUE(failed(verifyStage(*module, Stage::Planned)));
  EXPECT_NE(messages.find("slicing mode a: expected chunks of 1 to 8 entries, "
                          "got 9 [C94]"),
            std::string::npos)
      << messages;
}

/// A number below 128 as MLIR's bytecode writes it.
static char encoded(unsigned number) { return char(number << 1 | 1); }

TEST_F(PlanAttrTest, RefusesMalformedBytecode) {
  Plan plan(ContractionTree(3, {{0, 1}, {3, 2}}));
  plan.kept = {3};
  plan.slicing.push_back({0, 3, std::nullopt});
  std::string bytes = bytecodeOf(*moduleWith(plan));
  // Code, operands, steps, kept values, groups, cuts; 6 is a 3 with a sign.
  std::string written;
  for (unsigned number : {2, 3, 0, 1, 3, 2, 1, 3, 0, 1, 0, 6, 0})
    written += encoded(number);
  size_t begin = bytes.find(written);
  ASSERT_NE(begin, std::string::npos);
  ASSERT_TRUE(parse(bytes));

  struct Damage {
    unsigned position, number;
    const char *message;
  };
  for (Damage damage :
       {Damage{0, 3, "unknown attribute code 3 of conveinsum"},
        {1, 0, "expected a plan of at least one operand [C90]"},
        {1, 2, ""},
        {1, 60, ""},
        {3, 0, "expected every value once, got operand 0 again in step 0"},
        {6, 5, ""},
        {7, 4, "expected kept values before the result of the last step"},
        {8, 1, ""},
        {9, 9, ""},
        {10, 1, "expected a sliced mode below 1, got 1 [C94]"},
        {11, 40, "expected chunks of 1 to 8 entries, got 20 [C94]"},
        {12, 4, "expected an operand below 3 to be cut, got i3 [C94]"}}) {
    std::string damaged = bytes;
    damaged[begin + damage.position] = encoded(damage.number);
    messages.clear();
    EXPECT_FALSE(parse(damaged)) << damage.position;
    EXPECT_FALSE(messages.empty()) << damage.position;
    EXPECT_NE(messages.find(damage.message), std::string::npos)
        << damage.position << ": " << messages;
  }
  // A first byte of 0 says that the next eight are one number.
  bytes[begin + 1] = 0;
  EXPECT_FALSE(parse(bytes));
  EXPECT_NE(messages.find("expected a number below 2147483648, got "),
            std::string::npos)
      << messages;
}

TEST_F(PlanAttrTest, RefusesVersionsToCome) {
  std::string bytes =
      bytecodeOf(*moduleWith(Plan(ContractionTree::leftToRight(3))));
  // The section of a dialect's version, its length and the number.
  std::string section = {7, encoded(1), encoded(2)};
  size_t begin = bytes.find(section);
  ASSERT_NE(begin, std::string::npos);
  for (unsigned version : {0, 3}) {
    bytes[begin + 2] = encoded(version);
    messages.clear();
    EXPECT_FALSE(parse(bytes));
    EXPECT_NE(messages.find("expected version 1 or 2 of the bytecode of "
                            "conveinsum, got " +
                            std::to_string(version)),
              std::string::npos)
        << messages;
  }
}
} // namespace
