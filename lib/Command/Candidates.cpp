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

  /// The next plan. There is none, without a report, when no plan has a smaller
  /// peak than the last, when there is only the pinned one, or when there were
  /// enough.
  std::optional<Plan> next(ErrorFn onError);

private:
  const Equation &equation;
  PlanRequest request;
  PlanSource &source;
  unsigned count = 0;
  /// Of the last candidate.
  Count peak = 0;
};
} // namespace

std::optional<Plan> Candidates::next(ErrorFn onError) {
  bool isFirst = count == 0;
  bool isLast = ++count >= kMaxCandidates;
  if (count > kMaxCandidates || (!isFirst && (request.pinned || peak == 0)))
    return std::nullopt;
  auto ignore = [](const Fault &) {};
  if (isLast) {
    // Whatever there is between, the smallest peak is seen.
    request.options.goal.objective = *Objective::parse("peak");
    request.memoryLimit.reset();
  } else if (!isFirst) {
    request.memoryLimit =
        (peak - 1).wordAtMost(std::numeric_limits<uint64_t>::max());
  }
  std::optional<PlanAnswer> answer =
      makePlan(equation, request, source, isFirst ? onError : ErrorFn(ignore));
  if (!answer)
    return std::nullopt;
  Plan plan = std::move(answer->plan);
  // Open sizes have no bytes: there is one candidate.
  Count planPeak = 0;
  if (equation.hasStaticShapes())
    planPeak = peakBytes(equation, plan.tree, request.options.goal);
  if (!isFirst && planPeak >= peak)
    return std::nullopt;
  peak = planPeak;
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
    lowered.spec.plan = std::move(*plan);
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
