//===- SVGTestSupport.h - Checks of drawings --------------------*- C++ -*-===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A reader of XML, as strict as drawings need.
//
//===----------------------------------------------------------------------===//

#ifndef CONVEINSUM_TEST_REPORT_SVGTESTSUPPORT_H
#define CONVEINSUM_TEST_REPORT_SVGTESTSUPPORT_H

#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace conveinsum {

/// Checks that tags nest, attributes are quoted and text is escaped; returns
/// the number of elements, or nothing.
inline std::optional<unsigned> elementsOf(llvm::StringRef xml) {
  std::vector<std::string> open;
  unsigned elements = 0;
  while (!xml.empty()) {
    size_t tag = xml.find('<');
    for (llvm::StringRef text = xml.substr(0, tag); text.contains('&');) {
      text = text.substr(text.find('&'));
      if (!text.starts_with("&amp;") && !text.starts_with("&lt;") &&
          !text.starts_with("&gt;") && !text.starts_with("&quot;") &&
          !text.starts_with("&#10;"))
        return std::nullopt;
      text = text.substr(1);
    }
    if (tag == llvm::StringRef::npos)
      break;
    if (open.empty() && elements > 0)
      return std::nullopt; // two roots
    xml = xml.substr(tag + 1);
    llvm::StringRef body = xml.substr(0, xml.find('>'));
    if (body.size() == xml.size() || body.contains('<'))
      return std::nullopt;
    xml = xml.substr(body.size() + 1);
    if (body.consume_front("/")) {
      if (open.empty() || open.back() != body.str())
        return std::nullopt;
      open.pop_back();
      continue;
    }
    bool isEmpty = body.consume_back("/");
    if (body.count('"') % 2 != 0)
      return std::nullopt;
    ++elements;
    if (!isEmpty)
      open.push_back(body.split(' ').first.str());
  }
  return open.empty() ? std::optional<unsigned>(elements) : std::nullopt;
}

} // namespace conveinsum

#endif // CONVEINSUM_TEST_REPORT_SVGTESTSUPPORT_H
