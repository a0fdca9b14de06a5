//===- ParametricCase.cpp - A case with another size of one mode ----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Replaces one size in the shapes of a case. An ellipsis moves the dimensions
// of the labels after it to the right end.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Range/Parametric.h"
#include "llvm/ADT/STLExtras.h"

using namespace conveinsum;

static std::nullopt_t fail(ErrorFn onError, std::string message,
                           std::optional<std::string> mode = std::nullopt) {
  Fault diagnostic;
  diagnostic.message = std::move(message);
  diagnostic.mode = std::move(mode);
  onError(diagnostic);
  return std::nullopt;
}

/// Sets the extent of every dimension of an operand along the mode. Ranks that
/// do not fit are left to resolving, which reports them.
static void setExtents(const SyntaxPart &part, ModeId mode, int64_t size,
                       Shape &shape) {
  for (auto [index, held] : llvm::enumerate(part.modes)) {
    size_t dimension = index;
    if (part.ellipsis && index >= *part.ellipsis)
      dimension = shape.size() - part.modes.size() + index;
    if (held == mode && dimension < shape.size())
      shape[dimension] = size;
  }
}

/// The operand whose size is that of the mode: the feature of a conv mode, or
/// nothing for a plain mode, where it is all of them.
static std::optional<unsigned> sizedOperand(const Case &given,
                                            const Syntax &syntax, ModeId mode) {
  if (!syntax.isConv(mode))
    return std::nullopt;
  auto geometry = given.geometry.find(syntax.labels[mode]);
  if (geometry != given.geometry.end() && geometry->second.feature)
    return geometry->second.feature;
  for (auto [k, part] : llvm::enumerate(syntax.operands))
    if (llvm::is_contained(part.modes, mode))
      return k;
  return std::nullopt;
}

std::optional<Equation> conveinsum::equationAtSize(const Case &given,
                                                   llvm::StringRef label,
                                                   int64_t size,
                                                   ErrorFn onError) {
  if (!given.shapes)
    return fail(onError, "expected a case with shapes, got none");
  auto syntax = Syntax::parse(given.expr, onError);
  if (!syntax)
    return std::nullopt;
  auto mode = syntax->find(label);
  if (!mode)
    return fail(onError,
                "expected a mode of the equation to vary, got '" + label.str() +
                    "'",
                label.str());
  Case sized = given;
  sized.expectedExtents.clear();
  sized.expectedResultShape.reset();
  auto only = sizedOperand(given, *syntax, *mode);
  for (auto [k, shape] : llvm::enumerate(*sized.shapes))
    if (k < syntax->operands.size() && (!only || *only == k))
      setExtents(syntax->operands[k], *mode, size, shape);
  return sized.resolve(onError);
}
