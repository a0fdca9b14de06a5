//===- Equation.h - A multilinear expression with conv modes ----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The heart of the project: a value type for any multilinear expression whose
// modes are contracted, batched or convolved. A whole network, one step of a
// plan and a gradient are all Equations.
//
// Worked example, a strided CP layer with x of 1x3x9, factors 4x2 (rt), 4x3
// (rs), 4x3 (rh), stride 2:
//
//   text      bsh,rt,rs,rh->bth|h
//   plain     b=1 s=3 r=4 t=2
//   relation  h: i0 - i3 + 1 = 2 o,  0 <= o < 5      (same padding: p = 1)
//
//   set {0,2}   (x with rs): h has one participant in the set: extent 9, as is
//   set {0,2,3} complete: the index of h is o, extent 5; the stride acts here
//   step {0,2} x {3}: two-operand equation "brh,rh->brh|h" whose relation is
//               h: i0 - i1 + 1 = 2 o
//   exact MACs of that step: b r * #{(i, j): 0<=i<9, 0<=j<3, i-j+1 = 2o in
//   range}
//               = 1 * 4 * 13;  dense MACs: 1 * 4 * 5 * 3
//
// The value of a *set* of operands never depends on the order in which the set
// was joined (docs/Semantics.md, 4); that is why any tree is legal and why
// dynamic programming over subsets is exact.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_EQUATION_H
#define CONVEINSUM_EQUATION_EQUATION_H

#include "conveinsum/Equation/EquationParts.h"
#include "conveinsum/Equation/Step.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/Hashing.h"

namespace llvm {
class raw_ostream;
}

namespace conveinsum {

class Equation {
public:
  //===--------------------------------------------------------------------===//
  // Construction
  //===--------------------------------------------------------------------===//

  /// Joins a parsed string with geometry and shapes: expands ellipses and the
  /// implicit result, checks all sizes, and turns every conv mode into a
  /// relation. Extents may be kDynamic: plain modes and features; kernel
  /// extents of a conv mode are then static. Reports the first fault of
  /// sections 3 and 7.
  static std::optional<Equation> resolve(const Syntax &syntax,
                                         const GeometryMap &geometry,
                                         llvm::ArrayRef<Shape> shapes,
                                         ErrorFn onError);

  /// Parses and resolves in one step.
  static std::optional<Equation> create(llvm::StringRef text,
                                        const GeometryMap &geometry,
                                        llvm::ArrayRef<Shape> shapes,
                                        ErrorFn onError);

  /// Puts parts together, unchecked; call `verify` before use. Extents of 0
  /// along conv modes are legal here: an intermediate that is zero because
  /// nothing of it is kept.
  static Equation fromParts(EquationParts parts);
  /// The inverse.
  EquationParts parts() const;

  /// The same structure with every operand extent kDynamic, and every result
  /// extent kDynamic that the result's type carries: what an attribute stores.
  /// A modulus stays, and so does the extent of a mode that the result lacks.
  Equation withoutShapes() const;
  /// Binds a structure to operand shapes and the result's shape, both possibly
  /// with kDynamic entries. Checks what `verify` checks, and C75, C78, C79.
  std::optional<Equation> withShapes(llvm::ArrayRef<Shape> shapes,
                                     llvm::ArrayRef<int64_t> resultShape,
                                     ErrorFn onError) const;

  /// Structural and size checks (C60 to C77) on any Equation, however it was
  /// built; C75 is left to `withShapes`, which knows the shapes to be final.
  bool verify(ErrorFn onError) const;

  //===--------------------------------------------------------------------===//
  // Parts
  //===--------------------------------------------------------------------===//

  unsigned numOperands() const { return operands.size(); }
  unsigned numModes() const { return labels.size(); }
  /// Bare label.
  llvm::StringRef label(ModeId mode) const { return labels[mode]; }
  llvm::ArrayRef<ModeId> operandModes(unsigned operand) const {
    return operands[operand];
  }
  llvm::ArrayRef<ModeId> resultModes() const { return result; }
  llvm::ArrayRef<int64_t> operandShape(unsigned operand) const {
    return shapes[operand];
  }
  Shape resultShape() const;
  llvm::ArrayRef<LinearRelation> relations() const { return convRelations; }
  /// Null for a plain mode.
  const LinearRelation *relation(ModeId mode) const;
  /// Size of a plain mode. Asserts that the mode is plain.
  int64_t size(ModeId mode) const;
  bool inResult(ModeId mode) const {
    return mode < heldByResult.size() && heldByResult[mode];
  }
  /// Operands that hold the mode, ascending.
  llvm::ArrayRef<unsigned> holders(ModeId mode) const {
    return holderLists[mode];
  }
  unsigned numHolders(ModeId mode) const { return holderLists[mode].size(); }
  /// Whether all participants of a conv mode are in the set; then its index is
  /// `o`, or was summed. False where the relation has no terms.
  bool isComplete(const LinearRelation &relation, const OperandSet &set) const;
  /// No kDynamic anywhere.
  bool hasStaticShapes() const;
  /// The same equation with numbers for all extents that are not known:
  /// `extent` for plain modes, and for features at least as much as their
  /// kernels need. Nothing where no number follows for the result's extent of a
  /// conv mode, or the numbers do not fit.
  std::optional<Equation> withAssumedExtents(int64_t extent) const;

  /// The equation with its resolved labels, `bshw,rt->bthw|h`; ellipses are
  /// spelled out with generated names.
  std::string text() const;
  /// Whether `text` separates labels by blanks, `batch s h, rank s -> batch h`,
  /// as it was written. Labels that are all names always are, `(m0)(m1)` reads
  /// badly; letters alone, and an equation without a place for a blank, never.
  bool isSpelledInWords() const { return words; }
  /// The same equation, spelled in words if that is wanted and possible.
  Equation spelledInWords(bool wanted) const;
  /// One relation as text with the variables i0, i1, ... and o:
  /// `i0 - 2 i3 + 1 = 2 o`, with ` (mod 8)` if circular.
  std::string relationText(const LinearRelation &relation) const;

  bool operator==(const Equation &other) const;
  bool operator!=(const Equation &other) const { return !(*this == other); }
  friend llvm::hash_code hash_value(const Equation &equation);
  /// Equal for equations that differ only in their labels, in the order after
  /// `|` or in which operand is called the feature: the key of caches of
  /// compiled steps. Includes shapes and relations.
  std::string canonicalKey() const;

  //===--------------------------------------------------------------------===//
  // Sets of operands and steps (sections 4 and 5). Need static shapes.
  //===--------------------------------------------------------------------===//

  OperandSet emptySet() const { return OperandSet(numOperands()); }
  OperandSet singleton(unsigned operand) const;
  OperandSet fullSet() const { return OperandSet(numOperands(), true); }

  /// Modes of the value of `set`, each once, ascending: plain modes that the
  /// result or an operand outside holds; conv modes with a participant in the
  /// set (the complete ones only if the result holds them). For a single
  /// operand this is its value *after* diagonals, private sums and slices.
  llvm::SmallVector<ModeId, 6> kept(const OperandSet &set) const;
  /// What the value of `set` keeps of a conv mode.
  Window window(ModeId convMode, const OperandSet &set) const;
  /// Extent of a mode in the value of `set` (section 4). The mode must be kept.
  int64_t extent(ModeId mode, const OperandSet &set) const;
  /// Elements of the value of `set`.
  Count elements(const OperandSet &set) const;

  /// MACs of the step that joins two disjoint sets (section 5).
  Count macs(const OperandSet &left, const OperandSet &right,
             MacCount count) const;
  /// The factor that one mode contributes to `macs`; a side that does not keep
  /// the mode is null. The sets matter only for conv modes.
  Count stepFactor(ModeId mode, const OperandSet *left, const OperandSet *right,
                   MacCount count) const;
  /// The factor that one conv mode contributes to `macs` when both sides hold
  /// it: exact: index pairs that count; dense: what a dense kernel executes.
  Count convFactor(const LinearRelation &relation, const OperandSet &left,
                   const OperandSet &right, MacCount count) const;
  /// Extent of a conv mode in the sense of the dense count ("pad once, then
  /// valid"), used by one-sided modes of a dense step.
  int64_t denseExtent(const LinearRelation &relation,
                      const OperandSet &set) const;
  StepKind kind(const OperandSet &left, const OperandSet &right) const;

  /// The dimensions of `operand` as given: the leaf of a plan.
  SetValue leaf(unsigned operand) const;
  /// Whether `step` works along every tree: the values of sets of operands have
  /// static extents along conv modes. Plain modes, and the extents of conv
  /// modes with at most two participants, may be dynamic.
  bool isDecomposable() const;
  /// The order of dimensions of the result of joining two values: the layout of
  /// the larger side. What the other side brings takes the place of the first
  /// mode that is summed, if that comes first; else the place that the result's
  /// order gives it or, if the result lacks it, before the conv modes. The full
  /// set has the result's order.
  SetValue join(const SetValue &left, const SetValue &right) const;
  /// The two-operand equation that computes `join(left, right)`. A mode that
  /// only one side holds is plain in it, unless that side is the operand itself
  /// and the mode's only participant. Relations are reduced: coefficients,
  /// stride, offset and modulus share no factor that every one of them has.
  Equation step(const SetValue &left, const SetValue &right) const {
    return step(left, right, join(left, right));
  }
  /// The same where `joined` is `join(left, right)`.
  Equation step(const SetValue &left, const SetValue &right,
                const SetValue &joined) const;

private:
  std::vector<std::string> labels;
  std::vector<llvm::SmallVector<ModeId, 6>> operands;
  llvm::SmallVector<ModeId, 6> result;
  std::vector<Shape> shapes;
  std::vector<LinearRelation> convRelations; // in the order after '|'
  bool words = false;                        // how the text is spelled
  std::vector<int> relationOf;               // mode -> index, or -1
  std::vector<int64_t> plainSize;            // mode -> size of a plain mode
  std::vector<bool> heldByResult;     // mode -> whether the result has it
  std::vector<unsigned> resultPlaces; // mode -> its place in the result
  // Mode -> operands that hold it. Lists: sets of operands for every mode would
  // grow with the square of a network of 100,000 operands.
  std::vector<llvm::SmallVector<unsigned, 2>> holderLists;

  void index();
  llvm::SmallVector<ModeId, 6> keptOfMany(const OperandSet &set) const;
  llvm::SmallVector<ModeId, 6> keptOf(llvm::ArrayRef<ModeId> candidates,
                                      const OperandSet &set) const;
  Count elementsOf(llvm::ArrayRef<ModeId> modes, const OperandSet &set) const;
  bool belongsBefore(ModeId brought, ModeId mode) const;
  bool isLeftLarger(const SetValue &left, const SetValue &right) const;
  /// Whether a holder of the mode is in the set, or is not.
  bool hasHolderIn(ModeId mode, const OperandSet &set) const;
  bool hasHolderOutside(ModeId mode, const OperandSet &set) const;
  bool verifyModes(ErrorFn onError) const;
  bool verifyShapes(ErrorFn onError) const;
  bool verifyRelation(const LinearRelation &relation, ErrorFn onError) const;
  bool verifyDynamicExtents(ErrorFn onError) const;
  LinearRelation stepRelation(const LinearRelation &relation,
                              const SetValue &left, const SetValue &right,
                              ModeId mode) const;
};

llvm::hash_code hash_value(const Equation &equation);

/// Reports an extent that is not known; `purpose` says what it is needed for.
bool checkStaticExtents(const Equation &equation, llvm::StringRef purpose,
                        ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_EQUATION_H
