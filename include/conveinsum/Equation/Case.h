//===- Case.h - An equation and its geometry as JSON ---------- -*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The case object of docs/Cli.md: what `--case`, `--batch` and the data files
// of the tests hold. Only what belongs to the equation is read here; keys that
// are not listed are left to the caller.
//
//   {"expr": "bsh,tsh->bth|h", "shapes": [[2,3,7],[4,3,3]],
//    "conv_modes": {"h": {"stride": 2, "padding": "valid"}}}
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_CASE_H
#define CONVEINSUM_EQUATION_CASE_H

#include "conveinsum/Equation/Equation.h"

namespace llvm::json {
class Object;
class Value;
} // namespace llvm::json

namespace conveinsum {

/// Sizes of one conv mode that a case gives to be checked.
struct ExpectedExtents {
  std::optional<int64_t> feature; ///< `in_size`
  std::optional<int64_t> result;  ///< `out_size`
};

struct Case {
  /// Empty if the case has none.
  std::optional<std::string> name;
  std::string expr;
  /// Absent where the shapes come from elsewhere.
  std::optional<std::vector<Shape>> shapes;
  GeometryMap geometry;
  /// By bare label.
  std::map<std::string, ExpectedExtents> expectedExtents;
  /// `out_shape`.
  std::optional<Shape> expectedResultShape;

  /// Reads the keys `name`, `expr`, `shapes`, `conv_modes` and `out_shape`.
  /// Reports C22 and C40 to C48.
  static std::optional<Case> fromJSON(const llvm::json::Object &object,
                                      ErrorFn onError);

  /// Resolves the equation for the shapes of the case, which must be there
  /// (C48), and checks `in_size`, `out_size` and `out_shape` (C49).
  std::optional<Equation> resolve(ErrorFn onError) const;
  /// The same for shapes that come from elsewhere. If the case has shapes too,
  /// they must agree (C49).
  std::optional<Equation> resolve(llvm::ArrayRef<Shape> shapes,
                                  ErrorFn onError) const;
};

/// Reads an array of extents, or of arrays of extents (C22, C45, C48). `what`
/// names it in the message.
std::optional<Shape> readShape(const llvm::json::Value &value,
                               llvm::StringRef what, ErrorFn onError);
std::optional<std::vector<Shape>> readShapes(const llvm::json::Value &value,
                                             ErrorFn onError);

/// Reads a `conv_modes` object: bare label -> geometry, with the sizes that are
/// to be checked. Unknown keys and wrong types are refused.
bool readConvModes(const llvm::json::Value &value, GeometryMap &geometry,
                   std::map<std::string, ExpectedExtents> &expected,
                   ErrorFn onError);

/// Reads a JSON number as a signed 64-bit integer (C44, C45).
std::optional<int64_t> readInteger(const llvm::json::Value &value,
                                   llvm::StringRef what,
                                   std::optional<std::string> mode,
                                   ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_CASE_H
