//===- WhereClause.h - The list of conv modes in the assembly ---*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The list after `where`: an equation or a user's words for every conv mode.
//
//     where-list ::= `[` entry (`,` entry)* `]`
//     entry      ::= label `:` (relation | word (`,` word)*)
//     relation   ::= sum `=` (integer)? `o` (`(` `mod` integer `)`)?
//                    (`extent` extent)? (`feature` index | `no` `feature`)?
//     sum        ::= signed products of integers and indices i0, i1, ...
//     extent     ::= integer | shifted | `(` shifted `)` `floordiv` integer
//     shifted    ::= `n0` | `n1` | ..., with (`+` | `-`) integer
//     word       ::= `stride` `=` integer | `dilation` `=` (integer | list)
//                  | `padding` `=` (integer | list | `same` | `valid` | ...)
//                  | `feature` `=` index | `kind` `=` (`linear` | `circular`)
//                  | `flip` | `transposed` | `output_padding` `=` integer
//
// Private to this library.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_DIALECT_CONVEINSUM_IR_WHERECLAUSE_H
#define CONVEINSUM_LIB_DIALECT_CONVEINSUM_IR_WHERECLAUSE_H

#include "Assembly.h"

namespace conveinsum {

mlir::ParseResult parseWhere(mlir::AsmParser &parser,
                             llvm::SmallVectorImpl<WhereEntry> &entries);

/// Parses one equation. `first` is the operand of the index that the caller has
/// consumed already, if it has.
mlir::ParseResult parseRelation(mlir::AsmParser &parser,
                                std::optional<unsigned> first,
                                LinearRelation &relation);

/// The number of `i3` or `n3`, if `word` is one.
std::optional<unsigned> indexOf(llvm::StringRef word, char letter);

/// Parses `i3` or `n3`.
mlir::ParseResult parseIndex(mlir::AsmParser &parser, char letter,
                             unsigned &operand);

/// A label as the parser of MLIR reads one: bare where it is a bare identifier.
void printLabel(mlir::AsmPrinter &printer, llvm::StringRef label);

/// Prints one entry. `inResult` says whether a type carries the extent.
void printRelation(mlir::AsmPrinter &printer, llvm::StringRef label,
                   const LinearRelation &relation, bool inResult);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_DIALECT_CONVEINSUM_IR_WHERECLAUSE_H
