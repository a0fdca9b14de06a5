//===- BarrierModel.cpp - How a barrier becomes buffers -------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On buffers the order of ops is the order in which they run, so nothing is
// left of a barrier: a result is the buffer of its operand, which it neither
// reads nor writes.
//
//===----------------------------------------------------------------------===//

#include "BarrierModel.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"

using namespace conveinsum;
using namespace mlir;
using namespace mlir::bufferization;

namespace {
struct BarrierModel
    : BufferizableOpInterface::ExternalModel<BarrierModel, BarrierOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &,
                              const AnalysisState &) const {
    return false;
  }

  bool bufferizesToMemoryWrite(Operation *, OpOperand &,
                               const AnalysisState &) const {
    return false;
  }

  AliasingValueList getAliasingValues(Operation *op, OpOperand &operand,
                                      const AnalysisState &) const {
    unsigned number = operand.getOperandNumber();
    if (number >= op->getNumResults())
      return {}; // is waited for
    return {{op->getResult(number), BufferRelation::Equivalent}};
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options,
                          BufferizationState &state) const {
    SmallVector<mlir::Value> buffers;
    for (mlir::Value input : cast<BarrierOp>(op).getInputs()) {
      FailureOr<mlir::Value> buffer =
          getBuffer(rewriter, input, options, state);
      if (failed(buffer))
        return failure();
      buffers.push_back(*buffer);
    }
    replaceOpWithBufferizedValues(rewriter, op, buffers);
    return success();
  }
};
} // namespace

void conveinsum::registerBarrierModel(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, ConvEinsumDialect *) {
    BarrierOp::attachInterface<BarrierModel>(*context);
  });
}
