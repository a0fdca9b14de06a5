//===- StepWorkspace.h - Buffers inside of steps ----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step that is lowered pads its operands, cuts halos and turns kernels round:
// tensors that live while it runs and that no op of the function shows. What
// they take is asked of the lowering.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CHECKPOINT_STEPWORKSPACE_H
#define CONVEINSUM_LIB_CHECKPOINT_STEPWORKSPACE_H

#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include <map>

namespace conveinsum {

/// The bytes of steps, of which equal ones are lowered once.
class StepWorkspaces {
public:
  /// The most bytes that are alive at once inside of a step, without its
  /// operands and its result. 0 where the lowering refuses the step, which it
  /// reports when it is its turn.
  Count of(EinsumOp step);

private:
  /// By equation and types.
  std::map<std::pair<const void *, const void *>, Count> known;
};

} // namespace conveinsum

#endif // CONVEINSUM_LIB_CHECKPOINT_STEPWORKSPACE_H
