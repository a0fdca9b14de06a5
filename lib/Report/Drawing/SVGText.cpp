//===- SVGText.cpp - What drawings have in common -------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Labels of modes may be any text, and names come from files of users.
//
//===----------------------------------------------------------------------===//

#include "SVGText.h"
#include "Report/Text/Numbers.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <cmath>

using namespace conveinsum;
using llvm::formatv;
using llvm::StringRef;

std::string conveinsum::escapeXML(StringRef text) {
  std::string valid = llvm::json::fixUTF8(text), escaped;
  for (size_t at = 0; at < valid.size(); ++at) {
    StringRef rest = StringRef(valid).substr(at);
    unsigned char c = valid[at];
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '"') {
      escaped += "&quot;";
    } else if (c == '\n') {
      escaped += "&#10;";
    } else if (c < 0x20) {
      escaped += c == '\t' ? " " : "\xef\xbf\xbd";
    } else if (rest.starts_with("\xef\xbf\xbe") ||
               rest.starts_with("\xef\xbf\xbf")) {
      escaped += "\xef\xbf\xbd";
      at += 2;
    } else {
      escaped += char(c);
    }
  }
  return escaped;
}

//===----------------------------------------------------------------------===//
// Cutting
//===----------------------------------------------------------------------===//

/// The longest start of valid text that takes at most `limit` columns.
static StringRef startOf(StringRef text, unsigned limit) {
  size_t end = 0;
  unsigned width = 0;
  while (end < text.size()) {
    size_t bytes = llvm::getNumBytesForUTF8(text[end]);
    width += columns(text.substr(end, bytes));
    if (width > limit)
      break;
    end += bytes;
  }
  return text.substr(0, end);
}

std::string conveinsum::shortened(StringRef text, unsigned columns) {
  std::string valid = llvm::json::fixUTF8(text);
  if (startOf(valid, columns).size() == valid.size())
    return valid;
  return startOf(valid, columns - 1).rtrim().str() + "\xe2\x80\xa6";
}

std::vector<std::string> conveinsum::wrapped(StringRef text, unsigned columns,
                                             unsigned lines) {
  std::string valid = llvm::json::fixUTF8(text);
  std::vector<std::string> result;
  StringRef rest = valid;
  while (!rest.empty() && result.size() + 1 < lines) {
    StringRef line = startOf(rest, columns);
    if (line.size() < rest.size()) {
      size_t end = line.find_last_of(" ,");
      // A line that would be left half empty is rather broken anywhere.
      if (end != StringRef::npos && 2 * end > line.size())
        line = line.substr(0, end + 1);
    }
    result.push_back(line.rtrim().str());
    rest = rest.substr(line.size());
  }
  if (!rest.empty())
    result.push_back(shortened(rest, columns));
  return result;
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

void conveinsum::openSVG(llvm::raw_ostream &os, StringRef title,
                         StringRef styles, double width, double height) {
  os << formatv("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:f0}\" "
                "height=\"{1:f0}\" viewBox=\"0 0 {0:f0} {1:f0}\" "
                "role=\"img\">\n",
                std::ceil(width), std::ceil(height))
     << "  <title>" << escapeXML(title) << "</title>\n"
     << "  <style>\n"
     << styles << "  </style>\n"
     << formatv(
            "  <rect width=\"{0:f0}\" height=\"{1:f0}\" fill=\"#ffffff\"/>\n",
            std::ceil(width), std::ceil(height));
}

void conveinsum::printSVGText(llvm::raw_ostream &os, double x, double y,
                              StringRef style, StringRef text) {
  os << formatv("  <text x=\"{0:f1}\" y=\"{1:f1}\" class=\"{2}\">", x, y, style)
     << escapeXML(text) << "</text>\n";
}
