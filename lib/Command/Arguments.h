//===- Arguments.h - What stands on the command line ------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One table of options drives the parser, the help pages and the completion
// script. The parser knows which options exist and which take a value; what the
// values mean is the business of their users.
//
// Why not llvm::opt: it was written out and compared with this parser, LLVM 22,
// on 400,000 random command lines. Arguments.cpp grew from 146 lines to 229 for
// the same answers and messages; 66 of these build a GenericOptTable from
// optionTable(), and the 163 others are still more than there are here.
// OptionTable.cpp and Help.cpp stay whole:
//   - `--name VALUE` and `--name=VALUE` are two rows of an OptTable, and its
//     printHelp prints both, sorted by name, neither broken at the page's width
//     nor followed by examples. It has no script for bash.
//   - ParseArgs drops empty words, and the empty word is an equation (that of a
//     scalar), so the words are walked here anyway. `->` and whatever is
//     mistyped come back as one kind of unknown: `--json=1` and options of
//     other commands have to be looked up again for their messages. An option
//     given twice is no fault to it.
//   - findNearest breaks ties by its own order (`--cace`: cache, not case).
//   - ParseArgs takes no sub-command, only visibility bits, which are the
//     `commands` of a row.
//   - Options.td would hold the names and helps of planWords() a second time.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_LIB_COMMAND_ARGUMENTS_H
#define CONVEINSUM_LIB_COMMAND_ARGUMENTS_H

#include "conveinsum/Equation/Fault.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/Twine.h"
#include <map>
#include <vector>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace conveinsum::command {

enum ExitCode : int { Success = 0, Refused = 1, Usage = 2 };

/// Bits of a set of commands.
enum CommandKind : unsigned {
  PlanCommand = 1,
  RunCommand = 2,
  CompileCommand = 4,
  CheckCommand = 8,
  ParetoCommand = 16,
  GradCommand = 32,
  AllCommands = PlanCommand | RunCommand | CompileCommand | CheckCommand |
                ParetoCommand | GradCommand
};

/// One command of the table.
struct CommandInfo {
  CommandKind kind;
  llvm::StringRef name, usage, summary;
  llvm::ArrayRef<llvm::StringRef> examples;
};
llvm::ArrayRef<CommandInfo> commandTable();
const CommandInfo &commandInfo(CommandKind kind);
/// Null for an unknown word.
const CommandInfo *findCommand(llvm::StringRef word);

/// One option of the table.
struct OptionInfo {
  llvm::StringRef name;  ///< without dashes
  llvm::StringRef value; ///< what the help calls its value; empty for a flag
  unsigned commands;     ///< set of CommandKind
  bool repeatable;
  llvm::StringRef help;
  /// Words of which the value is one, for the completion; `FILE` for a path, at
  /// the end if there are words too.
  llvm::StringRef choices;
};
llvm::ArrayRef<OptionInfo> optionTable();

/// A parsed command line. Every option of it is valid for its command.
class Arguments {
public:
  CommandKind command = PlanCommand;
  std::vector<std::string> positional;

  bool has(llvm::StringRef option) const { return options.count(option.str()); }
  /// The value, or nothing if the option is absent.
  std::optional<llvm::StringRef> value(llvm::StringRef option) const;
  /// All values of a repeatable option.
  llvm::ArrayRef<std::string> values(llvm::StringRef option) const;
  void add(llvm::StringRef option, llvm::StringRef value);

private:
  std::map<std::string, std::vector<std::string>> options;
};

/// Why a command line was not accepted.
struct UsageError {
  ExitCode code = Usage;
  std::string message;
};

/// Parses what follows the command's name.
std::optional<Arguments> parseArguments(CommandKind command,
                                        llvm::ArrayRef<llvm::StringRef> words,
                                        UsageError &error);

/// The page of one command, or the overview.
void printHelp(llvm::raw_ostream &os, const CommandInfo *command = nullptr);
void printVersion(llvm::raw_ostream &os);
/// A completion script for bash.
void printCompletion(llvm::raw_ostream &os);

} // namespace conveinsum::command

#endif // CONVEINSUM_LIB_COMMAND_ARGUMENTS_H
