//===- ConvEinsumDialect.cpp - The dialect and its attributes -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registration, interfaces of the dialect, the verifiers of the attributes, and
// the functions that carry value types over into IR. Assembly, bytecode, op and
// canonical patterns have files of their own.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/IR/RequestAttributes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace conveinsum;

#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsumDialect.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsumAttributes.cpp.inc"

namespace {
/// An op means the same wherever its operands are.
struct ConvEinsumInliner : DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;

  bool isLegalToInline(Operation *, Region *, bool, IRMapping &) const final {
    return true;
  }
};
} // namespace

void ConvEinsumDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsumAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsumOps.cpp.inc"
      >();
  addInterfaces<ConvEinsumInliner>();
  registerBytecode();
}

//===----------------------------------------------------------------------===//
// Value types in IR
//===----------------------------------------------------------------------===//

Equation conveinsum::normalizedStructure(const Equation &equation) {
  EquationParts parts = equation.withoutShapes().parts();
  std::vector<std::string> labels;
  DenseMap<ModeId, ModeId> renumbered;
  auto number = [&](ModeId &mode) {
    auto [entry, isNew] = renumbered.try_emplace(mode, labels.size());
    if (isNew)
      labels.push_back(parts.labels[mode]);
    mode = entry->second;
  };
  for (ModeList &modes : parts.operands)
    llvm::for_each(modes, number);
  llvm::for_each(parts.result, number);
  for (LinearRelation &relation : parts.relations)
    number(relation.mode);
  parts.labels = std::move(labels);
  return Equation::fromParts(std::move(parts));
}

ContractionTree conveinsum::inPostOrder(const ContractionTree &tree) {
  unsigned numOperands = tree.numOperands();
  if (tree.steps().empty() || !tree.verify([](const conveinsum::Fault &) {}))
    return tree;
  // Visit right sides first and reverse, so that no recursion is needed.
  SmallVector<unsigned> pending = {tree.resultOf(tree.steps().size() - 1)};
  SmallVector<unsigned> order;
  while (!pending.empty()) {
    unsigned value = pending.pop_back_val();
    if (value < numOperands)
      continue;
    order.push_back(value);
    ContractionTree::Step step = tree.steps()[value - numOperands];
    pending.push_back(step.first);
    pending.push_back(step.second);
  }

  DenseMap<unsigned, unsigned> renumbered;
  auto number = [&](unsigned value) {
    return value < numOperands ? value : renumbered.lookup(value);
  };
  SmallVector<ContractionTree::Step> steps;
  for (unsigned value : llvm::reverse(order)) {
    ContractionTree::Step step = tree.steps()[value - numOperands];
    renumbered[value] = numOperands + steps.size();
    steps.emplace_back(number(step.first), number(step.second));
  }
  return ContractionTree(numOperands, steps);
}

std::optional<ElementType> conveinsum::toElementType(mlir::Type type) {
  if (type.isF64())
    return ElementType::F64;
  if (type.isF32())
    return ElementType::F32;
  if (type.isF16())
    return ElementType::F16;
  if (type.isBF16())
    return ElementType::BF16;
  if (type.isSignlessInteger(8))
    return ElementType::I8;
  if (type.isSignlessInteger(16))
    return ElementType::I16;
  if (type.isSignlessInteger(32))
    return ElementType::I32;
  if (type.isSignlessInteger(64))
    return ElementType::I64;
  if (auto complex = dyn_cast<ComplexType>(type)) {
    if (complex.getElementType().isF32())
      return ElementType::C64;
    if (complex.getElementType().isF64())
      return ElementType::C128;
  }
  return std::nullopt;
}

mlir::Type conveinsum::fromElementType(MLIRContext *context, ElementType type) {
  Builder builder(context);
  switch (type) {
  case ElementType::F64:
    return builder.getF64Type();
  case ElementType::F32:
    return builder.getF32Type();
  case ElementType::F16:
    return builder.getF16Type();
  case ElementType::BF16:
    return builder.getBF16Type();
  case ElementType::C64:
    return ComplexType::get(builder.getF32Type());
  case ElementType::C128:
    return ComplexType::get(builder.getF64Type());
  case ElementType::I8:
    return builder.getI8Type();
  case ElementType::I16:
    return builder.getI16Type();
  case ElementType::I32:
    return builder.getI32Type();
  case ElementType::I64:
    return builder.getI64Type();
  }
  llvm_unreachable("all element types are handled");
}

Shape conveinsum::shapeOf(RankedTensorType type) {
  return Shape(type.getShape().begin(), type.getShape().end());
}

RankedTensorType conveinsum::resultTypeOf(const Equation &equation,
                                          mlir::Type elementType) {
  return RankedTensorType::get(equation.resultShape(), elementType);
}

//===----------------------------------------------------------------------===//
// Attribute verifiers
//===----------------------------------------------------------------------===//

using EmitErrorFn = function_ref<InFlightDiagnostic()>;

/// What the text of an equation needs beyond `Equation::verify`.
static LogicalResult verifyRelation(EmitErrorFn emitError,
                                    const Equation &equation,
                                    const LinearRelation &relation) {
  StringRef label = equation.label(relation.mode);
  if (equation.holders(relation.mode).empty())
    return emitError() << "expected an operand that holds conv mode '" << label
                       << "' [C82]";
  if (relation.extentOffset && (!relation.feature || relation.modulus ||
                                !equation.inResult(relation.mode)))
    return emitError() << "expected conv mode '" << label
                       << "', whose extent depends on that of the feature, to "
                          "be linear, to have a feature and to be held by the "
                          "result [C84]";
  return success();
}

LogicalResult EquationAttr::verify(EmitErrorFn emitError, Equation value) {
  // Above all C65 to C69 and C72; extents are bound later.
  bool isValid = value.verify([&](const conveinsum::Fault &diagnostic) {
    emitError() << renderDiagnostic(diagnostic, value.text());
  });
  if (!isValid)
    return failure();
  for (const LinearRelation &relation : value.relations())
    if (failed(verifyRelation(emitError, value, relation)))
      return failure();
  return success();
}

/// What needs no equation: numbers that text and bytecode can say.
static LogicalResult verifyCut(EmitErrorFn emitError, const Plan &plan,
                               const ModeSlicing &cut) {
  if (cut.mode > std::numeric_limits<int32_t>::max())
    return emitError() << "expected a sliced mode below 2147483648, got "
                       << cut.mode << " [C94]";
  if (cut.operand && *cut.operand >= plan.tree.numOperands())
    return emitError() << "expected an operand below "
                       << plan.tree.numOperands() << " to be cut, got i"
                       << *cut.operand << " [C94]";
  return success();
}

LogicalResult PlanAttr::verify(EmitErrorFn emitError, Plan value) {
  if (value.tree.numOperands() == 0)
    return emitError() << "expected a plan of at least one operand [C90]";
  StringRef constraint = "C90";
  auto onError = [&](const conveinsum::Fault &diagnostic) {
    emitError() << diagnostic.message << " [" << constraint << "]";
  };
  if (!value.tree.verify(onError))
    return failure();
  constraint = "C93";
  if (!value.verify(onError))
    return failure();
  for (const ModeSlicing &cut : value.slicing)
    if (failed(verifyCut(emitError, value, cut)))
      return failure();
  return success();
}

//===----------------------------------------------------------------------===//
// Attributes of other ops
//===----------------------------------------------------------------------===//

/// C92: functions say how many bytes they need.
static LogicalResult verifyBytes(Operation *op, NamedAttribute attribute) {
  if (!isa<FunctionOpInterface>(op))
    return op->emitOpError() << "expected '" << attribute.getName().getValue()
                             << "' on functions only [C92]";
  auto bytes = dyn_cast<IntegerAttr>(attribute.getValue());
  if (!bytes || !bytes.getType().isSignlessInteger(64) || bytes.getInt() < 0)
    return op->emitOpError() << "expected '" << attribute.getName().getValue()
                             << "' to be an i64 of at least 0, got "
                             << attribute.getValue() << " [C92]";
  return success();
}

/// C95: a plan that is carried out has left what it decides on its steps, and
/// on what has taken their place since.
static LogicalResult verifyStepAttribute(Operation *op,
                                         NamedAttribute attribute) {
  StringRef name = attribute.getName();
  // On buffers what has taken the place of a step has no result any more.
  if (op->getNumResults() > 1 || isa<FunctionOpInterface>(op))
    return op->emitOpError()
           << "expected '" << name << "' on ops of one result only [C95]";
  if (name == kKeepAttr || name == kRecomputeAttr) {
    if (op->hasAttr(kKeepAttr) && op->hasAttr(kRecomputeAttr))
      return op->emitOpError() << "expected '" << kKeepAttr << "' or '"
                               << kRecomputeAttr << "', got both [C95]";
    if (isa<UnitAttr>(attribute.getValue()))
      return success();
    return op->emitOpError()
           << "expected '" << name << "' without a value, got "
           << attribute.getValue() << " [C95]";
  }
  auto group = dyn_cast<IntegerAttr>(attribute.getValue());
  if (!group || !group.getType().isSignlessInteger(64) || group.getInt() < 0 ||
      group.getInt() > std::numeric_limits<int32_t>::max())
    return op->emitOpError() << "expected '" << name
                             << "' to be an i64 from 0 to 2147483647, got "
                             << attribute.getValue() << " [C95]";
  return success();
}

LogicalResult
ConvEinsumDialect::verifyOperationAttribute(Operation *op,
                                            NamedAttribute attribute) {
  // `conveinsum.workspace_bytes`, and the buffer of every role.
  if (attribute.getName().getValue().ends_with("_bytes"))
    return verifyBytes(op, attribute);
  if (llvm::is_contained({kKeepAttr, kRecomputeAttr, kGroupAttr},
                         attribute.getName().getValue()))
    return verifyStepAttribute(op, attribute);
  return verifyRequestAttribute(op, attribute);
}
