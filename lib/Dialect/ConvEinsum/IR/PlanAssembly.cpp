//===- PlanAssembly.cpp - Reading and writing plans -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     plan   ::= steps (`keep` list)? (`group` list+)? (`slice` cuts)?
//     steps  ::= tree | `[` (pair (`,` pair)*)? `]`
//     tree   ::= operand | `(` tree `,` tree `)`
//     pair   ::= `(` value `,` value `)`
//     list   ::= `[` value (`,` value)* `]`
//     cuts   ::= `[` cut (`,` cut)* `]`
//     cut    ::= mode `:` chunk (`of` index)?
//
// A tree stands for its steps in post-order; any other order is a list of
// pairs. Whether numbers make a plan is checked by the attribute.
//
//===----------------------------------------------------------------------===//

#include "Assembly.h"
#include "WhereClause.h"
#include "mlir/IR/DialectImplementation.h"

using namespace mlir;
using namespace conveinsum;

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// A number of at most 31 bits; `what` it is comes with its article.
static ParseResult parseNumber(AsmParser &parser, StringRef what,
                               unsigned &number, StringRef constraint = "C90") {
  SMLoc location = parser.getCurrentLocation();
  int64_t value = 0;
  if (parser.parseInteger(value))
    return failure();
  if (value < 0)
    return parser.emitError(location)
           << "expected " << what << " of at least 0, got " << value << " ["
           << constraint << "]";
  if (value > std::numeric_limits<int32_t>::max())
    return parser.emitError(location)
           << "expected " << what << " below 2147483648, got " << value << " ["
           << constraint << "]";
  number = value;
  return success();
}

static ParseResult parseTree(AsmParser &parser, ContractionTree &tree) {
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
    unsigned operand;
    if (parseNumber(parser, "an operand position", operand))
      return failure();
    ++numOperands;
    int64_t node = operand;
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

/// A tree, or the list of its steps.
static ParseResult parseSteps(AsmParser &parser, ContractionTree &tree) {
  if (failed(parser.parseOptionalLSquare()))
    return parseTree(parser, tree);
  SmallVector<ContractionTree::Step> steps;
  auto parsePair = [&]() -> ParseResult {
    auto &[lhs, rhs] = steps.emplace_back();
    return failure(parser.parseLParen() ||
                   parseNumber(parser, "a value", lhs) || parser.parseComma() ||
                   parseNumber(parser, "a value", rhs) || parser.parseRParen());
  };
  if (failed(parser.parseOptionalRSquare()) &&
      (parser.parseCommaSeparatedList(parsePair) || parser.parseRSquare()))
    return failure();
  tree = ContractionTree(steps.size() + 1, steps);
  return success();
}

/// Numbers of values up to the bracket that closes their list.
static ParseResult parseValues(AsmParser &parser,
                               SmallVectorImpl<unsigned> &values) {
  return failure(parser.parseCommaSeparatedList([&] {
    return parseNumber(parser, "a value", values.emplace_back(), "C93");
  }) || parser.parseRSquare());
}

/// A label of the equation, or `m2`.
static ParseResult parseMode(AsmParser &parser, const Equation *equation,
                             ModeId &mode) {
  SMLoc location = parser.getCurrentLocation();
  std::string label;
  if (parser.parseKeywordOrString(&label))
    return failure();
  if (!equation) {
    std::optional<unsigned> number = indexOf(label, 'm');
    if (!number)
      return parser.emitError(location)
             << "expected 'm' with the number of a mode, got '" << label
             << "' [C94]";
    mode = *number;
    return success();
  }
  for (mode = 0; mode < equation->numModes(); ++mode)
    if (equation->label(mode) == label)
      return success();
  return parser.emitError(location)
         << "expected a mode of the equation, got '" << label << "' [C94]";
}

static ParseResult parseSlicing(AsmParser &parser, const Equation *equation,
                                Slicing &slicing) {
  auto parseCut = [&]() -> ParseResult {
    ModeSlicing &cut = slicing.emplace_back();
    if (parseMode(parser, equation, cut.mode) || parser.parseColon() ||
        parser.parseInteger(cut.chunk))
      return failure();
    if (failed(parser.parseOptionalKeyword("of")))
      return success();
    return parseIndex(parser, 'i', cut.operand.emplace());
  };
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseCut);
}

ParseResult conveinsum::parsePlan(AsmParser &parser, const Equation *equation,
                                  Plan &plan) {
  if (parseSteps(parser, plan.tree))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("keep")) &&
      (parser.parseLSquare() || parseValues(parser, plan.kept)))
    return failure();
  if (succeeded(parser.parseOptionalKeyword("group"))) {
    if (parser.parseLSquare())
      return failure();
    do {
      if (parseValues(parser, plan.groups.emplace_back()))
        return failure();
    } while (succeeded(parser.parseOptionalLSquare()));
  }
  if (succeeded(parser.parseOptionalKeyword("slice")))
    return parseSlicing(parser, equation, plan.slicing);
  return success();
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static void printSteps(AsmPrinter &printer, const ContractionTree &tree) {
  if (inPostOrder(tree) == tree) {
    printer << tree.treeText();
    return;
  }
  printer << "[";
  llvm::interleaveComma(tree.steps(), printer, [&](const auto &step) {
    printer << "(" << step.first << "," << step.second << ")";
  });
  printer << "]";
}

static void printValues(AsmPrinter &printer, ArrayRef<unsigned> values) {
  printer << " [";
  llvm::interleaveComma(values, printer);
  printer << "]";
}

static void printCut(AsmPrinter &printer, const ModeSlicing &cut,
                     const Equation *equation) {
  if (equation && cut.mode < equation->numModes())
    printLabel(printer, equation->label(cut.mode));
  else
    printer << "m" << cut.mode;
  printer << ": " << cut.chunk;
  if (cut.operand)
    printer << " of i" << *cut.operand;
}

void conveinsum::printPlan(AsmPrinter &printer, const Plan &plan,
                           const Equation *equation) {
  printSteps(printer, plan.tree);
  if (!plan.kept.empty()) {
    printer << " keep";
    printValues(printer, plan.kept);
  }
  if (!plan.groups.empty())
    printer << " group";
  for (const FusedGroup &group : plan.groups)
    printValues(printer, group);
  if (plan.slicing.empty())
    return;
  printer << " slice [";
  llvm::interleaveComma(plan.slicing, printer, [&](const ModeSlicing &cut) {
    printCut(printer, cut, equation);
  });
  printer << "]";
}

//===----------------------------------------------------------------------===//
// The attribute
//===----------------------------------------------------------------------===//

Attribute PlanAttr::parse(AsmParser &parser, Type) {
  SMLoc location = parser.getCurrentLocation();
  Plan plan;
  if (parser.parseLess() || parsePlan(parser, /*equation=*/nullptr, plan) ||
      parser.parseGreater())
    return {};
  return parser.getChecked<PlanAttr>(location, parser.getContext(), plan);
}

void PlanAttr::print(AsmPrinter &printer) const {
  printer << "<";
  printPlan(printer, getValue(), /*equation=*/nullptr);
  printer << ">";
}
