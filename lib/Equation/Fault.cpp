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
#include "llvm/Support/ConvertUTF.h"

using namespace conveinsum;

bool conveinsum::refuse(ErrorFn onError, const llvm::Twine &message) {
  Fault diagnostic;
  diagnostic.message = message.str();
  onError(diagnostic);
  return false;
}

/// Bytes of the valid UTF-8 sequence at the start of `text`, or 0.
static size_t sequenceLength(llvm::StringRef text) {
  auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data());
  const llvm::UTF8 *at = begin;
  llvm::UTF32 codePoint;
  bool isGood =
      llvm::convertUTF8Sequence(&at, begin + text.size(), &codePoint,
                                llvm::strictConversion) == llvm::conversionOK;
  return isGood ? at - begin : 0;
}

std::string conveinsum::renderDiagnostic(const Fault &diagnostic,
                                         llvm::StringRef equation) {
  std::string line;
  size_t caretColumn = 0, column = 0;
  for (size_t byte = 0; byte < equation.size(); ++column) {
    if (diagnostic.position && byte <= *diagnostic.position)
      caretColumn = column;
    llvm::StringRef rest = equation.drop_front(byte);
    size_t length = sequenceLength(rest);
    unsigned char first = rest.front();
    // A tab would move the caret, and no other control character may reach a
    // terminal.
    if (first == '\t')
      line += ' ';
    else if (length == 0 || first < 0x20 || first == 0x7F)
      line += "\xEF\xBF\xBD";
    else
      line += rest.take_front(length);
    byte += std::max<size_t>(length, 1);
  }
  if (diagnostic.position && *diagnostic.position >= equation.size())
    caretColumn = column;

  std::string rendered = diagnostic.message + "\n  " + line;
  if (diagnostic.position)
    rendered += "\n  " + std::string(caretColumn, ' ') + "^";
  else if (column > 0)
    rendered += "\n  ^" + std::string(column - 1, '~');
  return rendered;
}
