//===- Syntax.h - The string of an equation, no sizes -----------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the user wrote: the labels of an equation such as
//
//     bshw,rt,rs,rh,rw->bthw|hw
//
// and what the user may say about each conv mode (stride, dilation, padding,
// flip, feature, kind, transposed, output padding). Sizes come later:
// `Equation::resolve` joins both with shapes and turns every conv mode into one
// linear relation.
//
// docs/Semantics.md sections 2 (labels, ellipsis, implicit result) and 3
// (geometry) are normative.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_SYNTAX_H
#define CONVEINSUM_EQUATION_SYNTAX_H

#include "conveinsum/Equation/Fault.h"
#include "llvm/ADT/SmallVector.h"
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace conveinsum {

/// Index of a mode in the label table of a Syntax or an Equation.
using ModeId = unsigned;

/// The labels of one operand or of the result.
struct SyntaxPart {
  /// Modes in order; the ellipsis is not among them.
  llvm::SmallVector<ModeId, 6> modes;
  /// Byte of each label of `modes` in the text.
  llvm::SmallVector<size_t, 6> positions;
  /// If there is an ellipsis: the number of `modes` before it, and its byte.
  std::optional<unsigned> ellipsis;
  size_t ellipsisPosition = 0;
  /// First byte of the part.
  size_t begin = 0;
};

/// A parsed equation: labels only.
struct Syntax {
  /// The equation as it was written.
  std::string text;
  /// Bare label of every mode (`t1`, not `(t1)`), in order of first appearance.
  std::vector<std::string> labels;
  llvm::SmallVector<SyntaxPart, 4> operands;
  /// Absent if the equation has no `->`.
  std::optional<SyntaxPart> result;
  /// Modes after `|`, in order, and the byte of each.
  llvm::SmallVector<ModeId, 3> convModes;
  llvm::SmallVector<size_t, 3> convPositions;

  /// Whether a name stands without parentheses: labels have blanks between
  /// them.
  bool hasWords = false;

  std::optional<ModeId> find(llvm::StringRef label) const;
  bool isConv(ModeId mode) const;

  /// Parses `text`. Reports the first fault and returns nothing if the string
  /// violates section 2 or any refusal of section 7 that needs no shapes.
  static std::optional<Syntax> parse(llvm::StringRef text, ErrorFn onError);
};

/// Fills in the position of a diagnostic that has none, from its mode or its
/// operand, if `equation` parses: the mode after '|', else its first
/// occurrence, else the start of the operand.
Fault locate(Fault diagnostic, llvm::StringRef equation);

/// A label as it is written in an equation: `h`, or `(t1)`.
std::string spellLabel(llvm::StringRef bare);
/// Whether `bare` may stand in parentheses as a name (section 2).
bool isValidName(llvm::StringRef bare);

enum class PaddingMode : uint8_t {
  Explicit,
  Same,      ///< ext - 1 in all, the odd one at the end; whatever the stride
  SameUpper, ///< what ceil(X / s) results need, the odd one at the end
  SameLower, ///< the same, the odd one at the start
  Valid,
  Full,
  Causal, ///< ext - 1, all of it at the start
  Circular
};
enum class RelationKind : uint8_t { Linear, Circular };

/// `same` unless said otherwise; `low` and `high` count for Explicit only.
struct Padding {
  PaddingMode mode = PaddingMode::Same;
  int64_t low = 0, high = 0;
};

/// What the user may say about one conv mode (section 3).
struct Geometry {
  int64_t stride = 1;
  /// One number for every kernel, one per kernel in operand order (the feature
  /// skipped), or operand position -> dilation.
  std::variant<int64_t, std::vector<int64_t>, std::map<unsigned, int64_t>>
      dilation = int64_t(1);
  Padding padding;
  bool flip = false;
  /// Position of the feature operand; default: the first that holds the mode.
  std::optional<unsigned> feature;
  /// Default: Circular if the padding is, else Linear.
  std::optional<RelationKind> kind;
  /// The transpose of the convolution that all else describes: the feature is
  /// spread by the stride, and what padding would add is cut off.
  bool transposed = false;
  /// What a transposed mode has more at its end.
  int64_t outputPadding = 0;
};

/// Bare label -> geometry. Modes that are absent have the defaults.
using GeometryMap = std::map<std::string, Geometry>;

/// `same`, `same-upper`, `same-lower`, `valid`, `full`, `causal`, `circular`;
/// nothing for any other word. `Typed` words may also be in capitals, as
/// TensorFlow, JAX and ONNX have them: there `SAME` is `same-upper`.
enum class WordSource : uint8_t { Typed, Written };
std::optional<PaddingMode> parsePaddingWord(llvm::StringRef word,
                                            WordSource source);
/// The words of lower case.
llvm::ArrayRef<llvm::StringRef> paddingWords();
/// What to say of any other word, C40: what is expected, and what to do where a
/// border of other libraries is meant. `mode` is a bare label or empty.
std::string unknownPaddingWord(llvm::StringRef word, llvm::StringRef mode);

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_SYNTAX_H
