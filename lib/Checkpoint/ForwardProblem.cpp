//===- ForwardProblem.cpp - A forward function as a problem ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One pass over the body; what can be had of an op is known once its operands
// are.
//
//===----------------------------------------------------------------------===//

#include "ForwardProblem.h"
#include "AutoDiff/Reads.h"
#include "KeptValues.h"
#include "Masks.h"
#include "ValueCosts.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace conveinsum;

void ForwardProblem::addValue(Operation *op, mlir::Value result,
                              CheckpointValue value) {
  if (result)
    numbers[result] = values.size();
  values.push_back(std::move(value));
  results.push_back(result);
  ops.push_back(op);
}

/// A result that a later call can take.
static bool isKeepable(mlir::Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  return type && type.hasStaticShape();
}

/// Pins of users, and those that say what can be had at all.
LogicalResult ForwardProblem::addPin(Operation *op, bool isLiteral,
                                     bool isRecomputable,
                                     CheckpointValue &value) {
  if (op->hasAttr(kRecomputeAttr) && !isRecomputable)
    return op->emitOpError()
           << "cannot be recomputed: expected '" << kRecomputeAttr
           << "' on ops without side effects that read what can be kept or "
              "recomputed";
  if (isLiteral || op->hasAttr(kRecomputeAttr))
    value.pin = CheckpointPin::Recompute;
  else if (!isRecomputable || op->hasAttr(kKeepAttr))
    value.pin = CheckpointPin::Keep;
  return success();
}

LogicalResult ForwardProblem::addOp(Operation *op) {
  CheckpointValue work;
  bool isPure = isMemoryEffectFree(op);
  bool isLiteral = isPure, isRecomputable = isPure;
  forEachRead(op, [&](mlir::Value read) {
    isLiteral &= literals.contains(read);
    isRecomputable &= !lost.contains(read);
    if (auto found = numbers.find(read); found != numbers.end())
      work.inputs.push_back(found->second);
  });
  FailureOr<Count> macs = macsOf(op);
  if (failed(macs))
    return failure();
  work.macs = *macs;
  work.written = elementsWritten(op);
  work.pin = CheckpointPin::Recompute;
  if (op->getNumResults() > 1) {
    addValue(op, nullptr, work);
    work = CheckpointValue();
    work.inputs.push_back(values.size() - 1);
  }
  for (OpResult result : op->getResults()) {
    CheckpointValue value = work;
    value.pin = CheckpointPin::None;
    value.bytes = keptBytes(result);
    bool neverKept = isLiteral || !isKeepable(result);
    if (neverKept && !isRecomputable)
      lost.insert(result);
    if (isLiteral)
      literals.insert(result);
    if (failed(addPin(op, neverKept, isRecomputable, value)))
      return failure();
    addValue(op->getNumResults() > 1 ? nullptr : op, result, std::move(value));
  }
  return success();
}

/// What the backward function reads of what it is given.
void ForwardProblem::markNeeded(TrainedPair pair) {
  auto [forward, backward] = pair;
  Operation *terminator = forward.getBody().front().getTerminator();
  for (auto [result, argument] :
       llvm::zip_equal(keptResults(forward), keptArguments(backward))) {
    auto found = numbers.find(terminator->getOperand(result));
    if (found != numbers.end() && !backward.getArgument(argument).use_empty())
      values[found->second].isNeeded = true;
  }
}

FailureOr<ForwardProblem> ForwardProblem::create(TrainedPair pair) {
  ForwardProblem problem;
  for (Operation &op : pair.forward.getBody().front().without_terminator())
    if (failed(problem.addOp(&op)))
      return failure();
  problem.markNeeded(pair);
  return problem;
}
