//===- DifferentiableOpInterface.td - Ops with a VJP -------*- tablegen -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_AUTODIFF_DIFFERENTIABLEOPINTERFACE_TD
#define CONVEINSUM_AUTODIFF_DIFFERENTIABLEOPINTERFACE_TD

include "mlir/IR/OpBase.td"

def DifferentiableOpInterface : OpInterface<"DifferentiableOpInterface"> {
  let cppNamespace = "::conveinsum";
  let description = [{
    Ops that `conveinsum-differentiate` can differentiate. Ops of other dialects
    implement it by an external model.
  }];
  let methods = [
    InterfaceMethod<
      [{
        Adds to the cotangents of the operands that need one what the cotangents
        of the results give them (`Vjp.h`). At least one result has a cotangent
        and at least one operand needs one. Reports on the op what it cannot
        differentiate.
      }],
      "::mlir::LogicalResult", "buildVjp", (ins "::conveinsum::Vjp &":$vjp)>
  ];
}

#endif // CONVEINSUM_AUTODIFF_DIFFERENTIABLEOPINTERFACE_TD
