//===- GradientCheck.h - Gradients against differences ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiles functions and their gradients and compares the two. All tensors are
// f64 or complex<f64>; a complex number counts as two, which is what PyTorch's
// convention of gradients amounts to.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_AUTODIFF_GRADIENTCHECK_H
#define CONVEINSUM_TEST_AUTODIFF_GRADIENTCHECK_H

#include "Equation/RandomEquation.h"
#include "conveinsum/Driver/Driver.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace conveinsum::test {

/// The numbers that arguments are filled with.
struct Fill {
  double low = 0.5, high = 1.5;
  uint64_t seed = 1;
};

/// Functions in this process, called with flat lists of doubles.
class Functions {
public:
  using Tensors = std::vector<std::vector<double>>;

  Functions(Driver &driver, mlir::ModuleOp module);
  /// The first fault of compilation; empty if there is none.
  const std::string &fault() const { return text; }

  /// Sizes in doubles of arguments or results.
  std::vector<size_t> sizes(const std::string &name, ArgumentRole role) const;
  Tensors call(const std::string &name, const Tensors &arguments) const;

private:
  std::unique_ptr<CompiledModule> code;
  std::string text;
};

/// Parses a module and registers what gradients need; null if it does not
/// parse.
mlir::OwningOpRef<mlir::ModuleOp> parse(Driver &driver,
                                        const std::string &text);

/// Asks for the gradients of all arguments and makes `@NAME_gradient` beside
/// `@NAME`, an ordinary function.
bool addGradient(mlir::ModuleOp module, const std::string &name);

/// Compares `@NAME_gradient` with central differences of `@NAME` along random
/// directions of every argument. Says what differs, or nothing.
std::string compareWithDifferences(const Functions &functions,
                                   const std::string &name, const Fill &fill,
                                   double tolerance = 1e-6);

/// All of this for the function `@f` of a text, and its second derivatives too
/// if `order` is 2.
std::string checkGradients(const std::string &text, const Fill &fill = {},
                           unsigned order = 1);

/// Sum of products.
double innerProduct(const std::vector<double> &left,
                    const std::vector<double> &right);
std::vector<std::vector<double>> draw(const std::vector<size_t> &sizes,
                                      const Fill &fill, SplitMix64 &random);

} // namespace conveinsum::test

#endif // CONVEINSUM_TEST_AUTODIFF_GRADIENTCHECK_H
