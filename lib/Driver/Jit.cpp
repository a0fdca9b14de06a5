//===- Jit.cpp - Objects in this process ----------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's JIT linker loads the object; what it calls (OpenMP, the C library) is
// found in this process. Conversions of the 16-bit floats that the C compiler's
// run-time library lacks on some systems come from the room Runtime.
//
//===----------------------------------------------------------------------===//

#include "MachineCode.h"
#include "conveinsum/Runtime/HalfFloat.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/TargetSelect.h"
#include <cstring>

using namespace conveinsum;

extern "C" void omp_set_num_threads(int);
extern "C" void kmp_set_stacksize_s(size_t);

void conveinsum::setThreads(unsigned threads) {
  // What runs on a thread holds register tiles, no more. OpenMP looks at this
  // before it starts its first thread.
  kmp_set_stacksize_s(kThreadStackBytes);
  omp_set_num_threads(int(threads));
}

namespace {
class JitModule : public CompiledModule {
public:
  const CompiledFunction *find(llvm::StringRef name) const override {
    auto found = functions.find(name);
    return found == functions.end() ? nullptr : &found->second;
  }
  uint64_t codeBytes() const override { return bytes; }

  llvm::StringMap<CompiledFunction> functions;
  uint64_t bytes = 0;
  std::unique_ptr<llvm::orc::LLJIT> jit;
};
} // namespace

#if defined(__x86_64__)
// These pass 16-bit floats in vector registers, as the compiler's calls do.
static _Float16 makeHalf(uint16_t bits) {
  _Float16 half;
  std::memcpy(&half, &bits, sizeof(half));
  return half;
}
static uint16_t halfBits(_Float16 half) {
  uint16_t bits;
  std::memcpy(&bits, &half, sizeof(bits));
  return bits;
}
// A bfloat16 travels in the same register as a half of the same bits.
static _Float16 truncateFloatToBFloat(float value) {
  return makeHalf(encodeBFloat(value));
}
static _Float16 truncateDoubleToBFloat(double value) {
  return makeHalf(encodeBFloat(value));
}
static _Float16 truncateFloatToHalf(float value) {
  return makeHalf(encodeHalf(value));
}
static _Float16 truncateDoubleToHalf(double value) {
  return makeHalf(encodeHalf(value));
}
static float extendHalfToFloat(_Float16 value) {
  return decodeHalf(halfBits(value));
}

/// Defines the conversions in `library`.
static llvm::Error defineConversions(llvm::orc::LLJIT &jit) {
  llvm::orc::SymbolMap symbols;
  auto add = [&](llvm::StringRef name, auto *function) {
    symbols[jit.mangleAndIntern(name)] = {
        llvm::orc::ExecutorAddr::fromPtr(function),
        llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  };
  add("__truncsfbf2", &truncateFloatToBFloat);
  add("__truncdfbf2", &truncateDoubleToBFloat);
  add("__truncsfhf2", &truncateFloatToHalf);
  add("__truncdfhf2", &truncateDoubleToHalf);
  add("__extendhfsf2", &extendHalfToFloat);
  return jit.getMainJITDylib().define(
      llvm::orc::absoluteSymbols(std::move(symbols)));
}
#else
static llvm::Error defineConversions(llvm::orc::LLJIT &) {
  return llvm::Error::success();
}
#endif

static llvm::Expected<std::unique_ptr<JitModule>> loadJit(ObjectCode object) {
  auto result = std::make_unique<JitModule>();
  result->bytes = object.bytes.size();
  llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> jit =
      llvm::orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  result->jit = std::move(*jit);
  if (llvm::Error error = defineConversions(*result->jit))
    return std::move(error);
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(
      llvm::StringRef(object.bytes.data(), object.bytes.size()), "conveinsum");
  if (llvm::Error error = result->jit->addObjectFile(std::move(buffer)))
    return std::move(error);
  for (FunctionInfo &info : object.functions) {
    llvm::Expected<llvm::orc::ExecutorAddr> address =
        result->jit->lookup(entryName(info.name));
    if (!address)
      return address.takeError();
    CompiledFunction &function = result->functions[info.name];
    function = CompiledFunction(address->toPtr<CompiledFunction::Entry>(),
                                std::move(info));
  }
  return result;
}

std::unique_ptr<CompiledModule> Driver::load(ObjectCode object,
                                             ErrorFn onError) {
  llvm::Expected<std::unique_ptr<JitModule>> result =
      loadJit(std::move(object));
  if (result)
    return std::move(*result);
  Fault diagnostic;
  diagnostic.message =
      "cannot load compiled code: " + llvm::toString(result.takeError());
  onError(diagnostic);
  return nullptr;
}
