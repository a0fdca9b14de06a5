//===- Header.cpp - C headers of compiled networks ------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A header documents what the functions take, and has one macro per size. All
// names begin with that of the network, so that a program may use many.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Driver/Driver.h"
#include "llvm/ADT/StringExtras.h"

using namespace conveinsum;
using llvm::StringRef;

/// The C type of one entry; the 16-bit floats are passed as their bits, complex
/// numbers as pairs.
static StringRef cType(ElementType type) {
  switch (type) {
  case ElementType::F64:
  case ElementType::C128:
    return "double";
  case ElementType::F32:
  case ElementType::C64:
    return "float";
  case ElementType::F16:
  case ElementType::BF16:
    return "uint16_t";
  case ElementType::I8:
    return "int8_t";
  case ElementType::I16:
    return "int16_t";
  case ElementType::I32:
    return "int32_t";
  case ElementType::I64:
    return "int64_t";
  }
  return "void";
}

static std::string describeTensor(llvm::ArrayRef<int64_t> shape,
                                  ElementType type) {
  std::string text = "[";
  for (auto [index, extent] : llvm::enumerate(shape))
    text += (index ? "][" : "") + std::to_string(extent);
  text = (shape.empty() ? "scalar" : text + "]") + " of " +
         std::string(name(type));
  if (isComplex(type))
    text += " (pairs: real, imaginary)";
  if (type == ElementType::F16 || type == ElementType::BF16)
    text += " (as bits)";
  return text;
}

/// `CONVEINSUM_NAME_PREPARE_WORKSPACE_BYTES` and the like.
static std::string sizeMacro(const FunctionSpec &spec, FunctionRole function,
                             ArgumentRole buffer) {
  std::string macro = StringRef(spec.name).upper() + "_";
  if (buffer == ArgumentRole::Workspace && function != FunctionRole::Run)
    macro += name(function).upper() + "_";
  return macro + name(buffer).upper() + "_BYTES";
}

/// Every size once, in the order of the functions.
static std::vector<std::pair<std::string, uint64_t>>
sizeMacros(const FunctionSpec &spec, llvm::ArrayRef<FunctionInfo> functions) {
  std::vector<std::pair<std::string, uint64_t>> macros;
  for (const FunctionInfo &function : functions)
    for (const ArgumentInfo &argument : function.arguments) {
      if (!argument.isBuffer())
        continue;
      std::string macro = sizeMacro(spec, function.role, argument.role);
      if (llvm::none_of(
              macros, [&](const auto &other) { return other.first == macro; }))
        macros.emplace_back(macro, argument.bytes);
    }
  return macros;
}

static void printPrototype(llvm::raw_ostream &os,
                           const FunctionInfo &function) {
  os << "void " << function.name << '(';
  llvm::interleaveComma(function.arguments, os,
                        [&](const ArgumentInfo &argument) {
                          os << (argument.isConst ? "const " : "")
                             << (argument.type ? cType(*argument.type) : "void")
                             << " *" << argument.name;
                        });
  os << ");\n";
}

/// Says in a comment when what is constant is prepared.
static void printPrepareComment(llvm::raw_ostream &os, const FunctionSpec &spec,
                                llvm::ArrayRef<FunctionInfo> functions) {
  const FunctionInfo *prepare = findFunction(functions, FunctionRole::Prepare);
  if (!prepare)
    return;
  bool isTrained = findFunction(functions, FunctionRole::Forward);
  os << " * " << prepare->name
     << " is called first, and again when a constant\n * has changed: what it "
        "writes to prepared, every call of\n * "
     << (isTrained ? "the other functions" : spec.name)
     << " reads. No call needs the constants.\n *\n";
}

/// Says in a comment how the functions for training are called.
static void printTrainingComment(llvm::raw_ostream &os,
                                 llvm::ArrayRef<FunctionInfo> functions) {
  const FunctionInfo *forward = findFunction(functions, FunctionRole::Forward);
  const FunctionInfo *backward =
      findFunction(functions, FunctionRole::Backward);
  if (!forward || !backward)
    return;
  os << " * " << forward->name << " computes out, and kept for\n * "
     << backward->name
     << ", which reads it beside the same operands\n * and the cotangent, the "
        "gradient towards out; it writes grad0 and the like, the\n * gradients "
        "towards in0 and the like. ";
  if (llvm::any_of(forward->arguments, [](const ArgumentInfo &argument) {
        return argument.type && isComplex(*argument.type);
      }))
    os << "Those of a real loss L are\n * dL/d(real part) + i dL/d(imaginary "
          "part), as in PyTorch. ";
  os << "Many calls of the first may\n * come before those of the second, each "
        "with a kept buffer of its own.\n *\n";
}

static void printComment(llvm::raw_ostream &os, const FunctionSpec &spec,
                         StringRef text, llvm::ArrayRef<FunctionInfo> functions,
                         const DriverOptions &options, StringRef linking) {
  os << kHeaderBanner << "\n *\n *   " << text << "\n *\n";
  for (unsigned k = 0; k < spec.equation.numOperands(); ++k)
    os << " * in" << k << ": "
       << describeTensor(spec.equation.operandShape(k), spec.operandTypes[k])
       << (llvm::is_contained(spec.constants, k) ? ", a constant" : "") << '\n';
  os << " * out: "
     << describeTensor(spec.equation.resultShape(), spec.resultType)
     << "\n *\n";
  printPrepareComment(os, spec, functions);
  printTrainingComment(os, functions);
  os << " * All tensors are row-major and dense. Arguments are aligned to 64 "
        "bytes, "
        "but\n * in0 and the like only to their elements, and those written "
        "overlap no other.\n * Sizes of buffers are at least those of the "
        "macros; "
        "for 0 the pointer may be\n * null. Nothing is allocated, and no state "
        "is "
        "kept: threads may call at once with\n * buffers of their own. Code "
        "for "
     << options.target.triple << ", " << options.target.cpu
     << (options.threads > 1 ? ";\n * runs on the threads of OpenMP." : ".")
     << "\n *\n * " << linking << "\n */\n";
}

std::string conveinsum::infoSymbol(const FunctionSpec &spec) {
  return spec.name + "_info";
}

std::string conveinsum::cHeader(const FunctionSpec &spec, StringRef text,
                                llvm::ArrayRef<FunctionInfo> functions,
                                const DriverOptions &options,
                                StringRef linking) {
  std::string header;
  llvm::raw_string_ostream os(header);
  printComment(os, spec, text, functions, options, linking);
  std::string guard = StringRef(spec.name).upper() + "_H";
  os << "#ifndef " << guard << "\n#define " << guard
     << "\n\n#include <stdint.h>\n\n";
  for (const auto &[macro, bytes] : sizeMacros(spec, functions))
    os << "#define " << macro << ' ' << bytes << '\n';
  os << "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
  for (const FunctionInfo &function : functions)
    printPrototype(os, function);
  os << "\n/* This description as JSON, for programs that read no header. */\n"
     << "extern const char " << infoSymbol(spec) << "[];\n\n"
     << "#ifdef __cplusplus\n}\n#endif\n\n#endif /* " << guard << " */\n";
  return header;
}
