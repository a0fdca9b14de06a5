//===- Assembly.cpp - Reading and writing equations and plans -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What surrounds the list in `where`: the string, its union with relations or
// with shapes, and the assembly of the op. The list itself is in
// WhereClause.cpp, plans are in PlanAssembly.cpp.
//
//===----------------------------------------------------------------------===//

#include "Assembly.h"
#include "WhereClause.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/Support/FormatVariadic.h"
#include <cstring>

using namespace mlir;
using namespace conveinsum;

/// Reports `diagnostic` at the byte of the string that it points to.
static void report(AsmParser &parser, const ParsedEquation &parsed,
                   const conveinsum::Fault &diagnostic) {
  SMLoc location = parsed.location;
  const char *source = location.getPointer() + 1;
  // Only a string without escapes has its bytes where the diagnostic says.
  if (diagnostic.position && *diagnostic.position < parsed.text.size() &&
      std::memcmp(source, parsed.text.data(), parsed.text.size()) == 0)
    location = SMLoc::getFromPointer(source + *diagnostic.position);
  parser.emitError(location) << numberedMessage(diagnostic);
}

//===----------------------------------------------------------------------===//
// Equations
//===----------------------------------------------------------------------===//

ParseResult conveinsum::parseEquation(AsmParser &parser,
                                      ParsedEquation &equation) {
  equation.location = parser.getCurrentLocation();
  if (parser.parseString(&equation.text))
    return failure();
  if (failed(parser.parseOptionalKeyword("where")))
    return success();
  equation.hasWhere = true;
  return parseWhere(parser, equation.where);
}

/// C65 as far as it is needed to look up the terms' extents.
static bool hasParticipants(const Syntax &syntax,
                            const LinearRelation &relation, ErrorFn onError) {
  for (const LinearRelation::Term &term : relation.terms) {
    if (term.operand < syntax.operands.size() &&
        llvm::is_contained(syntax.operands[term.operand].modes, relation.mode))
      continue;
    conveinsum::Fault diagnostic;
    diagnostic.mode = syntax.labels[relation.mode];
    diagnostic.message =
        llvm::formatv("i{0} stands in the equation of conv mode '{1}', but "
                      "operand {0} does not hold it",
                      term.operand, *diagnostic.mode)
            .str();
    diagnostic.constraint = "C65";
    onError(diagnostic);
    return false;
  }
  return true;
}

std::optional<Equation> conveinsum::buildStructure(
    StringRef text, std::vector<LinearRelation> relations, ErrorFn onError) {
  std::optional<Syntax> syntax = Syntax::parse(text, onError);
  if (!syntax)
    return std::nullopt;
  conveinsum::Fault diagnostic;
  bool hasEllipsis = llvm::any_of(syntax->operands, [](const SyntaxPart &part) {
    return part.ellipsis.has_value();
  });
  if (!syntax->result || hasEllipsis) {
    diagnostic.message = "expected an equation with a result and without '...'";
    diagnostic.constraint = "C80";
    onError(diagnostic);
    return std::nullopt;
  }
  if (relations.size() != syntax->convModes.size()) {
    diagnostic.message =
        llvm::formatv("expected {0} equations of conv modes, got {1}",
                      syntax->convModes.size(), relations.size())
            .str();
    diagnostic.constraint = "C81";
    onError(diagnostic);
    return std::nullopt;
  }

  std::vector<llvm::SmallVector<ModeId, 6>> operands;
  std::vector<Shape> shapes;
  for (const SyntaxPart &part : syntax->operands) {
    operands.push_back(part.modes);
    shapes.emplace_back(part.modes.size(), kDynamic);
  }
  for (auto [relation, mode] : llvm::zip_equal(relations, syntax->convModes)) {
    relation.mode = mode;
    if (!hasParticipants(*syntax, relation, onError))
      return std::nullopt;
    if (relation.resultExtent != kDynamic &&
        llvm::is_contained(syntax->result->modes, mode)) {
      diagnostic.message =
          llvm::formatv("expected no extent for conv mode '{0}', because the "
                        "result holds it",
                        syntax->labels[mode])
              .str();
      diagnostic.mode = syntax->labels[mode];
      diagnostic.constraint = "C83";
      onError(diagnostic);
      return std::nullopt;
    }
    llvm::sort(relation.terms, [](const auto &a, const auto &b) {
      return a.operand < b.operand;
    });
  }
  return Equation::fromParts({syntax->labels, std::move(operands),
                              syntax->result->modes, std::move(shapes),
                              std::move(relations), syntax->hasWords});
}

FailureOr<Equation> conveinsum::toStructure(AsmParser &parser,
                                            const ParsedEquation &parsed) {
  auto onError = [&](const conveinsum::Fault &diagnostic) {
    report(parser, parsed, diagnostic);
  };
  std::optional<Syntax> syntax = Syntax::parse(parsed.text, onError);
  if (!syntax)
    return failure();
  std::vector<std::optional<LinearRelation>> found(syntax->convModes.size());
  for (const WhereEntry &entry : parsed.where) {
    if (!entry.relation)
      return parser.emitError(entry.location)
             << "expected an equation for conv mode '" << entry.label
             << "', got words, which an op takes for all of its conv modes "
                "or for none [C81]";
    std::optional<ModeId> mode = syntax->find(entry.label);
    auto *place =
        mode ? llvm::find(syntax->convModes, *mode) : syntax->convModes.end();
    if (place == syntax->convModes.end())
      return parser.emitError(entry.location)
             << "'" << entry.label << "' is not a conv mode [C81]";
    auto &slot = found[place - syntax->convModes.begin()];
    if (slot)
      return parser.emitError(entry.location)
             << "conv mode '" << entry.label << "' has two equations [C81]";
    slot = entry.relation;
  }
  std::vector<LinearRelation> relations;
  for (auto [relation, mode] : llvm::zip_equal(found, syntax->convModes)) {
    if (!relation)
      return parser.emitError(parsed.location)
             << "expected an equation of conv mode '" << syntax->labels[mode]
             << "' after 'where' [C81]";
    relations.push_back(std::move(*relation));
  }
  std::optional<Equation> equation =
      buildStructure(parsed.text, std::move(relations), onError);
  if (!equation)
    return failure();
  return *equation;
}

FailureOr<Equation> conveinsum::toStructure(AsmParser &parser,
                                            const ParsedEquation &parsed,
                                            ArrayRef<Shape> shapes) {
  GeometryMap geometry;
  for (const WhereEntry &entry : parsed.where) {
    if (entry.relation)
      return parser.emitError(entry.location)
             << "expected words for conv mode '" << entry.label
             << "' as for those before it, got an equation [C81]";
    if (!geometry.emplace(entry.label, entry.geometry).second)
      return parser.emitError(entry.location)
             << "conv mode '" << entry.label << "' is given twice [C43]";
  }
  std::optional<Equation> equation = Equation::create(
      parsed.text, geometry, shapes, [&](const conveinsum::Fault &diagnostic) {
        report(parser, parsed, diagnostic);
      });
  if (!equation)
    return failure();
  return *equation;
}

void conveinsum::printEquation(AsmPrinter &printer, const Equation &equation) {
  // Labels hold neither quotes nor backslashes, so nothing needs escapes.
  printer.getStream() << '"' << equation.text() << '"';
  if (equation.relations().empty())
    return;
  printer << " where [";
  llvm::interleaveComma(
      equation.relations(), printer, [&](const LinearRelation &relation) {
        printRelation(printer, equation.label(relation.mode), relation,
                      equation.inResult(relation.mode));
      });
  printer << "]";
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

Attribute EquationAttr::parse(AsmParser &parser, Type) {
  ParsedEquation parsed;
  if (parser.parseLess() || parseEquation(parser, parsed) ||
      parser.parseGreater())
    return {};
  FailureOr<Equation> equation = toStructure(parser, parsed);
  if (failed(equation))
    return {};
  return parser.getChecked<EquationAttr>(parsed.location, parser.getContext(),
                                         *equation);
}

void EquationAttr::print(AsmPrinter &printer) const {
  printer << "<";
  printEquation(printer, getValue());
  printer << ">";
}

//===----------------------------------------------------------------------===//
// The op
//===----------------------------------------------------------------------===//

/// The equation of the op, from the text alone or with the operands' shapes.
static FailureOr<Equation> structureFor(OpAsmParser &parser,
                                        const ParsedEquation &parsed,
                                        ArrayRef<Type> types) {
  if (parsed.hasRelations())
    return toStructure(parser, parsed);
  SmallVector<Shape> shapes;
  for (Type type : types) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor)
      return parser.emitError(parsed.location)
             << "expected ranked tensors, got " << type << " [C86]";
    shapes.push_back(shapeOf(tensor));
  }
  return toStructure(parser, parsed, shapes);
}

ParseResult EinsumOp::parse(OpAsmParser &parser, OperationState &state) {
  ParsedEquation parsed;
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  SmallVector<Type> types;
  SMLoc operandsLocation;
  if (parseEquation(parser, parsed) || parser.parseKeyword("ins") ||
      parser.parseLParen() || parser.getCurrentLocation(&operandsLocation) ||
      parser.parseOperandList(operands) || parser.parseColonTypeList(types) ||
      parser.parseRParen() ||
      parser.resolveOperands(operands, types, operandsLocation, state.operands))
    return failure();

  FailureOr<Equation> equation = structureFor(parser, parsed, types);
  if (failed(equation))
    return failure();
  Properties &properties = state.getOrAddProperties<Properties>();
  properties.equation = parser.getChecked<EquationAttr>(
      parsed.location, parser.getContext(), *equation);
  if (!properties.equation)
    return failure();

  SMLoc planLocation = parser.getCurrentLocation();
  if (succeeded(parser.parseOptionalKeyword("plan"))) {
    Plan plan;
    if (parsePlan(parser, &properties.equation.getValue(), plan))
      return failure();
    properties.plan =
        parser.getChecked<PlanAttr>(planLocation, parser.getContext(), plan);
    if (!properties.plan)
      return failure();
  }

  SMLoc dictionaryLocation = parser.getCurrentLocation();
  Type resultType;
  if (parser.parseOptionalAttrDict(state.attributes) ||
      parser.parseColonType(resultType))
    return failure();
  for (StringAttr name :
       {getEquationAttrName(state.name), getPlanAttrName(state.name)})
    if (state.attributes.get(name))
      return parser.emitError(dictionaryLocation)
             << "expected '" << name.getValue()
             << "' before the attribute dictionary, not in it";
  state.addTypes(resultType);
  return success();
}

void EinsumOp::print(OpAsmPrinter &printer) {
  printer << ' ';
  printEquation(printer, getEquation().getValue());
  printer << " ins(" << getInputs() << " : " << getInputs().getTypes() << ")";
  if (PlanAttr plan = getPlanAttr()) {
    printer << " plan ";
    printPlan(printer, plan.getValue(), &getEquation().getValue());
  }
  printer.printOptionalAttrDict((*this)->getAttrs(),
                                {getEquationAttrName(), getPlanAttrName()});
  printer << " : " << getResult().getType();
}
