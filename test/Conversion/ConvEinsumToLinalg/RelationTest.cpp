//===- RelationTest.cpp - Every kind of relation by hand ------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One conv mode h between a channel mode of each operand, in the relations that
// the parts of this room exist for. Each is computed with h kept and summed,
// and with the operands exchanged.
//
//===----------------------------------------------------------------------===//

#include "LoweredFunctions.h"
#include "gtest/gtest.h"

using namespace conveinsum;
using namespace conveinsum::test;

namespace {

/// c i + b = s o, 0 <= o < extent (mod modulus).
struct Term {
  int64_t coefficient, extent;
};
struct Relation {
  std::vector<Term> terms;
  int64_t offset, stride, extent, modulus = 0;
};

} // namespace

static LinearRelation resolve(const Relation &relation, ModeId mode) {
  LinearRelation resolved;
  resolved.mode = mode;
  for (auto [operand, term] : llvm::enumerate(relation.terms))
    resolved.terms.push_back(
        {unsigned(operand), term.coefficient, term.extent});
  resolved.offset = relation.offset;
  resolved.resultCoefficient = relation.stride;
  resolved.resultExtent = relation.extent;
  resolved.modulus = relation.modulus;
  return resolved;
}

/// "ah,bh->abh|h", "ah->ah|h" or "a->ah|h" with the given relation, or without
/// h in the result.
static Equation makeEquation(const Relation &relation, bool summed) {
  EquationParts parts;
  parts.labels = {"a", "b", "h"};
  if (relation.terms.size() < 2)
    parts.labels = {"a", "h"};
  const ModeId h = ModeId(parts.labels.size() - 1);
  for (auto [operand, term] : llvm::enumerate(relation.terms)) {
    parts.operands.push_back({ModeId(operand), h});
    parts.shapes.push_back({int64_t(operand) + 2, term.extent});
  }
  if (parts.operands.empty()) {
    parts.operands.push_back({0});
    parts.shapes.push_back({2});
  }
  for (ModeId mode = 0; mode < parts.operands.size(); ++mode)
    parts.result.push_back(mode);
  if (!summed)
    parts.result.push_back(h);
  parts.relations = {resolve(relation, h)};
  return Equation::fromParts(std::move(parts));
}

static void expectRight(llvm::ArrayRef<Relation> relations) {
  std::vector<TypedEquation> equations;
  for (Relation relation : relations) {
    for (unsigned exchanged = 0; exchanged < 2; ++exchanged) {
      equations.emplace_back(makeEquation(relation, /*summed=*/false));
      equations.emplace_back(makeEquation(relation, /*summed=*/true));
      std::reverse(relation.terms.begin(), relation.terms.end());
    }
  }
  for (const std::string &line : mismatches(equations, 7))
    ADD_FAILURE() << line;
}

TEST(Relation, Correlation) {
  expectRight({{{{1, 9}, {-1, 3}}, 1, 1, 9},    // same
               {{{1, 9}, {-1, 3}}, 0, 1, 7},    // valid
               {{{1, 9}, {-1, 3}}, 2, 1, 11},   // full
               {{{1, 9}, {-1, 3}}, 1, 2, 5},    // stride
               {{{1, 9}, {-2, 3}}, 2, 1, 9},    // dilation
               {{{1, 13}, {-3, 3}}, 4, 2, 7},   // both
               {{{1, 13}, {-3, 3}}, -2, 2, 3},  // crops
               {{{1, 3}, {-1, 9}}, 8, 1, 11},   // a kernel that is longer
               {{{1, 9}, {-1, 3}}, 5, 1, 17}}); // far beyond the borders
}

TEST(Relation, TrueConvolution) {
  expectRight({{{{1, 9}, {1, 3}}, -1, 1, 9},
               {{{1, 9}, {2, 3}}, -2, 2, 5},
               {{{-1, 4}, {-1, 5}}, 7, 1, 8}, // kernels with each other
               {{{-2, 4}, {-3, 5}}, 18, 1, 19}});
}

TEST(Relation, GradientTowardsFeature) {
  expectRight({{{{1, 9}, {1, 3}}, -1, 1, 9},
               {{{2, 5}, {1, 3}}, -1, 1, 9},
               {{{2, 5}, {2, 3}}, -2, 1, 9},
               {{{3, 4}, {2, 5}}, -4, 1, 14},
               {{{6, 3}, {4, 5}}, -3, 1, 30},
               {{{6, 3}, {4, 5}}, -3, 2, 15},
               {{{6, 3}, {4, 5}}, 2, 4, 9}});
}

TEST(Relation, GradientTowardsKernel) {
  expectRight({{{{1, 9}, {-1, 9}}, 1, 1, 3},
               {{{1, 9}, {-2, 5}}, 1, 1, 3},
               {{{1, 13}, {-2, 7}}, 2, 2, 3},
               {{{1, 13}, {-2, 7}}, 4, 3, 3}});
}

TEST(Relation, ManyPhases) {
  expectRight({{{{5, 4}, {1, 5}}, 0, 1, 20},   // kernels side by side
               {{{5, 4}, {1, 7}}, -2, 1, 20},  // that overlap
               {{{5, 4}, {-1, 12}}, 9, 1, 23}, // from the other end
               {{{8, 3}, {3, 4}}, -2, 1, 24},  // separate phases
               {{{41, 3}, {3, 4}}, -5, 1, 90}, // zeros inserted
               {{{41, 3}, {39, 3}}, -40, 2, 60}});
}

TEST(Relation, CommonDivisors) {
  expectRight({{{{2, 9}, {-4, 3}}, 2, 2, 9},
               {{{2, 9}, {-4, 3}}, 1, 2, 9}, // nothing contributes
               {{{4, 5}, {6, 5}}, -8, 2, 12},
               {{{4, 5}, {6, 5}}, -8, 8, 4}});
}

TEST(Relation, Circular) {
  expectRight({{{{1, 8}, {-1, 3}}, 1, 1, 8, 8},
               {{{1, 8}, {-1, 3}}, 1, 2, 4, 8},
               {{{1, 8}, {-3, 3}}, 3, 1, 8, 8},
               {{{1, 8}, {1, 3}}, 1, 1, 8, 8},
               {{{1, 4}, {-1, 9}}, 2, 1, 4, 4},  // kernel beyond the period
               {{{1, 5}, {-1, 3}}, 2, 1, 8, 8},  // feature within it
               {{{1, 19}, {-1, 3}}, 2, 1, 8, 8}, // feature beyond it
               {{{2, 4}, {1, 3}}, -1, 1, 8, 8},  // gradient, stride 2
               {{{3, 8}, {5, 8}}, 1, 3, 8, 8},   // coprime coefficients
               {{{4, 5}, {6, 5}}, 2, 1, 24, 24}, // no inverses
               {{{6, 3}, {9, 2}}, 4, 5, 11, 12},
               {{{1, 3}, {-1, 2}}, 1, 1, 40, 3},  // many turns
               {{{1, 7}, {-7, 3}}, 2, 1, 7, 7},   // one term vanishes
               {{{7, 7}, {-7, 3}}, 0, 1, 7, 7},   // both vanish
               {{{1, 7}, {-1, 3}}, 0, 7, 3, 7},   // the result does
               {{{1, 7}, {-1, 3}}, 0, 1, 5, 1}}); // everything does
}

TEST(Relation, ManyTurns) {
  constexpr int64_t large = (int64_t(1) << 39) + 11;
  expectRight({{{{160, 331}, {1, 331}}, 0, 1, 331, 331},
               {{{-37, 101}, {1, 5}}, 3, 2, 60, 101},
               {{{37, 60}, {-1, 5}}, 3, 1, 101, 101},  // zeros at some residues
               {{{42, 30}, {1, 5}}, -3, 1, 120, 120},  // at those not divided
               {{{42, 50}, {-1, 5}}, -3, 1, 120, 120}, // and entries added
               {{{37, 101}}, 3, 1, 101, 101},
               {{{37, 90}}, 3, 40, 120, 101}, // strides that go round too
               {{{42, 50}}, 6, 22, 150, 120},
               // Products of residues that do not fit 64 bits.
               {{{large / 3, 60}, {-1, 3}}, -40 * (large / 3), 1, 4, large}});
}

TEST(Relation, CircularWithoutWrapping) {
  constexpr int64_t huge = int64_t(1) << 62, max = INT64_MAX;
  expectRight({{{{1, 4}, {-1, 3}}, 1, 1, 4, 40},
               {{{1, 4}, {-1, 3}}, -1, 1, 4, 40},
               {{{1, 4}, {-1, 3}}, 1, 1, 4, huge},
               {{{1, 4}, {-1, 3}}, -1, 2, 3, max},
               {{{2, 4}, {1, 3}}, -1, 1, 8, huge},
               {{{1, 4}, {-1, 3}}, huge / 2, 1, 4, huge}, // meets nothing
               {{{1, 4}}, -1, 1, 4, huge},
               {{}, 2, 1, 4, huge}});
}

TEST(Relation, OneParticipant) {
  expectRight({{{{1, 9}}, 0, 1, 9},
               {{{1, 9}}, 1, 2, 5},
               {{{1, 9}}, -3, 1, 4},
               {{{-1, 9}}, 8, 1, 9},
               {{{3, 5}}, 2, 2, 9},
               {{{-3, 5}}, 12, 2, 7},
               {{{4, 5}}, 1, 2, 7}, // nothing contributes
               {{{1, 9}}, 20, 1, 5},
               {{{1, 8}}, 3, 1, 8, 8},
               {{{-1, 8}}, 3, 3, 11, 8},
               {{{2, 11}}, 1, 3, 9, 6},
               {{{1, 1}}, -4, 2, 5},
               {{{5, 4}}, 1, 1, 5, 5}});
}

TEST(Relation, NoParticipant) {
  expectRight({{{}, 4, 2, 5},
               {{}, 3, 2, 5},
               {{}, 40, 2, 5},
               {{}, 2, 3, 20, 7},
               {{}, 1, 2, 9, 4},
               {{}, 0, 1, 3, 1}});
}

TEST(Relation, ExtentsOfOne) {
  expectRight({{{{1, 9}, {-1, 1}}, 0, 1, 9},
               {{{1, 1}, {-1, 9}}, 8, 1, 9},
               {{{1, 1}, {-1, 1}}, 2, 2, 4},
               {{{1, 9}, {-1, 9}}, 0, 1, 1},
               {{{3, 5}, {-2, 6}}, 1, 4, 1},
               {{{1, 5}, {-1, 3}}, 2, 3, 1, 5}});
}

//===----------------------------------------------------------------------===//
// Plain modes
//===----------------------------------------------------------------------===//

static void expectRight(const std::string &text,
                        const std::vector<Shape> &shapes) {
  auto equation =
      Equation::create(text, {}, shapes, [](const Fault &diagnostic) {
        ADD_FAILURE() << diagnostic.message;
      });
  ASSERT_TRUE(equation.has_value()) << text;
  for (const std::string &line : mismatches(TypedEquation(*equation), 9))
    ADD_FAILURE() << line;
}

TEST(PlainModes, Diagonals) {
  expectRight("iij,jkk->ki", {{3, 3, 4}, {4, 2, 2}});
  expectRight("iii->i", {{4, 4, 4}});
  expectRight("ii->", {{4, 4}});
}

TEST(PlainModes, PrivateAndBroadcast) {
  expectRight("iaj,jb->ij", {{3, 5, 4}, {4, 2}});
  expectRight("ab,cd->ac", {{3, 5}, {4, 2}});
  expectRight("ab,cd->", {{3, 5}, {4, 2}});
}

TEST(PlainModes, WithoutReductions) {
  expectRight("ij,j->ji", {{3, 4}, {4}});
  expectRight("i,j->ji", {{3}, {4}});
  expectRight("ij->ji", {{3, 4}});
  expectRight("ij->ij", {{3, 4}});
  expectRight(",->", {{}, {}});
  expectRight("->", {{}});
}

TEST(PlainModes, SizeZero) {
  expectRight("ij,jk->ik", {{3, 0}, {0, 4}});
  expectRight("ij,jk->ik", {{0, 2}, {2, 4}});
  expectRight("ij->", {{0, 2}});
  expectRight("ah,bh->abh|h", {{0, 5}, {2, 3}});
}
