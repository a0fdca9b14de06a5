//===- EvaluatorTest.cpp - The definition ---------------------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The evaluator against the golden file, and against a second reading of the
// definition that tests every assignment of all indices.
//
//===----------------------------------------------------------------------===//

#include "EquationTestSupport.h"
#include "llvm/ADT/STLExtras.h"
#include <limits>

using namespace conveinsum;

TEST(EvaluatorTest, GoldenFile) {
  llvm::json::Value file = readDataFile("golden.json");
  const llvm::json::Array &cases = *file.getAsObject()->getArray("cases");
  EXPECT_EQ(cases.size(), 66u);
  for (const llvm::json::Value &value : cases) {
    const llvm::json::Object &object = *value.getAsObject();
    SCOPED_TRACE(object.getString("name")->str());
    Caught caught;
    auto read = Case::fromJSON(object, caught);
    ASSERT_TRUE(read.has_value()) << caught.text();
    auto equation = read->resolve(caught);
    ASSERT_TRUE(equation.has_value()) << caught.text();
    auto operands = makeOperands<double>(*equation, goldenFill);
    Evaluation<double> evaluation = evaluateAll(*equation, operands);
    const llvm::json::Array &out = *object.getArray("out");
    ASSERT_EQ(evaluation.value.size(), out.size());
    for (size_t i = 0; i < out.size(); ++i)
      EXPECT_NEAR(evaluation.value[i], *out[i].getAsNumber(), 1e-9) << i;
  }
}

//===----------------------------------------------------------------------===//
// A second reading
//===----------------------------------------------------------------------===//

namespace {
/// Tests every assignment: one counter per plain mode, per participant, per
/// `o`.
class Assignments {
public:
  explicit Assignments(const Equation &equation) : equation(equation) {
    for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
      const LinearRelation *relation = equation.relation(mode);
      result[mode] = extents.size();
      extents.push_back(relation ? relation->resultExtent
                                 : equation.size(mode));
      if (!relation)
        continue;
      for (const LinearRelation::Term &term : relation->terms) {
        participant[{mode, term.operand}] = extents.size();
        extents.push_back(term.extent);
      }
    }
    index.assign(extents.size(), 0);
  }

  Count number() const {
    Count count = 1;
    for (int64_t extent : extents)
      count = count * Count(extent);
    return count;
  }

  Evaluation<uint64_t> run(const std::vector<std::vector<uint64_t>> &operands) {
    size_t count = elementCount(equation.resultShape());
    Evaluation<uint64_t> out{
        std::vector<uint64_t>(count, 0), {}, std::vector<uint64_t>(count, 0)};
    if (number() == 0)
      return out;
    do {
      if (!holds())
        continue;
      uint64_t product = 1;
      for (unsigned k = 0; k < equation.numOperands(); ++k)
        product *= operands[k][position(equation.operandModes(k),
                                        equation.operandShape(k), k)];
      size_t entry = position(equation.resultModes(), equation.resultShape(),
                              std::nullopt);
      out.value[entry] += product;
      ++out.terms[entry];
    } while (advance());
    return out;
  }

private:
  bool holds() const {
    return llvm::all_of(equation.relations(), [&](const LinearRelation &r) {
      int64_t sum = r.offset - r.resultCoefficient * index[result.at(r.mode)];
      for (const LinearRelation::Term &term : r.terms)
        sum += term.coefficient * index[participant.at({r.mode, term.operand})];
      return r.modulus ? sum % r.modulus == 0 : sum == 0;
    });
  }
  size_t position(llvm::ArrayRef<ModeId> modes, llvm::ArrayRef<int64_t> shape,
                  std::optional<unsigned> operand) const {
    size_t flat = 0;
    for (auto [mode, extent] : llvm::zip_equal(modes, shape)) {
      bool isOwn = operand && equation.relation(mode);
      size_t counter =
          isOwn ? participant.at({mode, *operand}) : result.at(mode);
      flat = flat * size_t(extent) + size_t(index[counter]);
    }
    return flat;
  }
  bool advance() {
    for (size_t i = 0; i < index.size(); ++i) {
      if (++index[i] < extents[i])
        return true;
      index[i] = 0;
    }
    return false;
  }

  const Equation &equation;
  std::vector<int64_t> extents, index;
  std::map<ModeId, size_t> result;
  std::map<std::pair<ModeId, unsigned>, size_t> participant;
};
} // namespace

TEST(EvaluatorTest, EveryAssignmentIsVisitedOnce) {
  unsigned checked = 0;
  for (uint64_t seed = 0; seed < 600; ++seed) {
    RandomEquationOptions options;
    options.maxWork = 2000;
    Equation equation = resolved(randomEquation(seed, options));
    Assignments assignments(equation);
    if (assignments.number() > 50000)
      continue;
    SplitMix64 random(seed);
    auto operands = makeOperands<uint64_t>(
        equation, [&](unsigned, size_t) { return random.next(); });
    Evaluation<uint64_t> expected = assignments.run(operands);
    Evaluation<uint64_t> got = evaluateAll(equation, operands);
    ASSERT_EQ(got.value, expected.value) << seed << " " << describe(equation);
    ASSERT_EQ(got.terms, expected.terms) << seed << " " << describe(equation);
    ++checked;
  }
  EXPECT_GT(checked, 400u);
}

//===----------------------------------------------------------------------===//
// Types, sizes, work
//===----------------------------------------------------------------------===//

TEST(EvaluatorTest, MagnitudeAndTerms) {
  Equation equation = resolved("h,h->h|h", {{3}, {3}});
  auto out = evaluateAll<double>(equation, {{1, -2, 3}, {1, 1, -1}});
  EXPECT_EQ(out.value, (std::vector<double>{3, -4, 1}));
  EXPECT_EQ(out.magnitude, (std::vector<double>{3, 6, 5}));
  EXPECT_EQ(out.terms, (std::vector<uint64_t>{2, 3, 2}));
}

TEST(EvaluatorTest, ComplexIsNotConjugated) {
  using C = std::complex<double>;
  Equation equation = resolved("i,i->", {{2}, {2}});
  auto out = evaluateAll<C>(equation, {{C(3, 4), C(0, 1)}, {C(0, 2), C(0, 1)}});
  EXPECT_EQ(out.value[0], C(-9, 6));
  EXPECT_DOUBLE_EQ(out.magnitude[0], 11);
}

TEST(EvaluatorTest, IntegersWrap) {
  Equation equation = resolved("i,i->", {{2}, {2}});
  uint64_t minusOne = ~uint64_t(0);
  auto out =
      evaluateAll<uint64_t>(equation, {{minusOne, uint64_t(1) << 63}, {5, 2}});
  EXPECT_EQ(int64_t(out.value[0]), -5);
}

TEST(EvaluatorTest, ScalarsAndEmptySums) {
  EXPECT_EQ(evaluateAll<double>(resolved(",->", {{}, {}}), {{3}, {5}}).value,
            std::vector<double>{15});
  auto sum = evaluateAll<double>(resolved("i,->", {{0}, {}}), {{}, {5}});
  EXPECT_EQ(sum.value, std::vector<double>{0});
  EXPECT_EQ(sum.terms, std::vector<uint64_t>{0});
  EXPECT_TRUE(evaluateAll<double>(resolved("i,j->ij", {{0}, {1}}), {{}, {5}})
                  .value.empty());
}

TEST(EvaluatorTest, ARunningOIsSummed) {
  // Every (x, k) that meets some o counts: 3 + 3 + 2 = 8 without the corners.
  auto out = evaluateAll<uint64_t>(resolved("h,h->|h", {{3}, {3}}),
                                   {{1, 1, 1}, {1, 1, 1}});
  EXPECT_EQ(out.value, std::vector<uint64_t>{7});
}

TEST(EvaluatorTest, WorkIsAnUpperBound) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    Equation equation = resolved(randomEquation(seed));
    auto ones = makeOperands<uint64_t>(
        equation, [](unsigned, size_t) { return uint64_t(1); });
    uint64_t terms = 0;
    for (uint64_t count : evaluateAll(equation, ones).terms)
      terms += count;
    EXPECT_LE(terms, evaluationWork(equation)) << describe(equation);
  }
  int64_t big = int64_t(1) << 60;
  EXPECT_EQ(evaluationWork(resolved("abc->abc", {{big, big, big}})),
            Count::powerOfTwo(180));
}

TEST(EvaluatorTest, FillIsFixed) {
  EXPECT_DOUBLE_EQ(goldenFill(0, 0), 13 / 48.5 - 1);
  EXPECT_DOUBLE_EQ(goldenFill(2, 5), ((37 * 5 + 202 + 13) % 97) / 48.5 - 1);
}

//===----------------------------------------------------------------------===//
// Exactness
//===----------------------------------------------------------------------===//

/// Sums of which a chain of additions in f64 would lose nearly all or far too
/// much: the definition is what compiled code in f64 is compared with.
TEST(EvaluatorTest, LongSumsAreExact) {
  const int64_t n = 1 << 20;
  Caught caught;
  std::optional<Equation> equation = Equation::create("n->", {}, {{n}}, caught);
  ASSERT_TRUE(equation.has_value()) << caught.text();
  auto sum = [&](llvm::ArrayRef<double> terms) {
    return evaluate<double>(*equation, {terms}).value[0];
  };
  std::vector<double> terms(n, 0.1);
  EXPECT_EQ(sum(terms), 0.1 * n);
  terms.assign(n, 0x1p-60);
  terms.front() = 1;
  EXPECT_EQ(sum(terms), 1 + 0x1p-40);
  terms.back() = -1;
  EXPECT_EQ(sum(terms), (n - 2) * 0x1p-60);

  std::vector<std::complex<double>> complex(n, {0.1, -0x1p-60});
  complex.front().imag(1);
  Evaluation<std::complex<double>> evaluation =
      evaluate<std::complex<double>>(*equation, {complex});
  EXPECT_EQ(evaluation.value[0].real(), 0.1 * n);
  EXPECT_EQ(evaluation.value[0].imag(), 1 - 0x1p-40);
}

/// The square of 1 + 2^-27, which is no double, less what it would round to.
TEST(EvaluatorTest, ProductsAreExact) {
  if (std::numeric_limits<long double>::digits < 64)
    GTEST_SKIP() << "long double is no longer than double";
  Caught caught;
  std::optional<Equation> equation =
      Equation::create("n,n,n->", {}, {{2}, {2}, {2}}, caught);
  ASSERT_TRUE(equation.has_value()) << caught.text();
  std::vector<double> a = {1 + 0x1p-27, -1 - 0x1p-26}, b = {1 + 0x1p-27, 1},
                      c = {1, 1};
  EXPECT_EQ(evaluate<double>(*equation, {a, b, c}).value[0], 0x1p-54);
  std::vector<std::complex<double>> x(a.begin(), a.end()),
      y(b.begin(), b.end()), z = {{0, 1}, {0, 1}};
  EXPECT_EQ(evaluate<std::complex<double>>(*equation, {x, y, z}).value[0],
            std::complex<double>(0, 0x1p-54));
}
