//===- GradientCheck.cpp - Gradients against differences ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GradientCheck.h"
#include "conveinsum/AutoDiff/Differentiate.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "mlir/Parser/Parser.h"
#include <cmath>

using namespace conveinsum;
using namespace conveinsum::test;

Functions::Functions(Driver &driver, mlir::ModuleOp module) {
  code = driver.compile(module, [&](const Fault &fault) {
    if (text.empty())
      text = fault.message;
  });
  if (!code && text.empty())
    text = "the module does not compile";
}

std::vector<size_t> Functions::sizes(const std::string &name,
                                     ArgumentRole role) const {
  std::vector<size_t> found;
  for (const ArgumentInfo &argument : code->find(name)->info().arguments)
    if (argument.role == role)
      found.push_back(argument.bytes / sizeof(double));
  return found;
}

namespace {
struct Free {
  void operator()(void *memory) const { std::free(memory); }
};
} // namespace
using Buffer = std::unique_ptr<double, Free>;

/// Aligned as compiled functions ask for.
static Buffer allocate(size_t doubles) {
  size_t bytes = (doubles * sizeof(double) + 63) / 64 * 64 + 64;
  return Buffer(static_cast<double *>(std::aligned_alloc(64, bytes)));
}

Functions::Tensors Functions::call(const std::string &name,
                                   const Tensors &inputs) const {
  const CompiledFunction *function = code->find(name);
  std::vector<Buffer> buffers;
  llvm::SmallVector<const void *> pointers;
  std::vector<std::pair<double *, size_t>> outputs;
  size_t next = 0;
  for (const ArgumentInfo &argument : function->info().arguments) {
    size_t size = (argument.bytes + 7) / sizeof(double);
    buffers.push_back(allocate(size));
    double *data = buffers.back().get();
    pointers.push_back(data);
    if (argument.role == ArgumentRole::Operand) {
      std::copy(inputs[next].begin(), inputs[next].end(), data);
      ++next;
    } else if (argument.role == ArgumentRole::Out) {
      outputs.push_back({data, size});
    }
  }
  function->call(pointers);
  Tensors results;
  for (auto [data, size] : outputs)
    results.emplace_back(data, data + size);
  return results;
}

mlir::OwningOpRef<mlir::ModuleOp>
conveinsum::test::parse(Driver &driver, const std::string &text) {
  return mlir::parseSourceString<mlir::ModuleOp>(text, &driver.context());
}

bool conveinsum::test::addGradient(mlir::ModuleOp module,
                                   const std::string &name) {
  mlir::DialectRegistry registry;
  registerDifferentiableModels(registry);
  module.getContext()->appendDialectRegistry(registry);
  module.getContext()->loadAllAvailableDialects();
  auto function = module.lookupSymbol<mlir::func::FuncOp>(name);
  for (unsigned k = 0, e = function.getNumArguments(); k != e; ++k)
    function.setArgAttr(k, kGradientAttr,
                        mlir::UnitAttr::get(module.getContext()));
  auto gradient = differentiateJointly(function);
  if (failed(gradient))
    return false;
  // What it takes and returns is described as that of any function.
  for (unsigned k = 0, e = gradient->getNumArguments(); k != e; ++k) {
    gradient->removeArgAttr(k, kRoleAttr);
    gradient->removeArgAttr(k, kOperandAttr);
  }
  gradient->removeResAttrsAttr();
  return true;
}

double conveinsum::test::innerProduct(const std::vector<double> &left,
                                      const std::vector<double> &right) {
  double sum = 0;
  for (size_t i = 0; i < left.size(); ++i)
    sum += left[i] * right[i];
  return sum;
}

std::vector<std::vector<double>>
conveinsum::test::draw(const std::vector<size_t> &sizes, const Fill &fill,
                       SplitMix64 &random) {
  std::vector<std::vector<double>> tensors;
  for (size_t size : sizes) {
    tensors.emplace_back(size);
    for (double &entry : tensors.back())
      entry = fill.low + (fill.high - fill.low) *
                             double(random.between(0, 1 << 20)) / (1 << 20);
  }
  return tensors;
}

std::string conveinsum::test::compareWithDifferences(const Functions &functions,
                                                     const std::string &name,
                                                     const Fill &fill,
                                                     double tolerance) {
  SplitMix64 random(fill.seed);
  Functions::Tensors arguments =
      draw(functions.sizes(name, ArgumentRole::Operand), fill, random);
  Fill anySign;
  anySign.low = -1;
  anySign.high = 1;
  Functions::Tensors cotangents =
      draw(functions.sizes(name, ArgumentRole::Out), anySign, random);
  Functions::Tensors all = arguments;
  all.insert(all.end(), cotangents.begin(), cotangents.end());
  Functions::Tensors gradients = functions.call(name + "_gradient", all);
  auto loss = [&](const Functions::Tensors &at) {
    Functions::Tensors results = functions.call(name, at);
    double sum = 0;
    for (size_t k = 0; k < results.size(); ++k)
      sum += innerProduct(results[k], cotangents[k]);
    return sum;
  };
  for (size_t k = 0; k < arguments.size(); ++k) {
    std::vector<double> direction =
        draw({arguments[k].size()}, anySign, random).front();
    const double step = 1e-5;
    Functions::Tensors above = arguments, below = arguments;
    for (size_t i = 0; i < direction.size(); ++i) {
      above[k][i] += step * direction[i];
      below[k][i] -= step * direction[i];
    }
    double difference = (loss(above) - loss(below)) / (2 * step);
    double derivative = innerProduct(gradients[k], direction);
    // What cancels in a sum has no relative accuracy.
    double scale = 0;
    for (size_t i = 0; i < direction.size(); ++i)
      scale += std::fabs(gradients[k][i] * direction[i]);
    if (!(std::fabs(difference - derivative) <= tolerance * (scale + 1)))
      return name + ", argument " + std::to_string(k) + ": expected " +
             std::to_string(difference) + ", got " + std::to_string(derivative);
  }
  return "";
}

std::string conveinsum::test::checkGradients(const std::string &text,
                                             const Fill &fill, unsigned order) {
  Driver driver;
  auto module = parse(driver, text);
  if (!module)
    return "the text does not parse";
  std::string name = "f";
  for (unsigned k = 0; k < order; ++k) {
    if (!addGradient(*module, name))
      return "@" + name + " has no gradient";
    name += "_gradient";
  }
  Functions functions(driver, *module);
  if (!functions.fault().empty())
    return functions.fault();
  name = "f";
  for (unsigned k = 0; k < order; ++k) {
    std::string difference = compareWithDifferences(functions, name, fill);
    if (!difference.empty())
      return difference;
    name += "_gradient";
  }
  return "";
}
