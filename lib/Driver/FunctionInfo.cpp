//===- FunctionInfo.cpp - What a compiled function takes ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions are described while their arguments are tensors and say what they
// are; the sizes of their buffers follow when they are on buffers.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Driver/FunctionInfo.h"
#include "MachineCode.h"
#include "conveinsum/Dialect/ConvEinsum/IR/AttributeNames.h"
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include <map>

using namespace conveinsum;
using llvm::StringRef;
using mlir::func::FuncOp;

StringRef conveinsum::name(FunctionRole role) {
  switch (role) {
  case FunctionRole::Run:
    return "run";
  case FunctionRole::Prepare:
    return "prepare";
  case FunctionRole::Forward:
    return "forward";
  case FunctionRole::Backward:
    return "backward";
  }
  llvm_unreachable("all roles are handled");
}

StringRef conveinsum::name(ArgumentRole role) {
  switch (role) {
  case ArgumentRole::Operand:
    return "operand";
  case ArgumentRole::Out:
    return "out";
  case ArgumentRole::Prepared:
    return "prepared";
  case ArgumentRole::Kept:
    return "kept";
  case ArgumentRole::Cotangent:
    return "cotangent";
  case ArgumentRole::Gradient:
    return "gradient";
  case ArgumentRole::Workspace:
    return "workspace";
  }
  llvm_unreachable("all roles are handled");
}

std::optional<ArgumentRole> conveinsum::parseArgumentRole(StringRef word) {
  for (unsigned role = 0; role <= unsigned(ArgumentRole::Workspace); ++role)
    if (word == name(ArgumentRole(role)))
      return ArgumentRole(role);
  return std::nullopt;
}

uint64_t FunctionInfo::bytesOf(ArgumentRole role) const {
  uint64_t bytes = 0;
  for (const ArgumentInfo &argument : arguments)
    if (argument.role == role)
      bytes += argument.bytes;
  return bytes;
}

const FunctionInfo *
conveinsum::findFunction(llvm::ArrayRef<FunctionInfo> functions,
                         FunctionRole role) {
  for (const FunctionInfo &function : functions)
    if (function.role == role)
      return &function;
  return nullptr;
}

Count conveinsum::bytesAtOnce(llvm::ArrayRef<FunctionInfo> functions) {
  // What several functions take is one buffer for all of them.
  std::map<std::pair<ArgumentRole, std::string>, uint64_t> buffers;
  for (const FunctionInfo &function : functions)
    for (const ArgumentInfo &argument : function.arguments) {
      uint64_t &bytes = buffers[{argument.role, argument.name}];
      bytes = std::max(bytes, argument.bytes);
    }
  Count sum = 0;
  for (const auto &[buffer, bytes] : buffers)
    sum += bytes;
  return sum;
}

//===----------------------------------------------------------------------===//
// From IR
//===----------------------------------------------------------------------===//

static FunctionRole roleOf(FuncOp function) {
  if (function->hasAttr(kPreparesAttr))
    return FunctionRole::Prepare;
  if (function->hasAttr(kBackwardAttr))
    return FunctionRole::Forward;
  if (function->hasAttr(kForwardAttr))
    return FunctionRole::Backward;
  return FunctionRole::Run;
}

/// What an attribute says of the operand, or the position if none does.
static unsigned operandOf(mlir::Attribute attribute, unsigned position) {
  auto operand = mlir::dyn_cast_or_null<mlir::IntegerAttr>(attribute);
  return operand ? unsigned(operand.getInt()) : position;
}

/// `name`, with a number where there are several of the kind.
static std::string numbered(StringRef name, unsigned number, bool isOne) {
  return isOne ? name.str() : (name + llvm::Twine(number)).str();
}

namespace {
/// Describes the arguments of one function in the order that code generation
/// gives them.
class Description {
public:
  Description(FuncOp function, const mlir::DataLayout &layout)
      : function(function), layout(layout) {
    info.name = function.getName().str();
    info.role = roleOf(function);
    if (auto macs = function->getAttrOfType<mlir::IntegerAttr>(kMacsAttr))
      info.macs = Count(macs.getValue());
  }

  FunctionInfo describe() {
    addInputs();
    // Where conveinsum-pack-arguments puts it.
    bool isBackward = info.role == FunctionRole::Backward;
    if (isBackward && packs(kKeptRole))
      addBuffer(ArgumentRole::Kept, /*isConst=*/true);
    addResults();
    if (!isBackward && packs(kKeptRole))
      addBuffer(ArgumentRole::Kept, /*isConst=*/false);
    if (packs(kPreparedRole))
      addBuffer(ArgumentRole::Prepared, info.role != FunctionRole::Prepare);
    addBuffer(ArgumentRole::Workspace, /*isConst=*/false);
    return std::move(info);
  }

private:
  bool packs(StringRef role) const {
    auto roles = function->getAttrOfType<mlir::ArrayAttr>(kPacksAttr);
    return roles && llvm::any_of(roles, [&](mlir::Attribute word) {
             auto text = mlir::dyn_cast<mlir::StringAttr>(word);
             return text && text.getValue() == role;
           });
  }
  bool isCotangent(unsigned argument) {
    auto role =
        function.getArgAttrOfType<mlir::StringAttr>(argument, kRoleAttr);
    return role && role.getValue() == kCotangentRole;
  }

  void addInputs() {
    unsigned cotangents = 0, count = 0;
    for (unsigned k = 0, e = function.getNumArguments(); k != e; ++k)
      cotangents += isCotangent(k);
    for (auto [k, type] : llvm::enumerate(function.getArgumentTypes())) {
      if (isCotangent(k)) {
        addTensor(
            type, ArgumentRole::Cotangent,
            numbered(name(ArgumentRole::Cotangent), count++, cotangents == 1));
      } else if (!function.getArgAttr(k, kRoleAttr)) {
        unsigned number = operandOf(function.getArgAttr(k, kOperandAttr), k);
        addTensor(type, ArgumentRole::Operand, "in" + std::to_string(number));
        info.arguments.back().operand = number;
      }
    }
  }

  void addResults() {
    unsigned results = 0;
    for (unsigned k = 0, e = function.getNumResults(); k != e; ++k)
      results += !function.getResultAttr(k, kRoleAttr);
    for (auto [k, type] : llvm::enumerate(function.getResultTypes())) {
      if (function.getResultAttr(k, kRoleAttr))
        continue;
      if (info.role == FunctionRole::Backward) {
        unsigned number = operandOf(function.getResultAttr(k, kOperandAttr), k);
        addTensor(type, ArgumentRole::Gradient,
                  "grad" + std::to_string(number));
        info.arguments.back().operand = number;
      } else {
        addTensor(type, ArgumentRole::Out,
                  numbered(name(ArgumentRole::Out), k, results == 1));
      }
    }
  }

  void addTensor(mlir::Type type, ArgumentRole role, std::string name) {
    ArgumentInfo argument;
    argument.name = std::move(name);
    argument.role = role;
    argument.isConst =
        role == ArgumentRole::Operand || role == ArgumentRole::Cotangent;
    auto tensor = mlir::dyn_cast<mlir::RankedTensorType>(type);
    // The code generator refuses others.
    if (tensor && tensor.hasStaticShape()) {
      argument.shape = shapeOf(tensor);
      argument.type = toElementType(tensor.getElementType());
      argument.bytes =
          uint64_t(tensor.getNumElements()) *
          layout.getTypeSize(tensor.getElementType()).getFixedValue();
    }
    info.arguments.push_back(std::move(argument));
  }

  void addBuffer(ArgumentRole role, bool isConst) {
    ArgumentInfo buffer;
    buffer.name = name(role).str();
    buffer.role = role;
    buffer.isConst = isConst;
    info.arguments.push_back(std::move(buffer));
  }

  FuncOp function;
  const mlir::DataLayout &layout;
  FunctionInfo info;
};
} // namespace

std::vector<FunctionInfo> conveinsum::describeFunctions(mlir::ModuleOp module) {
  std::vector<FunctionInfo> functions;
  mlir::DataLayout layout(module);
  for (auto function : module.getOps<FuncOp>())
    if (function.isPublic() && !function.isDeclaration())
      functions.push_back(Description(function, layout).describe());
  return functions;
}

void conveinsum::addBufferSizes(mlir::ModuleOp module,
                                std::vector<FunctionInfo> &functions) {
  for (FunctionInfo &info : functions) {
    auto function = module.lookupSymbol<FuncOp>(info.name);
    assert(function && "functions keep their names");
    for (ArgumentInfo &argument : info.arguments) {
      if (!argument.isBuffer())
        continue;
      std::string attribute = argument.role == ArgumentRole::Workspace
                                  ? kWorkspaceBytesAttr.str()
                                  : packedBytesAttr(name(argument.role));
      auto bytes = function->getAttrOfType<mlir::IntegerAttr>(attribute);
      argument.bytes = bytes ? uint64_t(bytes.getInt()) : 0;
      argument.shape = {int64_t(argument.bytes)};
    }
  }
}
