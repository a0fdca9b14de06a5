//===- DynamicTest.cpp - Extents that are known at run time ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every equation is compiled once, with dynamic extents, and run at several.
//
//===----------------------------------------------------------------------===//

#include "DynamicFunctions.h"
#include "gtest/gtest.h"

using namespace conveinsum;
using namespace conveinsum::test;

static Equation makeEquation(llvm::StringRef text, const GeometryMap &geometry,
                             llvm::ArrayRef<Shape> shapes) {
  auto equation =
      Equation::create(text, geometry, shapes, [&](const Fault &fault) {
        ADD_FAILURE() << text.str() << ": " << fault.message;
      });
  return equation.value();
}

/// The entries of `shapes` that are kDynamic take each of `extents` in turn,
/// operand by operand: `text` must give those of one mode the same place.
static DynamicEquation makeDynamic(llvm::StringRef text,
                                   const GeometryMap &geometry,
                                   std::vector<Shape> shapes,
                                   llvm::ArrayRef<Shape> extents) {
  DynamicEquation dynamic{makeEquation(text, geometry, shapes), {}};
  for (const Shape &numbers : extents) {
    std::vector<Shape> known = shapes;
    std::vector<int64_t> sizeOf(dynamic.equation.numModes(), kDynamic);
    unsigned next = 0;
    for (unsigned k = 0; k < known.size(); ++k)
      for (auto [mode, extent] :
           llvm::zip_equal(dynamic.equation.operandModes(k), known[k])) {
        if (extent != kDynamic)
          continue;
        if (sizeOf[mode] == kDynamic)
          sizeOf[mode] = numbers[next++];
        extent = sizeOf[mode];
      }
    dynamic.instances.push_back(makeEquation(text, geometry, known));
  }
  return dynamic;
}

static void expectRight(llvm::ArrayRef<DynamicEquation> equations) {
  for (const std::string &line : mismatches(equations, 11))
    ADD_FAILURE() << line;
}

constexpr int64_t any = kDynamic;

TEST(Dynamic, PlainModes) {
  expectRight(
      {makeDynamic("ij,jk->ik", {}, {{any, any}, {any, any}},
                   {{3, 4, 5}, {1, 1, 1}, {7, 2, 3}, {2, 0, 3}}),
       makeDynamic("bij,bjk->bik", {}, {{any, 3, 4}, {any, 4, 5}}, {{1}, {6}}),
       makeDynamic("ij,jk->ik", {}, {{any, 4}, {4, 5}}, {{1}, {9}, {0}}),
       makeDynamic("iij,jkk->ki", {}, {{any, any, any}, {any, any, any}},
                   {{3, 2, 4}, {1, 5, 2}}),
       makeDynamic("iaj,jb->ij", {}, {{any, any, 4}, {4, any}}, {{3, 2, 6}}),
       makeDynamic("i,j->ji", {}, {{any}, {any}}, {{3, 5}, {1, 1}}),
       makeDynamic("ij->ji", {}, {{any, any}}, {{3, 5}, {1, 1}}),
       makeDynamic("ij,ij->", {}, {{any, any}, {any, any}}, {{3, 5}, {4, 0}}),
       makeDynamic("ii->", {}, {{any, any}}, {{3}, {1}})});
}

/// Equations of a feature h of unknown extent and a kernel of `taps` entries,
/// at those of `extents` at which the kernel fits into the padded feature.
static std::vector<DynamicEquation>
windows(const Geometry &geometry, int64_t taps, llvm::ArrayRef<Shape> extents) {
  GeometryMap map = {{"h", geometry}};
  std::vector<Shape> fitting;
  for (const Shape &extent : extents)
    if (Equation::create("h,h->h|h", map, {extent, {taps}},
                         [](const Fault &) {}))
      fitting.push_back(extent);
  EXPECT_GE(fitting.size(), 3u);
  return {makeDynamic("sh,tsh->th|h", map, {{2, any}, {3, 2, taps}}, fitting),
          makeDynamic("sh,h->hs|h", map, {{2, any}, {taps}}, fitting)};
}

TEST(Dynamic, Windows) {
  std::vector<DynamicEquation> equations;
  auto add = [&](Padding padding, int64_t stride, int64_t dilation, bool flip,
                 llvm::ArrayRef<Shape> extents) {
    for (int64_t taps : {1, 4}) {
      Geometry geometry;
      geometry.padding = padding;
      geometry.stride = stride;
      geometry.dilation = dilation;
      geometry.flip = flip;
      llvm::append_range(equations, windows(geometry, taps, extents));
    }
  };
  const Shape all[] = {{1}, {2}, {3}, {4}, {5}, {11}, {12}, {13}};
  for (int64_t stride : {1, 2, 3}) {
    add({PaddingMode::Same}, stride, 1, false, all);
    add({PaddingMode::Same}, stride, 2, true, all);
    add({PaddingMode::Full}, stride, 2, false, all);
    add({PaddingMode::Valid}, stride, 2, false, all);
    add({PaddingMode::Explicit, 3, 0}, stride, 1, true, all);
    add({PaddingMode::Explicit, 0, 5}, stride, 2, false, all);
    add({PaddingMode::Explicit, -2, -1}, stride, 1, false, all);
    add({PaddingMode::Explicit, -2, 4}, stride, 1, false, all);
    add({PaddingMode::Explicit, 4, -2}, stride, 1, true, all);
  }
  expectRight(equations);
}

TEST(Dynamic, BatchAndBothSpatialModes) {
  Geometry strided;
  strided.stride = 2;
  expectRight({makeDynamic("bshw,tshw->bthw|hw", {{"h", strided}},
                           {{any, 3, any, any}, {4, 3, 3, 3}},
                           {{1, 4, 5}, {2, 7, 6}, {3, 1, 1}}),
               makeDynamic("bshw,tshw->bthw|hw", {{"h", strided}},
                           {{any, 3, 8, 9}, {4, 3, 3, 3}}, {{1}, {2}, {5}}),
               makeDynamic("bhws,hwst->bhwt|hw", {},
                           {{2, any, 6, 3}, {3, 3, 3, 4}}, {{1}, {2}, {5}})});
}

/// The steps of a network that joins its operands from the left.
static std::vector<Equation> stepsOf(const Equation &network) {
  std::vector<Equation> steps;
  SetValue value = network.leaf(0);
  for (unsigned k = 1; k < network.numOperands(); ++k) {
    steps.push_back(network.step(value, network.leaf(k)));
    value = network.join(value, network.leaf(k));
  }
  return steps;
}

TEST(Dynamic, StepsOfNetworks) {
  Geometry strided;
  strided.stride = 2;
  strided.dilation = int64_t(2);
  std::vector<DynamicEquation> steps;
  for (const DynamicEquation &network :
       {makeDynamic("bshw,rs,rh,rw,rt->bthw|hw", {{"h", strided}},
                    {{any, 3, any, any}, {2, 3}, {2, 3}, {2, 3}, {2, 4}},
                    {{5, 6, 7}, {4, 5, 9}, {3, 8, 8}}),
        makeDynamic("bsh,rs,rqh,tq->bth|h", {{"h", strided}},
                    {{any, 3, any}, {2, 3}, {2, 2, 4}, {4, 2}},
                    {{5, 6}, {4, 9}})}) {
    std::vector<Equation> dynamic = stepsOf(network.equation);
    for (auto [k, step] : llvm::enumerate(dynamic)) {
      steps.push_back({step, {}});
      for (const Equation &instance : network.instances) {
        steps.back().instances.push_back(stepsOf(instance)[k]);
        EXPECT_EQ(steps.back().instances.back().text(), step.text());
      }
    }
  }
  expectRight(steps);
}

/// c_0 i_0 + c_1 i_1 + b = s o with the given extents, any of which may be
/// dynamic; and what they are in each instance.
struct Relation {
  Shape coefficients, extents;
  int64_t offset, stride, resultExtent;
  std::vector<Shape> instances;
};

static Equation makeEquation(const Relation &relation,
                             llvm::ArrayRef<int64_t> extents) {
  LinearRelation linear;
  EquationParts parts;
  const ModeId h = ModeId(extents.size());
  for (unsigned k = 0; k < extents.size(); ++k) {
    parts.labels.push_back(std::string(1, char('a' + k)));
    parts.operands.push_back({ModeId(k), h});
    parts.shapes.push_back({int64_t(k) + 2, extents[k]});
    linear.terms.push_back({k, relation.coefficients[k], extents[k]});
  }
  parts.labels.push_back("h");
  linear.mode = h;
  linear.offset = relation.offset;
  linear.resultCoefficient = relation.stride;
  linear.resultExtent = relation.resultExtent;
  for (ModeId mode = 0; mode <= h; ++mode)
    parts.result.push_back(mode);
  parts.relations = {linear};
  return Equation::fromParts(std::move(parts));
}

TEST(Dynamic, RelationsWithoutAFeature) {
  std::vector<DynamicEquation> equations;
  for (Relation relation : std::vector<Relation>{
           // Towards a kernel: both of the others are long.
           {{1, -1}, {any, any}, 1, 1, 3, {{9, 9}, {4, 4}, {1, 1}}},
           {{-2, 1}, {any, any}, 1, 1, 3, {{5, 9}, {1, 2}}},
           {{1, -2}, {any, any}, 1, 2, 3, {{9, 5}, {3, 2}}},
           // Any extents, whatever the others are.
           {{1, -1}, {any, 3}, 1, 1, 6, {{6}, {2}, {11}}},
           {{1, -1}, {any, 3}, -3, 2, 6, {{6}, {2}, {15}}},
           {{1, 1}, {any, 3}, -1, 1, 6, {{6}, {2}, {15}}},
           {{-1, 1}, {any, 9}, 2, 1, 5, {{3}, {1}, {12}}},
           // Coefficients above 1: transposed convolutions.
           {{2, 1}, {any, 3}, -1, 1, 9, {{5}, {1}, {7}}},
           {{3, -2}, {any, 3}, 4, 2, 9, {{5}, {1}, {7}}},
           {{4, 6}, {any, 3}, -8, 2, 9, {{5}, {1}, {7}}},
           {{2, 4}, {any, 3}, -7, 2, 9, {{5}, {2}}}, // meets nothing
           {{1}, {any}, 1, 2, 5, {{9}, {2}, {20}}},
           {{1}, {any}, -4, 1, 5, {{9}, {2}, {20}}},
           {{3}, {any}, 2, 2, 9, {{5}, {2}, {20}}}}) {
    DynamicEquation &dynamic = equations.emplace_back(
        DynamicEquation{makeEquation(relation, relation.extents), {}});
    for (const Shape &numbers : relation.instances) {
      Shape extents = relation.extents;
      unsigned next = 0;
      for (int64_t &extent : extents)
        if (extent == any)
          extent = numbers[next++];
      dynamic.instances.push_back(makeEquation(relation, extents));
    }
  }
  expectRight(equations);
}
