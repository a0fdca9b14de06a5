//===- PlanRequest.cpp - Plans within limits ------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Without a limit the answer is the plan of the source. Limits on memory and on
// what training keeps have planners of their own. Whatever tree is chosen, its
// steps are put in the order in which they run at the end.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Plan/Request/PlanRequest.h"
#include "LimitRefusal.h"
#include "conveinsum/Plan/Reuse/CanonicalForm.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <numeric>

using namespace conveinsum;

static double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
      .count();
}

PlannedTree conveinsum::pinnedPlan(const Equation &equation,
                                   ContractionTree tree, const PlanGoal &goal) {
  PlannedTree plan;
  plan.tree = std::move(tree);
  plan.proof = Proof::Pinned;
  plan.goal = goal;
  evaluate(equation, plan);
  return plan;
}

PlannedTree PlanAnswer::plannedTree(const PlanGoal &goal) const {
  PlannedTree planned;
  static_cast<Provenance &>(planned) = provenance;
  planned.tree = plan.tree;
  planned.goal = goal;
  return planned;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

static std::optional<PlanAnswer> planWithin(const Equation &equation,
                                            const PlanRequest &request,
                                            ErrorFn onError) {
  const PlannerOptions &options = request.options;
  auto start = std::chrono::steady_clock::now();
  if (!verifyGoal(equation, options.goal, onError) ||
      !checkStaticExtents(equation, "to count bytes", onError))
    return std::nullopt;
  std::optional<PlannedTree> unconstrained = plan(equation, options, onError);
  if (!unconstrained)
    return std::nullopt;
  std::optional<MemoryPlan> found = findWithinMemory(
      equation, options, std::move(*unconstrained), *request.memoryLimit);
  if (!found)
    return refuseInfeasible(equation, options, *request.memoryLimit, onError);
  PlanAnswer answer(found->plan);
  answer.provenance.planningSeconds = secondsSince(start);
  answer.memory = MemoryReport{*request.memoryLimit, 0, 0, found->scope};
  return answer;
}

/// Slices where that is better than any plan of the whole that fits.
static std::optional<PlanAnswer> planInSlices(const Equation &equation,
                                              const PlanRequest &request,
                                              ErrorFn onError) {
  auto start = std::chrono::steady_clock::now();
  std::optional<SlicedPlan> sliced =
      planSliced(equation, request.options, *request.memoryLimit, onError);
  if (!sliced)
    return std::nullopt;
  if (sliced->slicing.empty())
    return planWithin(equation, request, onError);
  PlanAnswer answer(pinnedPlan(equation, sliced->tree, request.options.goal));
  answer.provenance.proof = Proof::BestFound;
  answer.provenance.planningSeconds = secondsSince(start);
  answer.plan.slicing = sliced->slicing;
  Count peak = sliced->cost.peak;
  answer.memory =
      MemoryReport{*request.memoryLimit, peak, peak, LimitScope::Found};
  answer.slicing = std::move(*sliced);
  return answer;
}

//===----------------------------------------------------------------------===//
// Training
//===----------------------------------------------------------------------===//

/// Whether the front over all trees is what a request asks for.
static bool wantsJointFront(const Equation &equation,
                            const PlanRequest &request) {
  if (request.pinned)
    return false;
  PlannerKind planner = request.options.planner;
  return planner == PlannerKind::Exact ||
         (planner == PlannerKind::Auto &&
          equation.numOperands() <= kMaxJointOperands);
}

std::optional<FoundFront> conveinsum::findFront(const Equation &equation,
                                                const PlanRequest &request,
                                                PlanSource &source,
                                                ErrorFn onError) {
  const PlanGoal &goal = request.options.goal;
  FoundFront found;
  found.isJoint = wantsJointFront(equation, request);
  std::optional<TrainingFront> front;
  if (found.isJoint) {
    front = jointFront(equation, goal, TrainingOptions(), onError);
  } else {
    std::optional<bool> cached;
    found.plan = request.pinned
                     ? pinnedPlan(equation, *request.pinned, goal)
                     : source.plan(equation, request.options, cached, onError);
    if (found.plan)
      front = treeFront(equation, found.plan->tree, goal, TrainingOptions(),
                        onError);
  }
  if (!front)
    return std::nullopt;
  found.front = std::move(*front);
  return found;
}

/// A point of a front over all trees as a plan: its tree, whose value is that
/// without recomputation.
static PlannedTree planOfPoint(const Equation &equation,
                               const TrainingFront &front,
                               const TrainingPoint &point,
                               const PlanGoal &goal) {
  PlannedTree plan = pinnedPlan(equation, point.tree, goal);
  plan.proof = Proof::BestFound;
  // The last point recomputes nothing.
  if (front.exact) {
    plan.lowerBound = front.points.back().macs;
    if (plan.value == *plan.lowerBound)
      plan.proof = Proof::Optimal;
  }
  return plan;
}

static std::optional<PlanAnswer> planForTraining(const Equation &equation,
                                                 const PlanRequest &request,
                                                 PlanSource &source,
                                                 ErrorFn onError) {
  auto start = std::chrono::steady_clock::now();
  std::optional<FoundFront> found =
      findFront(equation, request, source, onError);
  if (!found)
    return std::nullopt;
  const PlanGoal &goal = request.options.goal;
  // Nothing must be kept, so there always is a point.
  const TrainingPoint &point =
      *pickBytes(found->front, goal, *request.keepLimit);
  PlanAnswer answer(found->plan
                        ? *found->plan
                        : planOfPoint(equation, found->front, point, goal));
  answer.provenance.planningSeconds = secondsSince(start);
  answer.kept = KeptReport{*request.keepLimit, point,
                           found->isJoint && found->front.exact};
  return answer;
}

//===----------------------------------------------------------------------===//
// The order in which steps run
//===----------------------------------------------------------------------===//

/// A pinned order stays if none is better.
static ScheduledTree schedule(const PlanRequest &request,
                              const ContractionTree &tree,
                              llvm::ArrayRef<Count> sizes) {
  if (request.pinned) {
    std::vector<unsigned> asGiven(sizes.size());
    std::iota(asGiven.begin(), asGiven.end(), 0u);
    ScheduledTree given = inOrder(tree, sizes, asGiven);
    if (request.keepsOrder ||
        given.schedule.peak == smallestPeak(tree, sizes).peak)
      return given;
  }
  return scheduleSteps(tree, sizes);
}

/// Puts the steps in order and measures it.
static void orderSteps(const Equation &equation, const PlanRequest &request,
                       PlanAnswer &answer) {
  const PlanGoal &goal = request.options.goal;
  ContractionTree &tree = answer.plan.tree;
  LiveBytes live = liveBytes(equation, tree, goal);
  ScheduledTree scheduled = schedule(request, tree, live.sizes);
  if (answer.memory) {
    answer.memory->peak = live.resident + scheduled.schedule.peak;
    answer.memory->depthFirstPeak =
        live.resident + depthFirstPeak(tree, live.sizes).peak;
  }
  if (answer.kept)
    for (unsigned &value : answer.kept->point.keptValues)
      value = scheduled.numberOf(value);
  tree = std::move(scheduled.tree);
}

/// What stays for the backward pass, in the numbers of the plan's order.
static bool chooseKept(const Equation &equation, const PlanGoal &goal,
                       PlanAnswer &answer, ErrorFn onError) {
  const ContractionTree &tree = answer.plan.tree;
  std::optional<TrainingPoint> point =
      answer.kept
          ? evaluateTrainingPoint(equation, tree, answer.kept->point.keptValues,
                                  goal, onError)
          : keepAllNeeded(equation, tree, goal, onError);
  if (!point)
    return false;
  answer.plan.kept.assign(point->keptValues.begin(), point->keptValues.end());
  if (answer.kept)
    answer.kept->point = std::move(*point);
  return true;
}

/// Whether the order that runs is within the limit.
static bool checkLimit(const PlanRequest &request, const PlanAnswer &answer,
                       ErrorFn onError) {
  if (!answer.memory || answer.memory->peak <= answer.memory->limit)
    return true;
  refuseLimit(answer.memory->peak,
              request.pinned ? "the peak of the pinned order"
                             : "the peak of the plan that was found",
              answer.memory->limit, "", onError);
  return false;
}

static std::optional<PlanAnswer> completed(const Equation &equation,
                                           const PlanRequest &request,
                                           std::optional<PlanAnswer> answer,
                                           ErrorFn onError) {
  if (!answer || !equation.hasStaticShapes())
    return answer;
  const PlanGoal &goal = request.options.goal;
  // Slices have been put in order already.
  if (!answer->slicing)
    orderSteps(equation, request, *answer);
  bool isTrained = !goal.gradients.empty();
  if ((isTrained && !chooseKept(equation, goal, *answer, onError)) ||
      !checkLimit(request, *answer, onError))
    return std::nullopt;
  return answer;
}

//===----------------------------------------------------------------------===//
// Any plan
//===----------------------------------------------------------------------===//

static std::optional<PlanAnswer> planPinned(const Equation &equation,
                                            const PlanRequest &request,
                                            ErrorFn onError) {
  PlanAnswer answer(
      pinnedPlan(equation, *request.pinned, request.options.goal));
  if (!request.memoryLimit || !request.refusesLimit)
    return answer;
  if (!checkStaticExtents(equation, "to count bytes", onError))
    return std::nullopt;
  answer.memory = MemoryReport{*request.memoryLimit, 0, 0, std::nullopt};
  return answer;
}

/// The plan of the source, or a wish that can be fulfilled.
static std::optional<PlanAnswer> planFreely(const Equation &equation,
                                            const PlanRequest &request,
                                            PlanSource &source,
                                            ErrorFn onError) {
  std::optional<bool> cached;
  std::optional<PlannedTree> plan =
      source.plan(equation, request.options, cached, onError);
  if (!plan)
    return std::nullopt;
  if (request.memoryLimit && equation.hasStaticShapes() &&
      peakBytes(equation, plan->tree, request.options.goal) >
          *request.memoryLimit)
    if (auto within = planWithin(equation, request, [](const Fault &) {}))
      return within;
  PlanAnswer answer(*plan);
  answer.cached = cached;
  return answer;
}

static bool needsSearchOfItsOwn(const PlanRequest &request) {
  return request.keepLimit || (request.memoryLimit && request.refusesLimit);
}

static std::optional<PlanAnswer> answerAnew(const Equation &equation,
                                            const PlanRequest &request,
                                            PlanSource &source,
                                            ErrorFn onError) {
  std::optional<PlanAnswer> answer;
  if (request.keepLimit)
    answer = planForTraining(equation, request, source, onError);
  else if (request.pinned)
    answer = planPinned(equation, request, onError);
  else if (!needsSearchOfItsOwn(request))
    answer = planFreely(equation, request, source, onError);
  else if (request.slices)
    answer = planInSlices(equation, request, onError);
  else
    answer = planWithin(equation, request, onError);
  return completed(equation, request, std::move(answer), onError);
}

/// All that an answer depends on. Equal forms have equal optima; equal texts
/// also number their modes alike, which may decide what a search finds.
static std::string keyOf(const Equation &equation, const PlanRequest &request) {
  const PlannerOptions &options = request.options;
  std::string key;
  llvm::raw_string_ostream os(key);
  auto number = [&](std::optional<uint64_t> value) {
    if (value)
      os << *value;
    os << ' ';
  };
  number(uint64_t(options.planner));
  number(options.budget.moves);
  number(options.connectedOnly);
  number(uint64_t(options.goal.dtype));
  number(uint64_t(options.goal.resultType));
  number(request.memoryLimit);
  number(request.refusesLimit);
  number(request.slices);
  number(request.keepLimit);
  os << equation.text() << '\0' << givenForm(equation, options.goal).key;
  return key;
}

/// The equation to plan with in place of one with unknown extents; nothing
/// where an answer does not need them, or cannot do without.
static std::optional<Equation> standIn(const Equation &equation,
                                       const PlanRequest &request) {
  PlannerKind planner = request.options.planner;
  if (equation.hasStaticShapes() || request.pinned || request.keepLimit ||
      request.memoryLimit || planner == PlannerKind::Left ||
      planner == PlannerKind::Exact)
    return std::nullopt;
  return equation.withAssumedExtents(kAssumedExtent);
}

/// Takes back what only holds for the extents that were assumed.
static void forgetFigures(PlanAnswer &answer) {
  Provenance provenance;
  if (answer.provenance.proof != Proof::Greedy &&
      answer.provenance.proof != Proof::Rebuild)
    provenance.proof = Proof::BestFound;
  else
    provenance.proof = answer.provenance.proof;
  provenance.moves = answer.provenance.moves;
  provenance.planningSeconds = answer.provenance.planningSeconds;
  answer.provenance = provenance;
}

std::optional<PlanAnswer> conveinsum::makePlan(const Equation &equation,
                                               const PlanRequest &request,
                                               PlanSource &source,
                                               ErrorFn onError) {
  if (std::optional<Equation> assumed = standIn(equation, request)) {
    std::optional<PlanAnswer> answer =
        makePlan(*assumed, request, source, onError);
    if (answer)
      forgetFigures(*answer);
    return answer;
  }
  auto make = [&] { return answerAnew(equation, request, source, onError); };
  // A pinned order costs nothing; a cache remembers plans itself.
  bool isRemembered =
      source.remembersNetworks() && !request.pinned &&
      (!source.hasCache() || needsSearchOfItsOwn(request)) &&
      equation.hasStaticShapes() && !request.options.budget.seconds &&
      verifyGoal(equation, request.options.goal, [](const Fault &) {});
  return isRemembered ? source.recall(keyOf(equation, request), make) : make();
}
