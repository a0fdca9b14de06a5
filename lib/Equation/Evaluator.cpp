//===- Evaluator.cpp - The definition, slow and obviously correct ---------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A nest of loops over all indices: every participant's index and `o` of every
// conv mode, then the plain modes. Of each relation one index is not iterated
// but solved for, which visits exactly the assignments that meet the equation.
// Each level multiplies in the operands whose position it completes.
//
// Floating products are made in long double. Sums are compensated: what
// additions round away is summed by itself, and what those sums round away,
// too. On machines whose long double is longer than a double, a value is then
// off by two roundings or three, however many factors and terms it has, so that
// results in f64 can be compared with it.
//
// A gradient visits the same assignments: operand and result change places, so
// that the cotangent is read where the result was written.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Equation/Evaluator.h"
#include "Arithmetic.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include <cmath>

using namespace conveinsum;

//===----------------------------------------------------------------------===//
// The loop nest
//===----------------------------------------------------------------------===//

/// One index of the definition.
struct Loop {
  int64_t extent = 0;
  /// Step of the index in every operand and in the result, in elements.
  llvm::SmallVector<int64_t, 6> strides;
  int64_t resultStride = 0;
  /// The relation it takes part in, with  sum c i + b  and -s o on one side.
  int relation = -1;
  int64_t coefficient = 0;
  /// Solved for: its values are those with  coefficient * i = -sum  (mod M).
  bool isSolved = false;
  int64_t modulus = 0;
  /// Operands whose position is final once this loop's index is.
  llvm::SmallVector<unsigned, 6> completed;
};

struct LoopNest {
  std::vector<Loop> loops;
  llvm::SmallVector<int64_t, 3> offsets;  ///< b of every relation
  llvm::SmallVector<unsigned, 6> scalars; ///< operands of rank 0
};

/// Row-major steps of a tensor, summed over repeated modes (the diagonal).
static int64_t strideOf(llvm::ArrayRef<ModeId> modes,
                        llvm::ArrayRef<int64_t> shape, ModeId mode) {
  int64_t stride = 0, step = 1;
  for (size_t d : llvm::reverse(llvm::seq(modes.size()))) {
    if (modes[d] == mode)
      stride += step;
    step *= shape[d];
  }
  return stride;
}

static Loop makeLoop(const Equation &equation, int64_t extent) {
  Loop loop;
  loop.extent = extent;
  loop.strides.assign(equation.numOperands(), 0);
  return loop;
}

/// Keeps loops ordered by extent, the longest innermost.
static void insertByExtent(std::vector<Loop> &loops, Loop loop) {
  auto at = llvm::upper_bound(
      loops, loop.extent,
      [](int64_t extent, const Loop &other) { return extent < other.extent; });
  loops.insert(at, std::move(loop));
}

/// Loops over the indices of one relation; the longest is solved for, last.
static void appendRelation(const Equation &equation,
                           const LinearRelation &relation, int position,
                           std::vector<Loop> &loops) {
  std::vector<Loop> own;
  for (const LinearRelation::Term &term : relation.terms) {
    Loop loop = makeLoop(equation, term.extent);
    loop.strides[term.operand] =
        strideOf(equation.operandModes(term.operand),
                 equation.operandShape(term.operand), relation.mode);
    loop.coefficient = term.coefficient;
    insertByExtent(own, std::move(loop));
  }
  Loop result = makeLoop(equation, relation.resultExtent);
  result.resultStride =
      strideOf(equation.resultModes(), equation.resultShape(), relation.mode);
  result.coefficient = -relation.resultCoefficient;
  insertByExtent(own, std::move(result));
  own.back().isSolved = true;
  for (Loop &loop : own) {
    loop.relation = position;
    loop.modulus = relation.modulus;
    loops.push_back(loop);
  }
}

static LoopNest makeNest(const Equation &equation) {
  LoopNest nest;
  for (auto [position, relation] : llvm::enumerate(equation.relations())) {
    appendRelation(equation, relation, position, nest.loops);
    nest.offsets.push_back(relation.offset);
  }
  std::vector<Loop> plain;
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    if (equation.relation(mode))
      continue;
    Loop loop = makeLoop(equation, equation.size(mode));
    for (unsigned k = 0; k < equation.numOperands(); ++k)
      loop.strides[k] =
          strideOf(equation.operandModes(k), equation.operandShape(k), mode);
    loop.resultStride =
        strideOf(equation.resultModes(), equation.resultShape(), mode);
    insertByExtent(plain, std::move(loop));
  }
  nest.loops.insert(nest.loops.end(), plain.begin(), plain.end());

  return nest;
}

/// Says of every operand which loop is the last to change its position.
static void findCompletions(LoopNest &nest, unsigned numOperands) {
  for (unsigned k = 0; k < numOperands; ++k) {
    auto last = llvm::find_if(llvm::reverse(nest.loops), [&](const Loop &loop) {
      return loop.strides[k] != 0;
    });
    if (last == nest.loops.rend())
      nest.scalars.push_back(k);
    else
      last->completed.push_back(k);
  }
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// The type of products of T: wider where the machine has a wider one.
template <typename T>
struct ProductOf {
  using Type = T;
};
template <>
struct ProductOf<double> {
  using Type = long double;
};
template <>
struct ProductOf<std::complex<double>> {
  using Type = std::complex<long double>;
};

// Words of the ring modulo 2^64 wrap on purpose, and in these two places alone:
// tools/sanitizer-ignorelist.txt has their names.
static uint64_t addInRing(uint64_t a, uint64_t b) { return a + b; }
static uint64_t multiplyInRing(uint64_t a, uint64_t b) { return a * b; }

template <typename A, typename B>
static A multiply(A a, B b) {
  return a * b;
}
static uint64_t multiply(uint64_t a, uint64_t b) {
  return multiplyInRing(a, b);
}
/// Without the treatment of infinities of the standard's operator.
template <typename A, typename B>
static std::complex<A> multiply(std::complex<A> a, std::complex<B> b) {
  return {a.real() * b.real() - a.imag() * b.imag(),
          a.real() * b.imag() + a.imag() * b.real()};
}

static uint64_t narrow(uint64_t value) { return value; }
static double narrow(double value) { return value; }
static double narrow(long double value) { return double(value); }
template <typename A>
static std::complex<double> narrow(std::complex<A> value) {
  return {double(value.real()), double(value.imag())};
}

/// Adds `term`, and returns what the rounded sum has lost (Knuth's two-sum).
static double addTo(double &sum, double term) {
  double rounded = sum + term;
  double added = rounded - sum;
  double loss = (sum - (rounded - added)) + (term - added);
  sum = rounded;
  return loss;
}
static std::complex<double> addTo(std::complex<double> &sum,
                                  std::complex<double> term) {
  double real = sum.real(), imag = sum.imag();
  double lostReal = addTo(real, term.real());
  double lostImag = addTo(imag, term.imag());
  sum = {real, imag};
  return {lostReal, lostImag};
}
static uint64_t addTo(uint64_t &sum, uint64_t term) {
  sum = addInRing(sum, term);
  return 0;
}

static double absolute(double value) { return std::fabs(value); }
static double absolute(std::complex<double> value) { return std::abs(value); }
static double absolute(uint64_t) { return 0; }

//===----------------------------------------------------------------------===//
// Execution
//===----------------------------------------------------------------------===//

namespace {
template <typename T>
class Execution {
public:
  Execution(const LoopNest &nest, llvm::ArrayRef<llvm::ArrayRef<T>> operands,
            Evaluation<T> &out)
      : nest(nest), operands(operands), out(out), positions(operands.size(), 0),
        sums(nest.offsets), losses(out.value.size()) {}

  void run() {
    Product product(1);
    for (unsigned k : nest.scalars)
      product = multiply(product, operands[k][0]);
    descend(0, product, absolute(narrow(product)), 0);
    for (auto [value, loss] : llvm::zip_equal(out.value, losses))
      value += loss.first + loss.second;
  }

private:
  using Product = typename ProductOf<T>::Type;

  /// Iterates loop `level` and all that is inside of it. `product` holds the
  /// operands completed outside, `size` its absolute value.
  void descend(size_t level, Product product, double size, int64_t entry) {
    if (level == nest.loops.size()) {
      add(entry, product, size);
      return;
    }
    const Loop &loop = nest.loops[level];
    if (loop.isSolved)
      return solve(loop, level, product, size, entry);
    if (level + 1 == nest.loops.size())
      return iterateInnermost(loop, product, size, entry);
    for (int64_t i = 0; i < loop.extent; ++i)
      visit(loop, level, i, product, size, entry);
  }

  /// Enters the assignments with index `i` of the loop.
  void visit(const Loop &loop, size_t level, int64_t i, Product product,
             double size, int64_t entry) {
    for (auto [position, stride] : llvm::zip_equal(positions, loop.strides))
      position += stride * i;
    if (loop.relation >= 0)
      sums[loop.relation] += loop.coefficient * i;
    for (unsigned k : loop.completed) {
      T factor = operands[k][positions[k]];
      product = multiply(product, factor);
      size *= absolute(factor);
    }
    descend(level + 1, product, size, entry + loop.resultStride * i);
    if (loop.relation >= 0)
      sums[loop.relation] -= loop.coefficient * i;
    for (auto [position, stride] : llvm::zip_equal(positions, loop.strides))
      position -= stride * i;
  }

  /// Enters every index for which the loop's relation holds.
  void solve(const Loop &loop, size_t level, Product product, double size,
             int64_t entry) {
    int64_t sum = sums[loop.relation];
    if (loop.modulus == 0) {
      // coefficient * i = -sum
      if (sum % loop.coefficient != 0)
        return;
      Int i = -Int(sum / loop.coefficient);
      if (i >= 0 && i < loop.extent)
        visit(loop, level, int64_t(i), product, size, entry);
      return;
    }
    int64_t modulus = loop.modulus;
    for (int64_t i = 0; i < loop.extent; ++i)
      if ((Int(sum) + Int(loop.coefficient) * i) % modulus == 0)
        visit(loop, level, i, product, size, entry);
  }

  /// The innermost loop over a plain mode, without bookkeeping. A single
  /// product is as good in T, and several times faster.
  void iterateInnermost(const Loop &loop, Product product, double size,
                        int64_t entry) {
    if (loop.completed.size() > 1)
      iterate<Product>(loop, product, size, entry);
    else
      iterate<T>(loop, narrow(product), size, entry);
  }

  template <typename V>
  void iterate(const Loop &loop, V product, double size, int64_t entry) {
    for (int64_t i = 0; i < loop.extent; ++i) {
      V value = product;
      double valueSize = size;
      for (unsigned k : loop.completed) {
        T factor = operands[k][positions[k] + loop.strides[k] * i];
        value = multiply(value, factor);
        valueSize *= absolute(factor);
      }
      add(entry + loop.resultStride * i, value, valueSize);
    }
  }

  template <typename V>
  void add(int64_t entry, V product, double size) {
    auto &[first, second] = losses[entry];
    T rounded = narrow(product);
    second += addTo(first, addTo(out.value[entry], rounded));
    if constexpr (!std::is_same_v<V, T>)
      second += addTo(first, narrow(product - V(rounded)));
    out.magnitude[entry] += size;
    ++out.terms[entry];
  }

  const LoopNest &nest;
  llvm::ArrayRef<llvm::ArrayRef<T>> operands;
  Evaluation<T> &out;
  llvm::SmallVector<int64_t, 6> positions; ///< element of every operand
  llvm::SmallVector<int64_t, 3> sums;      ///< value of every relation so far
  /// What every entry has lost to rounding, and what that sum has lost.
  std::vector<std::pair<T, T>> losses;
};
} // namespace

static size_t elementCount(llvm::ArrayRef<int64_t> shape) {
  size_t count = 1;
  for (int64_t extent : shape)
    count *= size_t(extent);
  return count;
}

/// Runs a nest that writes a tensor of shape `result`.
template <typename T>
static Evaluation<T> runNest(LoopNest &nest,
                             llvm::ArrayRef<llvm::ArrayRef<T>> operands,
                             llvm::ArrayRef<int64_t> result) {
  Evaluation<T> out;
  size_t count = elementCount(result);
  out.value.assign(count, T(0));
  out.magnitude.assign(count, 0);
  out.terms.assign(count, 0);
  findCompletions(nest, operands.size());
  if (llvm::none_of(nest.loops,
                    [](const Loop &loop) { return loop.extent == 0; }))
    Execution<T>(nest, operands, out).run();
  return out;
}

template <typename T>
Evaluation<T> conveinsum::evaluate(const Equation &equation,
                                   llvm::ArrayRef<llvm::ArrayRef<T>> operands) {
  assert(equation.hasStaticShapes() && "the definition needs extents");
  assert(operands.size() == equation.numOperands() && "one tensor per operand");
  for (unsigned k = 0; k < operands.size(); ++k) {
    assert(operands[k].size() == elementCount(equation.operandShape(k)) &&
           "tensors have the equation's extents");
    (void)k;
  }
  LoopNest nest = makeNest(equation);
  return runNest(nest, operands, equation.resultShape());
}

template <typename T>
Evaluation<T>
conveinsum::evaluateGradient(const Equation &equation,
                             llvm::ArrayRef<llvm::ArrayRef<T>> operands,
                             llvm::ArrayRef<T> cotangent, unsigned operand) {
  assert(equation.hasStaticShapes() && "the definition needs extents");
  assert(operands.size() == equation.numOperands() && "one tensor per operand");
  assert(cotangent.size() == elementCount(equation.resultShape()) &&
         "the cotangent has the result's extents");
  LoopNest nest = makeNest(equation);
  for (Loop &loop : nest.loops)
    std::swap(loop.strides[operand], loop.resultStride);
  std::vector<llvm::ArrayRef<T>> factors(operands.begin(), operands.end());
  factors[operand] = cotangent;
  return runNest<T>(nest, factors, equation.operandShape(operand));
}

template Evaluation<double>
conveinsum::evaluate<double>(const Equation &,
                             llvm::ArrayRef<llvm::ArrayRef<double>>);
template Evaluation<std::complex<double>>
conveinsum::evaluate<std::complex<double>>(
    const Equation &, llvm::ArrayRef<llvm::ArrayRef<std::complex<double>>>);
template Evaluation<uint64_t>
conveinsum::evaluate<uint64_t>(const Equation &,
                               llvm::ArrayRef<llvm::ArrayRef<uint64_t>>);
template Evaluation<double>
conveinsum::evaluateGradient<double>(const Equation &,
                                     llvm::ArrayRef<llvm::ArrayRef<double>>,
                                     llvm::ArrayRef<double>, unsigned);
template Evaluation<std::complex<double>>
conveinsum::evaluateGradient<std::complex<double>>(
    const Equation &, llvm::ArrayRef<llvm::ArrayRef<std::complex<double>>>,
    llvm::ArrayRef<std::complex<double>>, unsigned);

Count conveinsum::evaluationWork(const Equation &equation) {
  // The product of the loops' extents, less those that are solved for without
  // trying. Strides of tensors this large would overflow: no nest is made.
  Count work = 1;
  auto multiply = [&](int64_t extent) { work *= Count(extent); };
  for (ModeId mode = 0; mode < equation.numModes(); ++mode) {
    const LinearRelation *relation = equation.relation(mode);
    if (!relation) {
      multiply(equation.size(mode));
      continue;
    }
    llvm::SmallVector<int64_t, 4> extents{relation->resultExtent};
    for (const LinearRelation::Term &term : relation->terms)
      extents.push_back(term.extent);
    llvm::sort(extents);
    if (relation->modulus == 0 && extents.front() != 0)
      extents.pop_back();
    llvm::for_each(extents, multiply);
  }
  return work;
}

double conveinsum::goldenFill(unsigned operand, uint64_t index) {
  return double((37 * index + 101 * operand + 13) % 97) / 48.5 - 1;
}
