//===- Assembly.cpp - Reading and writing equations and plans -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What surrounds the list in `where`: the string, its union with relations or
// with shapes, plans, and the assembly of attributes and op. The list itself is
// in WhereClause.cpp.
//
//===----------------------------------------------------------------------===//

#include "Assembly.h"
#include "WhereClause.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/Support/FormatVariadic.h"
#include <cstring>

using namespace mlir;
using namespace conveinsum;

std::string conveinsum::describe(const conveinsum::Diagnostic &diagnostic,
                                 StringRef equation) {
  Diagnostic numbered = diagnostic;
  if (!numbered.constraint.empty())
    numbered.message += " [" + numbered.constraint + "]";
  return renderDiagnostic(numbered, equation);
}

/// Reports `diagnostic` at the byte of the string that it points to.
static void report(AsmParser &parser, const ParsedEquation &parsed,
                   const conveinsum::Diagnostic &diagnostic) {
  SMLoc location = parsed.location;
  const char *source = location.getPointer() + 1;
  // Only a string without escapes has its bytes where the diagnostic says.
  if (diagnostic.position && *diagnostic.position < parsed.text.size() &&
      std::memcmp(source, parsed.text.data(), parsed.text.size()) == 0)
    location = SMLoc::getFromPointer(source + *diagnostic.position);
  InFlightDiagnostic error = parser.emitError(location) << diagnostic.message;
  if (!diagnostic.constraint.empty())
    error << " [" << diagnostic.constraint << "]";
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
    conveinsum::Diagnostic diagnostic;
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
  conveinsum::Diagnostic diagnostic;
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
  return Equation::fromParts(syntax->labels, std::move(operands),
                             syntax->result->modes, std::move(shapes),
                             std::move(relations))
      .spelledInWords(syntax->hasWords);
}

FailureOr<Equation> conveinsum::toStructure(AsmParser &parser,
                                            const ParsedEquation &parsed) {
  auto onError = [&](const conveinsum::Diagnostic &diagnostic) {
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
  std::optional<Equation> equation =
      Equation::create(parsed.text, geometry, shapes,
                       [&](const conveinsum::Diagnostic &diagnostic) {
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
// Plans
//===----------------------------------------------------------------------===//

ParseResult conveinsum::parseTree(AsmParser &parser, ContractionTree &tree) {
  // A node is an operand, or -1 - (index of a pair). Nesting is as deep as the
  // text says, so the open pairs are kept in a list and not on the call stack.
  SmallVector<std::pair<int64_t, int64_t>> pairs;
  SmallVector<std::optional<int64_t>> open;
  unsigned numOperands = 0;
  do {
    if (succeeded(parser.parseOptionalLParen())) {
      open.emplace_back();
      continue;
    }
    int64_t node = 0;
    SMLoc location = parser.getCurrentLocation();
    if (parser.parseInteger(node))
      return failure();
    if (node < 0)
      return parser.emitError(location)
             << "expected an operand position of at least 0, got " << node
             << " [C90]";
    if (node > std::numeric_limits<int32_t>::max())
      return parser.emitError(location)
             << "expected an operand position below 2147483648, got " << node
             << " [C90]";
    ++numOperands;
    while (!open.empty() && open.back()) {
      if (parser.parseRParen())
        return failure();
      pairs.emplace_back(*open.pop_back_val(), node);
      node = -static_cast<int64_t>(pairs.size());
    }
    if (open.empty())
      break;
    open.back() = node;
    if (parser.parseComma())
      return failure();
  } while (true);

  auto ssaNumber = [&](int64_t node) -> unsigned {
    return node >= 0 ? node : numOperands - 1 - node;
  };
  SmallVector<ContractionTree::Step> steps;
  for (auto [lhs, rhs] : pairs)
    steps.emplace_back(ssaNumber(lhs), ssaNumber(rhs));
  // A position beyond the operands would read as the number of a step.
  for (auto [lhs, rhs] : pairs)
    for (int64_t node : {lhs, rhs})
      if (node >= static_cast<int64_t>(numOperands))
        return parser.emitError(parser.getNameLoc())
               << "expected operand positions below " << numOperands
               << " in a plan of " << numOperands << " operands, got " << node
               << " [C90]";
  tree = ContractionTree(numOperands, steps);
  return success();
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

Attribute PlanAttr::parse(AsmParser &parser, Type) {
  SMLoc location = parser.getCurrentLocation();
  ContractionTree tree;
  if (parser.parseLess() || parseTree(parser, tree) || parser.parseGreater())
    return {};
  return parser.getChecked<PlanAttr>(location, parser.getContext(), tree);
}

void PlanAttr::print(AsmPrinter &printer) const {
  printer << "<" << getTree().treeText() << ">";
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
    ContractionTree tree;
    if (parseTree(parser, tree))
      return failure();
    properties.plan =
        parser.getChecked<PlanAttr>(planLocation, parser.getContext(), tree);
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
  if (PlanAttr plan = getPlanAttr())
    printer << " plan " << plan.getTree().treeText();
  printer.printOptionalAttrDict((*this)->getAttrs(),
                                {getEquationAttrName(), getPlanAttrName()});
  printer << " : " << getResult().getType();
}
