//===- RangePlan.h - Plans for a range of sizes -----------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `plan --parametric=MODE:LOW..HIGH`.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_RANGEPLAN_H
#define CONVEINSUM_LIB_COMMAND_RANGEPLAN_H

#include "Session.h"
#include "conveinsum/Report/TableOptions.h"

namespace conveinsum::command {

/// Plans the network for all sizes of a mode that --parametric names. Reports
/// what is no range, and options that have no meaning for one.
std::optional<Outcome> planRange(const Network &network,
                                 const Arguments &arguments, TableOptions table,
                                 ErrorFn onError);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_RANGEPLAN_H
