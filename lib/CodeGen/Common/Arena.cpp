//===- Arena.cpp - Buffers in one workspace -------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions are straight-line at their top level, so a lifetime is an interval
// of operation numbers. A buffer that is allocated in a branch or a loop lives
// as long as the op at top level around it. Buffers are placed one after the
// other, each at the lowest address where no placed buffer of an overlapping
// lifetime lies. Large ones come first; where that takes more than is ever
// alive at once, other orders are tried.
//
//===----------------------------------------------------------------------===//

#include "BufferRoots.h"
#include "conveinsum/CodeGen/Common/Passes.h"
#include "conveinsum/Dialect/ConvEinsum/IR/TensorSizes.h"
#include "conveinsum/Runtime/Tensor.h"
#include "mlir/Analysis/DataLayoutAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/MathExtras.h"
#include <map>
#include <tuple>

namespace conveinsum {
#define GEN_PASS_DEF_CONVEINSUMARENA
#include "conveinsum/CodeGen/Common/Passes.h.inc"
} // namespace conveinsum

using namespace conveinsum;
using namespace mlir;

namespace {
/// Bytes that are needed from operation `first` to operation `last`.
struct Place {
  /// An allocation, or a call for the callee's workspace.
  Operation *op;
  int64_t bytes;
  unsigned first, last;
  int64_t offset = 0;
};
} // namespace

static bool overlap(const Place &a, const Place &b) {
  return a.first <= b.last && b.first <= a.last;
}

/// The most bytes that are needed at once, which no placing is below.
static int64_t aliveBytes(ArrayRef<Place> places) {
  std::map<unsigned, int64_t> changes;
  for (const Place &place : places) {
    changes[place.first] += place.bytes;
    changes[place.last + 1] -= place.bytes;
  }
  int64_t alive = 0, most = 0;
  for (auto [at, change] : changes)
    most = std::max(most, alive += change);
  return most;
}

/// Places in this order; returns the bytes of all places together, or nothing
/// where they are more than a tensor may have.
static std::optional<int64_t> placeInOrder(ArrayRef<Place *> order) {
  SmallVector<Place *> placed;
  int64_t total = 0;
  for (Place *place : order) {
    // `placed` is sorted by offset: the first gap that is large enough is it.
    int64_t offset = 0;
    for (Place *other : placed) {
      if (!overlap(*place, *other))
        continue;
      if (place->bytes <= other->offset - offset)
        break;
      offset = std::max(offset, other->offset + other->bytes);
    }
    place->offset = offset;
    std::optional<int64_t> end = llvm::checkedAdd(offset, place->bytes);
    if (!end || uint64_t(*end) > kMaxTensorBytes)
      return std::nullopt;
    total = std::max(total, *end);
    auto at = llvm::upper_bound(placed, place, [](Place *a, Place *b) {
      return a->offset < b->offset;
    });
    placed.insert(at, place);
  }
  return total;
}

/// How many orders are tried: placing takes the square of the buffers.
static unsigned numTries(size_t places) {
  constexpr size_t kMaxTries = 256, kMaxSteps = size_t(1) << 25;
  return std::clamp<size_t>(kMaxSteps / (places * places + 1), 1, kMaxTries);
}

/// Assigns offsets; returns the bytes of all places together, or nothing where
/// they are more than a tensor may have.
static std::optional<int64_t> assignOffsets(MutableArrayRef<Place> places) {
  SmallVector<Place *> order;
  for (Place &place : places)
    order.push_back(&place);
  llvm::sort(order, [](const Place *a, const Place *b) {
    return std::tie(b->bytes, a->first) < std::tie(a->bytes, b->first);
  });
  std::optional<int64_t> best = placeInOrder(order);
  if (!best)
    return std::nullopt;
  auto offsets = [&] {
    return llvm::map_to_vector(places,
                               [](const Place &place) { return place.offset; });
  };
  const int64_t alive = aliveBytes(places);
  SmallVector<int64_t> bestOffsets = offsets();
  for (unsigned tried = numTries(places.size()); tried > 1 && *best > alive;
       --tried) {
    // What came to lie highest found the gaps taken: it comes first.
    auto highest = llvm::max_element(order, [](Place *a, Place *b) {
      return a->offset + a->bytes < b->offset + b->bytes;
    });
    std::rotate(order.begin(), highest, std::next(highest));
    std::optional<int64_t> total = placeInOrder(order);
    if (!total)
      break;
    if (*total < *best) {
      best = total;
      bestOffsets = offsets();
    }
  }
  for (auto [place, offset] : llvm::zip_equal(places, bestOffsets))
    place.offset = offset;
  return best;
}

namespace {
struct ArenaPass : public conveinsum::impl::ConvEinsumArenaBase<ArenaPass> {
  void runOnOperation() override {
    if (failed(verifyTensorSizes(getOperation())))
      return signalPassFailure();
    SmallVector<func::FuncOp> functions;
    getOperation().walk([&](func::FuncOp func) { functions.push_back(func); });
    for (func::FuncOp func : functions)
      if (failed(convert(func)))
        return signalPassFailure();
  }

private:
  /// Places the buffers of `func`, after those of its callees.
  LogicalResult convert(func::FuncOp func);
  LogicalResult collect(func::FuncOp func, SmallVectorImpl<Place> &places);
  FailureOr<int64_t> bytesOfCallee(func::CallOp call);

  /// Workspace of converted functions; nothing while one is being converted.
  llvm::DenseMap<func::FuncOp, std::optional<int64_t>> workspaces;
};
} // namespace

FailureOr<int64_t> ArenaPass::bytesOfCallee(func::CallOp call) {
  auto callee = SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(
      call, call.getCalleeAttr());
  if (!callee)
    return call.emitOpError("expected a function of this module, got @")
           << call.getCallee();
  if (failed(convert(callee)))
    return failure();
  if (!workspaces[callee])
    return call.emitOpError("expected no recursion, got a call of @")
           << call.getCallee() << " inside itself";
  return *workspaces[callee];
}

/// Whether an op in `body`, or in branches and loops below it, runs in one
/// thread, so that one place serves all its runs.
static bool runsInOneThread(Operation *op, Block *body) {
  for (; op && op->getBlock() != body; op = op->getParentOp())
    if (!isa<scf::IfOp, scf::ForOp>(op->getParentOp()))
      return false;
  return op;
}

LogicalResult ArenaPass::collect(func::FuncOp func,
                                 SmallVectorImpl<Place> &places) {
  Block &body = func.getBody().front();
  DataLayout layout(getOperation());
  llvm::DenseMap<Operation *, unsigned> numbers;
  for (auto [number, op] : llvm::enumerate(body))
    numbers[&op] = number;

  WalkResult walked = func.walk([&](Operation *op) {
    if (auto call = dyn_cast<func::CallOp>(op)) {
      FailureOr<int64_t> bytes = bytesOfCallee(call);
      if (failed(bytes))
        return WalkResult::interrupt();
      unsigned number = numbers[body.findAncestorOpInBlock(*op)];
      places.push_back({op, *bytes, number, number});
    }
    auto alloc = dyn_cast<memref::AllocOp>(op);
    if (!alloc)
      return WalkResult::advance();
    MemRefType type = alloc.getType();
    if (!type.hasStaticShape() || !type.getLayout().isIdentity()) {
      op->emitOpError("expected a dense allocation of static size, got ")
          << type;
      return WalkResult::interrupt();
    }
    if (!runsInOneThread(op, &body)) {
      op->emitOpError(
          "expected allocations in scf.if and scf.for only, got one "
          "in '")
          << op->getParentOp()->getName() << "'";
      return WalkResult::interrupt();
    }
    unsigned first = body.getOperations().size(), last = 0;
    forEachBufferUser(alloc, [&](Operation *user) {
      unsigned number = numbers[body.findAncestorOpInBlock(*user)];
      first = std::min(first, number);
      last = std::max(last, number);
    });
    places.push_back(
        {op, bufferBytes(layout, type), std::min(first, last), last});
    return WalkResult::advance();
  });
  return failure(walked.wasInterrupted());
}

/// Buffers without elements cannot be bare pointers unless they have one
/// dimension; nothing accesses them, so that their shape does not matter.
static void emptyArguments(
    func::FuncOp func,
    llvm::function_ref<Value(Location, int64_t, MemRefType)> viewAt) {
  auto isEmpty = [](Type type) {
    auto memref = dyn_cast<MemRefType>(type);
    return memref && memref.getNumElements() == 0;
  };
  auto flat = [](Type type) {
    return MemRefType::get({0}, cast<MemRefType>(type).getElementType());
  };
  func.walk([&](func::CallOp call) {
    for (OpOperand &operand : call->getOpOperands())
      if (isEmpty(operand.get().getType()))
        operand.set(viewAt(call.getLoc(), 0, flat(operand.get().getType())));
  });
  eraseDeadViews(func);
  for (Value argument : func.getArguments())
    if (isEmpty(argument.getType()) && argument.use_empty())
      argument.setType(flat(argument.getType()));
  func.setFunctionType(FunctionType::get(
      func.getContext(), func.getBody().getArgumentTypes(), {}));
}

LogicalResult ArenaPass::convert(func::FuncOp func) {
  auto [entry, isNew] = workspaces.try_emplace(func, std::nullopt);
  if (!isNew)
    return success();
  if (func.isExternal())
    return func.emitOpError("expected a body");
  if (func.getNumResults() != 0)
    return func.emitOpError("expected out-parameters instead of results, as "
                            "conveinsum-bufferize makes them, got ")
           << func.getNumResults()
           << (func.getNumResults() == 1 ? " result" : " results");
  SmallVector<Place> places;
  if (failed(collect(func, places)))
    return failure();
  std::optional<int64_t> total = assignOffsets(places);
  if (!total)
    return func.emitOpError("expected a workspace of at most 2^62 bytes");
  const int64_t bytes = *total;
  workspaces[func] = bytes;

  OpBuilder builder(func.getContext());
  auto type = MemRefType::get({bytes}, builder.getI8Type());
  unsigned number = func.getNumArguments();
  DictionaryAttr attrs = bufferArgumentAttrs(func.getContext());
  if (failed(func.insertArgument(number, type, attrs, func.getLoc())))
    return failure();
  func->setAttr(kWorkspaceBytesAttr, builder.getI64IntegerAttr(bytes));

  Value workspace = func.getArgument(number);
  auto viewAt = [&](Location loc, int64_t offset, MemRefType viewType) {
    builder.setInsertionPointToStart(&func.getBody().front());
    Value at = arith::ConstantIndexOp::create(builder, loc, offset);
    return memref::ViewOp::create(builder, loc, viewType, workspace, at,
                                  ValueRange())
        .getResult();
  };
  emptyArguments(func, viewAt);
  for (const Place &place : places) {
    bytesSaved += place.bytes;
    if (auto alloc = dyn_cast<memref::AllocOp>(place.op)) {
      ++numBuffers;
      alloc.replaceAllUsesWith(
          viewAt(alloc.getLoc(), place.offset, alloc.getType()));
      alloc.erase();
      continue;
    }
    auto calleeType = MemRefType::get({place.bytes}, builder.getI8Type());
    Value view = viewAt(place.op->getLoc(), place.offset, calleeType);
    place.op->insertOperands(place.op->getNumOperands(), view);
  }
  bytesSaved -= bytes;
  return success();
}
