//===- Bytecode.cpp - Attributes in MLIR bytecode -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format, version 2. Whatever is read goes through the checks of the
// assembly, so malformed bytecode gets a diagnostic.
//
//     equation ::= 0 text:StringAttr count relation*     in the order after '|'
//     relation ::= feature+1 offset stride modulus extent
//                  (0 | 1 extentOffset) count (operand coefficient)*
//     tree     ::= 1 steps                               a plan that is no more
//     plan     ::= 2 steps values count values* count cut*
//     steps    ::= numOperands (lhs rhs)*                numOperands - 1 pairs
//     values   ::= count value*                          kept ones, or a group
//     cut      ::= mode chunk operand+1
//
// Version 1 has no `plan` and is read as it stands: its trees, all in
// post-order, are trees of version 2.
//
//===----------------------------------------------------------------------===//

#include "Assembly.h"
#include "mlir/Bytecode/BytecodeImplementation.h"

using namespace mlir;
using namespace conveinsum;

namespace {
constexpr uint64_t kVersion = 2;
enum AttributeCode : uint64_t { kEquation = 0, kTree = 1, kPlan = 2 };

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

static void write(DialectBytecodeWriter &writer, const ContractionTree &tree) {
  writer.writeVarInt(tree.numOperands());
  for (auto [lhs, rhs] : tree.steps()) {
    writer.writeVarInt(lhs);
    writer.writeVarInt(rhs);
  }
}

static void write(DialectBytecodeWriter &writer, ArrayRef<unsigned> values) {
  writer.writeVarInt(values.size());
  for (unsigned value : values)
    writer.writeVarInt(value);
}

static void write(DialectBytecodeWriter &writer, PlanAttr attribute) {
  const Plan &plan = attribute.getValue();
  if (plan == Plan(plan.tree)) {
    writer.writeVarInt(kTree);
    write(writer, plan.tree);
    return;
  }
  writer.writeVarInt(kPlan);
  write(writer, plan.tree);
  write(writer, plan.kept);
  writer.writeVarInt(plan.groups.size());
  for (const FusedGroup &group : plan.groups)
    write(writer, group);
  writer.writeVarInt(plan.slicing.size());
  for (const ModeSlicing &cut : plan.slicing) {
    writer.writeVarInt(cut.mode);
    writer.writeSignedVarInt(cut.chunk);
    writer.writeVarInt(cut.operand ? uint64_t(*cut.operand) + 1 : 0);
  }
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// A number of operands, a position, a mode or a value: never more than 31
/// bits.
static LogicalResult readPosition(DialectBytecodeReader &reader,
                                  unsigned &result) {
  uint64_t number;
  if (failed(reader.readVarInt(number)))
    return failure();
  if (number > std::numeric_limits<int32_t>::max())
    return reader.emitError("expected a number below 2147483648, got ")
           << number;
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
  std::optional<Equation> equation = buildStructure(
      text.getValue(), std::move(relations),
      [&](const conveinsum::Fault &diagnostic) {
        reader.emitError(renderDiagnostic(diagnostic, text.getValue()));
      });
  if (!equation)
    return {};
  return EquationAttr::getChecked([&] { return reader.emitError(); },
                                  reader.getContext(), *equation);
}

static LogicalResult read(DialectBytecodeReader &reader,
                          ContractionTree &tree) {
  unsigned numOperands;
  if (failed(readPosition(reader, numOperands)))
    return failure();
  // What a count promises may not be there, so nothing is reserved.
  SmallVector<ContractionTree::Step> steps;
  for (unsigned i = 1; i < numOperands; ++i) {
    auto &[lhs, rhs] = steps.emplace_back();
    if (failed(readPosition(reader, lhs)) || failed(readPosition(reader, rhs)))
      return failure();
  }
  tree = ContractionTree(numOperands, steps);
  return success();
}

static LogicalResult readCut(DialectBytecodeReader &reader, ModeSlicing &cut) {
  unsigned operand;
  if (failed(readPosition(reader, cut.mode)) ||
      failed(reader.readSignedVarInt(cut.chunk)) ||
      failed(readPosition(reader, operand)))
    return failure();
  if (operand > 0)
    cut.operand = operand - 1;
  return success();
}

/// A count and as many entries.
template <typename List, typename Entry>
static LogicalResult
readList(DialectBytecodeReader &reader, List &list,
         LogicalResult (*readEntry)(DialectBytecodeReader &, Entry &)) {
  uint64_t count;
  if (failed(reader.readVarInt(count)))
    return failure();
  for (uint64_t i = 0; i < count; ++i)
    if (failed(readEntry(reader, list.emplace_back())))
      return failure();
  return success();
}

static LogicalResult readGroup(DialectBytecodeReader &reader,
                               FusedGroup &group) {
  return readList(reader, group, readPosition);
}

static Attribute readPlan(DialectBytecodeReader &reader, bool isTree) {
  Plan plan;
  if (failed(read(reader, plan.tree)))
    return {};
  if (!isTree && (failed(readList(reader, plan.kept, readPosition)) ||
                  failed(readList(reader, plan.groups, readGroup)) ||
                  failed(readList(reader, plan.slicing, readCut))))
    return {};
  return PlanAttr::getChecked([&] { return reader.emitError(); },
                              reader.getContext(), plan);
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
    if (code == kTree || code == kPlan)
      return readPlan(reader, /*isTree=*/code == kTree);
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
      reader.emitError(
          "expected version 1 or 2 of the bytecode of conveinsum, got ")
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
