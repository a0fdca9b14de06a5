//===- Case.cpp - An equation with all that belongs to it, as JSON --------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the keys of a case object; the geometry is read in CaseGeometry.cpp.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/Case.h"
#include "conveinsum/Equation/GeometryText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/JSON.h"
#include <cmath>

using namespace conveinsum;
using llvm::StringRef;
using llvm::Twine;

static std::nullopt_t fail(ErrorFn onError, const char *constraint,
                           const Twine &message,
                           std::optional<unsigned> operand = std::nullopt,
                           std::optional<std::string> mode = std::nullopt) {
  onError({message.str(), std::nullopt, operand, std::move(mode), constraint});
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

std::optional<int64_t> conveinsum::readInteger(const llvm::json::Value &value,
                                               StringRef what,
                                               std::optional<std::string> mode,
                                               ErrorFn onError) {
  std::optional<double> number = value.getAsNumber();
  if (!number || std::trunc(*number) != *number) {
    return fail(onError, "C44",
                what + ": expected an integer, got " +
                    llvm::formatv("{0}", value).str(),
                std::nullopt, std::move(mode));
  }
  // Read as a double, what does not fit can round to either end of the range:
  // the ends count only if they were written as integers.
  std::optional<int64_t> integer;
  if (*number > -0x1p63 && *number < 0x1p63)
    integer = value.getAsInteger();
  else if (int64_t end = *number < 0 ? std::numeric_limits<int64_t>::min()
                                     : value.getAsUINT64().value_or(0);
           llvm::formatv("{0}", value).str() == std::to_string(end))
    integer = end;
  if (!integer)
    return fail(onError, "C45",
                what + ": overflow, " + llvm::formatv("{0}", value).str() +
                    " does not fit signed 64 bit",
                std::nullopt, std::move(mode));
  return integer;
}

std::optional<Shape> conveinsum::readShape(const llvm::json::Value &value,
                                           StringRef what, ErrorFn onError) {
  const llvm::json::Array *extents = value.getAsArray();
  if (!extents)
    return fail(onError, "C48",
                what + ": expected a list of extents, got " +
                    llvm::formatv("{0}", value).str());
  Shape shape;
  for (const llvm::json::Value &element : *extents) {
    std::optional<int64_t> extent =
        readInteger(element, ("extent of " + what).str(), {}, onError);
    if (!extent)
      return std::nullopt;
    if (*extent < 0)
      return fail(onError, "C22",
                  "extent of " + what + ": expected at least 0, got " +
                      Twine(*extent));
    shape.push_back(*extent);
  }
  return shape;
}

std::optional<std::vector<Shape>>
conveinsum::readShapes(const llvm::json::Value &value, ErrorFn onError) {
  const llvm::json::Array *list = value.getAsArray();
  if (!list)
    return fail(onError, "C48",
                "shapes: expected a list with one shape per operand, got " +
                    llvm::formatv("{0}", value).str());
  std::vector<Shape> shapes;
  for (auto [k, element] : llvm::enumerate(*list)) {
    auto withOperand = [&, k = unsigned(k)](Fault diagnostic) {
      diagnostic.operand = k;
      onError(diagnostic);
    };
    std::optional<Shape> shape =
        readShape(element, ("shape of operand " + Twine(k)).str(), withOperand);
    if (!shape)
      return std::nullopt;
    shapes.push_back(std::move(*shape));
  }
  return shapes;
}

std::optional<Case> Case::fromJSON(const llvm::json::Object &object,
                                   ErrorFn onError) {
  Case result;
  if (const llvm::json::Value *name = object.get("name")) {
    std::optional<StringRef> text = name->getAsString();
    if (!text && !name->getAsNull())
      return fail(onError, "C44",
                  "name: expected a string, got " +
                      llvm::formatv("{0}", *name).str());
    if (text)
      result.name = text->str();
  }
  std::optional<StringRef> expr = object.getString("expr");
  if (!expr)
    return fail(onError, "C48", "expected a string 'expr', the equation");
  result.expr = expr->str();
  auto onLocatedError = [&](const Fault &diagnostic) {
    onError(locate(diagnostic, result.expr));
  };
  if (const llvm::json::Value *value = object.get("shapes"))
    if (!(result.shapes = readShapes(*value, onLocatedError)))
      return std::nullopt;
  if (const llvm::json::Value *value = object.get("conv_modes"))
    if (!readConvModes(*value, result.geometry, result.expectedExtents,
                       onLocatedError))
      return std::nullopt;
  if (const llvm::json::Value *value = object.get("out_shape"))
    if (!(result.expectedResultShape = readShape(*value, "out_shape", onError)))
      return std::nullopt;
  return result;
}

//===----------------------------------------------------------------------===//
// Resolving
//===----------------------------------------------------------------------===//

/// The extent of the feature, or nothing for a mode without one.
static std::optional<int64_t> featureExtent(const LinearRelation &relation) {
  if (!relation.feature)
    return std::nullopt;
  return relation.term(*relation.feature)->extent;
}

/// Checks `in_size` and `out_size` of one conv mode.
static bool checkExtents(const LinearRelation &relation,
                         const std::string &label,
                         const ExpectedExtents &expected, ErrorFn onError) {
  auto check = [&](const char *key, std::optional<int64_t> wanted,
                   std::optional<int64_t> extent) {
    if (!wanted || wanted == extent)
      return true;
    fail(onError, "C49",
         Twine(key) + " of mode '" + spellLabel(label) + "': expected " +
             Twine(extent.value_or(0)) + ", got " + Twine(*wanted),
         std::nullopt, label);
    return false;
  };
  return check("in_size", expected.feature, featureExtent(relation)) &&
         check("out_size", expected.result, relation.resultExtent);
}

static bool checkExpectations(const Case &aCase, const Equation &equation,
                              ErrorFn onError) {
  for (const LinearRelation &relation : equation.relations()) {
    std::string label = equation.label(relation.mode).str();
    auto it = aCase.expectedExtents.find(label);
    if (it != aCase.expectedExtents.end() &&
        !checkExtents(relation, label, it->second, onError))
      return false;
  }
  Shape shape = equation.resultShape();
  if (!aCase.expectedResultShape || *aCase.expectedResultShape == shape)
    return true;
  fail(onError, "C49",
       "out_shape: expected " + toString(llvm::ArrayRef(shape)) + ", got " +
           toString(llvm::ArrayRef(*aCase.expectedResultShape)));
  return false;
}

std::optional<Equation> Case::resolve(ErrorFn onError) const {
  if (!shapes)
    return fail(onError, "C48", "expected 'shapes', one per operand");
  return resolve(*shapes, onError);
}

std::optional<Equation> Case::resolve(llvm::ArrayRef<Shape> given,
                                      ErrorFn onError) const {
  std::optional<Equation> equation =
      Equation::create(expr, geometry, given, onError);
  if (!equation)
    return std::nullopt;
  auto onLocatedError = [&](const Fault &diagnostic) {
    onError(locate(diagnostic, expr));
  };
  if (shapes && shapes->size() != given.size())
    return fail(onError, "C49",
                "shapes: expected " + Twine(given.size()) + ", got " +
                    Twine(shapes->size()));
  for (unsigned k = 0; shapes && k < given.size(); ++k)
    if ((*shapes)[k] != given[k])
      return fail(onLocatedError, "C49",
                  "shape of operand " + Twine(k) + ": expected " +
                      toString(llvm::ArrayRef(given[k])) + ", got " +
                      toString(llvm::ArrayRef((*shapes)[k])),
                  k);
  if (!checkExpectations(*this, *equation, onLocatedError))
    return std::nullopt;
  return equation;
}
