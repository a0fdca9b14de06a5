//===- RequestAttributes.cpp - What is asked of plans, in IR --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arguments of functions say that they are constant or need a gradient; einsums
// and the ops around them say in the words of Plan/Request/PlanWords.h what a
// plan shall be good for. Both are checked here, so that who reads them need
// not.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/IR/RequestAttributes.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace conveinsum;

static bool isArgumentAttr(StringRef name) {
  return name == kConstantAttr || name == kGradientAttr;
}

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static bool takesBytes(const PlanWord &word) { return word.value == "BYTES"; }

std::optional<std::string> conveinsum::planAttributeText(const PlanWord &word,
                                                         Attribute attribute) {
  if (auto text = dyn_cast<StringAttr>(attribute))
    return text.str();
  auto bytes = dyn_cast<IntegerAttr>(attribute);
  if (!takesBytes(word) || !bytes || !bytes.getType().isSignlessInteger(64) ||
      bytes.getInt() < 0)
    return std::nullopt;
  return std::to_string(bytes.getInt());
}

/// C97: the value is one of those that the option takes.
static LogicalResult verifyPlanWord(Operation *op, const PlanWord &word,
                                    Attribute attribute) {
  std::optional<std::string> text = planAttributeText(word, attribute);
  if (!text)
    return op->emitOpError()
           << "expected '" << word.attribute << "' to be "
           << (takesBytes(word) ? "a string or an i64 of at least 0"
                                : "a string")
           << ", got " << attribute << " [C97]";
  // Files are read when they are needed.
  if (word.name == planWord("target").name)
    return success();
  PlanRequest ignored;
  bool isValid = readPlanWord(
      word.name, ("'" + word.attribute + "'").str(), *text, /*operands=*/0,
      ignored, [&](const conveinsum::Fault &diagnostic) {
        op->emitOpError() << diagnostic.message << " [C97]";
      });
  return success(isValid);
}

/// C98: functions that were made together name each other.
static LogicalResult verifyFunctionLink(Operation *op,
                                        NamedAttribute attribute) {
  StringRef name = attribute.getName();
  if (!isa<FunctionOpInterface>(op))
    return op->emitOpError()
           << "expected '" << name << "' on functions only [C98]";
  if (!isa<FlatSymbolRefAttr>(attribute.getValue()))
    return op->emitOpError()
           << "expected '" << name << "' to be the symbol of a function, got "
           << attribute.getValue() << " [C98]";
  return success();
}

/// C98: a budget of bytes stands on a function.
static LogicalResult verifyKeptBudget(Operation *op, NamedAttribute attribute) {
  StringRef name = attribute.getName();
  if (!isa<FunctionOpInterface>(op))
    return op->emitOpError()
           << "expected '" << name << "' on functions only [C98]";
  auto bytes = dyn_cast<IntegerAttr>(attribute.getValue());
  if (!bytes || !bytes.getType().isSignlessInteger(64) || bytes.getInt() < 0)
    return op->emitOpError()
           << "expected '" << name << "' to be an i64 of at least 0, got "
           << attribute.getValue() << " [C98]";
  return success();
}

LogicalResult conveinsum::verifyRequestAttribute(Operation *op,
                                                 NamedAttribute attribute) {
  StringRef name = attribute.getName();
  if (isArgumentAttr(name))
    return op->emitOpError()
           << "expected '" << name << "' on arguments of functions only [C96]";
  if (const PlanWord *word = findPlanAttribute(name))
    return verifyPlanWord(op, *word, attribute.getValue());
  if (name == kPacksAttr || name == kMacsAttr)
    return success();
  if (llvm::is_contained({kPreparesAttr, kForwardAttr, kBackwardAttr, kVjpAttr},
                         name))
    return verifyFunctionLink(op, attribute);
  if (name == kKeptBudgetAttr)
    return verifyKeptBudget(op, attribute);
  return op->emitOpError() << "expected an attribute of the dialect, got '"
                           << name << "' [C97]";
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

LogicalResult
ConvEinsumDialect::verifyRegionArgAttribute(Operation *op, unsigned region,
                                            unsigned argument,
                                            NamedAttribute attribute) {
  StringRef name = attribute.getName();
  if (findPlanAttribute(name))
    return op->emitOpError()
           << "expected '" << name << "' on ops, got argument " << argument
           << " [C97]";
  if (name == kOperandAttr || name == kRoleAttr)
    return success();
  if (!isArgumentAttr(name))
    return op->emitOpError()
           << "expected an attribute of the dialect, got '" << name
           << "' on argument " << argument << " [C97]";
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function)
    return op->emitOpError()
           << "expected '" << name << "' on arguments of functions only [C96]";
  if (!isa<UnitAttr>(attribute.getValue()))
    return op->emitOpError()
           << "expected '" << name << "' of argument " << argument
           << " to have no value, got " << attribute.getValue() << " [C96]";
  // One of the two reports that both are there.
  if (name == kGradientAttr && function.getArgAttr(argument, kConstantAttr))
    return op->emitOpError()
           << "expected argument " << argument << " to have one of '"
           << kConstantAttr << "' and '" << kGradientAttr
           << "', got both [C96]";
  return success();
}
