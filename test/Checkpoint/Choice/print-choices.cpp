//===- print-choices.cpp - Problems and their fronts as JSON --------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// usage: print-choices SEED COUNT
//
// One random problem in a line, with its front, for solvers that know nothing
// of this project (choices_milp.py).
//
//===----------------------------------------------------------------------===//

#include "ChoiceTestSupport.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>

using namespace conveinsum;
namespace json = llvm::json;

static int64_t number(const Count &count) { return count.word(); }

static json::Array list(llvm::ArrayRef<unsigned> values) {
  json::Array result;
  for (unsigned value : values)
    result.push_back(int64_t(value));
  return result;
}

static json::Object objectOf(const CheckpointValue &value) {
  json::Array ways;
  for (const CheckpointAlternative &way : value.alternatives)
    ways.push_back(json::Object{{"first", int64_t(way.first)},
                                {"end", int64_t(way.end)},
                                {"macs", number(way.macs)},
                                {"inputs", list(way.inputs)},
                                {"needs", list(way.needs)},
                                {"fixed", number(way.fixedMacs)}});
  return json::Object{{"bytes", number(value.bytes)},
                      {"macs", number(value.macs)},
                      {"inputs", list(value.inputs)},
                      {"needed", value.isNeeded},
                      {"free", value.isFree},
                      {"keep", value.pin == CheckpointPin::Keep},
                      {"recompute", value.pin == CheckpointPin::Recompute},
                      {"ways", std::move(ways)}};
}

int main(int argc, char **argv) {
  if (argc != 3) {
    llvm::errs() << "usage: print-choices SEED COUNT\n";
    return 2;
  }
  SplitMix64 random(std::strtoull(argv[1], nullptr, 10));
  for (uint64_t left = std::strtoull(argv[2], nullptr, 10); left > 0; --left) {
    RandomProblemOptions options;
    options.values = random.between(6, 24);
    options.neededOneIn = random.between(1, 3);
    options.pinnedOneIn = random.oneIn(3) ? 6 : 1000000;
    options.most = 1000;
    CheckpointProblem problem = randomProblem(random, options);
    // Graphs of single ways, and of several.
    if (random.oneIn(2))
      problem = withRandomWays(random, problem, options, 3);
    CheckpointFront front(problem);
    json::Array values, points;
    for (const CheckpointValue &value : problem)
      values.push_back(objectOf(value));
    for (const CheckpointFront::Point &point : front.points())
      points.push_back(
          json::Array{number(point.keptBytes), number(point.macs)});
    llvm::outs() << json::Value(json::Object{{"values", std::move(values)},
                                             {"front", std::move(points)},
                                             {"exact", front.isExact()}})
                 << "\n";
  }
  return 0;
}
