//===- Contraction.cpp - Steps without open relations ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is left when every relation is closed: one linalg.generic. Its parallel
// loops are the result's dimensions, each once, so that the result's map is
// never a scatter; reductions are inside.
//
//===----------------------------------------------------------------------===//

#include "ElementOps.h"
#include "Step.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include <algorithm>

using namespace mlir;
using mlir::utils::IteratorType;

namespace conveinsum::lowering {

Value StepLowering::zeros(const Step &step) {
  return ops.filled(step.resultShape, step.resultElement, 0);
}

Value StepLowering::assemble(const Step &whole, ModeId mode,
                             ArrayRef<Part> parts) {
  if (parts.empty())
    return zeros(whole);
  if (!whole.inResult(mode)) {
    assert(parts.size() == 1 && "a sum over several parts");
    return lower(parts.front().step);
  }
  const unsigned dim = whole.resultDim(mode);
  const int64_t extent = *getConstantIntValue(whole.resultShape[dim]);
  int64_t covered = 0;
  for (const Part &part : parts)
    covered += part.positions.count;
  Value result;
  if (covered < extent)
    result = zeros(whole);
  else if (parts.size() > 1)
    result = ops.empty(whole.resultShape, whole.resultElement);
  for (const Part &part : parts) {
    Step step = part.step;
    step.resultShape[dim] = ops.index(part.positions.count);
    Value value = lower(std::move(step));
    result = result ? ops.insert(value, result, dim, part.positions) : value;
  }
  return result;
}

/// The factor that leads: the windowed one, if there is one.
static unsigned leadingFactor(const Step &step) {
  return step.windowed.empty() ? 0 : step.windowed.front().side;
}

/// The indices that the result does not have, summed plain modes and the kernel
/// indices of windowed ones, outermost first: in the order in which the leading
/// factor holds their modes. So a convolution has the loops that upstream's
/// named ops have: channels before taps if they stand before them (NCHW), else
/// after them (NHWC).
static SmallVector<ModeId> collectReductions(const Step &step) {
  SmallVector<ModeId> reductions;
  const unsigned lead = leadingFactor(step);
  for (unsigned i = 0; i < step.factors.size(); ++i)
    for (ModeId mode : step.factors[i == 0 ? lead : 1 - lead].modes)
      if ((step.window(mode) || !step.inResult(mode)) &&
          !llvm::is_contained(reductions, mode))
        reductions.push_back(mode);
  return reductions;
}

/// Whether the step is a convolution of one or two modes for each channel by
/// itself, in the order batch, channel, conv modes.
static bool isDepthwiseChannelsFirst(const Step &step) {
  const size_t rank = step.result.size();
  if (step.factors.size() != 2 || step.windowed.size() + 2 != rank ||
      rank > 4 || step.windowed.empty())
    return false;
  ArrayRef<ModeId> modes = step.result;
  const unsigned lead = leadingFactor(step);
  return ArrayRef<ModeId>(step.factors[lead].modes) == modes &&
         ArrayRef<ModeId>(step.factors[1 - lead].modes) == modes.drop_front() &&
         llvm::all_of(modes.drop_front(2), [&](ModeId mode) {
           const WindowedMode *window = step.window(mode);
           return window && window->side == lead;
         });
}

/// The result's modes in the order of their loops: that of the result, other
/// than in upstream's depthwise convolutions, where the channels come last.
static SmallVector<ModeId> parallelLoops(const Step &step) {
  SmallVector<ModeId> loops(step.result.begin(), step.result.end());
  if (isDepthwiseChannelsFirst(step))
    std::rotate(loops.begin() + 1, loops.begin() + 2, loops.end());
  return loops;
}

/// The map of a factor from the loops: the parallel ones, then the reductions.
static AffineMap factorMap(const Step &step, unsigned factor,
                           ArrayRef<ModeId> loops, ArrayRef<ModeId> reductions,
                           MLIRContext *context) {
  const unsigned rank = loops.size();
  auto resultLoop = [&](ModeId mode) {
    return getAffineDimExpr(llvm::find(loops, mode) - loops.begin(), context);
  };
  auto reductionLoop = [&](ModeId mode) {
    const ModeId *found = llvm::find(reductions, mode);
    assert(found != reductions.end() && "mode without a loop");
    return getAffineDimExpr(rank + (found - reductions.begin()), context);
  };
  SmallVector<AffineExpr> exprs;
  for (ModeId mode : step.factors[factor].modes) {
    const WindowedMode *window = step.window(mode);
    if (window && window->side == factor) {
      exprs.push_back(resultLoop(mode) * window->stride +
                      reductionLoop(mode) * window->dilation);
    } else if (!window && step.inResult(mode)) {
      exprs.push_back(resultLoop(mode));
    } else {
      exprs.push_back(reductionLoop(mode));
    }
  }
  return AffineMap::get(rank + reductions.size(), 0, exprs, context);
}

/// The product of the factors' elements in the accumulator type.
static Value product(OpBuilder &builder, Location loc, ValueRange elements,
                     Type accumulator) {
  Value result = convertElement(builder, loc, elements.front(), accumulator);
  for (Value element : elements.drop_front())
    result = multiply(builder, loc, result,
                      convertElement(builder, loc, element, accumulator));
  return result;
}

Value StepLowering::contract(const Step &step) {
  SmallVector<ModeId> loops = parallelLoops(step);
  SmallVector<ModeId> reductions = collectReductions(step);
  SmallVector<Value> inputs;
  SmallVector<AffineMap> maps;
  const unsigned lead = leadingFactor(step);
  for (unsigned i = 0; i < step.factors.size(); ++i) {
    const unsigned factor = i == 0 ? lead : 1 - lead;
    inputs.push_back(step.factors[factor].tensor);
    maps.push_back(
        factorMap(step, factor, loops, reductions, builder.getContext()));
  }
  if (reductions.empty()) {
    const bool copies = inputs.size() == 1; // needs no wider type
    Value result =
        ops.elementwise(inputs, maps, step.resultShape, step.resultElement,
                        [&](OpBuilder &b, ValueRange elements) -> Value {
                          return copies
                                     ? elements.front()
                                     : product(b, loc, elements, accumulator);
                        });
    keepAttributes(result.getDefiningOp(), attributes);
    return result;
  }

  const unsigned rank = step.result.size();
  SmallVector<IteratorType> iterators(rank, IteratorType::parallel);
  iterators.append(reductions.size(), IteratorType::reduction);
  SmallVector<AffineExpr> resultExprs;
  for (ModeId mode : step.result)
    resultExprs.push_back(
        builder.getAffineDimExpr(llvm::find(loops, mode) - loops.begin()));
  maps.push_back(
      AffineMap::get(iterators.size(), 0, resultExprs, builder.getContext()));
  Value init = ops.filled(step.resultShape, accumulator, 0);
  Value result =
      linalg::GenericOp::create(
          builder, loc, init.getType(), inputs, init, maps, iterators,
          [&](OpBuilder &b, Location bodyLoc, ValueRange arguments) {
            Value term =
                product(b, bodyLoc, arguments.drop_back(), accumulator);
            linalg::YieldOp::create(b, bodyLoc,
                                    add(b, bodyLoc, arguments.back(), term));
          })
          .getResult(0);
  keepAttributes(result.getDefiningOp(), attributes);
  return ops.convert(result, step.resultElement);
}

} // namespace conveinsum::lowering
