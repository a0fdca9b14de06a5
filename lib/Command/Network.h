//===- Network.h - The network that a command works on ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A network comes from the command line, from a case or from a line of a batch;
// here the three become one. The equation's own keys are read by the room
// Equation; element types, order and files by this one.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_NETWORK_H
#define CONVEINSUM_LIB_COMMAND_NETWORK_H

#include "Arguments.h"
#include "conveinsum/Equation/AsciiText.h"
#include "conveinsum/Equation/Case.h"
#include "conveinsum/Equation/ElementTypeCheck.h"
#include "llvm/Support/JSON.h"

namespace conveinsum::command {

struct Network {
  /// Name, equation, geometry, and shapes unless they come from files.
  Case problem;
  std::optional<ElementType> dtype, resultDtype;
  /// An order that the case pins; at most one is there.
  std::optional<llvm::json::Value> path, ssaPath, tree;
  /// Operand positions that the case names, as they stand there.
  std::optional<llvm::json::Value> gradients, constants;
  /// Files of the operands and of the result; for run. For grad also that of
  /// the cotangent, and the output is what names of files begin with.
  std::vector<std::string> inputs;
  std::optional<std::string> output, cotangent;
  /// Of the batch, from 1; 0 elsewhere.
  uint64_t line = 0;

  /// As reports show it.
  std::string expr() const { return inAsciiSigns(problem.expr); }
};

/// The network of a case object, with the options of the command line.
std::optional<Network> networkFromObject(const llvm::json::Object &object,
                                         const Arguments &arguments,
                                         ErrorFn onError);

/// The network of `EQUATION SHAPE...` or, for run, `EQUATION FILE...`.
std::optional<Network> networkFromWords(const Arguments &arguments,
                                        ErrorFn onError);

/// Checks the result's type (C51); `operand` is the type of the operands.
std::optional<ElementTypes> resultTypes(const Network &network,
                                        ElementType operand, ErrorFn onError);

/// The value of an option as a positive number that fits 31 bits.
std::optional<unsigned> readCount(const Arguments &arguments,
                                  llvm::StringRef option, unsigned absent,
                                  ErrorFn onError);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_NETWORK_H
