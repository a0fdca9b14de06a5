//===- TreeChoice.cpp - Trees and kept sets chosen together ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a tree's own values cost is the planner's (TrainingTree); all else is
// read from the trial.
//
//===----------------------------------------------------------------------===//

#include "TreeChoice.h"
#include "ForwardProblem.h"
#include "Masks.h"
#include "Plan/Training/TrainingTree.h"
#include "conveinsum/AutoDiff/Differentiate.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"

using namespace mlir;
using namespace conveinsum;

/// Trees of one network above which some are left out.
static constexpr size_t kMaxTrees = 32;

//===----------------------------------------------------------------------===//
// Networks
//===----------------------------------------------------------------------===//

namespace {
/// A network that gets a tree.
struct Network {
  EinsumOp op;
  Equation equation;
  PlanGoal goal;
  const TrainingTrees *found;

  ArrayRef<ContractionTree> trees() const { return found->trees; }
};
} // namespace

/// All that the trees of a network depend on.
static std::string keyOf(EinsumOp op, const PlanGoal &goal) {
  std::string key;
  llvm::raw_string_ostream text(key);
  text << op.getEquationAttr() << ' ' << op->getOperandTypes() << ' '
       << op.getResultType();
  for (unsigned operand : goal.gradients)
    text << ' ' << operand;
  return key;
}

/// Leaves some trees out, evenly; the first stays.
static void limitTrees(TrainingTrees &found) {
  size_t all = found.trees.size();
  if (all <= kMaxTrees)
    return;
  std::vector<ContractionTree> some;
  for (size_t index = 0; index < kMaxTrees; ++index)
    some.push_back(found.trees[index * (all - 1) / (kMaxTrees - 1)]);
  found.trees = std::move(some);
  found.exact = false;
}

/// The trees of a network, or nothing if it is not for us to say: a plan is
/// pinned, it is asked for something else than few MACs, some of it is prepared
/// or not trained, extents are not known, or there are too many operands.
static FailureOr<std::optional<Network>>
networkOf(EinsumOp op, const OperandRoles &roles, KnownTrainingTrees &known) {
  std::optional<Network> none;
  if (op.getInputs().size() <= 2 || op.getPlanAttr())
    return none;
  FailureOr<PlanRequest> request = planRequestOf(op, PlanDefaults(), roles);
  FailureOr<Equation> equation = op.boundEquation();
  if (failed(request) || failed(equation))
    return failure();
  const PlanGoal &goal = request->options.goal;
  if (request->memoryLimit || request->keepLimit ||
      !(goal.objective == Objective()) || goal.gradients.empty() ||
      !goal.constants.empty() || !equation->hasStaticShapes())
    return none;
  auto [at, isNew] = known.try_emplace(keyOf(op, goal));
  if (isNew)
    if (std::optional<TrainingTrees> found =
            trainingTrees(*equation, goal, TrainingOptions(),
                          [](const conveinsum::Fault &) {})) {
      at->second = std::move(*found);
      limitTrees(at->second);
    }
  if (at->second.trees.empty())
    return none;
  return std::optional<Network>(
      Network{op, std::move(*equation), goal, &at->second});
}

static FailureOr<std::vector<Network>> findNetworks(func::FuncOp function,
                                                    KnownTrainingTrees &known) {
  OperandRoles roles(function);
  std::vector<Network> networks;
  for (auto op : function.getBody().front().getOps<EinsumOp>()) {
    FailureOr<std::optional<Network>> network = networkOf(op, roles, known);
    if (failed(network))
      return failure();
    if (*network)
      networks.push_back(std::move(**network));
  }
  return networks;
}

//===----------------------------------------------------------------------===//
// The trial
//===----------------------------------------------------------------------===//

namespace {
/// A network in the trial: what it reads, and the steps of its first tree.
struct TrialNetwork {
  SmallVector<mlir::Value> operands;
  /// The last one makes the result.
  SmallVector<Operation *> steps;
};

struct Trial {
  TrainedPair pair;
  std::vector<TrialNetwork> networks;
};
} // namespace

/// Decomposes the copies of the networks by their first trees, and
/// differentiates.
static FailureOr<Trial> runTrial(func::FuncOp function, func::FuncOp copy,
                                 ArrayRef<Network> networks) {
  llvm::DenseMap<Operation *, Operation *> copies;
  for (auto [original, copied] :
       llvm::zip_equal(function.getBody().front(), copy.getBody().front()))
    copies[&original] = &copied;
  Trial trial;
  IRRewriter rewriter(function.getContext());
  // In their order, so that operands are what they are in the end.
  for (const Network &network : networks) {
    auto op = cast<EinsumOp>(copies.at(network.op));
    op.setPlanAttr(
        PlanAttr::get(op.getContext(), Plan(network.trees().front())));
    TrialNetwork &steps = trial.networks.emplace_back();
    steps.operands = op.getInputs();
    Operation *before = op->getPrevNode(), *behind = op->getNextNode();
    if (failed(decomposeEinsum(rewriter, op, 0, nullptr, /*isTrial=*/true)))
      return failure();
    Operation *first =
        before ? before->getNextNode() : &copy.getBody().front().front();
    for (Operation *step = first; step != behind; step = step->getNextNode())
      steps.steps.push_back(step);
  }
  FailureOr<DifferentiatedFunction> made = differentiate(copy);
  if (failed(made))
    return failure();
  trial.pair = {made->forward, made->backward};
  moveMasks(trial.pair);
  return trial;
}

//===----------------------------------------------------------------------===//
// The problem
//===----------------------------------------------------------------------===//

namespace {
/// The problem of the trial, with all trees in the place of the first.
class WaysProblem {
public:
  WaysProblem(ArrayRef<Network> networks, const Trial &trial,
              const ForwardProblem &before);

  CheckpointProblem problem;
  /// Which of the operands that cost something the backward pass reads does not
  /// depend on trees.
  bool readsAreFixed = true;

private:
  bool areReadsFixed(const Network &network, const TrialNetwork &steps) const;
  void addWays(const Network &network, const TrialNetwork &steps,
               CheckpointValue value);
  CheckpointAlternative addWay(const Network &network,
                               const ContractionTree &tree,
                               const TrialNetwork &steps);

  /// Of values of the forward function, where they are.
  llvm::DenseMap<mlir::Value, unsigned> numbers;
};
} // namespace

WaysProblem::WaysProblem(ArrayRef<Network> networks, const Trial &trial,
                         const ForwardProblem &before) {
  llvm::DenseMap<Operation *, unsigned> networkOf;
  for (auto [index, network] : llvm::enumerate(trial.networks))
    for (Operation *step : network.steps)
      networkOf[step] = index;
  llvm::SmallVector<unsigned> renumbered(before.problem().size());
  for (auto [number, value] : llvm::enumerate(before.problem())) {
    auto network = networkOf.find(before.opOf(number));
    if (network == networkOf.end()) {
      CheckpointValue same = value;
      for (unsigned &input : same.inputs)
        input = renumbered[input];
      problem.push_back(std::move(same));
    } else {
      const TrialNetwork &steps = trial.networks[network->second];
      if (network->first != steps.steps.back())
        continue; // one of the first tree's own
      addWays(networks[network->second], steps, value);
    }
    renumbered[number] = problem.size() - 1;
    if (mlir::Value result = before.resultOf(number))
      numbers[result] = renumbered[number];
  }
}

void WaysProblem::addWays(const Network &network, const TrialNetwork &steps,
                          CheckpointValue value) {
  value.inputs.clear();
  readsAreFixed &= areReadsFixed(network, steps);
  for (const ContractionTree &tree : network.trees())
    value.alternatives.push_back(addWay(network, tree, steps));
  problem.push_back(std::move(value));
}

/// An operand is read by all trees if whatever stands beside it in its step has
/// a gradient: if all others have one.
bool WaysProblem::areReadsFixed(const Network &network,
                                const TrialNetwork &steps) const {
  for (auto [operand, value] : llvm::enumerate(steps.operands)) {
    auto found = numbers.find(value);
    if (found == numbers.end() || problem[found->second].isFree)
      continue;
    for (unsigned other = 0; other < steps.operands.size(); ++other)
      if (other != operand &&
          !llvm::is_contained(network.goal.gradients, other))
        return false;
  }
  return true;
}

CheckpointAlternative WaysProblem::addWay(const Network &network,
                                          const ContractionTree &tree,
                                          const TrialNetwork &steps) {
  TrainingTree trained(network.equation, tree, network.goal);
  ValueBits needed = trained.neededValues();
  CheckpointAlternative way;
  way.first = problem.size();
  unsigned operands = trained.numOperands(), last = trained.numValues() - 1;
  // Arguments are no values of a problem.
  auto operandOf = [&](unsigned operand) -> std::optional<unsigned> {
    auto found = numbers.find(steps.operands[operand]);
    if (found == numbers.end())
      return std::nullopt;
    return found->second;
  };
  auto inputsOf = [&](unsigned value) {
    SmallVector<unsigned, 2> inputs;
    auto [lhs, rhs] = trained.sidesOf(value);
    for (unsigned side : {lhs, rhs})
      if (trained.isStep(side))
        inputs.push_back(way.first + side - operands);
      else if (std::optional<unsigned> operand = operandOf(side))
        inputs.push_back(*operand);
    return inputs;
  };
  for (unsigned value = operands; value <= last; ++value) {
    const StepFigures &step = trained.stepOf(value);
    way.fixedMacs += step.macs * Count(step.products());
    if (value == last) {
      way.macs = step.macs;
      way.written = step.result;
      way.inputs = inputsOf(value);
      break;
    }
    CheckpointValue own;
    own.bytes = trained.bytesOf(value);
    own.macs = step.macs;
    own.written = step.result;
    own.inputs = inputsOf(value);
    own.isNeeded = needed.test(value);
    problem.push_back(std::move(own));
  }
  way.end = problem.size();
  for (unsigned operand = 0; operand < operands; ++operand)
    if (needed.test(operand))
      if (std::optional<unsigned> number = operandOf(operand))
        way.needs.push_back(*number);
  return way;
}

//===----------------------------------------------------------------------===//
// The choice
//===----------------------------------------------------------------------===//

/// The front where every network has its first tree.
static CheckpointFront firstTreesFront(const CheckpointProblem &problem,
                                       size_t networks, Count &fixedMacs) {
  return CheckpointFront(
      withWays(problem, std::vector<unsigned>(networks, 0), fixedMacs));
}

FailureOr<TreeChoiceFigures>
conveinsum::chooseTrees(func::FuncOp function, func::FuncOp trial,
                        const CheckpointBudget &budget,
                        KnownTrainingTrees &known) {
  TreeChoiceFigures figures;
  FailureOr<std::vector<Network>> networks = findNetworks(function, known);
  if (failed(networks))
    return failure();
  for (const Network &network : *networks) {
    figures.trees += network.trees().size();
    figures.isExact &= network.found->exact;
  }

  FailureOr<Trial> run = runTrial(function, trial, *networks);
  if (failed(run))
    return failure();
  FailureOr<ForwardProblem> before = ForwardProblem::create(run->pair);
  if (failed(before))
    return failure();
  WaysProblem ways(*networks, *run, *before);
  const CheckpointProblem &problem = ways.problem;
  figures.isExact &= ways.readsAreFixed;

  Count fixedMacs;
  CheckpointFront first = firstTreesFront(problem, networks->size(), fixedMacs);
  CheckpointFront front(problem);
  // Shares are of what the trees of the fewest MACs keep, whatever is chosen.
  figures.budget = budget.bytesFor(first);
  std::optional<size_t> picked = front.pick(figures.budget);
  std::optional<size_t> pickedFirst = first.pick(figures.budget);
  if (!picked || !pickedFirst)
    return figures;
  CheckpointChoice choice = front.choice(*picked);
  figures.macsOfFirstTrees = fixedMacs + first.points()[*pickedFirst].macs;
  figures.keptBytes = choice.keptBytes;
  figures.macs = choice.macs;
  figures.error = front.error();
  // A front that was thinned out may have lost what that of fewer trees has.
  if (figures.macsOfFirstTrees < figures.macs) {
    choice.ways.assign(networks->size(), 0);
    figures.macs = figures.macsOfFirstTrees;
    figures.keptBytes = first.points()[*pickedFirst].keptBytes;
  }
  figures.networks = networks->size();
  for (auto [network, way] : llvm::zip_equal(*networks, choice.ways))
    network.op.setPlanAttr(
        PlanAttr::get(function.getContext(), Plan(network.trees()[way])));
  return figures;
}
