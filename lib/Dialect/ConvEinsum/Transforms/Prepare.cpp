//===- Prepare.cpp - Work on constants, done once -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function with constant arguments is cut in two. Ops of its body without
// effects that read constants only are prepared; all others remain. What cuts
// across is a tensor: scalars that are read from prepared tensors are computed
// where they are needed, and so is what depends on no argument at all.
//
//===----------------------------------------------------------------------===//

#include "PreparedLayout.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/Transforms/Transforms.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Remarks.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace conveinsum;

/// Calls `visit` with every value from outside of `op` that `op` reads.
static void forEachRead(Operation *op,
                        llvm::function_ref<void(mlir::Value)> visit) {
  for (mlir::Value operand : op->getOperands())
    visit(operand);
  llvm::SetVector<mlir::Value> captured;
  getUsedValuesDefinedAbove(op->getRegions(), captured);
  for (mlir::Value value : captured)
    visit(value);
}

namespace {
/// Where the ops of a function's body go.
class Split {
public:
  explicit Split(func::FuncOp function) : function(function) {}

  /// Finds the cut; reports constants that cannot cross it.
  LogicalResult find();
  /// Creates `@f_prepare` before the function.
  func::FuncOp createPrepare(SymbolTable &symbols);
  /// Makes the function read what is prepared.
  void rewriteFunction();

  unsigned numPreparedOps() const { return preparedOps.size(); }
  unsigned numPreparedValues() const { return crossing.size(); }

private:
  bool isConstantArgument(unsigned number) {
    return function.getArgAttr(number, kConstantAttr) != nullptr;
  }
  Block &body() { return function.getBody().front(); }
  void classify();
  LogicalResult read(mlir::Value value);
  /// Reports a group of steps that the cut would tear apart.
  LogicalResult checkGroups();
  void collectPreparedOps();
  void packs(func::FuncOp op);

  func::FuncOp function;
  /// Values that depend on constants, and on nothing else that varies.
  llvm::DenseSet<mlir::Value> constants;
  /// Values that depend on no argument.
  llvm::DenseSet<mlir::Value> literals;
  /// Ops at the top of the body that stay in the function.
  llvm::SetVector<Operation *> remaining;
  /// What remaining ops read of the prepared ones, in the order of the reads.
  llvm::SetVector<mlir::Value> crossing;
  /// What `@f_prepare` computes, in the order of the body.
  SmallVector<Operation *> preparedOps;
};
} // namespace

void Split::classify() {
  for (unsigned k = 0, e = function.getNumArguments(); k != e; ++k)
    if (isConstantArgument(k))
      constants.insert(function.getArgument(k));
  for (Operation &op : body()) {
    bool varies =
        op.hasTrait<OpTrait::IsTerminator>() || !isMemoryEffectFree(&op);
    bool isConstant = false;
    forEachRead(&op, [&](mlir::Value value) {
      isConstant |= constants.contains(value);
      varies |= !constants.contains(value) && !literals.contains(value);
    });
    if (varies)
      remaining.insert(&op);
    else
      (isConstant ? constants : literals)
          .insert(op.result_begin(), op.result_end());
  }
}

/// Sees to it that remaining ops can read `value`.
LogicalResult Split::read(mlir::Value value) {
  if (literals.contains(value)) {
    remaining.insert(value.getDefiningOp());
    return success();
  }
  if (!constants.contains(value))
    return success();
  if (isa<RankedTensorType>(value.getType())) {
    crossing.insert(value);
    return success();
  }
  if (Operation *op = value.getDefiningOp()) {
    remaining.insert(op);
    return success();
  }
  return function.emitOpError()
         << "cannot be prepared: expected constant argument "
         << cast<BlockArgument>(value).getArgNumber()
         << " to be a ranked tensor, got " << value.getType();
}

void Split::collectPreparedOps() {
  llvm::DenseSet<mlir::Value> needed(crossing.begin(), crossing.end());
  for (Operation &op : llvm::reverse(body())) {
    if (llvm::none_of(op.getResults(), [&](mlir::Value value) {
          return needed.contains(value);
        }))
      continue;
    bool isOurs = llvm::all_of(op.getResults(), [&](mlir::Value value) {
      return constants.contains(value) || literals.contains(value);
    });
    assert(isOurs && "what is prepared reads what is prepared");
    (void)isOurs;
    preparedOps.push_back(&op);
    forEachRead(&op, [&](mlir::Value value) { needed.insert(value); });
  }
  std::reverse(preparedOps.begin(), preparedOps.end());
}

LogicalResult Split::checkGroups() {
  llvm::SmallDenseSet<int64_t> prepared;
  for (Operation *op : preparedOps)
    if (auto group = op->getAttrOfType<IntegerAttr>(kGroupAttr))
      prepared.insert(group.getInt());
  for (Operation *op : remaining)
    if (auto group = op->getAttrOfType<IntegerAttr>(kGroupAttr))
      if (prepared.contains(group.getInt()))
        return function.emitOpError()
               << "cannot be prepared: expected the steps of a group to depend "
                  "on constants alone, or none of them, got both in group "
               << group.getInt();
  return success();
}

LogicalResult Split::find() {
  classify();
  // Remaining ops grow while they are gone through.
  for (size_t i = 0; i < remaining.size(); ++i) {
    LogicalResult ok = success();
    forEachRead(remaining[i], [&](mlir::Value value) {
      if (succeeded(ok))
        ok = read(value);
    });
    if (failed(ok))
      return failure();
  }
  collectPreparedOps();
  for (mlir::Value value : crossing)
    layOutPrepared(value);
  return checkGroups();
}

/// Names the role of all that the function takes in one buffer.
void Split::packs(func::FuncOp op) {
  Builder builder(op.getContext());
  SmallVector<Attribute> roles;
  if (auto there = op->getAttrOfType<ArrayAttr>(kPacksAttr))
    roles.append(there.begin(), there.end());
  roles.push_back(builder.getStringAttr(kPreparedRole));
  op->setAttr(kPacksAttr, builder.getArrayAttr(roles));
}

func::FuncOp Split::createPrepare(SymbolTable &symbols) {
  OpBuilder builder(function.getContext());
  IRMapping mapping;
  SmallVector<mlir::Value> from;
  SmallVector<Type> inputs, results;
  SmallVector<DictionaryAttr> attributes;
  for (unsigned k = 0, e = function.getNumArguments(); k != e; ++k) {
    if (!isConstantArgument(k))
      continue;
    from.push_back(function.getArgument(k));
    inputs.push_back(from.back().getType());
    NamedAttrList list(function.getArgAttrDict(k));
    list.erase(kConstantAttr);
    list.set(kOperandAttr, builder.getI64IntegerAttr(k));
    attributes.push_back(list.getDictionary(function.getContext()));
  }
  for (mlir::Value value : crossing)
    results.push_back(value.getType());

  auto prepare = func::FuncOp::create(function.getLoc(),
                                      (function.getName() + "_prepare").str(),
                                      builder.getFunctionType(inputs, results));
  prepare->setDiscardableAttrs(function->getDiscardableAttrDictionary());
  prepare->setAttr(kPreparesAttr, FlatSymbolRefAttr::get(function));
  packs(prepare);
  prepare.setAllArgAttrs(attributes);
  for (unsigned k = 0; k < results.size(); ++k)
    prepare.setResultAttr(k, kRoleAttr, builder.getStringAttr(kPreparedRole));
  symbols.insert(prepare, Block::iterator(function));

  Block *block = prepare.addEntryBlock();
  mapping.map(from, block->getArguments());
  builder.setInsertionPointToStart(block);
  for (Operation *op : preparedOps)
    builder.clone(*op, mapping);
  SmallVector<mlir::Value> returned;
  for (mlir::Value value : crossing)
    returned.push_back(mapping.lookup(value));
  func::ReturnOp::create(builder, function.getLoc(), returned);
  return prepare;
}

void Split::rewriteFunction() {
  Builder builder(function.getContext());
  auto role = builder.getDictionaryAttr(
      builder.getNamedAttr(kRoleAttr, builder.getStringAttr(kPreparedRole)));
  BitVector gone(function.getNumArguments());
  for (unsigned k = 0, e = function.getNumArguments(); k != e; ++k) {
    if (isConstantArgument(k))
      gone.set(k);
    else
      function.setArgAttr(k, kOperandAttr, builder.getI64IntegerAttr(k));
  }
  for (mlir::Value value : crossing) {
    unsigned number = function.getNumArguments();
    LogicalResult inserted =
        function.insertArgument(number, value.getType(), role, value.getLoc());
    assert(succeeded(inserted) && "a func.func takes more arguments");
    (void)inserted;
    value.replaceUsesWithIf(function.getArgument(number), [&](OpOperand &use) {
      return remaining.contains(body().findAncestorOpInBlock(*use.getOwner()));
    });
  }
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(body())))
    if (!remaining.contains(&op))
      op.erase();
  gone.resize(function.getNumArguments());
  LogicalResult erased = function.eraseArguments(gone);
  assert(succeeded(erased) && "prepared ops were the only readers");
  (void)erased;
  packs(function);
}

/// Whether a function with constant arguments can be cut.
static LogicalResult checkFunction(FunctionOpInterface function,
                                   Operation *root,
                                   SymbolTableCollection &tables) {
  auto refuse = [&](const Twine &what) {
    return function.emitOpError() << "cannot be prepared: expected " << what;
  };
  auto func = dyn_cast<func::FuncOp>(function.getOperation());
  if (!func)
    return refuse("constant arguments of func.func only");
  if (func.isExternal())
    return refuse("a body, got a declaration");
  if (!func.getBody().hasOneBlock())
    return refuse("a body of one block, got " +
                  Twine(func.getBody().getBlocks().size()));
  Operation *parent = SymbolTable::getNearestSymbolTable(func->getParentOp());
  if (!parent || !root->isAncestor(parent))
    return refuse("to run on what holds the function, not on it alone");
  if (!func.isPublic())
    return refuse("a public function, which has callers outside");
  std::string name = (func.getName() + "_prepare").str();
  if (tables.getSymbolTable(parent).lookup(name))
    return refuse("no symbol @" + name + " beside it");
  if (!SymbolTable::symbolKnownUseEmpty(func, parent))
    return refuse("no uses of a function that takes what is prepared");
  return success();
}

FailureOr<unsigned> conveinsum::prepareFunctions(Operation *root) {
  SmallVector<FunctionOpInterface> functions;
  root->walk([&](FunctionOpInterface function) {
    for (unsigned k = 0, e = function.getNumArguments(); k != e; ++k)
      if (function.getArgAttr(k, kConstantAttr))
        return functions.push_back(function);
  });
  SymbolTableCollection tables;
  for (FunctionOpInterface function : functions) {
    if (failed(checkFunction(function, root, tables)))
      return failure();
    auto func = cast<func::FuncOp>(function.getOperation());
    Split split(func);
    if (failed(split.find()))
      return failure();
    split.createPrepare(tables.getSymbolTable(
        SymbolTable::getNearestSymbolTable(func->getParentOp())));
    split.rewriteFunction();
    remark::passed(func.getLoc(), remark::RemarkOpts::name("prepared")
                                      .category("conveinsum-prepare")
                                      .function(func.getName()))
        << remark::metric("ops", std::to_string(split.numPreparedOps()))
        << remark::metric("values", std::to_string(split.numPreparedValues()));
  }
  return unsigned(functions.size());
}
