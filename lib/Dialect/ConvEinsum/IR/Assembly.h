//===- Assembly.h - Reading and writing equations and plans -----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The text of an equation and of a plan, shared by the op and the attributes:
//
//     "bsh,rt,rs,rh->bth|h" where [h: i0 - i3 + 1 = 2 o]
//     plan ((0,2),1) keep [4] group [5, 6] slice [h: 8 of i0, b: 4]
//
// Private to this library.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_DIALECT_CONVEINSUM_IR_ASSEMBLY_H
#define CONVEINSUM_LIB_DIALECT_CONVEINSUM_IR_ASSEMBLY_H

#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"

namespace conveinsum {

/// One entry of `where`: the equation of a conv mode, or a user's words.
struct WhereEntry {
  llvm::SMLoc location;
  std::string label;
  /// Extents and the mode are not filled in.
  std::optional<LinearRelation> relation;
  Geometry geometry;
  /// Keys of `geometry` that were given.
  llvm::SmallVector<std::string, 2> keys;
};

/// An equation as it stands in the text, before it meets any types.
struct ParsedEquation {
  llvm::SMLoc location;
  std::string text;
  llvm::SmallVector<WhereEntry, 2> where;

  bool hasWhere = false;
  /// Whether `where` gives equations and not a user's words.
  bool hasRelations() const { return hasWhere && where.front().relation; }
};

/// Parses the string and what `where` says.
mlir::ParseResult parseEquation(mlir::AsmParser &parser,
                                ParsedEquation &equation);
/// Joins the string with the equations of its conv modes.
mlir::FailureOr<Equation> toStructure(mlir::AsmParser &parser,
                                      const ParsedEquation &parsed);
/// Resolves the string and a user's words against the shapes of the operands.
mlir::FailureOr<Equation> toStructure(mlir::AsmParser &parser,
                                      const ParsedEquation &parsed,
                                      llvm::ArrayRef<Shape> shapes);
void printEquation(mlir::AsmPrinter &printer, const Equation &equation);

/// Builds an equation from spelled-out text and one relation per conv mode, in
/// the order after `|` (C80, C81). Text and bytecode both come through here.
std::optional<Equation> buildStructure(llvm::StringRef text,
                                       std::vector<LinearRelation> relations,
                                       ErrorFn onError);

/// Parses what stands after `plan`. Sliced modes are labels of `equation`, or,
/// in an attribute, which knows none, `m0`, `m1`, ... for their numbers.
mlir::ParseResult parsePlan(mlir::AsmParser &parser, const Equation *equation,
                            Plan &plan);
void printPlan(mlir::AsmPrinter &printer, const Plan &plan,
               const Equation *equation);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_DIALECT_CONVEINSUM_IR_ASSEMBLY_H
