//===- Step.h - A step on its way to linear maps ----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step of one or two operands starts with *open* relations
//
//     c_0 i_0 + c_1 i_1 + b = s o      (modulo M, if M > 0)
//
// and is lowered by closing them one after the other. Closing rewrites operands
// (slices, halos, reversals) until the mode is one of
//
//   plain     every factor that holds it, and the result, use the same index;
//   windowed  one factor, the windowed side, is indexed by  S o + D k  with
//             S >= 0, D >= 1 and everything in range; the other one by k.
//
// or until the step has been cut along the mode into steps whose results
// interleave (phases). When nothing is open, one linalg.generic remains.
//
//   feature of 9, kernel of 3,  i0 - i1 + 1 = 2 o,  0 <= o < 5
//     i0 = 2 o + i1 - 1 runs over -1 .. 9: padded to 11, index 2 o + 1 k
//
//   feature of 5, kernel of 3,  2 i0 + i1 - 1 = o,  0 <= o < 9
//     o = 2 q:      i1 is odd:   i0 = q - u      with u = (i1 - 1) / 2
//     o = 2 q + 1:  i1 is even:  i0 = q - u + 1  with u = i1 / 2
//     then the kernels are reversed, so that D is positive
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_CONVERSION_CONVEINSUMTOLINALG_STEP_H
#define CONVEINSUM_LIB_CONVERSION_CONVEINSUMTOLINALG_STEP_H

#include "TensorOps.h"
#include "conveinsum/Equation/Equation.h"

namespace conveinsum::lowering {

/// One operand as far as it has been prepared: its dimensions are distinct
/// modes.
struct Factor {
  /// Zeros that a closed mode asks for.
  struct Pad {
    ModeId mode;
    Spread spread;
  };

  Value tensor;
  llvm::SmallVector<ModeId, 6> modes;
  /// Not in `tensor` yet, so that all modes are padded by one copy.
  llvm::SmallVector<Pad, 2> pads;

  bool holds(ModeId mode) const { return llvm::is_contained(modes, mode); }
  /// Dimension of a mode that the factor holds.
  unsigned dim(ModeId mode) const;
  /// Extent of a mode that is not padded, or kDynamic.
  int64_t extent(ModeId mode) const {
    return TensorOps::extent(tensor, dim(mode));
  }
};

/// A relation that has not been turned into indices yet. A factor that does not
/// hold the mode has coefficient 0; one that holds it may have.
struct OpenRelation {
  ModeId mode = 0;
  int64_t coefficients[2] = {0, 0}; ///< c_k by factor
  int64_t offset = 0;               ///< b
  int64_t resultCoefficient = 1;    ///< s; 0 or negative only if circular
  int64_t resultExtent = 0;         ///< E, or kDynamic
  int64_t modulus = 0;              ///< M, or 0
  OpFoldResult resultSize{};        ///< E where it is dynamic
  /// Set if  E = floor((X + extentOffset) / s) + 1  for the dynamic extent X of
  /// a participant of coefficient 1.
  std::optional<int64_t> extentOffset{};
};

/// The participant of a relation with dynamic extents that can be windowed: its
/// coefficient is positive, and the other one can be made to run against it.
/// Absent ones have coefficient 0.
std::optional<unsigned> dynamicSide(llvm::ArrayRef<int64_t> coefficients,
                                    llvm::ArrayRef<bool> isDynamic);

/// A mode that `side` holds at the index  stride * o + dilation * k,  where o
/// is the result's index and k the other factor's.
struct WindowedMode {
  ModeId mode = 0;
  unsigned side = 0;
  int64_t stride = 1;
  int64_t dilation = 1;
};

struct Step {
  llvm::SmallVector<Factor, 2> factors;
  llvm::SmallVector<ModeId, 6> result;
  Sizes resultShape; ///< of `result`
  mlir::Type resultElement;
  llvm::SmallVector<OpenRelation, 3> open;
  llvm::SmallVector<WindowedMode, 3> windowed;

  bool inResult(ModeId mode) const { return llvm::is_contained(result, mode); }
  /// Dimension of a mode that the result holds.
  unsigned resultDim(ModeId mode) const;
  const WindowedMode *window(ModeId mode) const;
  /// A mode that the step does not have yet.
  ModeId newMode() const;
  /// Whether an extent of the relation is dynamic.
  bool isDynamic(const OpenRelation &relation) const;
  /// Some extent is known to be 0, so that nothing contributes.
  bool isEmpty() const;
};

/// A step cut along a mode: the part's result stands at these positions of the
/// result. The extent of the mode in `step.resultShape` is that of the whole.
struct Part {
  Step step;
  Progression positions;
};

/// Lowers steps at one place in the IR. Every `close...` function either
/// rewrites the step in place and returns null, or returns the value of the
/// whole step.
class StepLowering {
public:
  StepLowering(mlir::OpBuilder &builder, mlir::Location loc,
               mlir::Type accumulator, mlir::DictionaryAttr attributes,
               bool peelBorders)
      : builder(builder), loc(loc), ops(builder, loc), accumulator(accumulator),
        attributes(attributes), peelBorders(peelBorders) {}

  /// The value of `step`, in a tensor of its own.
  Value lower(Step step);

private:
  /// Turns one relation that has been removed from `step.open` into indices.
  Value close(Step &step, OpenRelation relation);

  //===--------------------------------------------------------------------===//
  // OperandPreparation.cpp
  //===--------------------------------------------------------------------===//

  /// Sums the plain modes that only one of two factors holds and nothing needs.
  void sumPrivateModes(Step &step);
  /// Makes terms that do not move the index (extent 1, or a coefficient that is
  /// 0 modulo M) disappear, and the coefficients small and without a common
  /// divisor. Returns false if the relation cannot hold.
  bool normalize(Step &step, OpenRelation &relation);
  /// Pads a mode of a factor, later: it stands at `positions` of `extent`.
  void padLater(Factor &factor, ModeId mode, int64_t extent,
                Progression positions);
  /// Pads what has been asked for.
  void padNow(Factor &factor);
  /// Replaces the index of a factor by the one from the other end.
  void reverseTerm(Step &step, OpenRelation &relation, unsigned factor);

  //===--------------------------------------------------------------------===//
  // SingleParticipant.cpp: relations with less than two participants
  //===--------------------------------------------------------------------===//

  Value closeVirtual(Step &step, const OpenRelation &relation);
  Value closeSingle(Step &step, OpenRelation relation, unsigned factor);
  Value closeSingleCircular(Step &step, OpenRelation relation, unsigned factor);

  /// The value of a step that prepares an operand: none of its ops is the one
  /// that computes the einsum.
  Value lowerPreparation(Step step);

  //===--------------------------------------------------------------------===//
  // DynamicWindow.cpp: relations with dynamic extents
  //===--------------------------------------------------------------------===//

  Value closeDynamic(Step &step, OpenRelation relation);
  /// Slices and pads `side`, later, such that its index becomes
  /// s o + d k  from 0 on.
  void startWindow(Step &step, const OpenRelation &relation, unsigned side,
                   OpFoldResult taps);

  //===--------------------------------------------------------------------===//
  // Halo.cpp, Phases.cpp, Circular.cpp: relations with two participants
  //===--------------------------------------------------------------------===//

  /// The mode is summed: sums one factor over its windows first.
  Value closeSummed(Step &step, const OpenRelation &relation);
  /// The result holds the mode, or o is 0 only.
  Value closeWindow(Step &step, OpenRelation relation);
  /// The side that is windowed, by the multiply-adds and the phases it takes.
  unsigned chooseSide(const Step &step, const OpenRelation &relation) const;
  /// Whether the phases are so many that they are better one step, and can be.
  static bool shouldMergePhases(const OpenRelation &relation, unsigned side);
  /// Cuts the step, if need be, such that the coefficient of `side` becomes 1
  /// (circular: has no common divisor with M).
  Value closePhases(Step &step, OpenRelation &relation, unsigned side);
  /// All phases in one step, with a plain mode for the phase.
  Value mergePhases(Step &step, OpenRelation &relation, unsigned side);
  /// Puts zeros between the entries of `side`, instead of phases.
  void insertZeros(Step &step, OpenRelation &relation, unsigned side);
  /// Unrolls a circular relation: `side` becomes linear with coefficient 1.
  void unroll(Step &step, OpenRelation &relation, unsigned side);
  /// Linear, the coefficient of `side` is 1, that of the other factor negative.
  Value closeHalo(Step &step, OpenRelation relation, unsigned side);

  /// A tensor whose position j along `dim`, 0 <= j < extent, is the sum of the
  /// positions i of `tensor` with  coefficient * i = begin + j  (mod modulus).
  Value periodic(Value tensor, unsigned dim, int64_t coefficient,
                 int64_t modulus, int64_t begin, int64_t extent);
  /// The same for any progression of residues, begin + j step, by one gather;
  /// no two positions i meet the same residue.
  Value gatherResidues(Value tensor, unsigned dim, int64_t coefficient,
                       int64_t modulus, Progression residues);
  /// Sums positions that are equal modulo `period`, if there are any.
  Value fold(Value tensor, unsigned dim, int64_t period);

  //===--------------------------------------------------------------------===//
  // Contraction.cpp
  //===--------------------------------------------------------------------===//

  Value zeros(const Step &step);
  /// Lowers the parts and interleaves them; positions of no part are zero. A
  /// mode that the result lacks has at most one part.
  Value assemble(const Step &whole, ModeId mode, llvm::ArrayRef<Part> parts);
  /// The linalg.generic of a step without open relations.
  Value contract(const Step &step);

  mlir::OpBuilder &builder;
  mlir::Location loc;
  TensorOps ops;
  mlir::Type accumulator;
  mlir::DictionaryAttr
      attributes; ///< of the ops that compute products; or null
  /// Borders may become ops of their own.
  bool peelBorders;
};

/// Gives `op` the discardable `attributes` whose names it does not use itself.
void keepAttributes(mlir::Operation *op, mlir::DictionaryAttr attributes);

} // namespace conveinsum::lowering

#endif // CONVEINSUM_LIB_CONVERSION_CONVEINSUMTOLINALG_STEP_H
