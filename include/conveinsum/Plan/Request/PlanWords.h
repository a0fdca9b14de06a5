//===- PlanWords.h - The words in which plans are asked for -----*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Command line, passes, attributes in IR and bindings all ask for plans in the
// same words. One table has them: how they are called, what they may say, what
// that does to a request, and what is so if nobody says anything.
//
//   --minimize=time            the command
//   minimize=time              the option of a pass
//   conveinsum.minimize        the attribute, a string
//
//   PlanRequest request;
//   readPlanWord("minimize", "--minimize", "speed", 3, request, onError);
//       expected --minimize to be flops, size, ..., time or peak, got 'speed'
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_PLAN_REQUEST_PLANWORDS_H
#define CONVEINSUM_PLAN_REQUEST_PLANWORDS_H

#include "conveinsum/Plan/Request/PlanRequest.h"

namespace conveinsum {

/// One option of planning.
struct PlanWord {
  llvm::StringRef name;  ///< `memory-limit`
  llvm::StringRef value; ///< what a help page calls its value; empty for a flag
  /// What is so if nobody says anything; empty where that is nothing.
  llvm::StringRef standard;
  llvm::StringRef help;
  /// What a value has to be, for diagnostics.
  llvm::StringRef expected;
  /// Words of which the value is one, for completions; `FILE` for a path.
  llvm::StringRef choices;
  /// What it is called in IR, on an einsum or on an op around it; empty where
  /// it does not stand there.
  llvm::StringRef attribute;
  /// Puts what `text` says into the request; false if it says nothing that is
  /// expected. `operands` is the number of operands, for `all`.
  bool (*read)(llvm::StringRef text, unsigned operands, PlanRequest &request);
};

llvm::ArrayRef<PlanWord> planWords();
/// The word of that name, which must be one of the table.
const PlanWord &planWord(llvm::StringRef name);
/// The word whose attribute has that name; null if there is none.
const PlanWord *findPlanAttribute(llvm::StringRef name);

/// Puts what `text` says into the request; operand lists are added to and
/// sorted. Reports text that says nothing; `source` names in messages who said
/// it.
bool readPlanWord(llvm::StringRef name, llvm::StringRef source,
                  llvm::StringRef text, unsigned operands, PlanRequest &request,
                  ErrorFn onError);

/// Refuses a request whose parts say nothing together, or contradict each
/// other. Words are named with `prefix`, `--` or nothing.
bool verifyRequest(const PlanRequest &request, llvm::StringRef prefix,
                   ErrorFn onError);

} // namespace conveinsum

#endif // CONVEINSUM_PLAN_REQUEST_PLANWORDS_H
