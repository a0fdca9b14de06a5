//===- NetworkChecker.cpp - Random equations, compiled and run ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sets of operands are bit masks here. The value of a set is the definition of
// one of its splits, drawn at random, applied to the values of both sides: the
// layouts of values change from seed to seed, and every value was rounded to
// the type in which it would be stored.
//
//===----------------------------------------------------------------------===//

#include "NetworkChecker.h"
#include "Equation/RandomEquation.h"
#include "GuardedCall.h"
#include "conveinsum/Check/Fill.h"
#include "conveinsum/Check/FunctionTable.h"
#include "conveinsum/Check/Reference.h"
#include "conveinsum/Equation/GeometryText.h"
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <set>

using namespace conveinsum;
using namespace conveinsum::test;

CheckSummary &CheckSummary::operator+=(const CheckSummary &other) {
  equations += other.equations;
  splits += other.splits;
  steps += other.steps;
  trees += other.trees;
  faults.insert(faults.end(), other.faults.begin(), other.faults.end());
  return *this;
}

std::pair<ElementType, ElementType> test::typesInTurn(uint64_t seed) {
  using Pair = std::pair<ElementType, ElementType>;
  static const Pair pairs[] = {{ElementType::F32, ElementType::F32},
                               {ElementType::F16, ElementType::F16},
                               {ElementType::BF16, ElementType::BF16},
                               {ElementType::C64, ElementType::C64},
                               {ElementType::C128, ElementType::C128},
                               {ElementType::I8, ElementType::I8},
                               {ElementType::I16, ElementType::I16},
                               {ElementType::I32, ElementType::I32},
                               {ElementType::I64, ElementType::I64},
                               {ElementType::I8, ElementType::I32},
                               {ElementType::I16, ElementType::I64},
                               {ElementType::BF16, ElementType::F32},
                               {ElementType::F16, ElementType::F64},
                               {ElementType::F32, ElementType::F64},
                               {ElementType::C64, ElementType::C128}};
  return seed % 2 == 0 ? Pair(ElementType::F64, ElementType::F64)
                       : pairs[seed / 2 % std::size(pairs)];
}

/// Ends the test: the generator, not the compiler, is at fault.
[[noreturn]] static void abandon(uint64_t seed, const std::string &message) {
  std::fprintf(stderr, "seed %llu: %s\n", static_cast<unsigned long long>(seed),
               message.c_str());
  std::abort();
}

/// An equation with its relations and the types of its tensors, on one line.
static std::string describe(const Equation &equation,
                            llvm::ArrayRef<ElementType> operands,
                            ElementType result) {
  std::string text = equation.text();
  for (const LinearRelation &relation : equation.relations())
    text += " [" + equation.label(relation.mode).str() + ": " +
            equation.relationText(relation) +
            ", E = " + std::to_string(relation.resultExtent) + "]";
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    text += " " + toString(equation.operandShape(k)) + ":" +
            std::string(name(operands[k]));
  return text + " -> " + toString(equation.resultShape()) + ":" +
         std::string(name(result));
}

static Equation drawEquation(uint64_t seed) {
  RandomEquation drawn = randomEquation(seed);
  std::optional<Equation> equation = Equation::create(
      drawn.text, drawn.geometry, drawn.shapes, [&](const Fault &diagnostic) {
        abandon(seed, renderDiagnostic(diagnostic, drawn.text));
      });
  return std::move(*equation);
}

/// One of the fills of the equation, which the seed decides.
static Fill fillInTurn(const Equation &equation, const CheckRequest &request) {
  std::vector<Fill> fills = Fill::all(equation, request.operandType);
  return fills[SplitMix64(request.seed).between(0, int64_t(fills.size()) - 1)];
}

/// A random tree: any shape, and either side first.
static ContractionTree drawTree(unsigned numOperands, Count rank,
                                SplitMix64 &random) {
  ContractionTree tree = treeOfRank(numOperands, rank);
  llvm::SmallVector<ContractionTree::Step> steps(tree.steps());
  for (ContractionTree::Step &step : steps)
    if (random.oneIn(2))
      std::swap(step.first, step.second);
  return ContractionTree(numOperands, steps);
}

namespace {
/// One equation: first it adds its functions to the table, then it calls them.
class NetworkCheck {
public:
  NetworkCheck(const CheckRequest &request, FunctionTable &functions);

  /// Calls what was added and adds to the summary.
  void run(CheckSummary &summary);

private:
  using Mask = unsigned;
  struct Split {
    Mask joined, left, right;
    unsigned function;
  };
  struct Tree {
    ContractionTree tree;
    unsigned function;
  };

  Mask full() const { return (Mask(1) << equation.numOperands()) - 1; }
  static bool isLeaf(Mask set) { return (set & (set - 1)) == 0; }
  /// The type in which the value of a set is stored.
  ElementType typeOf(Mask set) const;

  void addSplits();
  void addTrees(unsigned count);

  Tensor allocate(ElementType type, llvm::ArrayRef<int64_t> shape) const;
  void runSplit(const Split &split, const Reference &whole,
                CheckSummary &summary);
  void runTree(const Tree &tree, const Reference &whole, CheckSummary &summary);
  /// Calls a function and compares its result with each of the references.
  void check(unsigned function, llvm::ArrayRef<const Tensor *> operands,
             Tensor &result, llvm::ArrayRef<const Reference *> references,
             const llvm::Twine &what, CheckSummary &summary);

  CheckRequest request;
  FunctionTable &functions;
  Equation equation;
  SplitMix64 random;
  std::vector<SetValue> values; ///< by set; complete if splits are asked for
  std::vector<std::optional<Tensor>>
      tensors;               ///< the evaluator's values, by set
  std::vector<Split> splits; ///< of the smaller sets first
  std::vector<Tree> trees;
  std::optional<unsigned> onlyOperand; ///< the function of a lone operand
  std::string_view fillName;
};
} // namespace

NetworkCheck::NetworkCheck(const CheckRequest &request,
                           FunctionTable &functions)
    : request(request), functions(functions),
      equation(drawEquation(request.seed)), random(request.seed),
      values(full() + 1), tensors(full() + 1) {
  if (equation.numOperands() == 1) {
    onlyOperand =
        request.splits
            ? functions.addStep(equation, {request.operandType},
                                request.resultType)
            : functions.addNetwork(equation, {request.operandType},
                                   request.resultType, ContractionTree(1, {}));
    return;
  }
  if (request.splits)
    addSplits();
  addTrees(request.trees);
}

ElementType NetworkCheck::typeOf(Mask set) const {
  if (isLeaf(set))
    return request.operandType;
  return set == full()
             ? request.resultType
             : intermediateType(request.operandType, request.resultType);
}

void NetworkCheck::addSplits() {
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    values[Mask(1) << k] = equation.leaf(k);
  for (Mask joined = 1; joined <= full(); ++joined) {
    if (isLeaf(joined))
      continue;
    llvm::SmallVector<std::pair<Mask, Mask>> sides;
    for (Mask left = (joined - 1) & joined; left != 0;
         left = (left - 1) & joined)
      if (Mask right = joined ^ left; left < right)
        sides.push_back(random.oneIn(2) ? std::pair(left, right)
                                        : std::pair(right, left));
    // The first split makes the value.
    random.shuffle(sides);
    values[joined] =
        equation.join(values[sides[0].first], values[sides[0].second]);
    for (auto [left, right] : sides) {
      Equation step = equation.step(values[left], values[right]);
      splits.push_back({joined, left, right,
                        functions.addStep(step, {typeOf(left), typeOf(right)},
                                          typeOf(joined))});
    }
  }
}

void NetworkCheck::addTrees(unsigned count) {
  Count ranks = numberOfTrees(equation.numOperands());
  std::set<Count> taken;
  while (taken.size() < std::min(Count(count), ranks))
    taken.insert(Count(random.between(0, int64_t(ranks.word()) - 1)));
  llvm::SmallVector<ElementType> types(equation.numOperands(),
                                       request.operandType);
  for (Count rank : taken) {
    ContractionTree tree = drawTree(equation.numOperands(), rank, random);
    unsigned function =
        functions.addNetwork(equation, types, request.resultType, tree);
    trees.push_back({std::move(tree), function});
  }
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

Tensor NetworkCheck::allocate(ElementType type,
                              llvm::ArrayRef<int64_t> shape) const {
  Fallible<Tensor> tensor = Tensor::allocate(type, shape.vec());
  if (!tensor)
    abandon(request.seed, tensor.message());
  return std::move(*tensor);
}

void NetworkCheck::check(unsigned function,
                         llvm::ArrayRef<const Tensor *> operands,
                         Tensor &result,
                         llvm::ArrayRef<const Reference *> references,
                         const llvm::Twine &what, CheckSummary &summary) {
  auto side =
      random.oneIn(2) ? GuardedBuffer::Side::Above : GuardedBuffer::Side::Below;
  const CompiledFunction *code = functions.find(function);
  std::string fault =
      code ? callGuarded(*code, operands, side, result) : "not compiled";
  for (const Reference *reference : references) {
    if (!fault.empty())
      break;
    Comparison comparison = reference->compare(result);
    if (!comparison.passed)
      fault = missText(comparison);
  }
  if (fault.empty())
    return;
  llvm::SmallVector<ElementType> types(equation.numOperands(),
                                       request.operandType);
  summary.faults.push_back("seed " + std::to_string(request.seed) + ", fill '" +
                           std::string(fillName) + "', " + what.str() + ": " +
                           fault + ": " +
                           describe(equation, types, request.resultType));
}

void NetworkCheck::runSplit(const Split &split, const Reference &whole,
                            CheckSummary &summary) {
  const Tensor *sides[] = {&*tensors[split.left], &*tensors[split.right]};
  Equation step = equation.step(values[split.left], values[split.right]);
  Reference reference(step, sides,
                      ElementTypes{sides[0]->type(), typeOf(split.joined)});
  Tensor result = allocate(typeOf(split.joined), step.resultShape());
  llvm::SmallVector<const Reference *> references = {&reference};
  if (split.joined == full())
    references.push_back(&whole);
  check(split.function, sides, result, references,
        "step " + describe(step, {sides[0]->type(), sides[1]->type()},
                           typeOf(split.joined)),
        summary);
  ++summary.splits;
  if (!tensors[split.joined]) {
    reference.write(result);
    tensors[split.joined] = std::move(result);
  }
}

void NetworkCheck::runTree(const Tree &tree, const Reference &whole,
                           CheckSummary &summary) {
  llvm::SmallVector<const Tensor *> operands;
  for (unsigned k = 0; k < equation.numOperands(); ++k)
    operands.push_back(&*tensors[Mask(1) << k]);
  Tensor result = allocate(request.resultType, equation.resultShape());
  check(tree.function, operands, result, {&whole},
        "tree " + tree.tree.treeText(), summary);
  ++summary.trees;
}

void NetworkCheck::run(CheckSummary &summary) {
  llvm::SmallVector<const Tensor *> operands;
  const Fill fill = fillInTurn(equation, request);
  fillName = name(fill.kind());
  for (unsigned k = 0; k < equation.numOperands(); ++k) {
    std::optional<Tensor> &operand = tensors[Mask(1) << k];
    operand = allocate(request.operandType, equation.operandShape(k));
    fill.apply(*operand, k);
    operands.push_back(&*operand);
  }
  Reference whole(equation, operands,
                  ElementTypes{request.operandType, request.resultType});
  ++summary.equations;
  if (onlyOperand) {
    Tensor result = allocate(request.resultType, equation.resultShape());
    check(*onlyOperand, operands, result, {&whole}, "the whole", summary);
    summary.splits += request.splits;
    summary.trees += request.trees > 0;
  }
  for (const Split &split : splits)
    runSplit(split, whole, summary);
  for (const Tree &tree : trees)
    runTree(tree, whole, summary);
}

CheckSummary test::checkNetworks(llvm::ArrayRef<CheckRequest> requests,
                                 Driver &driver) {
  FunctionTable functions;
  CheckSummary summary;
  std::deque<NetworkCheck> checks;
  for (const CheckRequest &request : requests)
    checks.emplace_back(request, functions);
  functions.compile(driver, [&](unsigned function, const Fault &fault) {
    const FunctionSpec &spec = functions.spec(function);
    summary.faults.push_back(
        "not compiled: " + fault.message + ": " +
        describe(spec.equation, spec.operandTypes, spec.resultType));
    return true;
  });
  for (NetworkCheck &check : checks)
    check.run(summary);
  summary.steps = functions.numSteps();
  return summary;
}
