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
  Count tensors = 0, workspace = 0, prepared = 0;
  for (const FunctionInfo &function : functions) {
    for (ArgumentRole role : {ArgumentRole::Operand, ArgumentRole::Out})
      tensors += function.bytesOf(role);
    workspace = std::max<Count>(workspace, function.workspaceBytes());
    prepared =
        std::max<Count>(prepared, function.bytesOf(ArgumentRole::Prepared));
  }
  return tensors + (workspace + prepared);
}

//===----------------------------------------------------------------------===//
// From IR
//===----------------------------------------------------------------------===//

static ArgumentInfo describeTensor(const mlir::DataLayout &layout,
                                   mlir::Type type, ArgumentRole role,
                                   std::string name) {
  ArgumentInfo info;
  info.name = std::move(name);
  info.role = role;
  info.isConst = role == ArgumentRole::Operand;
  auto tensor = mlir::dyn_cast<mlir::RankedTensorType>(type);
  if (!tensor || !tensor.hasStaticShape())
    return info; // the code generator refuses it
  info.shape = shapeOf(tensor);
  info.type = toElementType(tensor.getElementType());
  info.bytes = uint64_t(tensor.getNumElements()) *
               layout.getTypeSize(tensor.getElementType()).getFixedValue();
  return info;
}

static FunctionInfo describeFunction(FuncOp function,
                                     const mlir::DataLayout &layout) {
  FunctionInfo info;
  info.name = function.getName().str();
  if (function->hasAttr(kPreparesAttr))
    info.role = FunctionRole::Prepare;
  if (auto macs = function->getAttrOfType<mlir::IntegerAttr>(kMacsAttr))
    info.macs = Count(macs.getValue());
  for (auto [k, type] : llvm::enumerate(function.getArgumentTypes())) {
    if (function.getArgAttr(k, kRoleAttr))
      continue;
    auto operand =
        function.getArgAttrOfType<mlir::IntegerAttr>(k, kOperandAttr);
    unsigned number = operand ? operand.getInt() : k;
    info.arguments.push_back(describeTensor(layout, type, ArgumentRole::Operand,
                                            "in" + std::to_string(number)));
    info.arguments.back().operand = number;
  }
  bool isOne = function.getNumResults() == 1;
  for (auto [k, type] : llvm::enumerate(function.getResultTypes()))
    if (!function.getResultAttr(k, kRoleAttr))
      info.arguments.push_back(
          describeTensor(layout, type, ArgumentRole::Out,
                         isOne ? "out" : "out" + std::to_string(k)));
  auto addBuffer = [&](ArgumentRole role, bool isConst) {
    ArgumentInfo buffer;
    buffer.name = conveinsum::name(role).str();
    buffer.role = role;
    buffer.isConst = isConst;
    info.arguments.push_back(std::move(buffer));
  };
  if (auto roles = function->getAttrOfType<mlir::ArrayAttr>(kPacksAttr))
    for (auto role : roles.getAsRange<mlir::StringAttr>())
      addBuffer(
          parseArgumentRole(role.getValue()).value_or(ArgumentRole::Prepared),
          info.role != FunctionRole::Prepare);
  addBuffer(ArgumentRole::Workspace, false);
  return info;
}

std::vector<FunctionInfo> conveinsum::describeFunctions(mlir::ModuleOp module) {
  std::vector<FunctionInfo> functions;
  mlir::DataLayout layout(module);
  for (auto function : module.getOps<FuncOp>())
    if (function.isPublic() && !function.isDeclaration())
      functions.push_back(describeFunction(function, layout));
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
