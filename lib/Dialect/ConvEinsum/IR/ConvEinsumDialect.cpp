//===- ConvEinsumDialect.cpp - The dialect and its attributes -------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registration, the verifiers of the attributes, and the functions that carry
// value types over into IR. Assembly, bytecode, op and canonical patterns have
// files of their own.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsum.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace conveinsum;

#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsumDialect.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsumAttributes.cpp.inc"

void ConvEinsumDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsumAttributes.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsumOps.cpp.inc"
      >();
  registerBytecode();
}
