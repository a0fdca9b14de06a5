//===- Interchange.h - Networks and paths of other planners -----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads and writes the JSON in which cotengra saves networks
// (`cotengra.utils.save_to_json`), and what users put beside it, a path in
// opt_einsum's linear form and in SSA numbers:
//
//   {"inputs": [["a", "b"], ["b", "c"], ["c", "d"]], "output": ["a", "d"],
//    "size_dict": {"a": 2, "b": 3, "c": 4, "d": 5},
//    "path": [[0, 1], [0, 1]], "ssa_path": [[0, 1], [2, 3]]}
//
//   ab,bc,cd->ad   2x3 3x4 4x5   ((0,1),2)
//
// Index names are free in that format. One that can stand in an equation stays
// the label; any other gets a new one.
//
// The paths themselves, as text, are ContractionTree's business.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_INTERCHANGE_INTERCHANGE_H
#define CONVEINSUM_PLAN_INTERCHANGE_INTERCHANGE_H

#include "conveinsum/Plan/Tree/ContractionTree.h"

namespace llvm::json {
class Object;
class Value;
} // namespace llvm::json

namespace conveinsum {

struct ImportedNetwork {
  /// With an explicit result, `ab,b(i2)->a(i2)`.
  std::string text;
  std::vector<Shape> shapes;
  /// If the file has a path.
  std::optional<ContractionTree> tree;
};

/// Reads a network. `inputs` and `output` must be there, and at least one of
/// `size_dict` (index -> size; may have more indices) and `shapes` (one list of
/// sizes per input); if there is more than one source of a size, or of the
/// path, they must agree. Steps of a path must join two tensors; one input may
/// have the path [[0]]. Unknown keys are refused. Reports the first fault.
std::optional<ImportedNetwork> importNetwork(const llvm::json::Value &value,
                                             ErrorFn onError);

/// Writes a network and, if given, its plan. Conv modes and dynamic shapes are
/// refused: the format has neither. Labels are those of `einsumLabels` for up
/// to 52 modes, else the equation's own.
std::optional<llvm::json::Object> exportNetwork(const Equation &equation,
                                                const ContractionTree *tree,
                                                ErrorFn onError);

/// One character per mode, as `einsum` functions want them. The equation's own
/// labels if they are ASCII letters, or characters and more than 52; else a..z,
/// A..Z and, from the 53rd mode on, the characters that opt_einsum and cotengra
/// take (`get_symbol`).
std::vector<std::string> einsumLabels(const Equation &equation);
/// The equation in these labels, `ab,bc->ac`, for `numpy.einsum` and
/// opt_einsum. Conv modes are refused.
std::optional<std::string> einsumText(const Equation &equation,
                                      ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_INTERCHANGE_INTERCHANGE_H
