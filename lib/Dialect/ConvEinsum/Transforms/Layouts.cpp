//===- Layouts.cpp - The order of the dimensions of intermediates ---------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Asks the search of Plan/Layout for the steps of a function, and carries its
// answer out: equations and types of steps in the orders chosen, and copies,
// which are einsums of one operand.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/IR/TensorSizes.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "conveinsum/Plan/Layout/LayoutSearch.h"
#include "conveinsum/Plan/Request/PlanWords.h"
#include "llvm/ADT/MapVector.h"

using namespace mlir;
using namespace conveinsum;

/// The step's equation, if its layout can be chosen.
static std::optional<Equation> layoutEquation(EinsumOp op) {
  if (op.getInputs().empty() || op.getInputs().size() > 2)
    return std::nullopt;
  std::optional<Equation> equation =
      op.boundEquation([](const conveinsum::Fault &) {});
  if (!equation || !equation->hasStaticShapes())
    return std::nullopt;
  return equation;
}

/// The tensor as the search sees it.
static LayoutValue layoutValue(RankedTensorType type) {
  LayoutValue value;
  value.shape.assign(type.getShape().begin(), type.getShape().end());
  Type element = type.getElementType();
  if (auto complex = dyn_cast<ComplexType>(element)) {
    value.elementBytes = complex.getElementType().getIntOrFloatBitWidth() / 4;
    value.laneBits = 0;
    return value;
  }
  unsigned bits = element.getIntOrFloatBitWidth();
  value.elementBytes = std::max(bits / 8, 1u);
  // Narrow elements are computed in 32 bits.
  value.laneBits = std::max(bits, 32u);
  return value;
}

/// The dimensions of `items` in the order of the layout.
template <typename List>
static List reordered(const List &items, const Layout &layout) {
  List list;
  for (unsigned dim : layout)
    list.push_back(items[dim]);
  return list;
}

static RankedTensorType reordered(RankedTensorType type, const Layout &layout) {
  Shape shape(type.getShape());
  return RankedTensorType::get(reordered(shape, layout), type.getElementType(),
                               type.getEncoding());
}

namespace {
/// The steps of one function.
class FunctionLayouts {
public:
  explicit FunctionLayouts(const Machine &machine) {
    problem.machine = machine;
  }

  void collect(Operation *function);
  unsigned apply();

private:
  unsigned numberOf(mlir::Value value);
  mlir::Value copy(OpBuilder &builder, Location loc, mlir::Value value,
                   const Equation &equation, ArrayRef<ModeId> modes,
                   const Layout &from, const Layout &to);

  LayoutProblem problem;
  SmallVector<EinsumOp> ops;
  llvm::MapVector<mlir::Value, unsigned> numbers;
};
} // namespace

unsigned FunctionLayouts::numberOf(mlir::Value value) {
  auto [place, isNew] = numbers.try_emplace(value, problem.values.size());
  if (isNew)
    problem.values.push_back(
        layoutValue(cast<RankedTensorType>(value.getType())));
  return place->second;
}

void FunctionLayouts::collect(Operation *function) {
  llvm::SmallPtrSet<Operation *, 16> steps;
  function->walk([&](EinsumOp op) {
    if (std::optional<Equation> equation = layoutEquation(op)) {
      LayoutStep step{std::move(*equation), {}, 0};
      for (mlir::Value input : op.getInputs())
        step.operands.push_back(numberOf(input));
      step.result = numberOf(op.getResult());
      problem.steps.push_back(std::move(step));
      ops.push_back(op);
      steps.insert(op);
    }
    // A copy is one more tensor than the plan of a limit knows of.
    problem.mayCopy &=
        !nearestAttribute(op, planWord("memory-limit").attribute);
  });
  // What steps alone make and read is theirs.
  for (auto [value, number] : numbers)
    problem.values[number].isFixed =
        !steps.contains(value.getDefiningOp()) ||
        !llvm::all_of(value.getUsers(),
                      [&](Operation *user) { return steps.contains(user); });
}

/// The einsum that stores `value` in another order.
mlir::Value FunctionLayouts::copy(OpBuilder &builder, Location loc,
                                  mlir::Value value, const Equation &equation,
                                  ArrayRef<ModeId> modes, const Layout &from,
                                  const Layout &to) {
  if (from == to)
    return value;
  EquationParts whole = equation.parts(), parts;
  ModeList dims; // numbers of labels, by dimensions of the problem
  for (auto [dim, mode] : llvm::enumerate(modes)) {
    parts.labels.push_back(whole.labels[mode]);
    dims.push_back(ModeId(dim));
  }
  parts.isSpelledInWords = whole.isSpelledInWords;
  parts.operands.push_back(reordered(dims, from));
  parts.result = reordered(dims, to);
  parts.shapes.emplace_back(cast<RankedTensorType>(value.getType()).getShape());
  return EinsumOp::create(builder, loc, Equation::fromParts(std::move(parts)),
                          value);
}

unsigned FunctionLayouts::apply() {
  if (problem.steps.empty())
    return 0;
  LayoutPlan plan = chooseLayouts(problem);
  llvm::DenseMap<mlir::Value, mlir::Value> replaced;
  // Copies of operands by what is copied, in the block in which they stand.
  llvm::DenseMap<std::pair<Block *, mlir::Value>,
                 SmallVector<std::pair<Layout, mlir::Value>, 1>>
      copies;
  SmallVector<EinsumOp> old;
  for (auto [index, op] : llvm::enumerate(ops)) {
    const LayoutStep &step = problem.steps[index];
    ArrayRef<Layout> used = plan.steps[index];
    const Layout &stored = plan.values[step.result];
    const Layout usual = usualLayout(stored.size());
    OpBuilder builder(op);
    EquationParts parts = step.equation.parts();
    SmallVector<mlir::Value> inputs;
    bool isChanged = false;
    for (unsigned slot = 0; slot != step.operands.size(); ++slot) {
      mlir::Value input = op.getInputs()[slot];
      const Layout &from = plan.values[step.operands[slot]];
      isChanged |= used[slot] != from || from != usualLayout(from.size());
      mlir::Value read = replaced.lookup_or(input, input);
      if (used[slot] != from) {
        auto &known = copies[{op->getBlock(), input}];
        const Layout &wanted = used[slot];
        auto *found = llvm::find_if(
            known, [&](const auto &other) { return other.first == wanted; });
        if (found == known.end()) {
          known.push_back(
              {used[slot],
               copy(builder, op.getLoc(), read, step.equation,
                    step.equation.operandModes(slot), from, used[slot])});
          found = &known.back();
        }
        read = found->second;
      }
      inputs.push_back(read);
      parts.operands[slot] = reordered(parts.operands[slot], used[slot]);
      parts.shapes[slot] = reordered(parts.shapes[slot], used[slot]);
    }
    isChanged |= used.back() != usual || stored != usual;
    if (!isChanged)
      continue;
    parts.result = reordered(parts.result, used.back());
    auto type = cast<RankedTensorType>(op.getType());
    auto changed = EinsumOp::create(
        builder, op.getLoc(), reordered(type, used.back()),
        EquationAttr::get(op.getContext(),
                          Equation::fromParts(std::move(parts))),
        inputs, /*plan=*/nullptr);
    changed->setDiscardableAttrs(op->getDiscardableAttrDictionary());
    mlir::Value result = copy(builder, op.getLoc(), changed, step.equation,
                              step.equation.resultModes(), used.back(), stored);
    // Steps that read a value in another order look for it; all of its readers
    // do.
    if (stored == usual)
      op.getResult().replaceAllUsesWith(result);
    else
      replaced[op.getResult()] = result;
    old.push_back(op);
  }
  // Readers before what they read.
  for (EinsumOp op : llvm::reverse(old))
    op.erase();
  return old.size();
}

static bool isAskedFor(FunctionOpInterface function,
                       LayoutFunctions functions) {
  switch (functions) {
  case LayoutFunctions::All:
    return true;
  case LayoutFunctions::Untrained:
    for (unsigned k = 0, e = function.getNumArguments(); k != e; ++k)
      if (function.getArgAttr(k, kGradientAttr))
        return false;
    return true;
  case LayoutFunctions::Pairs:
    return function->hasAttr(kForwardAttr) || function->hasAttr(kBackwardAttr);
  }
  llvm_unreachable("all functions are handled");
}

unsigned conveinsum::chooseLayouts(Operation *root, const Machine &machine,
                                   LayoutFunctions functions) {
  unsigned numChanged = 0;
  root->walk<WalkOrder::PreOrder>([&](FunctionOpInterface function) {
    if (isAskedFor(function, functions)) {
      FunctionLayouts layouts(machine);
      layouts.collect(function);
      numChanged += layouts.apply();
    }
    return WalkResult::skip();
  });
  return numChanged;
}
