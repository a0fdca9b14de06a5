//===- TrainingTest.cpp - Forward and backward functions ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pair of functions as conveinsum-differentiate leaves it: what is said of
// it, in C and in JSON, and that calls find what was kept.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Driver/Driver.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/JSON.h"
#include "gtest/gtest.h"

using namespace conveinsum;

/// y = x a b with gradients of x and b; keeps x a.
static constexpr llvm::StringLiteral kPair = R"mlir(
func.func @f_forward(%x: tensor<2x3xf64> {conveinsum.operand = 0 : i64},
                     %a: tensor<3x4xf64> {conveinsum.operand = 1 : i64},
                     %b: tensor<4x5xf64> {conveinsum.operand = 2 : i64})
    -> (tensor<2x5xf64>, tensor<2x4xf64> {conveinsum.role = "kept"})
    attributes {conveinsum.packs = ["kept"], conveinsum.backward = @f_backward} {
  %t = conveinsum.einsum "ij,jk->ik" ins(%x, %a : tensor<2x3xf64>, tensor<3x4xf64>) : tensor<2x4xf64>
  %y = conveinsum.einsum "ij,jk->ik" ins(%t, %b : tensor<2x4xf64>, tensor<4x5xf64>) : tensor<2x5xf64>
  return %y, %t : tensor<2x5xf64>, tensor<2x4xf64>
}
func.func @f_backward(%x: tensor<2x3xf64> {conveinsum.operand = 0 : i64},
                      %a: tensor<3x4xf64> {conveinsum.operand = 1 : i64},
                      %b: tensor<4x5xf64> {conveinsum.operand = 2 : i64},
                      %g: tensor<2x5xf64> {conveinsum.role = "cotangent"},
                      %t: tensor<2x4xf64> {conveinsum.role = "kept"})
    -> (tensor<2x3xf64> {conveinsum.operand = 0 : i64}, tensor<4x5xf64> {conveinsum.operand = 2 : i64})
    attributes {conveinsum.packs = ["kept"], conveinsum.forward = @f_forward} {
  %gt = conveinsum.einsum "il,kl->ik" ins(%g, %b : tensor<2x5xf64>, tensor<4x5xf64>) : tensor<2x4xf64>
  %gb = conveinsum.einsum "il,ik->kl" ins(%g, %t : tensor<2x5xf64>, tensor<2x4xf64>) : tensor<4x5xf64>
  %gx = conveinsum.einsum "ik,jk->ij" ins(%gt, %a : tensor<2x4xf64>, tensor<3x4xf64>) : tensor<2x3xf64>
  return %gx, %gb : tensor<2x3xf64>, tensor<4x5xf64>
})mlir";

static void unexpected(const Fault &diagnostic) {
  ADD_FAILURE() << diagnostic.message;
}

namespace {
class TrainingTest : public ::testing::Test {
protected:
  void SetUp() override {
    module = mlir::parseSourceString<mlir::ModuleOp>(kPair, &driver.context());
    ASSERT_TRUE(module);
    std::optional<ObjectCode> lowered = driver.lower(*module, unexpected);
    ASSERT_TRUE(lowered);
    object = std::move(*lowered);
    forward = findFunction(object.functions, FunctionRole::Forward);
    backward = findFunction(object.functions, FunctionRole::Backward);
    ASSERT_TRUE(forward && backward);
  }

  FunctionSpec spec() {
    std::optional<Equation> equation = Equation::create(
        "ij,jk,kl->il", {}, {{2, 3}, {3, 4}, {4, 5}}, unexpected);
    FunctionSpec spec{"f", *equation, {}, ElementType::F64};
    spec.operandTypes.assign(3, ElementType::F64);
    spec.gradients = {0, 2};
    return spec;
  }

  static std::vector<std::string> names(const FunctionInfo &function) {
    std::vector<std::string> names;
    for (const ArgumentInfo &argument : function.arguments)
      names.push_back(argument.name);
    return names;
  }

  Driver driver;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  ObjectCode object;
  const FunctionInfo *forward = nullptr, *backward = nullptr;
};
} // namespace

TEST_F(TrainingTest, ArgumentsAreDescribedInTheirOrder) {
  EXPECT_EQ(names(*forward),
            (std::vector<std::string>{"in0", "in1", "in2", "out", "kept",
                                      "workspace"}));
  EXPECT_EQ(names(*backward),
            (std::vector<std::string>{"in0", "in1", "in2", "cotangent", "kept",
                                      "grad0", "grad2", "workspace"}));
  EXPECT_FALSE(forward->arguments[4].isConst);
  EXPECT_TRUE(backward->arguments[4].isConst);
  EXPECT_TRUE(backward->arguments[3].isConst);
  EXPECT_EQ(backward->arguments[3].shape, Shape({2, 5}));
  EXPECT_EQ(backward->arguments[6].role, ArgumentRole::Gradient);
  EXPECT_EQ(backward->arguments[6].operand, std::optional<unsigned>(2));
  EXPECT_FALSE(backward->arguments[6].isConst);
}

TEST_F(TrainingTest, SizesAndCostsAreKnownBeforeCode) {
  EXPECT_EQ(forward->bytesOf(ArgumentRole::Kept), 8u * 8);
  EXPECT_EQ(backward->bytesOf(ArgumentRole::Kept), 8u * 8);
  EXPECT_EQ(forward->macs, std::optional<Count>(24 + 40));
  EXPECT_EQ(backward->macs, std::optional<Count>(40 + 40 + 24));
  // Operands once; result and its cotangent; gradients; what is kept.
  EXPECT_EQ(
      bytesAtOnce(object.functions),
      8u * (6 + 12 + 20) + 8 * (10 + 10) + 8 * (6 + 20) + 64 +
          std::max(forward->workspaceBytes(), backward->workspaceBytes()));
}

TEST_F(TrainingTest, HeaderAndInfoSayTheSame) {
  std::string header =
      cHeader(spec(), "ij,jk,kl->il", object.functions, {}, "Link with care.");
  for (llvm::StringRef line :
       {"void f_forward(const double *in0, const double *in1, const double "
        "*in2, double *out, void *kept, void *workspace);",
        "void f_backward(const double *in0, const double *in1, const double "
        "*in2, const double *cotangent, const void *kept, double *grad0, "
        "double *grad2, void *workspace);",
        "#define F_KEPT_BYTES 64\n", "#define F_FORWARD_WORKSPACE_BYTES ",
        "#define F_BACKWARD_WORKSPACE_BYTES ",
        " * f_forward computes out, and kept for\n * f_backward"})
    EXPECT_NE(header.find(line), std::string::npos) << line.str() << header;
  EXPECT_EQ(header.find("#define F_WORKSPACE_BYTES"), std::string::npos);
  EXPECT_EQ(header.find("PyTorch"), std::string::npos);

  llvm::Expected<llvm::json::Value> info =
      llvm::json::parse(infoText(spec(), "ij,jk,kl->il", object.functions, {}));
  ASSERT_TRUE(bool(info));
  const llvm::json::Array *functions =
      info->getAsObject()->getArray("functions");
  ASSERT_EQ(functions->size(), 2u);
  std::string roles;
  for (const llvm::json::Value &function : *functions) {
    roles += function.getAsObject()->getString("role")->str() + ":";
    for (const llvm::json::Value &argument :
         *function.getAsObject()->getArray("arguments"))
      roles += " " + argument.getAsObject()->getString("role")->str();
    roles += "\n";
  }
  EXPECT_EQ(roles, "forward: operand operand operand out kept workspace\n"
                   "backward: operand operand operand cotangent kept gradient "
                   "gradient workspace\n");
}

TEST_F(TrainingTest, WhatIsKeptIsFoundAgain) {
  ASSERT_TRUE(driver.finish(*module, object, /*withEntries=*/true, unexpected));
  std::unique_ptr<CompiledModule> code =
      driver.load(std::move(object), unexpected);
  ASSERT_TRUE(code);
  alignas(64) double out[2][16], kept[2][8], gradX[6], gradB[20],
      workspace[256];
  ASSERT_LE(code->find("f_forward")->workspaceBytes(), sizeof(workspace));
  ASSERT_LE(code->find("f_backward")->workspaceBytes(), sizeof(workspace));
  std::vector<double> x[2] = {std::vector<double>(6, 1),
                              std::vector<double>(6, 5)};
  std::vector<double> a(12, 2), b(20, 3), cotangent(10, 1);
  CallBuffers buffers;
  buffers.workspace = workspace;
  buffers.cotangent = cotangent.data();
  buffers.gradients = {gradX, nullptr, gradB};
  // Two calls of the first before those of the second.
  for (unsigned call : {0, 1}) {
    buffers.operands = {x[call].data(), a.data(), b.data()};
    buffers.out = out[call];
    buffers.kept = kept[call];
    code->find("f_forward")->invoke(buffers);
    EXPECT_EQ(out[call][9], x[call][0] * 3 * 2 * 4 * 3);
  }
  for (unsigned call : {1, 0}) {
    buffers.operands = {x[call].data(), a.data(), b.data()};
    buffers.kept = kept[call];
    code->find("f_backward")->invoke(buffers);
    EXPECT_EQ(gradX[5], 5 * 3 * 4 * 2.0);
    EXPECT_EQ(gradB[19], 2 * x[call][0] * 3 * 2);
  }
}
