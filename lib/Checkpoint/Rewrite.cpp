//===- Rewrite.cpp - A choice carried out ---------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The backward function first, while the forward one still has all ops that it
// copies.
//
//===----------------------------------------------------------------------===//

#include "Rewrite.h"
#include "AutoDiff/Reads.h"
#include "KeptValues.h"
#include "ValueCosts.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace conveinsum;

LogicalResult conveinsum::checkRewrite(TrainedPair pair,
                                       const CheckpointChoice &choice) {
  if (choice.recomputed.empty() || !cotangents(pair.backward).empty())
    return success();
  return pair.backward.emitOpError()
         << "cannot be checkpointed: expected an argument of role '"
         << kCotangentRole << "' that recomputation waits for";
}

//===----------------------------------------------------------------------===//
// The backward function
//===----------------------------------------------------------------------===//

namespace {
class BackwardRewrite {
public:
  BackwardRewrite(TrainedPair pair, const ForwardProblem &problem,
                  const CheckpointChoice &choice)
      : forward(pair.forward), backward(pair.backward), problem(problem),
        choice(choice) {}

  void run();

private:
  Block &body() { return backward.getBody().front(); }
  bool isReturned(Operation *op);
  void hoistGradients();
  void sinkViews();
  void addKeptArguments();
  void recompute();
  void addBarrier(IRMapping &mapping);
  void replaceKeptArguments();
  /// Of every recomputed value the first op that reads it, by its place in
  /// the body.
  llvm::DenseMap<unsigned, unsigned> firstReads();

  func::FuncOp forward, backward;
  const ForwardProblem &problem;
  const CheckpointChoice &choice;
  /// The kept arguments as they were, and what each is in the forward function.
  SmallVector<std::pair<BlockArgument, mlir::Value>> before;
  /// From values of the forward function to those of the backward function:
  /// arguments, values that are kept, values that were recomputed.
  llvm::DenseMap<mlir::Value, mlir::Value> there;
  SmallVector<Operation *> order;
};
} // namespace

/// Whether the results of an op, or views of them, are read by the caller only.
bool BackwardRewrite::isReturned(Operation *op) {
  return llvm::all_of(op->getUsers(), [&](Operation *user) {
    return user == body().getTerminator() || (isView(user) && isReturned(user));
  });
}

/// Gradients that are returned come as soon as they can: their memory is the
/// caller's, and what they read for the last time goes before more is computed.
void BackwardRewrite::hoistGradients() {
  for (Operation &op :
       llvm::make_early_inc_range(body().without_terminator())) {
    if (isView(&op) || !isMemoryEffectFree(&op) || !isReturned(&op))
      continue;
    Operation *last = nullptr;
    forEachRead(&op, [&](mlir::Value read) {
      Operation *source = read.getDefiningOp();
      if (source && (!last || last->isBeforeInBlock(source)))
        last = source;
    });
    if (last)
      op.moveAfter(last);
    else
      op.moveBefore(&body(), body().begin());
  }
}

/// Views come right before their first reader: what is recomputed for them
/// then comes there, too, and lives no longer than it has to.
void BackwardRewrite::sinkViews() {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body()))) {
    if (!isView(&op) || isa<BarrierOp>(op) || op.use_empty())
      continue;
    Operation *first = nullptr;
    for (Operation *user : op.getUsers()) {
      Operation *reader = body().findAncestorOpInBlock(*user);
      if (!first || reader->isBeforeInBlock(first))
        first = reader;
    }
    op.moveBefore(first);
  }
}

/// New arguments for all that is kept, behind all others, in the order of the
/// forward function.
void BackwardRewrite::addKeptArguments() {
  Operation *terminator = forward.getBody().front().getTerminator();
  for (auto [result, argument] :
       llvm::zip_equal(keptResults(forward), keptArguments(backward)))
    before.emplace_back(backward.getArgument(argument),
                        terminator->getOperand(result));
  for (BlockArgument argument : forward.getArguments())
    there[argument] = backward.getArgument(argument.getArgNumber());
  for (unsigned value : choice.kept) {
    mlir::Value result = problem.resultOf(value);
    there[result] = addKeptArgument(backward, result);
  }
}

llvm::DenseMap<unsigned, unsigned> BackwardRewrite::firstReads() {
  llvm::DenseMap<Operation *, unsigned> places;
  for (Operation &op : body()) {
    places[&op] = order.size();
    order.push_back(&op);
  }
  llvm::DenseMap<mlir::Value, unsigned> byResult;
  for (auto [argument, value] : before)
    for (Operation *user : argument.getUsers()) {
      unsigned place = places.at(body().findAncestorOpInBlock(*user));
      auto [at, isNew] = byResult.try_emplace(value, place);
      at->second = std::min(at->second, place);
    }
  llvm::DenseMap<unsigned, unsigned> first;
  auto read = [&](unsigned value, unsigned place) {
    auto [at, isNew] = first.try_emplace(value, place);
    at->second = std::min(at->second, place);
  };
  // Readers come behind what they read, so they are known already.
  for (unsigned value : llvm::reverse(choice.recomputed)) {
    if (auto found = byResult.find(problem.resultOf(value));
        found != byResult.end())
      read(value, found->second);
    for (unsigned input : problem.problem()[value].inputs)
      read(input, first.at(value));
  }
  return first;
}

/// Maps what recomputation reads of arguments to what comes out of a barrier.
void BackwardRewrite::addBarrier(IRMapping &mapping) {
  llvm::SetVector<mlir::Value> sources;
  for (unsigned value : choice.recomputed)
    if (Operation *op = problem.opOf(value))
      forEachRead(op, [&](mlir::Value read) {
        auto found = there.find(read);
        if (found == there.end())
          return;
        mapping.map(read, found->second);
        if (isa<RankedTensorType>(read.getType()))
          sources.insert(read);
      });
  if (sources.empty())
    return;
  SmallVector<mlir::Value> inputs;
  for (mlir::Value source : sources)
    inputs.push_back(there.lookup(source));
  OpBuilder builder = OpBuilder::atBlockBegin(&body());
  auto barrier = BarrierOp::create(builder, backward.getLoc(), inputs,
                                   cotangents(backward));
  for (auto [source, result] : llvm::zip_equal(sources, barrier.getResults()))
    mapping.map(source, result);
}

void BackwardRewrite::recompute() {
  llvm::DenseMap<unsigned, unsigned> places = firstReads();
  IRMapping mapping;
  addBarrier(mapping);
  OpBuilder builder(backward.getContext());
  for (unsigned value : choice.recomputed) {
    if (Operation *op = problem.opOf(value)) {
      builder.setInsertionPoint(order[places.at(value)]);
      Operation *copy = builder.clone(*op, mapping);
      copy->removeDiscardableAttr(kRecomputeAttr);
      copy->removeDiscardableAttr(kGroupAttr); // of the forward pass
      for (auto [result, copied] :
           llvm::zip_equal(op->getResults(), copy->getResults()))
        there.try_emplace(result, copied);
    }
  }
}

void BackwardRewrite::replaceKeptArguments() {
  BitVector gone(backward.getNumArguments());
  for (auto [argument, value] : before) {
    if (!argument.use_empty())
      argument.replaceAllUsesWith(there.at(value));
    gone.set(argument.getArgNumber());
  }
  LogicalResult erased = backward.eraseArguments(gone);
  assert(succeeded(erased) && "nothing reads them any more");
  (void)erased;
}

void BackwardRewrite::run() {
  hoistGradients();
  sinkViews();
  addKeptArguments();
  if (!choice.recomputed.empty())
    recompute();
  replaceKeptArguments();
}

//===----------------------------------------------------------------------===//
// The forward function
//===----------------------------------------------------------------------===//

/// Returns what is kept behind the results of the whole.
static void returnKept(func::FuncOp forward, ValueRange kept) {
  Operation *terminator = forward.getBody().front().getTerminator();
  BitVector gone(forward.getNumResults());
  for (unsigned number : keptResults(forward))
    gone.set(number);
  terminator->eraseOperands(gone);
  LogicalResult erased = forward.eraseResults(gone);
  assert(succeeded(erased) && "a func.func returns fewer results");
  (void)erased;
  addKeptResults(forward, kept);
}

/// Only the last step of a group writes its result, so steps of which another
/// result is kept do not run as one.
static void dissolveGroups(func::FuncOp forward, ValueRange kept) {
  llvm::SmallDenseSet<Attribute> dissolved;
  for (mlir::Value value : kept) {
    Attribute group = value.getDefiningOp()->getAttr(kGroupAttr);
    if (group && llvm::any_of(value.getUsers(), [&](Operation *user) {
          return user->getAttr(kGroupAttr) == group;
        }))
      dissolved.insert(group);
  }
  for (Operation &op : forward.getBody().front())
    if (dissolved.contains(op.getAttr(kGroupAttr)))
      op.removeDiscardableAttr(kGroupAttr);
}

/// What was read to be kept only is dead, and pins have been carried out.
static void cleanUp(func::FuncOp forward) {
  for (Operation &op :
       llvm::make_early_inc_range(llvm::reverse(forward.getBody().front()))) {
    if (isOpTriviallyDead(&op)) {
      op.erase();
      continue;
    }
    op.removeDiscardableAttr(kKeepAttr);
    op.removeDiscardableAttr(kRecomputeAttr);
  }
}

void conveinsum::rewritePair(TrainedPair pair, const ForwardProblem &problem,
                             const CheckpointChoice &choice) {
  BackwardRewrite(pair, problem, choice).run();
  SmallVector<mlir::Value> kept;
  for (unsigned value : choice.kept)
    kept.push_back(problem.resultOf(value));
  returnKept(pair.forward, kept);
  dissolveGroups(pair.forward, kept);
  cleanUp(pair.forward);
}
