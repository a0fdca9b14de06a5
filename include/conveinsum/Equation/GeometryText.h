//===- GeometryText.h - Geometry and shapes on a command line - -*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The text forms of shapes (`32x64x56x56`) and of geometry
// (`h,w:stride=2,padding=1/1`), as in docs/Cli.md.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_EQUATION_GEOMETRYTEXT_H
#define CONVEINSUM_EQUATION_GEOMETRYTEXT_H

#include "conveinsum/Equation/Equation.h"
#include <set>

namespace conveinsum {

/// Parses `32x64x56x56`, or `scalar` for rank 0 (C22, C45, C47). Where extents
/// may be `open`, `?` is one that is not known.
std::optional<Shape> parseShape(llvm::StringRef text, ErrorFn onError,
                                bool open = false);
/// Inverse of `parseShape`; an extent that is not known yet is shown as `?`.
std::string toString(llvm::ArrayRef<int64_t> shape);

/// Parses an integer in decimal with an optional `-` (C44, C45). `what` names
/// it in the message.
std::optional<int64_t> parseInteger(llvm::StringRef text, llvm::StringRef what,
                                    std::optional<std::string> mode,
                                    ErrorFn onError);

/// What to say of a key that the geometry of `mode`, a bare label, does not
/// have: C43. `keys` are those that it has, at least two.
std::string unknownGeometryKey(llvm::StringRef key, llvm::StringRef mode,
                               llvm::ArrayRef<llvm::StringRef> keys);

/// The keys of `GeometryOptions`, as they are typed.
llvm::ArrayRef<llvm::StringRef> geometryKeys();

/// Collects options `LABEL[,LABEL...]:KEY=VALUE[,KEY=VALUE...]`. A label may be
/// written bare or as in the equation (`t1`, `(t1)`). Keys:
///
///     stride=2   dilation=2 | 2/1   padding=1/1 | 1 | same | same-upper | ...
///     flip   feature=0   kind=linear | circular   transposed
///     output-padding=1
class GeometryOptions {
public:
  /// Adds one option. Reports C40 to C46.
  bool add(llvm::StringRef option, ErrorFn onError);

  const GeometryMap &geometry() const { return map; }

private:
  GeometryMap map;
  /// Mode and key of everything given so far.
  std::set<std::pair<std::string, std::string>> given;
};

} // namespace conveinsum

#endif // CONVEINSUM_EQUATION_GEOMETRYTEXT_H
