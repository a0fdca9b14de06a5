//===- CpuTarget.cpp - What the code generator asks of a CPU --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the vector registers of a CPU from LLVM's subtarget description.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Target/CpuTarget.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "llvm/TargetParser/Triple.h"
#include <memory>

using namespace conveinsum;

/// Fills the register numbers of `target` from its names. TargetTransformInfo is
/// not asked, because it answers for a function what LLVM prefers, which is 256
/// bits on many CPUs with 512, and the tiles want what is there.
static bool readRegisters(CpuTarget &target) {
  static const bool initialized = [] {
    return !llvm::InitializeNativeTarget() &&
           !llvm::InitializeNativeTargetAsmPrinter();
  }();
  llvm::Triple triple(target.triple);
  std::string error;
  const llvm::Target *found =
      initialized ? llvm::TargetRegistry::lookupTarget(triple, error) : nullptr;
  if (!found)
    return false;
  // Ask before use: LLVM prints a warning about a name that it does not know.
  std::unique_ptr<llvm::MCSubtargetInfo> names(
      found->createMCSubtargetInfo(triple, "", ""));
  if (!names || !names->isCPUStringValid(target.cpu))
    return false;
  std::unique_ptr<llvm::MCSubtargetInfo> info(
      found->createMCSubtargetInfo(triple, target.cpu, target.features));
  if (!info)
    return false;
  if (triple.isX86()) {
    bool avx512 = info->checkFeatures("+avx512f,+avx512vl");
    bool avx = info->checkFeatures("+avx2");
    target.vectorBits = avx512 ? 512 : avx ? 256 : 128;
    target.vectorRegisters = avx512 ? 32 : 16;
  } else {
    target.vectorBits = 128;
    target.vectorRegisters = 32;
  }
  return true;
}

CpuTarget CpuTarget::host() {
  CpuTarget target;
  target.triple = llvm::sys::getProcessTriple();
  target.cpu = llvm::sys::getHostCPUName().str();
  llvm::SubtargetFeatures features;
  for (const auto &feature : llvm::sys::getHostCPUFeatures())
    features.AddFeature(feature.first(), feature.second);
  target.features = features.getString();
  readRegisters(target);
  return target;
}

std::optional<CpuTarget> CpuTarget::get(llvm::StringRef cpu,
                                        llvm::StringRef features) {
  if (cpu.empty() || cpu == "host")
    return host();
  CpuTarget target;
  target.triple = llvm::sys::getProcessTriple();
  target.cpu = cpu.str();
  target.features = features.str();
  if (!readRegisters(target))
    return std::nullopt;
  return target;
}
