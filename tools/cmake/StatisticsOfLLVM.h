//===- StatisticsOfLLVM.h - Counters as libMLIR has them --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Statistics of passes count in builds with assertions and are empty in others,
// and libMLIR makes them: it leaves without a value what we have and it has
// not. Our builds have assertions beside an LLVM that has none, so this header,
// which the compiler reads first, takes LLVM's side.
// conveinsum_match_statistics says for which rooms.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TOOLS_CMAKE_STATISTICSOFLLVM_H
#define CONVEINSUM_TOOLS_CMAKE_STATISTICSOFLLVM_H

#ifdef NDEBUG
#include "llvm/ADT/Statistic.h"
#else
#define NDEBUG
#include "llvm/ADT/Statistic.h"
#undef NDEBUG
#include <cassert>
#endif

#endif // CONVEINSUM_TOOLS_CMAKE_STATISTICSOFLLVM_H
