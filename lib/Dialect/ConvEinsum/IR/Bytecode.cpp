//===- Bytecode.cpp - Attributes in MLIR bytecode -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format, version 1. Whatever is read goes through the checks of the
// assembly, so malformed bytecode gets a diagnostic.
//
//     equation ::= 0 text:StringAttr count relation*     in the order after '|'
//     relation ::= feature+1 offset stride modulus extent
//                  (0 | 1 extentOffset) count (operand coefficient)*
//     plan     ::= 1 numOperands (lhs rhs)*              numOperands - 1 steps
//
//===----------------------------------------------------------------------===//

#include "Assembly.h"
#include "mlir/Bytecode/BytecodeImplementation.h"

using namespace mlir;
using namespace conveinsum;

namespace {
constexpr uint64_t kVersion = 1;
enum AttributeCode : uint64_t { kEquation = 0, kPlan = 1 };

struct Version : DialectVersion {
  explicit Version(uint64_t number) : number(number) {}
  uint64_t number;
};
} // namespace

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static void write(DialectBytecodeWriter &writer,
                  const LinearRelation &relation) {
  writer.writeVarInt(relation.feature ? uint64_t(*relation.feature) + 1 : 0);
  writer.writeSignedVarInt(relation.offset);
  writer.writeSignedVarInt(relation.resultCoefficient);
  writer.writeSignedVarInt(relation.modulus);
  writer.writeSignedVarInt(relation.resultExtent);
  writer.writeVarInt(relation.extentOffset ? 1 : 0);
  if (relation.extentOffset)
    writer.writeSignedVarInt(*relation.extentOffset);
  writer.writeVarInt(relation.terms.size());
  for (const LinearRelation::Term &term : relation.terms) {
    writer.writeVarInt(term.operand);
    writer.writeSignedVarInt(term.coefficient);
  }
}

static void write(DialectBytecodeWriter &writer, EquationAttr attribute) {
  const Equation &equation = attribute.getValue();
  writer.writeVarInt(kEquation);
  writer.writeAttribute(
      StringAttr::get(attribute.getContext(), equation.text()));
  writer.writeVarInt(equation.relations().size());
  for (const LinearRelation &relation : equation.relations())
    write(writer, relation);
}

static void write(DialectBytecodeWriter &writer, PlanAttr attribute) {
  writer.writeVarInt(kPlan);
  writer.writeVarInt(attribute.getTree().numOperands());
  for (auto [lhs, rhs] : attribute.getTree().steps()) {
    writer.writeVarInt(lhs);
    writer.writeVarInt(rhs);
  }
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// A number of operands or a position: never more than 31 bits.
static LogicalResult readPosition(DialectBytecodeReader &reader,
                                  unsigned &result) {
  uint64_t number;
  if (failed(reader.readVarInt(number)))
    return failure();
  if (number > std::numeric_limits<int32_t>::max())
    return reader.emitError("operand position ") << number << " is too large";
  result = number;
  return success();
}

static LogicalResult read(DialectBytecodeReader &reader,
                          LinearRelation &relation) {
  unsigned feature;
  uint64_t hasExtentOffset, numTerms;
  if (failed(readPosition(reader, feature)) ||
      failed(reader.readSignedVarInt(relation.offset)) ||
      failed(reader.readSignedVarInt(relation.resultCoefficient)) ||
      failed(reader.readSignedVarInt(relation.modulus)) ||
      failed(reader.readSignedVarInt(relation.resultExtent)) ||
      failed(reader.readVarInt(hasExtentOffset)))
    return failure();
  if (feature > 0)
    relation.feature = feature - 1;
  if (hasExtentOffset > 1)
    return reader.emitError("malformed relation of a conv mode");
  if (hasExtentOffset &&
      failed(reader.readSignedVarInt(relation.extentOffset.emplace())))
    return failure();
  if (failed(reader.readVarInt(numTerms)))
    return failure();
  for (uint64_t i = 0; i < numTerms; ++i) {
    LinearRelation::Term term = {0, 0, kDynamic};
    if (failed(readPosition(reader, term.operand)) ||
        failed(reader.readSignedVarInt(term.coefficient)))
      return failure();
    relation.terms.push_back(term);
  }
  return success();
}

static Attribute readEquation(DialectBytecodeReader &reader) {
  StringAttr text;
  uint64_t numRelations;
  if (failed(reader.readAttribute(text)) ||
      failed(reader.readVarInt(numRelations)))
    return {};
  std::vector<LinearRelation> relations;
  for (uint64_t i = 0; i < numRelations; ++i)
    if (failed(read(reader, relations.emplace_back())))
      return {};
  std::optional<Equation> equation =
      buildStructure(text.getValue(), std::move(relations),
                     [&](const conveinsum::Diagnostic &diagnostic) {
                       reader.emitError(describe(diagnostic, text.getValue()));
                     });
  if (!equation)
    return {};
  return EquationAttr::getChecked([&] { return reader.emitError(); },
                                  reader.getContext(), *equation);
}

static Attribute readPlan(DialectBytecodeReader &reader) {
  unsigned numOperands;
  if (failed(readPosition(reader, numOperands)))
    return {};
  SmallVector<ContractionTree::Step> steps;
  for (unsigned i = 1; i < numOperands; ++i) {
    ContractionTree::Step step;
    if (failed(readPosition(reader, step.first)) ||
        failed(readPosition(reader, step.second)))
      return {};
    steps.push_back(step);
  }
  return PlanAttr::getChecked([&] { return reader.emitError(); },
                              reader.getContext(),
                              ContractionTree(numOperands, steps));
}

//===----------------------------------------------------------------------===//
// Interface
//===----------------------------------------------------------------------===//

namespace {
struct ConvEinsumBytecode : BytecodeDialectInterface {
  explicit ConvEinsumBytecode(Dialect *dialect)
      : BytecodeDialectInterface(dialect) {}

  LogicalResult writeAttribute(Attribute attribute,
                               DialectBytecodeWriter &writer) const override {
    if (auto equation = dyn_cast<EquationAttr>(attribute))
      write(writer, equation);
    else if (auto plan = dyn_cast<PlanAttr>(attribute))
      write(writer, plan);
    else
      return failure();
    return success();
  }

  Attribute readAttribute(DialectBytecodeReader &reader) const override {
    uint64_t code;
    if (failed(reader.readVarInt(code)))
      return {};
    if (code == kEquation)
      return readEquation(reader);
    if (code == kPlan)
      return readPlan(reader);
    reader.emitError("unknown attribute code ") << code << " of conveinsum";
    return {};
  }

  void writeVersion(DialectBytecodeWriter &writer) const override {
    writer.writeVarInt(kVersion);
  }

  std::unique_ptr<DialectVersion>
  readVersion(DialectBytecodeReader &reader) const override {
    uint64_t number;
    if (failed(reader.readVarInt(number)))
      return nullptr;
    if (number == 0 || number > kVersion) {
      reader.emitError("expected version 1 of the bytecode of conveinsum, got ")
          << number;
      return nullptr;
    }
    return std::make_unique<Version>(number);
  }
};
} // namespace

void ConvEinsumDialect::registerBytecode() {
  addInterfaces<ConvEinsumBytecode>();
}
