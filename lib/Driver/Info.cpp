//===- Info.cpp - Compiled networks described as JSON ---------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The string that every object and library exports. docs/Cli.md lists its
// fields.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Driver/Driver.h"
#include "conveinsum/Equation/JsonObject.h"
#include "conveinsum/Plan/Cost/PlanCost.h"
#include "llvm/Support/JSON.h"

using namespace conveinsum;
using llvm::StringRef;
namespace json = llvm::json;

/// Of the layout of the object; fields may be added without a new one.
static constexpr int64_t kInfoVersion = 1;

static json::Value toJSON(llvm::ArrayRef<int64_t> shape) {
  json::Array extents;
  for (int64_t extent : shape)
    extents.push_back(extent);
  return extents;
}

static json::Value toJSON(const ArgumentInfo &argument) {
  return json::Object{
      {"name", argument.name},
      {"role", name(argument.role)},
      {"operand", argument.operand ? json::Value(int64_t(*argument.operand))
                                   : json::Value(nullptr)},
      {"shape", toJSON(argument.shape)},
      // A buffer is one of bytes.
      {"dtype", std::string(name(argument.type.value_or(ElementType::I8)))},
      {"bytes", exactJSON(Count(argument.bytes))},
      {"const", argument.isConst}};
}

static json::Value toJSON(const FunctionInfo &function) {
  json::Array arguments;
  for (const ArgumentInfo &argument : function.arguments)
    arguments.push_back(toJSON(argument));
  return json::Object{
      {"name", function.name},
      {"role", name(function.role)},
      {"macs",
       function.macs ? exactJSON(*function.macs) : json::Value(nullptr)},
      {"workspace_bytes", exactJSON(Count(function.workspaceBytes()))},
      {"arguments", std::move(arguments)}};
}

std::string conveinsum::infoText(const FunctionSpec &spec, StringRef text,
                                 llvm::ArrayRef<FunctionInfo> functions,
                                 const DriverOptions &options) {
  unsigned operands = spec.equation.numOperands();
  ContractionTree tree =
      spec.plan ? spec.plan->tree : ContractionTree::leftToRight(operands);
  PlanCost cost = evaluatePlan(spec.equation, tree);
  std::string treeText = tree.treeText();
  llvm::replace(treeText, '(', '[');
  llvm::replace(treeText, ')', ']');
  StringRef prefixed = spec.name;
  prefixed.consume_front(kFunctionPrefix);

  std::string info;
  llvm::raw_string_ostream stream(info);
  json::OStream os(stream);
  os.object([&] {
    os.attribute("version", kInfoVersion);
    os.attribute("name", prefixed);
    os.attribute("equation", json::fixUTF8(text));
    os.attribute("dtype", std::string(name(spec.operandTypes.front())));
    os.attribute("result_dtype", std::string(name(spec.resultType)));
    os.attributeArray("shapes", [&] {
      for (unsigned k = 0; k < operands; ++k)
        os.value(toJSON(spec.equation.operandShape(k)));
    });
    os.attribute("result_shape", toJSON(spec.equation.resultShape()));
    // Trees may be deeper than a value can be.
    os.attributeBegin("tree");
    os.rawValue(treeText);
    os.attributeEnd();
    os.attribute("macs", json::Object{{"exact", exactJSON(cost.exactMacs)},
                                      {"dense", exactJSON(cost.denseMacs)}});
    os.attribute("target_cpu", options.target.cpu);
    os.attribute("threads", int64_t(options.threads));
    os.attributeArray("functions", [&] {
      for (const FunctionInfo &function : functions)
        os.value(toJSON(function));
    });
  });
  return info;
}
