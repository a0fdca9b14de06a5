//===- PlanSource.h - Plans for the networks of a command -------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plans are looked up before they are searched for: in the cache that the user
// asked for, or among the earlier lines of a batch. The latter serve only lines
// with the same equation and sizes, so that a line is answered as if it stood
// alone; a cache may answer with another tree of the same value.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_PIPELINES_COMMAND_PLANSOURCE_H
#define CONVEINSUM_LIB_PIPELINES_COMMAND_PLANSOURCE_H

#include "Arguments.h"
#include "conveinsum/Plan/PlanCache.h"

namespace conveinsum::command {

class PlanSource {
public:
  /// Opens the cache of --cache or, without that, of the environment variable
  /// CONVEINSUM_CACHE_DIR; an absent folder is made. Without both there is none.
  /// Reports a folder that cannot be made.
  bool open(const Arguments &arguments, ErrorFn onError);

  /// `plan`, or what is known of the network. `cached`, if there is a cache,
  /// says whether the plan comes from it.
  std::optional<conveinsum::Plan> plan(const Equation &equation,
                                       const PlannerOptions &options,
                                       std::optional<bool> &cached,
                                       ErrorFn onError);

private:
  std::optional<conveinsum::Plan> planLine(const Equation &equation,
                                           const PlannerOptions &options,
                                           ErrorFn onError);

  std::unique_ptr<PlanCache> cache;
  /// Plans of the lines of a batch, by network and goal.
  std::map<std::string, conveinsum::Plan> lines;
  bool remembersLines = false;
};

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_PIPELINES_COMMAND_PLANSOURCE_H
