//===- Help.cpp - Help pages, version, completion -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Text for people, printed from the tables of commands and options.
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"
#include "conveinsum/Equation/GeometryText.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/raw_ostream.h"

using namespace conveinsum::command;
using llvm::raw_ostream;
using llvm::StringRef;

static constexpr size_t kHelpColumn = 30;
static constexpr size_t kPageWidth = 80;

static const char networkHelp[] =
    "NETWORK is one of\n"
    "  EQUATION SHAPE...   labels, '->', labels, '|', conv modes; one shape "
    "per\n"
    "                      operand, 32x64x56x56, or scalar (run: from the "
    "files)\n"
    "  --case=FILE         a JSON object with expr, shapes, conv_modes, ...\n"
    "  --batch=FILE        JSON Lines, one object a line\n";

/// Prints `text` from the help column on, broken between words.
static void printWrapped(raw_ostream &os, StringRef text) {
  size_t column = kHelpColumn;
  llvm::SmallVector<StringRef> words;
  text.split(words, ' ');
  for (StringRef word : words) {
    if (column != kHelpColumn && column + 1 + word.size() > kPageWidth) {
      os << '\n';
      os.indent(kHelpColumn);
      column = kHelpColumn;
    } else if (column != kHelpColumn) {
      os << ' ';
      ++column;
    }
    os << word;
    column += word.size();
  }
  os << '\n';
}

static void printOption(raw_ostream &os, const OptionInfo &option) {
  std::string left = "  --" + option.name.str();
  if (!option.value.empty())
    left += "=" + option.value.str();
  os << left;
  if (left.size() + 2 > kHelpColumn)
    os << '\n' << std::string(kHelpColumn, ' ');
  else
    os.indent(kHelpColumn - left.size());
  printWrapped(os, option.help);
}

static void printCommandPage(raw_ostream &os, const CommandInfo &command) {
  os << "Usage: " << command.usage << "\n\n"
     << command.summary << "\n\n"
     << networkHelp << "\nOptions\n";
  for (const OptionInfo &option : optionTable())
    if (option.commands & command.kind)
      printOption(os, option);
  os << "\nExamples\n";
  for (StringRef example : command.examples)
    os << "  " << example << '\n';
}

void conveinsum::command::printHelp(raw_ostream &os,
                                    const CommandInfo *command) {
  if (command)
    return printCommandPage(os, *command);
  os << "conveinsum: plans, compiles and runs convolutional tensor "
        "networks\n\n";
  for (const CommandInfo &info : commandTable())
    os << "  " << info.usage << "\n      " << info.summary << '\n';
  os << '\n' << networkHelp << "\nExamples\n";
  for (const CommandInfo &info : commandTable())
    os << "  " << info.examples.front() << '\n';
  os << "\n'conveinsum COMMAND --help' lists the options of a command.\n"
     << "Also: conveinsum --version, conveinsum --completion=bash\n"
     << "Exit codes: 0 done; 1 refused, or a check failed; 2 unknown command "
        "or "
        "option,\nor a missing argument.\n";
}

void conveinsum::command::printVersion(raw_ostream &os) {
  os << "conveinsum " CONVEINSUM_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
}

/// The line that completes the value of an option. Files are completed anyway.
static void printChoices(raw_ostream &os, const OptionInfo &option) {
  StringRef words = option.choices;
  bool takesFile = words.consume_back("FILE");
  if (words.empty())
    return;
  os << "    --" << option.name << ") COMPREPLY=($(compgen "
     << (takesFile ? "-f " : "") << "-W \"" << words.rtrim()
     << "\" -- \"$word\")); return;;\n";
}

/// Completes inside of `--conv=MODES:KEY=VALUE,...`. The line says where the
/// option begins: '=' and ':' may cut it into words, of which only the last is
/// replaced.
static void printGeometryCompletion(raw_ostream &os) {
  os << "  local line=${COMP_LINE:0:COMP_POINT}\n"
        "  local token=${line##*[[:blank:]]} before=${line%[[:blank:]]*}\n"
        "  if [[ $token == --conv=* || ${before##*[[:blank:]]} == --conv ]]; "
        "then\n"
        "    [[ $token == *:* ]] || return\n"
        "    local pair=${token##*[:,]} choices=''\n"
        "    case $pair in\n"
        "      padding=*) choices='"
     << llvm::join(conveinsum::paddingWords(), " ")
     << "';;\n"
        "      kind=*) choices='linear circular';;\n"
        "      flip=*|transposed=*) choices='true false';;\n"
        "      *=*) ;;\n"
        "      *) compopt -o nospace; choices='";
  for (StringRef key : conveinsum::geometryKeys())
    os << key << (key == "flip" || key == "transposed" ? " " : "= ");
  os << "';;\n"
        "    esac\n"
        "    [[ $word == : ]] && word=''\n"
        "    COMPREPLY=($(compgen -P \"${word%\"${word##*[:,=]}\"}\" "
        "-W \"$choices\" -- \"${pair##*=}\"))\n"
        "    return\n"
        "  fi\n";
}

void conveinsum::command::printCompletion(raw_ostream &os) {
  os << "# bash completion of conveinsum; load with\n"
        "#   source <(conveinsum --completion=bash)\n"
        "_conveinsum() {\n"
        "  local word=${COMP_WORDS[COMP_CWORD]} "
        "previous=${COMP_WORDS[COMP_CWORD-1]}\n"
        "  local options\n"
        "  COMPREPLY=()\n"
        "  if [[ $COMP_CWORD -eq 1 ]]; then\n"
        "    COMPREPLY=($(compgen -W \"";
  for (const CommandInfo &command : commandTable())
    os << command.name << ' ';
  os << "--help --version\" -- \"$word\"))\n"
        "    return\n"
        "  fi\n"
        "  # '=' may be a word of its own.\n"
        "  if [[ $word == '=' ]]; then word=''; "
        "elif [[ $previous == '=' ]]; then "
        "previous=${COMP_WORDS[COMP_CWORD-2]}; fi\n";
  printGeometryCompletion(os);
  os << "  case $previous in\n";
  for (const OptionInfo &option : optionTable())
    printChoices(os, option);
  os << "  esac\n"
        "  case ${COMP_WORDS[1]} in\n";
  for (const CommandInfo &command : commandTable()) {
    os << "    " << command.name << ") options='";
    for (const OptionInfo &option : optionTable())
      if (option.commands & command.kind)
        os << "--" << option.name << (option.value.empty() ? " " : "= ");
    os << "';;\n";
  }
  os << "  esac\n"
        "  if [[ $word == -* ]]; then\n"
        "    compopt -o nospace\n"
        "    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
        "  else\n"
        "    COMPREPLY=($(compgen -f -- \"$word\"))\n"
        "  fi\n"
        "}\n"
        "complete -F _conveinsum conveinsum\n";
}
