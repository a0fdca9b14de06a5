//===- layer.cpp - A program that compiles a layer and runs it ----------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an embedding compiler writes: a module with an einsum goes through our
// pipeline on the program's own pass manager, then to machine code.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Driver/Driver.h"
#include "conveinsum/Pipelines/Pipelines.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/Alignment.h"
#include <iostream>

using namespace conveinsum;

static const char *const text = R"mlir(
func.func @layer(%x: tensor<2x4x8xf32>, %a: tensor<3x4xf32>, %k: tensor<3x3xf32>) -> tensor<2x3x8xf32> {
  %y = conveinsum.einsum "bsh,rs,rh->brh|h" ins(%x, %a, %k : tensor<2x4x8xf32>, tensor<3x4xf32>, tensor<3x3xf32>)
      : tensor<2x3x8xf32>
  return %y : tensor<2x3x8xf32>
})mlir";

int main() {
  auto onError = [](const Fault &fault) { std::cerr << fault.message << "\n"; };
  Driver driver;
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::parseSourceString<mlir::ModuleOp>(text, &driver.context());
  if (!module)
    return 1;

  mlir::PassManager pm(&driver.context());
  buildToLinalgPipeline(pm);
  if (mlir::failed(pm.run(*module)))
    return 1;

  std::unique_ptr<CompiledModule> code = driver.compile(*module, onError);
  const CompiledFunction *layer = code ? code->find("layer") : nullptr;
  if (!layer)
    return 1;
  std::vector<float> x(2 * 4 * 8, 2), a(3 * 4, 1), k(3 * 3, 1);
  alignas(64) float y[2 * 3 * 8];
  std::vector<char> memory(layer->workspaceBytes() + 64);
  layer->invoke({x.data(), a.data(), k.data()}, y,
                reinterpret_cast<void *>(
                    llvm::alignAddr(memory.data(), llvm::Align(64))));
  std::cout << y[0] << " " << y[1] << "\n";

  // Four channels of twos under two taps at the border, three inside.
  return y[0] == 16 && y[1] == 24 ? 0 : 1;
}
