//===- Machine.cpp - A CPU, for planner and code generator ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the vector registers of a CPU from LLVM's subtarget description, and
// what the system says of this machine's cores and caches.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Target/Machine.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "llvm/TargetParser/Triple.h"
#include <memory>
#include <thread>

using namespace conveinsum;

/// Fills the register numbers of `machine` from its names. TargetTransformInfo
/// is not asked, because it answers for a function what LLVM prefers, which is
/// 256 bits on many CPUs with 512, and the tiles want what is there.
static bool readRegisters(Machine &machine) {
  static const bool initialized = [] {
    return !llvm::InitializeNativeTarget() &&
           !llvm::InitializeNativeTargetAsmPrinter();
  }();
  llvm::Triple triple(machine.triple);
  std::string error;
  const llvm::Target *found =
      initialized ? llvm::TargetRegistry::lookupTarget(triple, error) : nullptr;
  if (!found)
    return false;
  // Ask before use: LLVM prints a warning about a name that it does not know.
  std::unique_ptr<llvm::MCSubtargetInfo> names(
      found->createMCSubtargetInfo(triple, "", ""));
  if (!names || !names->isCPUStringValid(machine.cpu))
    return false;
  std::unique_ptr<llvm::MCSubtargetInfo> info(
      found->createMCSubtargetInfo(triple, machine.cpu, machine.features));
  if (!info)
    return false;
  if (triple.isX86()) {
    bool avx512 = info->checkFeatures("+avx512f,+avx512vl");
    bool avx = info->checkFeatures("+avx2");
    machine.vectorBits = avx512 ? 512 : avx ? 256 : 128;
    machine.vectorRegisters = avx512 ? 32 : 16;
  } else {
    machine.vectorBits = 128;
    machine.vectorRegisters = 32;
  }
  return true;
}

/// One line of the kernel's description of a cache of the first processor;
/// empty where there is none.
static std::string readCacheLine(unsigned index, llvm::StringRef name) {
  auto file = llvm::MemoryBuffer::getFileAsStream(
      "/sys/devices/system/cpu/cpu0/cache/index" + std::to_string(index) + "/" +
      name.str());
  return file ? (*file)->getBuffer().trim().str() : std::string();
}

/// Data caches of this machine, as the kernel tells: `32K`, `1024K`, ...
static void readCaches(Machine &machine) {
  llvm::SmallVector<uint64_t, 4> caches;
  for (unsigned index = 0; index < 8; ++index) {
    std::string kind = readCacheLine(index, "type"),
                size = readCacheLine(index, "size");
    llvm::StringRef digits(size);
    uint64_t kibibytes;
    if ((kind != "Data" && kind != "Unified") || !digits.consume_back("K") ||
        digits.getAsInteger(10, kibibytes))
      continue;
    uint64_t bytes = kibibytes << 10;
    if (bytes > 0 && (caches.empty() || bytes >= caches.back()))
      caches.push_back(bytes);
  }
  if (!caches.empty())
    machine.caches = std::move(caches);
}

Machine Machine::host() {
  Machine machine;
  machine.triple = llvm::sys::getProcessTriple();
  machine.cpu = llvm::sys::getHostCPUName().str();
  llvm::SubtargetFeatures features;
  for (const auto &feature : llvm::sys::getHostCPUFeatures())
    features.AddFeature(feature.first(), feature.second);
  machine.features = features.getString();
  machine.cores = std::max(1u, std::thread::hardware_concurrency());
  readRegisters(machine);
  readCaches(machine);
  return machine;
}

std::optional<Machine> Machine::get(llvm::StringRef cpu,
                                    llvm::StringRef features) {
  if (cpu.empty() || cpu == "host")
    return host();
  Machine machine;
  machine.triple = llvm::sys::getProcessTriple();
  machine.cpu = cpu.str();
  machine.features = features.str();
  if (!readRegisters(machine))
    return std::nullopt;
  return machine;
}
