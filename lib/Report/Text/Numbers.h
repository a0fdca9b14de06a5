//===- Numbers.h - Figures and names as people read them --------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pieces of text that table, DOT and SVG share.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_REPORT_TEXT_NUMBERS_H
#define CONVEINSUM_LIB_REPORT_TEXT_NUMBERS_H

#include "conveinsum/Equation/GeometryText.h"
#include "conveinsum/Report/PlanReport.h"

namespace conveinsum {

/// With a binary prefix: `98.0 MiB`, `192 B`.
std::string humanBytes(Count bytes);
/// `12.3 us`, `4.56 ms`, `1.23 s`.
std::string humanSeconds(double seconds);
std::string humanPicoseconds(Count picoseconds);
/// Two decimals, or none where there are three figures before the point.
std::string humanRatio(double ratio);
/// All digits, and the short form where it is another: `1428 (1.428 k)`.
std::string exactly(Count count);
/// What a table calls the objective: `MACs`, `dense MACs`, `combo-64 (dense
/// MACs)`. The word `flops` of options means multiply-adds; a table has FLOPs,
/// two of each, as well.
std::string title(const Objective &objective);
/// A value in full, with its unit: `1428 (1.428 k) MACs`, `5.13 ms`.
std::string valueText(const Objective &objective, Count value);
/// The same behind the objective's title, which says the unit of MACs.
std::string titledText(const Objective &objective, Count value,
                       llvm::StringRef separator = " = ");
/// Which of `values` are shown if at most `most` of them are, the largest; of
/// equal ones the first.
std::vector<bool> largest(llvm::ArrayRef<Count> values, size_t most);
/// `81.6 %`; empty if the whole is 0.
std::string shareText(Count part, Count whole);
double fraction(Count part, Count whole);
/// `64.0x`; empty if the plan costs nothing.
std::string ratioText(Count count, Count plan);
/// The labels of `modes`, spelled as in an equation.
std::string modesText(const Equation &equation, llvm::ArrayRef<ModeId> modes);
/// `5,3->6`, in SSA numbers.
std::string stepText(const PlannedStep &step);
/// `0, 2, 5`.
std::string listText(llvm::ArrayRef<unsigned> numbers);
/// `combo-64 = 1.234 k, predicted 12.3 us on cpu`.
std::string objectiveText(const PlanReport &report);
/// What bounds a step, or `prepare`.
llvm::StringRef boundText(const StepReport &step);
/// One line about a step, for tooltips: products, bytes, predicted time.
std::string predictionText(const StepReport &step);
/// Columns that UTF-8 text takes.
unsigned columns(llvm::StringRef text);

} // namespace conveinsum

#endif // CONVEINSUM_LIB_REPORT_TEXT_NUMBERS_H
