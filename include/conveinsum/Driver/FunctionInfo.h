//===- FunctionInfo.h - What a compiled function takes ----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One network becomes one or several functions. Here stands what each of them
// does and takes, in one description that C headers, the string `..._info` of
// an object and callers in this process are derived from. For "ai,ij,jk->ak"
// with constants 1 and 2:
//
//   conveinsum_f_prepare  prepare  in1 in2 prepared workspace
//   conveinsum_f          run      in0 out prepared workspace
//
// and with gradients of 0 and 2:
//
//   conveinsum_f_forward   forward   in0 in1 in2 out kept workspace
//   conveinsum_f_backward  backward  in0 in1 in2 cotangent kept grad0 grad2
//                                    workspace
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_DRIVER_FUNCTIONINFO_H
#define CONVEINSUM_DRIVER_FUNCTIONINFO_H

#include "conveinsum/Equation/Equation.h"
#include "conveinsum/Runtime/ElementType.h"

namespace conveinsum {

/// What a function does for its network.
enum class FunctionRole : uint8_t { Run, Prepare, Forward, Backward };
/// `run`, `prepare`, `forward`, `backward`.
llvm::StringRef name(FunctionRole role);

/// What an argument is to its function.
enum class ArgumentRole : uint8_t {
  Operand,   ///< of the network
  Out,       ///< the result of the network
  Prepared,  ///< what `prepare` makes of the constants
  Kept,      ///< what `forward` leaves for `backward`
  Cotangent, ///< of the result
  Gradient,  ///< towards an operand
  Workspace  ///< for what a function needs while it runs
};
/// `operand`, `out`, `prepared`, ...
llvm::StringRef name(ArgumentRole role);
std::optional<ArgumentRole> parseArgumentRole(llvm::StringRef word);

/// One argument: a tensor, row-major and dense, or a buffer of bytes.
struct ArgumentInfo {
  std::string name;
  ArgumentRole role = ArgumentRole::Operand;
  /// Of operands and gradients: the operand of the network.
  std::optional<unsigned> operand;
  /// Of a tensor; a buffer has one extent, its bytes.
  Shape shape;
  /// Nothing for a buffer.
  std::optional<ElementType> type;
  uint64_t bytes = 0;
  bool isConst = false;

  bool isBuffer() const {
    return role == ArgumentRole::Prepared || role == ArgumentRole::Kept ||
           role == ArgumentRole::Workspace;
  }
};

struct FunctionInfo {
  std::string name;
  FunctionRole role = FunctionRole::Run;
  /// Multiply-adds of a call, exact count; nothing where it is not known.
  std::optional<Count> macs;
  /// In the order in which the function takes them.
  std::vector<ArgumentInfo> arguments;

  /// Bytes of all arguments of a role.
  uint64_t bytesOf(ArgumentRole role) const;
  uint64_t workspaceBytes() const { return bytesOf(ArgumentRole::Workspace); }
};

/// The function of a role; null if there is none.
const FunctionInfo *findFunction(llvm::ArrayRef<FunctionInfo> functions,
                                 FunctionRole role);

/// Bytes that are alive at once around the calls of a network's functions:
/// every operand and the result, what is prepared, what is kept, cotangent and
/// gradients, and the largest workspace. Saturates.
Count bytesAtOnce(llvm::ArrayRef<FunctionInfo> functions);

} // namespace conveinsum

#endif // CONVEINSUM_DRIVER_FUNCTIONINFO_H
