//===- Passes.td - Gradients of functions -----------------*- tablegen -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_AUTODIFF_PASSES_TD
#define CONVEINSUM_AUTODIFF_PASSES_TD

include "mlir/Pass/PassBase.td"

def DifferentiatePass : Pass<"conveinsum-differentiate"> {
  let summary = "Make forward and backward functions";
  let description = [{
    Turns every `func.func @f` that has arguments with the attribute
    `conveinsum.gradient` into two. `@f_forward` takes what `@f` takes; it returns
    what `@f` returns and then what the backward pass reads, with
    `conveinsum.role = "kept"`. `@f_backward` takes what `@f` takes, a cotangent
    for every result and what is kept, and returns the gradients that are asked
    for. Each result of these says with `conveinsum.operand` of which argument it
    is the gradient.

    An einsum of two operands has up to two gradients, which are einsums of two
    operands and cost what it costs. One of more operands is first replaced by
    the steps of its plan, or of the plan that `conveinsum-plan` would give it;
    so all gradients together cost twice the forward pass.

    Arguments, constants and views are never kept. Other ops than einsums are
    differentiated through the interface `DifferentiableOpInterface`. A call has
    a gradient if the attribute `conveinsum.vjp` of its function names another
    that takes the arguments and the cotangents of the results, and returns a
    cotangent for each argument that can have one.

    Before:
    ```mlir
    func.func @f(%x: tensor<4x8xf32>, %w: tensor<8x2xf32> {conveinsum.gradient})
        -> tensor<4x2xf32> {
      %0 = conveinsum.einsum "ij,jk->ik" ins(%x, %w
             : tensor<4x8xf32>, tensor<8x2xf32>) : tensor<4x2xf32>
      %1 = math.exp %0 : tensor<4x2xf32>
      return %1 : tensor<4x2xf32>
    }
    ```
    After:
    ```mlir
    func.func @f_forward(%x: tensor<4x8xf32> {conveinsum.operand = 0 : i64},
                         %w: tensor<8x2xf32> {conveinsum.operand = 1 : i64})
        -> (tensor<4x2xf32>, tensor<4x2xf32> {conveinsum.role = "kept"})
        attributes {conveinsum.backward = @f_backward, conveinsum.packs = ["kept"]} {
      %0 = conveinsum.einsum "ij,jk->ik" ins(%x, %w
             : tensor<4x8xf32>, tensor<8x2xf32>) : tensor<4x2xf32>
      %1 = math.exp %0 : tensor<4x2xf32>
      return %1, %1 : tensor<4x2xf32>, tensor<4x2xf32>
    }
    func.func @f_backward(%x: tensor<4x8xf32> {conveinsum.operand = 0 : i64},
                          %w: tensor<8x2xf32> {conveinsum.operand = 1 : i64},
                          %g: tensor<4x2xf32> {conveinsum.role = "cotangent"},
                          %y: tensor<4x2xf32> {conveinsum.role = "kept"})
        -> (tensor<8x2xf32> {conveinsum.operand = 1 : i64})
        attributes {conveinsum.forward = @f_forward, conveinsum.packs = ["kept"]} {
      %0 = arith.mulf %g, %y : tensor<4x2xf32>
      %1 = conveinsum.einsum "ik,ij->jk" ins(%0, %x
             : tensor<4x2xf32>, tensor<4x8xf32>) : tensor<8x2xf32>
      return %1 : tensor<8x2xf32>
    }
    ```

    With `joint` the functions stay, and beside each stands `@f_gradient`, which
    takes arguments and cotangents, keeps nothing and returns the gradients: what
    to differentiate once more for second derivatives.

    Gradients of complex arguments are those of PyTorch: for a real loss L, the
    derivative by the real part plus i times that by the imaginary part.
  }];
  let dependentDialects = [
    "::mlir::arith::ArithDialect", "::mlir::complex::ComplexDialect",
    "::mlir::func::FuncDialect", "::mlir::linalg::LinalgDialect", "::mlir::math::MathDialect",
    "::mlir::tensor::TensorDialect"
  ];
  let options = [
    Option<"joint", "joint", "bool", /*default=*/"false",
           "Make one function of arguments and cotangents, and keep nothing">,
    Option<"function", "function", "std::string", /*default=*/"\"\"",
           "Name of the function that the option gradients is for">,
    Option<"gradients", "gradients", "std::string", /*default=*/"\"\"",
           "Positions of arguments of that function that need a gradient, or "
           "all">
  ];
  let statistics = [
    Statistic<"numDifferentiated", "num-differentiated",
              "Number of functions differentiated">,
    Statistic<"numKept", "num-kept", "Number of values kept">
  ];
}

#endif // CONVEINSUM_AUTODIFF_PASSES_TD
