//===- LargePlanTest.cpp - Plans of twenty thousand operands --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is done for one step must not look at all operands: a chain with a
// pinned plan is parsed, verified, printed and decomposed, and a tree as deep
// as it has operands is no deeper on the stack. Quadratic work would not end
// within the test's time.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace conveinsum;

static constexpr unsigned kNumOperands = 20000;

/// The module with "m0 m1, m1 m2, ... -> m0 mN" and a pinned plan.
static std::string chainText(const ContractionTree &tree) {
  std::string labels, names, types, definitions;
  for (unsigned k = 0; k < kNumOperands; ++k) {
    std::string separator = k == 0 ? "" : ", ";
    labels +=
        separator + "m" + std::to_string(k) + " m" + std::to_string(k + 1);
    names += separator + "%x";
    types += separator + "tensor<2x2xf32>";
  }
  labels += " -> m0 m" + std::to_string(kNumOperands);
  return "%x = tensor.empty() : tensor<2x2xf32>\n"
         "%y = conveinsum.einsum \"" +
         labels + "\" ins(" + names + " : " + types + ") plan " +
         tree.treeText() + " : tensor<2x2xf32>\n";
}

/// (0,(1,(2,...))): the deepest text there is.
static ContractionTree rightToLeft() {
  SmallVector<ContractionTree::Step> steps;
  unsigned value = kNumOperands - 1;
  for (unsigned operand = kNumOperands - 1; operand-- > 0;) {
    steps.emplace_back(operand, value);
    value = kNumOperands + steps.size() - 1;
  }
  return ContractionTree(kNumOperands, steps);
}

static void decomposeChain(const ContractionTree &tree) {
  MLIRContext context;
  context.loadDialect<ConvEinsumDialect, tensor::TensorDialect>();
  std::string text = chainText(tree);
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  ASSERT_TRUE(module);
  EinsumOp network;
  module->walk([&](EinsumOp op) { network = op; });
  ASSERT_EQ(network.getPlanAttr().getTree().treeText(), tree.treeText());
  EXPECT_GT(network.getEquation().getValue().text().size(), kNumOperands * 10);

  IRRewriter rewriter(&context);
  ASSERT_TRUE(succeeded(decomposeEinsum(rewriter, network)));
  ASSERT_TRUE(succeeded(verify(*module)));
  unsigned numSteps = 0;
  module->walk([&](EinsumOp step) {
    ++numSteps;
    ASSERT_EQ(step.getInputs().size(), 2u);
    EXPECT_EQ(step.getResultType().getRank(), 2);
  });
  EXPECT_EQ(numSteps, kNumOperands - 1);
}

TEST(LargePlanTest, LeftToRight) {
  decomposeChain(ContractionTree::leftToRight(kNumOperands));
}

TEST(LargePlanTest, RightToLeft) { decomposeChain(rightToLeft()); }

TEST(LargePlanTest, Balanced) {
  SmallVector<ContractionTree::Step> steps;
  SmallVector<unsigned> level = llvm::to_vector(llvm::seq(0u, kNumOperands));
  while (level.size() > 1) {
    SmallVector<unsigned> next;
    for (size_t i = 0; i + 1 < level.size(); i += 2) {
      steps.emplace_back(level[i], level[i + 1]);
      next.push_back(kNumOperands + steps.size() - 1);
    }
    if (level.size() % 2)
      next.push_back(level.back());
    level = next;
  }
  decomposeChain(ContractionTree(kNumOperands, steps));
}
