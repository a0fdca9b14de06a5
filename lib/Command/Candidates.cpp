//===- Candidates.cpp - The first plan whose code fits --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See the header.
//
//===----------------------------------------------------------------------===//

#include "Candidates.h"
#include "SearchWatch.h"
#include "conveinsum/Plan/Cost/LiveBytes.h"
#include "conveinsum/Plan/Training/Training.h"
#include "conveinsum/Runtime/Tensor.h"
#include <limits>

using namespace conveinsum;
using namespace conveinsum::command;

namespace {
/// The candidates of one network, one after the other.
class Candidates {
public:
  Candidates(const Equation &equation, PlanRequest request, PlanSource &source)
      : equation(equation), request(std::move(request)), source(source) {
    // What is to be met is not what the planner counts.
    this->request.memoryLimit.reset();
    this->request.refusesLimit = true;
  }

  /// The next plan. There is none, without a report, when no plan is smaller
  /// than the last, when there is only the pinned one, or when there were
  /// enough.
  std::optional<Plan> next(ErrorFn onError);

private:
  bool isTrained() const { return !request.options.goal.gradients.empty(); }
  Count sizeOf(const Plan &plan) const;
  void askForLess(bool isLast);

  const Equation &equation;
  PlanRequest request;
  PlanSource &source;
  unsigned count = 0;
  /// Of the last candidate.
  Count size = 0;
};
} // namespace

/// What the next candidate has less of, in bytes: what is alive at once; of a
/// network that is trained, what stays for the backward pass. Open sizes have
/// no bytes: there is one candidate.
Count Candidates::sizeOf(const Plan &plan) const {
  const PlanGoal &goal = request.options.goal;
  if (!equation.hasStaticShapes())
    return 0;
  if (!isTrained())
    return peakBytes(equation, plan.tree, goal);
  std::optional<TrainingPoint> point = evaluateTrainingPoint(
      equation, plan.tree, plan.kept, goal, [](const Fault &) {});
  assert(point && "plans for training keep what can be kept");
  return keptBytes(*point, goal);
}

/// Makes the request one for a smaller candidate. Whatever there is between,
/// the last one is the smallest.
void Candidates::askForLess(bool isLast) {
  uint64_t limit = (size - 1).wordAtMost(std::numeric_limits<uint64_t>::max());
  if (isTrained()) {
    request.keepLimit = isLast ? 0 : limit;
  } else if (isLast) {
    request.options.goal.objective = *Objective::parse("peak");
    request.memoryLimit.reset();
  } else {
    request.memoryLimit = limit;
  }
}

std::optional<Plan> Candidates::next(ErrorFn onError) {
  bool isFirst = count == 0;
  // A pinned order may keep more or less.
  bool isOnlyOne = request.pinned && !isTrained();
  if (++count > kMaxCandidates || (!isFirst && (isOnlyOne || size == 0)))
    return std::nullopt;
  if (!isFirst)
    askForLess(/*isLast=*/count == kMaxCandidates);
  auto ignore = [](const Fault &) {};
  std::optional<PlanAnswer> answer =
      makePlan(equation, request, source, isFirst ? onError : ErrorFn(ignore));
  if (!answer)
    return std::nullopt;
  Plan plan = std::move(answer->plan);
  Count planSize = sizeOf(plan);
  if (!isFirst && planSize >= size)
    return std::nullopt;
  size = planSize;
  return plan;
}

/// Addresses are 64 bits, and sums of some of them are made: what a network has
/// in all is as little as the biggest tensor (Runtime/Tensor.h).
static bool checkAddressable(const Count &bytes, ErrorFn onError) {
  return bytes <= kMaxTensorBytes ||
         refuse(onError, "expected tensors of at most 2^62 bytes in all, got " +
                             toString(bytes) + " bytes");
}

/// The same of what a plan keeps, as if nothing were given free.
static bool checkAddressable(const Equation &equation, const Plan &plan,
                             const PlanGoal &goal, ErrorFn onError) {
  LiveBytes live = liveBytes(equation, plan.tree, goal);
  Count bytes = live.resident;
  for (Count size : live.sizes)
    bytes += size;
  return checkAddressable(bytes, onError);
}

std::optional<LoweredNetwork>
command::lowerNetwork(const FunctionSpec &spec, const PlanRequest &request,
                      const Arguments &arguments, PlanSource &source,
                      Driver &driver, const MemoryNeed &others,
                      ErrorFn onError) {
  // No plan is needed to see that operands are too large.
  if (!checkAddressable(operandBytes(spec.equation, request.options.goal),
                        onError))
    return std::nullopt;
  PlanRequest watched = request;
  SearchWatch watch(arguments, SearchWatch::Interrupt::EndsProcess);
  watch.attach(watched.options);
  Candidates candidates(spec.equation, watched, source);
  std::optional<Count> smallest;
  while (std::optional<Plan> plan = candidates.next(onError)) {
    if (!checkAddressable(spec.equation, *plan, request.options.goal, onError))
      return std::nullopt;
    LoweredNetwork lowered{spec, {}, {}};
    setPlan(lowered.spec, std::move(*plan));
    lowered.module = driver.buildModule({lowered.spec}, onError);
    std::optional<ObjectCode> object;
    if (lowered.module)
      object = driver.lower(*lowered.module, onError);
    if (!object)
      return std::nullopt;
    lowered.object = std::move(*object);
    Count bytes = bytesAtOnce(lowered.object.functions) + others.total();
    if (!request.memoryLimit || bytes <= *request.memoryLimit)
      return lowered;
    smallest = smallest ? std::min(*smallest, bytes) : bytes;
  }
  if (smallest)
    refuse(onError,
           "not enough memory: expected a memory limit of at least " +
               toString(*smallest) + " bytes, what the code of " +
               (request.pinned ? "the pinned order"
                               : "the smallest plan that was found") +
               " needs" +
               (others.total() > 0 ? " with " + others.text() + " beside it"
                                   : "") +
               ", got " + llvm::Twine(*request.memoryLimit) + " bytes");
  return std::nullopt;
}

std::optional<Plan> command::choosePlan(const FunctionSpec &spec,
                                        const PlanRequest &request,
                                        const Arguments &arguments,
                                        PlanSource &source, Driver &driver,
                                        ErrorFn onError) {
  if (request.memoryLimit) {
    std::optional<LoweredNetwork> lowered = lowerNetwork(
        spec, request, arguments, source, driver, MemoryNeed(), onError);
    return lowered ? lowered->spec.plan : std::nullopt;
  }
  PlanRequest watched = request;
  SearchWatch watch(arguments, SearchWatch::Interrupt::EndsProcess);
  watch.attach(watched.options);
  return Candidates(spec.equation, watched, source).next(onError);
}
