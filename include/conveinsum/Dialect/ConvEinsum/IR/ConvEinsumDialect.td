//===- ConvEinsumDialect.td - The dialect and its attributes -*- tablegen -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dialect `conveinsum` and its two attributes: the equation of an einsum
// and the plan of its evaluation. Both hold C++ value types of the rooms
// Equation and Plan, which know no IR.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_DIALECT_CONVEINSUM_IR_CONVEINSUMDIALECT_TD
#define CONVEINSUM_DIALECT_CONVEINSUM_IR_CONVEINSUMDIALECT_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/DialectBase.td"

def ConvEinsum_Dialect : Dialect {
  let name = "conveinsum";
  let summary = "Convolutional tensor networks";
  let description = [{
    Multilinear expressions whose modes are contracted, batched or convolved,
    from a whole network down to one pairwise step. docs/Semantics.md defines
    what an equation means and numbers the constraints (C1, C2, ...) that the
    verifiers cite; docs/Dialect.md shows how the assembly reads.
  }];
  let cppNamespace = "::conveinsum";
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect"
  ];
  let extraClassDeclaration = [{
    /// Adds the reader and writer of the attributes' bytecode.
    void registerBytecode();
  }];
}

class ConvEinsum_Attr<string name, string attrMnemonic>
    : AttrDef<ConvEinsum_Dialect, name> {
  let mnemonic = attrMnemonic;
  let genVerifyDecl = 1;
  let hasCustomAssemblyFormat = 1;
}

def EquationAttr : ConvEinsum_Attr<"Equation", "eq"> {
  let summary = "what an einsum computes, without extents";
  let description = [{
    The labels of an equation and, for every conv mode, the linear equation that
    ties its participants. Extents are those of the operand and result types and
    are not repeated here, but for the extent of a conv mode that the result
    lacks.

    ```mlir
    #conveinsum.eq<"bsh,rt,rs,rh->bth|h" where [h: i0 - i3 + 1 = 2 o]>
    #conveinsum.eq<"bh,kh->bkh|h" where [h: i0 - i1 + 4 = o (mod 8)]>
    #conveinsum.eq<"bh,kh->bk|h" where [h: i0 - i1 = o extent 5 feature i1]>
    ```

    Modes are numbered in the order in which the labels appear, so equal texts
    are equal attributes.
  }];
  let parameters = (ins
    AttrOrTypeParameter<"::conveinsum::Equation", "the equation",
                        "const ::conveinsum::Equation &">:$value);
  let skipDefaultBuilders = 1;
  let builders = [
    AttrBuilder<(ins "const ::conveinsum::Equation &":$equation), [{
      return $_get($_ctxt, normalizedStructure(equation));
    }]>
  ];
}

def PlanAttr : ConvEinsum_Attr<"Plan", "plan"> {
  let summary = "what is to be done with the operands of an einsum";
  let description = [{
    The steps that join the operands, in the order in which they run, and what
    else is decided about them. `((0,2),1)` joins operands 0 and 2 first, then
    the outcome with operand 1: the steps in the order of the closing brackets.
    Any other order is a list of pairs, in which the results of the steps of N
    operands are N, N + 1, and so on.

    ```mlir
    #conveinsum.plan<((0,2),1)>
    #conveinsum.plan<[(2,3), (0,1), (5,4)]>
    #conveinsum.plan<(((0,1),2),3) keep [4] group [5, 6]>
    #conveinsum.plan<((0,2),1) slice [m2: 8 of i0, m0: 4]>
    ```

    `keep` names the results that stay for the backward pass, every list after
    `group` the steps that run as one, and `slice` the modes that are cut, the
    outermost loop first: with their numbers in the equation, with their labels
    in the assembly of the op. `8 of i0` makes chunks of 8 entries of the result
    and cuts operand 0, where not the feature of the conv mode is to be cut.
  }];
  let parameters = (ins
    AttrOrTypeParameter<"::conveinsum::Plan", "the plan",
                        "const ::conveinsum::Plan &">:$value);
  let skipDefaultBuilders = 1;
  let builders = [
    AttrBuilder<(ins "const ::conveinsum::Plan &":$plan), [{
      return $_get($_ctxt, plan);
    }]>,
    // Only a tree is decided, so the order of its steps is that of its text.
    AttrBuilder<(ins "const ::conveinsum::ContractionTree &":$tree), [{
      return $_get($_ctxt, ::conveinsum::Plan(inPostOrder(tree)));
    }]>
  ];
  let extraClassDeclaration = [{
    /// The steps in the order in which they run.
    const ::conveinsum::ContractionTree &getTree() const {
      return getValue().tree;
    }
  }];
}

#endif // CONVEINSUM_DIALECT_CONVEINSUM_IR_CONVEINSUMDIALECT_TD
