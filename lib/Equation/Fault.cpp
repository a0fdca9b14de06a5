//===- Fault.cpp - The message, the equation and a caret ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shows a fault to a person.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/Fault.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Unicode.h"

using namespace conveinsum;

bool conveinsum::refuse(ErrorFn onError, const llvm::Twine &message) {
  Fault diagnostic;
  diagnostic.message = message.str();
  onError(diagnostic);
  return false;
}

/// Names that a message quotes may hold what controls a terminal.
static std::string withoutControls(llvm::StringRef message) {
  std::string text;
  for (char character : message)
    if (character != '\n' && llvm::isASCII(character) &&
        !llvm::isPrint(character))
      text += "\xEF\xBF\xBD";
    else
      text += character;
  return text;
}

std::string conveinsum::numberedMessage(const Fault &diagnostic) {
  std::string message = withoutControls(diagnostic.message);
  if (!diagnostic.constraint.empty())
    message += " [" + diagnostic.constraint + "]";
  return message;
}

namespace {
/// What stands at the start of a text, as a terminal shows it.
struct Shown {
  size_t bytes; ///< of the text that it stands for, at least 1
  llvm::StringRef text;
  unsigned columns;
};
} // namespace

/// A tab would move the caret; what is invisible, changes the direction of
/// writing or controls a terminal must not reach it.
static Shown showFirst(llvm::StringRef text) {
  auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
  const llvm::UTF8 *at = begin;
  llvm::UTF32 codePoint = 0;
  bool isGood =
      llvm::convertUTF8Sequence(&at, begin + text.size(), &codePoint,
                                llvm::strictConversion) == llvm::conversionOK;
  size_t bytes = isGood ? at - begin : 1;
  if (codePoint == '\t')
    return {bytes, " ", 1};
  llvm::StringRef character = text.take_front(bytes);
  int columns = isGood ? llvm::sys::unicode::columnWidthUTF8(character) : -1;
  if (columns < 0)
    return {bytes, "\xEF\xBF\xBD", 1};
  return {bytes, character, unsigned(columns)};
}

std::string conveinsum::renderDiagnostic(const Fault &diagnostic,
                                         llvm::StringRef equation) {
  std::string line;
  size_t caretColumn = 0, column = 0;
  for (size_t byte = 0; byte < equation.size();) {
    if (diagnostic.position && byte <= *diagnostic.position)
      caretColumn = column;
    Shown shown = showFirst(equation.drop_front(byte));
    line += shown.text;
    column += shown.columns;
    byte += shown.bytes;
  }
  if (diagnostic.position && *diagnostic.position >= equation.size())
    caretColumn = column;

  std::string rendered = numberedMessage(diagnostic) + "\n  " + line;
  if (diagnostic.position)
    rendered += "\n  " + std::string(caretColumn, ' ') + "^";
  else if (column > 0)
    rendered += "\n  ^" + std::string(column - 1, '~');
  return rendered;
}
