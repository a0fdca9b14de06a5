//===- ConvEinsumPlugin.cpp - Dialect and passes for mlir-opt -----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plugin for the stock mlir-opt. One flag brings everything:
//
//   mlir-opt --load-dialect-plugin=ConvEinsumPlugin.so
//            --pass-pipeline='builtin.module(func.func(conveinsum-plan))'
//
// Passes are named in a pipeline and not as flags, because mlir-opt makes its
// flags before it loads plugins.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/InitAll.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

extern "C" LLVM_ATTRIBUTE_VISIBILITY_DEFAULT mlir::DialectPluginLibraryInfo
mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "ConvEinsum", "0.1.0",
          [](mlir::DialectRegistry *registry) {
            conveinsum::registerAllDialects(*registry);
            conveinsum::registerAllPasses();
          }};
}

extern "C" LLVM_ATTRIBUTE_VISIBILITY_DEFAULT mlir::PassPluginLibraryInfo
mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "ConvEinsum", "0.1.0",
          [] { conveinsum::registerAllPasses(); }};
}
