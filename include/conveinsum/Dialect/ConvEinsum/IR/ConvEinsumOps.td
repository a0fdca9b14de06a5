//===- ConvEinsumOps.td - The ops of the dialect -----------*- tablegen -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One op for a whole network, for a single step of a plan and for a gradient:
// same meaning, same verifier, same lowering. And one that computes nothing and
// says when what follows may be computed.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_DIALECT_CONVEINSUM_IR_CONVEINSUMOPS_TD
#define CONVEINSUM_DIALECT_CONVEINSUM_IR_CONVEINSUMOPS_TD

include "conveinsum/Dialect/ConvEinsum/IR/ConvEinsumDialect.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/OpBase.td"

class ConvEinsum_Op<string mnemonic, list<Trait> traits = []>
    : Op<ConvEinsum_Dialect, mnemonic, traits>;

def EinsumOp : ConvEinsum_Op<"einsum", [
    Pure, DeclareOpInterfaceMethods<ReifyRankedShapedTypeOpInterface,
                                    ["reifyResultShapes"]>]> {
  let summary = "a multilinear expression: contracted, batched, convolved";
  let description = [{
    Computes the sum of the products of its operands' entries over all indices
    that meet the equation of every conv mode (docs/Semantics.md, section 3).

    ```mlir
    %y = conveinsum.einsum "bshw,rt,rs,rh,rw->bthw|hw"
           where [h: i0 - i3 + 1 = 2 o, w: i0 - i4 + 1 = 2 o]
           ins(%x, %wt, %ws, %wh, %ww : tensor<32x64x56x56xf32>,
               tensor<13x64xf32>, tensor<13x64xf32>, tensor<13x3xf32>,
               tensor<13x3xf32>) : tensor<32x64x28x28xf32>
    ```

    In `where`, `i3` is operand 3's index along the mode and `o` the result's.
    What follows an equation: `(mod M)` for a circular mode; `extent E` where
    the result lacks the mode, `extent (n0 + 1) floordiv 2` where the result's
    extent is dynamic (`n0` is operand 0's extent); `feature i1` or `no feature`
    where the feature is not the first participant.

    On parsing, `where` also takes the words of a user, which are resolved
    against the operand types once; without `where` every conv mode has the
    defaults (stride 1, dilation 1, `same` padding):

    ```mlir
    %y = conveinsum.einsum "bsh,tsh->bth|h"
           where [h: stride = 2, dilation = 2, padding = same]
           ins(%x, %w : tensor<2x4x8xf32>, tensor<3x4x3xf32>)
           : tensor<2x3x4xf32>
    ```

    A plan, as `plan ((0,2),1)` after the operands, says in which order they are
    joined. It never changes the meaning.

    Integers are exact modulo 2^width of the result; their operands may have
    different widths, because intermediates are stored in the accumulator type.
  }];
  let arguments = (ins EquationAttr:$equation,
                       Variadic<AnyRankedTensor>:$inputs,
                       OptionalAttr<PlanAttr>:$plan);
  let results = (outs AnyRankedTensor:$result);
  let builders = [
    // The result type is inferred; `equation` must fit the operands.
    OpBuilder<(ins "const ::conveinsum::Equation &":$equation,
                   "::mlir::ValueRange":$inputs,
                   CArg<"::mlir::Type", "{}">:$resultElementType)>
  ];
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
  let extraClassDeclaration = [{
    /// The equation with the extents of the operand and result types bound.
    /// Reports on the op if they do not fit, which a verified op never does.
    ::mlir::FailureOr<::conveinsum::Equation> boundEquation();
    /// The same through a callback.
    std::optional<::conveinsum::Equation> boundEquation(::conveinsum::ErrorFn onError);

    ::mlir::RankedTensorType getInputType(unsigned operand) {
      return ::llvm::cast<::mlir::RankedTensorType>(getInputs()[operand].getType());
    }
    ::mlir::RankedTensorType getResultType() {
      return ::llvm::cast<::mlir::RankedTensorType>(getResult().getType());
    }

    /// Parses and resolves `text` with a user's geometry against the operands'
    /// types and creates the op. Reports through `onError` and creates nothing if
    /// the string, the geometry or the sizes are refused. `resultElementType`
    /// defaults to that of the operands.
    static ::mlir::FailureOr<EinsumOp>
    create(::mlir::OpBuilder &builder, ::mlir::Location loc,
           ::llvm::StringRef text, const ::conveinsum::GeometryMap &geometry,
           ::mlir::ValueRange inputs, ::conveinsum::ErrorFn onError,
           ::mlir::Type resultElementType = {});
  }];
}

def BarrierOp : ConvEinsum_Op<"barrier", [
    Pure, AttrSizedOperandSegments,
    InferTypeOpAdaptor]> {
  let summary = "the same values, once others are there";
  let description = [{
    The results are the first operands. They are there only after the values
    behind `after` are, and nothing else is known of them: what is computed from
    them is not what was computed from the operands, and is not moved in front
    of the values behind `after`.

    `conveinsum-checkpoint` recomputes in the backward pass from values that come
    out of a barrier after the cotangents. Otherwise `-cse` would merge what is
    recomputed with the forward pass, wherever both stand in one function, and
    thereby keep what was to be dropped.

    ```mlir
    %a1, %w1 = conveinsum.barrier %a, %w after %dy
                 : tensor<2x9xf32>, tensor<9x9xf32> after tensor<2x9xf32>
    %b1 = conveinsum.einsum "ij,jk->ik" ins(%a1, %w1
            : tensor<2x9xf32>, tensor<9x9xf32>) : tensor<2x9xf32>
    ```

    It stays until tensors become buffers, where it costs nothing: a result is
    the buffer of its operand. Canonical patterns drop results that nothing
    reads.
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs,
                       Variadic<AnyRankedTensor>:$after);
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let assemblyFormat = [{
    $inputs `after` $after attr-dict
    `:` type($inputs) `after` type($after)
  }];
  let hasVerifier = 1;
  let hasCanonicalizer = 1;
}

#endif // CONVEINSUM_DIALECT_CONVEINSUM_IR_CONVEINSUMOPS_TD
