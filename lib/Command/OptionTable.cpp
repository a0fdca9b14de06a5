//===- OptionTable.cpp - All commands and options -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tables behind the parser, the help pages and the completion. The words of
// planning have a table of their own.
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"
#include "conveinsum/Plan/Request/PlanWords.h"

using namespace conveinsum::command;
using llvm::StringRef;

static const StringRef planExamples[] = {
    "conveinsum plan \"bshw,rt,rs,rh,rw->bthw|hw\" 32x64x56x56 13x64 13x64 "
    "13x3 13x3",
    "conveinsum plan \"bsh,rs,rh->brh|h\" 2x4x8 3x4 3x3 "
    "--conv=h:stride=2,padding=valid --json",
    "conveinsum plan \"ij,jk,kl->il\" 8x9 9x10 10x11 --tree=\"(0,(1,2))\" "
    "--svg=plan.svg",
    "conveinsum plan \"bsh,rs,rh->brh|h\" 32x64x56 13x64 13x3 --gradients=1,2 "
    "--minimize=time --target=gpu",
    "conveinsum plan \"bsh,rs,rh->brh|h\" 32x64x56 13x64 13x3 "
    "--against=\"((1,2),0)\"",
    "conveinsum plan \"ab,ac,ad->bcd\" 4x40 4x40 4x40 --memory-limit=275KiB "
    "--slice",
    "conveinsum plan \"bi,ij,jk->bk\" 1x64 64x256 256x64 "
    "--parametric=b:1..4096"};
static const StringRef paretoExamples[] = {
    "conveinsum pareto \"bshw,rt,rs,rh,rw->bthw|hw\" 128x128x28x28 56x128 "
    "56x128 "
    "56x3 56x3 --keep=24MiB",
    "conveinsum pareto \"bsh,rs,rh->brh|h\" 32x64x56 13x64 13x3 "
    "--gradients=1,2 "
    "--json"};
static const StringRef runExamples[] = {
    "conveinsum run \"bsh,rs,rh->brh|h\" x.npy a.npy k.npy -o y.npy --check",
    "conveinsum run \"ij,jk->ik\" a.npy b.npy -o c.npy --dtype=bf16 "
    "--result-dtype=f32",
    "conveinsum run \"hwc,rc->hwr\" photo.npy weights.npz:w -o y.npy "
    "--dtype=f32",
    "conveinsum run --batch=jobs.jsonl --threads=2"};
static const StringRef gradExamples[] = {
    "conveinsum grad \"bsh,rs,rh->brh|h\" x.npy a.npy k.npy -o g --check",
    "conveinsum grad \"bsh,rs,rh->brh|h\" x.npy a.npy k.npy -o g "
    "--cotangent=dy.npy --gradients=1,2 --keep=0 --result=y.npy"};
static const StringRef compileExamples[] = {
    "conveinsum compile \"bsh,rs,rh->brh|h\" 2x4x8 3x4 3x3 --emit=linalg -o -",
    "conveinsum compile \"bsh,rs,rh->brh|h\" 2x4x8 3x4 3x3 --emit=library -o "
    "libstep.so",
    "conveinsum compile \"bsh,rs,rh->brh|h\" 2x4x8 3x4 3x3 --emit=library -o "
    "libstep.so --gradients=all --keep=1KiB"};
static const StringRef checkExamples[] = {
    "conveinsum check \"bsh,rs,rh->brh|h\" 2x4x8 3x4 3x3 --trees=all",
    "conveinsum check --batch=cases.jsonl --dtype=i8"};

llvm::ArrayRef<CommandInfo> conveinsum::command::commandTable() {
  static const CommandInfo table[] = {
      {PlanCommand, "plan", "conveinsum plan NETWORK [options]",
       "print the order of steps and what it costs; needs no data",
       planExamples},
      {ParetoCommand, "pareto", "conveinsum pareto NETWORK [options]",
       "print the ways to train: what each keeps for the backward pass and "
       "costs",
       paretoExamples},
      {RunCommand, "run",
       "conveinsum run NETWORK FILE.npy... -o OUT.npy [options]",
       "compile in process, execute, write the result", runExamples},
      {GradCommand, "grad",
       "conveinsum grad NETWORK FILE.npy... -o PREFIX [options]",
       "compile in process, execute forward and backward, write the gradients",
       gradExamples},
      {CompileCommand, "compile",
       "conveinsum compile NETWORK --emit=STAGE -o FILE [options]",
       "write the IR of a stage, an object, or a shared library and its header",
       compileExamples},
      {CheckCommand, "check",
       "conveinsum check NETWORK [--trees=N|all] [options]",
       "execute by many trees and compare with the definition", checkExamples}};
  return table;
}

/// The row of a word that passes and bindings know too.
static OptionInfo planOption(StringRef name, unsigned commands) {
  const conveinsum::PlanWord &word = conveinsum::planWord(name);
  return {word.name, word.value, commands, false, word.help, word.choices};
}

llvm::ArrayRef<OptionInfo> conveinsum::command::optionTable() {
  constexpr unsigned running = RunCommand | GradCommand;
  constexpr unsigned ordered = PlanCommand | CompileCommand | running;
  constexpr unsigned searching = ordered | ParetoCommand;
  constexpr unsigned limited = PlanCommand | CompileCommand;
  constexpr unsigned executing = running | CheckCommand;
  constexpr unsigned generating = CompileCommand | executing;
  static const OptionInfo table[] = {
      {"case", "FILE", AllCommands, false,
       "read the network from a JSON object ('-': standard input)", "FILE"},
      {"batch", "FILE", AllCommands, false,
       "JSON Lines: one network a line in, one JSON object a line out", "FILE"},
      {"conv", "MODES:KEY=VALUE,...", AllCommands, true,
       "geometry of conv modes: stride=2, dilation=2/1, padding=1/1 or a word "
       "(same, same-upper, same-lower, valid, full, causal, circular), flip, "
       "feature=0, kind=linear|circular, transposed, output-padding=1",
       ""},
      planOption("planner", searching),
      {"path", "PAIRS", searching, false,
       "pin the order, opt_einsum's linear form: (0,2),(0,1)", ""},
      {"ssa-path", "PAIRS", searching, false,
       "pin the order, every step's result a new number: (0,2),(3,1)", ""},
      {"tree", "TREE", searching, false,
       "pin the order, nested operand positions: ((0,2),1)", ""},
      {"against", "TREE", PlanCommand, false,
       "compare the plan with this tree, step by step", ""},
      planOption("minimize", ordered),
      planOption("count", searching),
      planOption("gradients", searching),
      planOption("constants", searching),
      planOption("target", ordered),
      planOption("budget", searching),
      {"cache", "FOLDER", searching, false,
       "look plans up in a folder, and keep what is found (also: the "
       "environment "
       "variable CONVEINSUM_CACHE_DIR)",
       "FILE"},
      planOption("keep",
                 PlanCommand | ParetoCommand | GradCommand | CompileCommand),
      {"cotangent", "FILE", GradCommand, false,
       "the gradient towards the result, a .npy file of its shape (default: "
       "all ones)",
       "FILE"},
      planOption("slice", PlanCommand),
      {"parametric", "MODE:LOW..HIGH", PlanCommand, false,
       "plan for all sizes of one mode: b:1..4096", ""},
      {"export", "FORMAT", PlanCommand, false,
       "print network and plan for other planners: cotengra", "cotengra"},
      {"dtype", "TYPE", AllCommands, false,
       "element type: f64 f32 f16 bf16 complex<f32> complex<f64> i8 i16 i32 "
       "i64 "
       "(default f32; for run and grad that of the files, given it converts)",
       "f64 f32 f16 bf16 c64 c128 i8 i16 i32 i64"},
      {"result-dtype", "TYPE", AllCommands, false,
       "a wider element type of the same kind for the result",
       "f64 f32 f16 bf16 c64 c128 i8 i16 i32 i64"},
      {"trees", "N|all", CheckCommand, false,
       "how many trees (default: all up to 5 operands, else 100)", "all"},
      {"check", "", running, false,
       "compare the result, or the gradients, with the definition", ""},
      {"emit", "STAGE", CompileCommand, false,
       "imported, planned, steps, linalg, llvm, object or library",
       "imported planned steps linalg llvm object library"},
      {"output", "FILE", running | CompileCommand, false,
       "where the result goes; also -o FILE ('-': standard output, for results "
       "and IR); for grad what names of files begin with: operand 2's gradient "
       "goes to FILE.2.npy",
       "FILE"},
      {"result", "FILE", GradCommand, false,
       "where the result of the forward pass goes ('-': standard output)",
       "FILE"},
      {"force", "", CompileCommand, false,
       "replace files that conveinsum did not make by an object, a library or "
       "a "
       "header",
       ""},
      {"name", "NAME", CompileCommand, false,
       "functions and macros are conveinsum_NAME (default: the name of the "
       "case, or that of the file that is written)",
       ""},
      {"json", "", PlanCommand | ParetoCommand | executing, false, "print JSON",
       ""},
      {"svg", "FILE", PlanCommand | ParetoCommand, false,
       "draw the plan's tree, or the front", "FILE"},
      {"dot", "", PlanCommand, false, "print the plan's tree for Graphviz", ""},
      {"points", "N|all", ParetoCommand, false,
       "points of the front that are shown, both ends among them (default: 24 "
       "in the table, all in JSON)",
       "all"},
      {"rows", "N|all", PlanCommand, false,
       "rows of the table, the costliest (default 32)", "all"},
      {"width", "N|all", PlanCommand | ParetoCommand | CheckCommand, false,
       "columns that the table keeps within, from 40 on (default: COLUMNS, the "
       "terminal's, or 100)",
       "all"},
      {"threads", "N", generating, false,
       "threads of compiled code (default: all processors for run and grad)",
       ""},
      {"target-cpu", "NAME", generating, false,
       "processor to compile for (default: host; for compile a portable "
       "baseline)",
       "native"},
      planOption("memory-limit", executing | limited),
      {"help", "", AllCommands, false, "show this page", ""}};
  return table;
}

const CommandInfo &conveinsum::command::commandInfo(CommandKind kind) {
  for (const CommandInfo &info : commandTable())
    if (info.kind == kind)
      return info;
  assert(false && "every command is in the table");
  return commandTable().front();
}

const CommandInfo *conveinsum::command::findCommand(StringRef word) {
  for (const CommandInfo &info : commandTable())
    if (info.name == word)
      return &info;
  return nullptr;
}
