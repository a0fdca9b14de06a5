//===- GeometryResolve.cpp - From geometry to one relation ----------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Feature, dilations, padding and kind of one conv mode, in this order, and
// then the relation that follows.
//
//===----------------------------------------------------------------------===//

#include "GeometryResolve.h"
#include "Arithmetic.h"
#include "CheckedInt.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"

using namespace conveinsum;
using llvm::Twine;

namespace {
class GeometryResolver {
public:
  GeometryResolver(const ConvModeUse &use, unsigned numOperands,
                   const Geometry &geometry, ErrorFn onError)
      : use(use), numOperands(numOperands), geometry(geometry),
        onError(onError), quoted("'" + spellLabel(use.label) + "'") {}

  std::optional<LinearRelation> run() {
    if (checkStride() && chooseFeature() && checkExtents() &&
        chooseDilations() && measureKernels() && chooseKind() &&
        choosePadding() && build())
      return relation;
    return std::nullopt;
  }

private:
  bool checkStride();
  bool chooseFeature();
  bool checkExtents();
  bool chooseDilations();
  bool chooseDilationsByOperand(const std::map<unsigned, int64_t> &given);
  bool measureKernels();
  bool chooseKind();
  bool choosePadding();
  bool checkCircularPadding(CheckedInt sum);
  bool build();
  bool deriveResultExtent();

  bool isCircular() const { return kind == RelationKind::Circular; }
  const ConvModeUse::Participant *participant(unsigned operand) const {
    auto it = llvm::find_if(use.participants,
                            [&](auto &p) { return p.operand == operand; });
    return it == use.participants.end() ? nullptr : it;
  }

  bool fail(const char *constraint, const Twine &message,
            std::optional<unsigned> operand = std::nullopt) {
    size_t position = use.position;
    if (operand)
      if (const ConvModeUse::Participant *holder = participant(*operand))
        position = holder->position;
    onError({message.str(), position, operand, use.label, constraint});
    return false;
  }
  bool failOverflow(const Twine &what) {
    return fail("C39", "overflow: " + what + " of mode " + quoted +
                           " does not fit signed 64 bit");
  }

  const ConvModeUse &use;
  unsigned numOperands;
  const Geometry &geometry;
  ErrorFn onError;
  std::string quoted;

  unsigned feature = 0;
  int64_t featureExtent = 0;
  RelationKind kind = RelationKind::Linear;
  /// One per participant; that of the feature stays 1.
  llvm::SmallVector<int64_t, 3> dilations;
  /// ext of section 3.
  int64_t kernelExtent = 1;
  CheckedInt low, high;
  LinearRelation relation;
};
} // namespace

bool GeometryResolver::checkStride() {
  if (geometry.stride >= 1)
    return true;
  return fail("C31", "stride of mode " + quoted +
                         ": expected at least 1, got " +
                         Twine(geometry.stride));
}

bool GeometryResolver::chooseFeature() {
  feature = geometry.feature.value_or(use.participants.front().operand);
  if (feature >= numOperands)
    return fail("C35", "feature operand of mode " + quoted +
                           ": expected a position below " + Twine(numOperands) +
                           ", got " + Twine(feature));
  const ConvModeUse::Participant *holder = participant(feature);
  if (!holder)
    return fail("C35",
                "feature operand " + Twine(feature) + " does not hold mode " +
                    quoted,
                feature);
  featureExtent = holder->extent;
  return true;
}

bool GeometryResolver::checkExtents() {
  bool mayBeCircular = geometry.kind == RelationKind::Circular ||
                       geometry.padding.mode == PaddingMode::Circular;
  for (const ConvModeUse::Participant &p : use.participants) {
    if (p.extent == kDynamic && (p.operand != feature || mayBeCircular))
      return fail("C25",
                  "extent of operand " + Twine(p.operand) +
                      " along conv mode " + quoted +
                      ": expected a static extent of a " +
                      (p.operand != feature ? "kernel" : "circular mode") +
                      ", got a dynamic one",
                  p.operand);
    if (p.extent == 0)
      return fail("C24",
                  "extent of operand " + Twine(p.operand) +
                      " along conv mode " + quoted +
                      ": expected at least 1, got 0",
                  p.operand);
  }
  return true;
}

bool GeometryResolver::chooseDilations() {
  dilations.assign(use.participants.size(), 1);
  if (auto *byOperand =
          std::get_if<std::map<unsigned, int64_t>>(&geometry.dilation)) {
    if (!chooseDilationsByOperand(*byOperand))
      return false;
  } else {
    auto *list = std::get_if<std::vector<int64_t>>(&geometry.dilation);
    size_t numKernels = use.participants.size() - 1;
    if (list && list->size() != numKernels)
      return fail("C33", "dilations of mode " + quoted + ": expected " +
                             Twine(numKernels) + ", one per kernel, got " +
                             Twine(list->size()));
    size_t kernel = 0;
    for (auto [i, p] : llvm::enumerate(use.participants))
      if (p.operand != feature)
        dilations[i] =
            list ? (*list)[kernel++] : std::get<int64_t>(geometry.dilation);
    // One number counts even where there is no kernel to take it.
    if (!list && std::get<int64_t>(geometry.dilation) < 1)
      return fail("C32", "dilation of mode " + quoted +
                             ": expected at least 1, got " +
                             Twine(std::get<int64_t>(geometry.dilation)));
  }
  for (auto [i, p] : llvm::enumerate(use.participants))
    if (dilations[i] < 1)
      return fail("C32",
                  "dilation of mode " + quoted + " for operand " +
                      Twine(p.operand) + ": expected at least 1, got " +
                      Twine(dilations[i]),
                  p.operand);
  return true;
}

bool GeometryResolver::chooseDilationsByOperand(
    const std::map<unsigned, int64_t> &given) {
  for (auto &[operand, dilation] : given) {
    if (operand == feature)
      return fail("C34",
                  "dilation of mode " + quoted + " given for operand " +
                      Twine(operand) + ", which is its feature",
                  operand);
    if (!participant(operand)) {
      std::optional<unsigned> known;
      if (operand < numOperands)
        known = operand;
      return fail("C34",
                  "dilation of mode " + quoted + " given for operand " +
                      Twine(operand) + ", which does not hold the mode",
                  known);
    }
  }
  for (auto [i, p] : llvm::enumerate(use.participants)) {
    if (p.operand == feature)
      continue;
    auto it = given.find(p.operand);
    if (it == given.end())
      return fail("C34",
                  "dilation of mode " + quoted +
                      " is not given for its kernel, operand " +
                      Twine(p.operand),
                  p.operand);
    dilations[i] = it->second;
  }
  return true;
}

bool GeometryResolver::measureKernels() {
  CheckedInt extent = 1;
  for (auto [i, p] : llvm::enumerate(use.participants))
    if (p.operand != feature)
      extent = extent + CheckedInt(dilations[i]) * (CheckedInt(p.extent) - 1);
  if (extent.overflowed())
    return failOverflow("the kernels' extent");
  kernelExtent = extent.value();
  return true;
}

bool GeometryResolver::chooseKind() {
  bool isPaddingCircular = geometry.padding.mode == PaddingMode::Circular;
  kind = geometry.kind.value_or(isPaddingCircular ? RelationKind::Circular
                                                  : RelationKind::Linear);
  if (isPaddingCircular && !isCircular())
    return fail("C37", "padding circular of mode " + quoted +
                           ": expected kind circular, got kind linear");
  return true;
}

bool GeometryResolver::choosePadding() {
  switch (geometry.padding.mode) {
  case PaddingMode::Explicit:
    low = geometry.padding.low;
    high = geometry.padding.high;
    break;
  case PaddingMode::Same:
  case PaddingMode::Circular:
    low = (kernelExtent - 1) / 2;
    high = CheckedInt(kernelExtent) - 1 - low;
    break;
  case PaddingMode::Valid:
    low = high = 0;
    break;
  case PaddingMode::Full:
    low = high = kernelExtent - 1;
    break;
  }
  return !isCircular() || checkCircularPadding(low + high);
}

bool GeometryResolver::checkCircularPadding(CheckedInt sum) {
  if (sum.overflowed())
    return failOverflow("the padding");
  if (sum.value() == kernelExtent - 1)
    return true;
  return fail("C38", "circular padding of mode " + quoted +
                         " does not add up: expected lo + hi = ext - 1 = " +
                         Twine(kernelExtent - 1) + ", got " +
                         Twine(low.value()) + " + " + Twine(high.value()) +
                         " = " + Twine(sum.value()));
}

bool GeometryResolver::build() {
  relation.mode = use.mode;
  relation.feature = feature;
  relation.resultCoefficient = geometry.stride;
  for (auto [i, p] : llvm::enumerate(use.participants)) {
    bool isPositive = p.operand == feature || geometry.flip;
    relation.terms.push_back(
        {p.operand, isPositive ? dilations[i] : -dilations[i], p.extent});
  }
  CheckedInt offset =
      geometry.flip ? low - (CheckedInt(kernelExtent) - 1) : low;
  if (offset.overflowed())
    return failOverflow("the offset");
  relation.offset = offset.value();
  if (!deriveResultExtent())
    return false;
  return intervalsFit(relation) || failOverflow("the end of an interval");
}

bool GeometryResolver::deriveResultExtent() {
  if (featureExtent == kDynamic) {
    CheckedInt extentOffset = low + high - kernelExtent;
    if (extentOffset.overflowed())
      return failOverflow("the padding");
    relation.resultExtent = kDynamic;
    relation.extentOffset = extentOffset.value();
    return true;
  }
  int64_t stride = geometry.stride;
  if (isCircular()) {
    relation.modulus = featureExtent;
    relation.resultExtent = (featureExtent - 1) / stride + 1;
    return true;
  }
  CheckedInt padded = CheckedInt(featureExtent) + low + high;
  if (padded.overflowed())
    return failOverflow("the padded extent");
  if (padded.value() < kernelExtent)
    return fail("C36",
                "padded feature of mode " + quoted +
                    " is smaller than the kernel: expected an extent of at "
                    "least " +
                    Twine(kernelExtent) + ", got " + Twine(padded.value()),
                feature);
  CheckedInt extent = CheckedInt((padded - kernelExtent).value() / stride) + 1;
  if (extent.overflowed())
    return failOverflow("the result extent");
  relation.resultExtent = extent.value();
  return true;
}

std::optional<LinearRelation>
conveinsum::resolveGeometry(const ConvModeUse &use, unsigned numOperands,
                            const Geometry &geometry, ErrorFn onError) {
  return GeometryResolver(use, numOperands, geometry, onError).run();
}
