//===- Arguments.cpp - Parsing of the command line ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `--option=VALUE`, `--option VALUE`, `-o FILE`, flags, and positional words. A
// word that begins with `->` is an equation, and everything after `--` is
// positional.
//
//===----------------------------------------------------------------------===//

#include "Arguments.h"
#include "conveinsum/Equation/NearWord.h"

using namespace conveinsum::command;
using llvm::StringRef;

std::optional<StringRef> Arguments::value(StringRef option) const {
  auto found = options.find(option.str());
  if (found == options.end())
    return std::nullopt;
  return StringRef(found->second.front());
}

llvm::ArrayRef<std::string> Arguments::values(StringRef option) const {
  auto found = options.find(option.str());
  if (found == options.end())
    return {};
  return found->second;
}

void Arguments::add(StringRef option, StringRef value) {
  options[option.str()].push_back(value.str());
}

static const OptionInfo *findOption(StringRef name, CommandKind command) {
  for (const OptionInfo &info : optionTable())
    if (info.name == name && (info.commands & command))
      return &info;
  return nullptr;
}

/// The options of a command, for suggestions.
static llvm::SmallVector<StringRef> optionNames(CommandKind command) {
  llvm::SmallVector<StringRef> names;
  for (const OptionInfo &info : optionTable())
    if (info.commands & command)
      names.push_back(info.name);
  return names;
}

static bool isOption(StringRef word) {
  return word.size() > 1 && word[0] == '-' && !word.starts_with("->");
}

namespace {
/// Walks the words of a command line.
class Parser {
public:
  Parser(CommandKind command, llvm::ArrayRef<StringRef> words,
         UsageError &error)
      : words(words), error(error) {
    arguments.command = command;
  }

  std::optional<Arguments> parse() {
    while (!words.empty()) {
      StringRef word = words.consume_front();
      if (word == "--") {
        for (StringRef rest : words)
          arguments.positional.push_back(rest.str());
        break;
      }
      if (!isOption(word))
        arguments.positional.push_back(word.str());
      else if (!parseOption(word))
        return std::nullopt;
    }
    return std::move(arguments);
  }

private:
  bool fail(ExitCode code, const llvm::Twine &message) {
    error = {code, message.str()};
    return false;
  }

  bool parseOption(StringRef word) {
    StringRef name, value;
    bool hasValue = false;
    if (word.consume_front("--")) {
      hasValue = word.contains('=');
      std::tie(name, value) = word.split('=');
    } else if (word.starts_with("-o")) {
      name = "output";
      value = word.drop_front(2);
      value.consume_front("=");
      hasValue = word.size() > 2;
    } else if (word == "-h") {
      name = "help";
    } else {
      return fail(Usage, "unknown option '" + word + "'");
    }
    const OptionInfo *option = findOption(name, arguments.command);
    if (!option)
      return unknown(name);
    if (option->value.empty() && hasValue)
      return fail(Usage, "option '--" + name + "' takes no value");
    if (!option->value.empty() && !hasValue) {
      if (words.empty())
        return fail(Usage, "option '--" + name + "' needs a value, --" + name +
                               "=" + option->value);
      value = words.consume_front();
    }
    if (arguments.has(name) && !option->repeatable)
      return fail(Usage, "option '--" + name + "' is given twice");
    arguments.add(name, value);
    return true;
  }

  bool unknown(StringRef name) {
    std::string message = ("unknown option '--" + name + "' of conveinsum " +
                           commandInfo(arguments.command).name)
                              .str();
    StringRef nearest =
        conveinsum::nearestWord(name, optionNames(arguments.command));
    if (!nearest.empty())
      message += "; did you mean '--" + nearest.str() + "'?";
    return fail(Usage, message);
  }

  llvm::ArrayRef<StringRef> words;
  UsageError &error;
  Arguments arguments;
};
} // namespace

std::optional<Arguments> conveinsum::command::parseArguments(
    CommandKind command, llvm::ArrayRef<StringRef> words, UsageError &error) {
  return Parser(command, words, error).parse();
}
