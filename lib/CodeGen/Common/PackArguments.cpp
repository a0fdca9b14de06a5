//===- PackArguments.cpp - Arguments of one role in one buffer ------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What one function computes for another is private to the two: callers see one
// buffer of bytes. Both sides list the same types in the same order, so both
// find everything at the same place. Callers count what is kept to the byte, so
// nothing lies between the values: those whose sizes are the roundest come
// first, which leaves every one as aligned as its own size is round.
//
//===----------------------------------------------------------------------===//

#include "BufferRoots.h"
#include "conveinsum/CodeGen/Common/Passes.h"
#include "conveinsum/Dialect/ConvEinsum/IR/TensorSizes.h"
#include "conveinsum/Runtime/Tensor.h"
#include "mlir/Analysis/DataLayoutAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/Support/CheckedArithmetic.h"

namespace conveinsum {
#define GEN_PASS_DEF_CONVEINSUMPACKARGUMENTS
#include "conveinsum/CodeGen/Common/Passes.h.inc"
} // namespace conveinsum

using namespace conveinsum;
using namespace mlir;

/// The role of argument `number`; empty if it has none.
static StringRef roleOf(func::FuncOp func, unsigned number) {
  auto role = func.getArgAttrOfType<StringAttr>(number, kRoleAttr);
  return role ? role.getValue() : StringRef();
}

/// The roles that `func` takes a buffer for, in the order of these: what is
/// prepared stands last, wherever it is named.
static FailureOr<SmallVector<StringRef>> rolesOf(func::FuncOp func) {
  SmallVector<StringRef> roles;
  Attribute attribute = func->getAttr(kPacksAttr);
  auto list = dyn_cast_or_null<ArrayAttr>(attribute);
  if (attribute && !list)
    return func.emitOpError("expected '")
           << kPacksAttr << "' to be an array of strings, got " << attribute;
  for (Attribute element : list ? list.getValue() : ArrayRef<Attribute>()) {
    auto role = dyn_cast<StringAttr>(element);
    if (!role)
      return func.emitOpError("expected '")
             << kPacksAttr << "' to be an array of strings, got " << attribute;
    roles.push_back(role.getValue());
  }
  for (unsigned k = 0, e = func.getNumArguments(); k != e; ++k) {
    Attribute role = func.getArgAttr(k, kRoleAttr);
    if (role && !isa<StringAttr>(role))
      return func.emitOpError("expected '")
             << kRoleAttr << "' of argument " << k << " to be a string, got "
             << role;
    if (role && roleOf(func, k) != kCotangentRole &&
        !llvm::is_contained(roles, roleOf(func, k)))
      return func.emitOpError("expected role ")
             << role << " of argument " << k << " in '" << kPacksAttr << "'";
  }
  auto prepared = llvm::find(roles, kPreparedRole);
  if (prepared != roles.end())
    std::rotate(prepared, prepared + 1, roles.end());
  return roles;
}

/// Where the buffer of `role` stands among the arguments: what a forward
/// function has kept is read beside the cotangents, before gradients are
/// written.
static unsigned placeOf(func::FuncOp func, StringRef role) {
  unsigned last = func.getNumArguments();
  if (role == kKeptRole)
    for (unsigned k : llvm::reverse(llvm::seq(last)))
      if (roleOf(func, k) == kCotangentRole)
        return k + 1;
  return last;
}

static int64_t bytesOf(Value argument, const DataLayout &layout) {
  auto type = cast<MemRefType>(argument.getType());
  return type.getNumElements() *
         int64_t(layout.getTypeSize(type.getElementType()).getFixedValue());
}

/// The largest power of two that divides `bytes`, up to what buffers are
/// aligned to. No less than the alignment of the elements.
static int64_t roundness(int64_t bytes) {
  return bytes == 0 ? kBufferAlignment
                    : std::min<int64_t>(bytes & -bytes, kBufferAlignment);
}

/// The arguments of `role` in the order in which they lie in its buffer.
static FailureOr<SmallVector<unsigned>>
argumentsOf(func::FuncOp func, StringRef role, const DataLayout &layout) {
  SmallVector<unsigned> arguments;
  for (unsigned k = 0, e = func.getNumArguments(); k != e; ++k) {
    if (roleOf(func, k) != role)
      continue;
    auto type = dyn_cast<MemRefType>(func.getArgument(k).getType());
    if (!type || !type.hasStaticShape() || !type.getLayout().isIdentity())
      return func.emitOpError("expected argument ")
             << k << " of role '" << role
             << "' to be a dense buffer of static shape, got "
             << func.getArgument(k).getType();
    arguments.push_back(k);
  }
  auto key = [&](unsigned k) {
    return std::pair(-roundness(bytesOf(func.getArgument(k), layout)), k);
  };
  llvm::sort(arguments,
             [&](unsigned a, unsigned b) { return key(a) < key(b); });
  return arguments;
}

/// Replaces the arguments of `role` by views of a new argument; returns how
/// many there were.
static FailureOr<unsigned> pack(func::FuncOp func, StringRef role,
                                const DataLayout &layout) {
  FailureOr<SmallVector<unsigned>> numbers = argumentsOf(func, role, layout);
  if (failed(numbers))
    return failure();
  SmallVector<BlockArgument> arguments;
  for (unsigned number : *numbers)
    arguments.push_back(func.getArgument(number));
  SmallVector<int64_t> offsets;
  int64_t bytes = 0;
  for (BlockArgument argument : arguments) {
    offsets.push_back(bytes);
    std::optional<int64_t> sum =
        llvm::checkedAdd(bytes, bytesOf(argument, layout));
    if (!sum || uint64_t(*sum) > kMaxTensorBytes)
      return func.emitOpError("expected the buffer of role '")
             << role << "' to have at most 2^62 bytes";
    bytes = *sum;
  }

  OpBuilder builder(func.getContext());
  unsigned place = placeOf(func, role);
  if (failed(func.insertArgument(
          place, MemRefType::get({bytes}, builder.getI8Type()),
          bufferArgumentAttrs(func.getContext()), func.getLoc())))
    return failure();
  builder.setInsertionPointToStart(&func.getBody().front());
  BitVector packed(func.getNumArguments());
  for (auto [argument, offset] : llvm::zip_equal(arguments, offsets)) {
    Value at =
        arith::ConstantIndexOp::create(builder, argument.getLoc(), offset);
    argument.replaceAllUsesWith(memref::ViewOp::create(
        builder, argument.getLoc(), cast<MemRefType>(argument.getType()),
        func.getArgument(place), at, ValueRange()));
    packed.set(argument.getArgNumber());
  }
  if (failed(func.eraseArguments(packed)))
    return failure();
  func->setAttr(packedBytesAttr(role), builder.getI64IntegerAttr(bytes));
  return unsigned(offsets.size());
}

namespace {
struct PackArgumentsPass
    : public conveinsum::impl::ConvEinsumPackArgumentsBase<PackArgumentsPass> {
  void runOnOperation() override {
    if (failed(verifyTensorSizes(getOperation())))
      return signalPassFailure();
    getOperation().walk([&](func::FuncOp func) {
      if (failed(convert(func))) {
        signalPassFailure();
        return WalkResult::interrupt();
      }
      return WalkResult::skip();
    });
  }

private:
  LogicalResult convert(func::FuncOp func) {
    FailureOr<SmallVector<StringRef>> roles = rolesOf(func);
    if (failed(roles))
      return failure();
    if (roles->empty())
      return success();
    if (func.isExternal() || func.getNumResults() != 0)
      return func.emitOpError("expected a body and out-parameters, as "
                              "conveinsum-bufferize makes them, where '")
             << kPacksAttr << "' stands";
    auto module = func->getParentOfType<ModuleOp>();
    WalkResult calls = module.walk([&](func::CallOp call) {
      if (call.getCallee() != func.getName())
        return WalkResult::advance();
      call.emitOpError("expected no call of a function that packs arguments, "
                       "got one of @")
          << call.getCallee();
      return WalkResult::interrupt();
    });
    if (calls.wasInterrupted())
      return failure();
    DataLayout layout(module);
    for (StringRef role : *roles) {
      FailureOr<unsigned> count = pack(func, role, layout);
      if (failed(count))
        return failure();
      numPacked += *count;
    }
    return success();
  }
};
} // namespace
