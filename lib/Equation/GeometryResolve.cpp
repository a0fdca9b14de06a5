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
        checkTransposed() && choosePadding() && build())
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
  bool checkTransposed();
  bool choosePadding();
  std::optional<int64_t> neededPadding();
  bool checkCircularPadding(CheckedInt sum);
  bool build();
  bool deriveResultExtent();
  bool deriveTransposedExtent();

  /// Whether the padding is as much as ceil(X / s) results need.
  bool isAsNeeded() const {
    return geometry.padding.mode == PaddingMode::SameUpper ||
           geometry.padding.mode == PaddingMode::SameLower;
  }
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
    if (p.extent == kDynamic && !use.isInResult)
      return fail("C25",
                  "extent of operand " + Twine(p.operand) +
                      " along conv mode " + quoted +
                      ": expected a static extent, as the result does not "
                      "hold the mode, got a dynamic one",
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

/// C26 to C28, as far as no extent of a result is needed.
bool GeometryResolver::checkTransposed() {
  int64_t added = geometry.outputPadding;
  if (!geometry.transposed)
    return added == 0 ||
           fail("C28", "output padding of mode " + quoted +
                           ": expected a transposed mode, got one that is not");
  if (isCircular() || geometry.padding.mode == PaddingMode::Causal)
    return fail("C27", "transposed mode " + quoted +
                           ": expected a linear mode with numbers, same, "
                           "same-upper, same-lower, valid or full as its "
                           "padding, got " +
                           (isCircular() ? "a circular mode" : "causal"));
  if (featureExtent == kDynamic)
    return fail("C26",
                "extent of the feature of transposed mode " + quoted +
                    ": expected a static one, got a dynamic one",
                feature);
  if (isAsNeeded() && added != 0)
    return fail("C28", "output padding of mode " + quoted +
                           ": expected none beside same-upper and same-lower, "
                           "whose extent is the feature's times the stride, "
                           "got " +
                           Twine(added));
  int64_t limit = geometry.stride;
  for (int64_t dilation : dilations)
    limit = std::max(limit, dilation);
  if (added >= 0 && added < limit)
    return true;
  return fail("C28", "output padding of mode " + quoted +
                         ": expected at least 0 and less than the stride or a "
                         "dilation, " +
                         Twine(limit) + ", got " + Twine(added));
}

/// low + high of `same-upper` and `same-lower`. The transpose of a convolution
/// of stride s is that over a feature of s X, whose results are X.
std::optional<int64_t> GeometryResolver::neededPadding() {
  int64_t needed = kernelExtent - 1;
  int64_t stride = geometry.stride;
  if (stride == 1)
    return needed;
  if (featureExtent == kDynamic) {
    fail("C26",
         "padding of mode " + quoted +
             ": expected a static extent of the feature, which the padding "
             "depends on with a stride of " +
             Twine(stride) + ", got a dynamic one",
         feature);
    return std::nullopt;
  }
  int64_t beyond =
      geometry.transposed ? stride - 1 : (featureExtent - 1) % stride;
  return std::max<int64_t>(needed - beyond, 0);
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
  case PaddingMode::SameUpper:
  case PaddingMode::SameLower: {
    std::optional<int64_t> needed = neededPadding();
    if (!needed)
      return false;
    int64_t half = *needed / 2, rest = *needed - half;
    bool isUpper = geometry.padding.mode == PaddingMode::SameUpper;
    low = isUpper ? half : rest;
    high = isUpper ? rest : half;
    break;
  }
  case PaddingMode::Valid:
    low = high = 0;
    break;
  case PaddingMode::Full:
    low = high = kernelExtent - 1;
    break;
  case PaddingMode::Causal:
    low = kernelExtent - 1;
    high = 0;
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
  bool isTransposed = geometry.transposed;
  relation.resultCoefficient = isTransposed ? 1 : geometry.stride;
  // A kernel runs with the feature where it is flipped or its mode transposed,
  // and against it where it is neither or both.
  bool isPositive = geometry.flip != isTransposed;
  for (auto [i, p] : llvm::enumerate(use.participants)) {
    int64_t coefficient = isPositive ? dilations[i] : -dilations[i];
    if (p.operand == feature)
      coefficient = isTransposed ? geometry.stride : 1;
    relation.terms.push_back({p.operand, coefficient, p.extent});
  }
  CheckedInt offset =
      geometry.flip ? low - (CheckedInt(kernelExtent) - 1) : low;
  if (isTransposed)
    offset = CheckedInt(0) - offset;
  if (offset.overflowed())
    return failOverflow("the offset");
  relation.offset = offset.value();
  if (!(isTransposed ? deriveTransposedExtent() : deriveResultExtent()))
    return false;
  return intervalsFit(relation) || failOverflow("the end of an interval");
}

bool GeometryResolver::deriveTransposedExtent() {
  CheckedInt extent =
      isAsNeeded()
          ? CheckedInt(featureExtent) * CheckedInt(geometry.stride)
          : (CheckedInt(featureExtent) - 1) * CheckedInt(geometry.stride) +
                kernelExtent - low - high + geometry.outputPadding;
  if (extent.overflowed())
    return failOverflow("the result extent");
  relation.resultExtent = extent.value();
  return extent.value() >= 1 ||
         fail("C29",
              "result extent of transposed mode " + quoted +
                  ": expected at least 1, got " + Twine(extent.value()),
              feature);
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
