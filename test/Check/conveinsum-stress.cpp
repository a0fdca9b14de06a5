//===- conveinsum-stress.cpp - Random equations without end ---------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compares compiled code with the definition for as many equations as one
// likes. Equations are checked a few at a time in processes of their own; those
// of a process that crashed are tried again one by one, so that the report
// names the equation and the command that shows the fault again.
//
//===----------------------------------------------------------------------===//

#include "NetworkChecker.h"
#include "WorkerPool.h"
#include "conveinsum/Runtime/StandardStreams.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/StringSwitch.h"
#include <chrono>
#include <deque>
#include <optional>
#include <unistd.h>

using namespace conveinsum;
using namespace conveinsum::test;
using llvm::StringRef;

static constexpr char kUsage[] =
    "usage: conveinsum-stress [OPTION...]\n"
    "  --equations=N    how many equations (default: 100, or without end if\n"
    "                   --seconds is given)\n"
    "  --seconds=T      start no more after this time\n"
    "  --seed=S         seed of the first equation, S+1 of the second (1)\n"
    "  --splits         check every split of every set of operands\n"
    "  --trees=K        check K random trees of each equation (1 without\n"
    "                   --splits)\n"
    "  --dtype=TYPE     element type, or all: every type in turn (f64)\n"
    "  --result-dtype=TYPE\n"
    "  --opt-level=L    0, 1 or 2 (0)\n"
    "  --target-cpu=CPU as LLVM names it (host)\n"
    "  --vector-work=N  iterations from which loops become vector code (2048)\n"
    "  --parallel-work=N\n"
    "                   iterations from which loops run on two threads "
    "(never)\n"
    "  --jobs=J         processes at a time (2)\n"
    "  --batch=B        equations that a process compiles together (8)\n"
    "  --memory-gib=G   address space of a process (8)\n"
    "  --timeout=T      seconds that one equation may take (60)\n"
    "Exits with 1 if anything was wrong.\n";

namespace {
struct Options {
  std::optional<uint64_t> equations, seconds;
  uint64_t seed = 1, trees = 0, optLevel = 0;
  uint64_t vectorWork = 2048, parallelWork = 0;
  std::string cpu = "host";
  uint64_t jobs = 2, batch = 8, memory = 8, timeout = 60;
  bool splits = false, allTypes = false;
  ElementType type = ElementType::F64;
  std::optional<ElementType> resultType;

  std::pair<ElementType, ElementType> typesOf(uint64_t seed) const {
    return allTypes ? typesInTurn(seed)
                    : std::pair(type, resultType.value_or(type));
  }
};

/// Seeds from `first` on.
struct Batch {
  uint64_t first, count;
};

/// Draws batches, runs them, and counts what comes back.
class Stress {
public:
  explicit Stress(const Options &options)
      : options(options), pool({unsigned(options.jobs), options.memory << 30}),
        nextSeed(options.seed), started(Clock::now()), printed(started) {}

  /// Returns whether everything was right.
  bool run();

private:
  using Clock = std::chrono::steady_clock;

  double seconds() const {
    return std::chrono::duration<double>(Clock::now() - started).count();
  }
  std::optional<Batch> nextBatch();
  void check(Batch batch, std::FILE *stream) const;
  void take(const WorkerPool::End &end);
  void takeLine(StringRef line);
  void report(const std::string &line);
  std::string reproduction(uint64_t seed) const;
  std::string counts() const;
  void printProgress();

  const Options &options;
  WorkerPool pool;
  uint64_t nextSeed;
  std::deque<Batch> again;    ///< equations of processes that ended badly
  std::vector<Batch> batches; ///< by job
  CheckSummary summary;
  size_t crashes = 0;
  Clock::time_point started, printed;
};
} // namespace

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

static bool readType(StringRef word, std::optional<ElementType> &type) {
  type = parseElementType(std::string_view(word.data(), word.size()));
  return type.has_value();
}

static bool readNumber(StringRef word, uint64_t least, uint64_t most,
                       uint64_t &number) {
  return !word.getAsInteger(10, number) && number >= least && number <= most;
}

/// Reads one argument; returns false if it means nothing.
static bool readArgument(StringRef argument, Options &options) {
  constexpr uint64_t many = uint64_t(1) << 40;
  if (argument == "--splits")
    return options.splits = true;
  if (argument == "--dtype=all")
    return options.allTypes = true;
  auto [key, word] = argument.split('=');
  if (key == "--equations")
    return readNumber(word, 1, many, options.equations.emplace());
  if (key == "--seconds")
    return readNumber(word, 1, many, options.seconds.emplace());
  if (key == "--result-dtype")
    return readType(word, options.resultType);
  if (key == "--dtype") {
    std::optional<ElementType> type;
    if (!readType(word, type))
      return false;
    options.type = *type;
    return true;
  }
  if (key == "--seed")
    return readNumber(word, 0, UINT64_MAX, options.seed);
  if (key == "--trees")
    return readNumber(word, 0, 1000000, options.trees);
  if (key == "--opt-level")
    return readNumber(word, 0, 2, options.optLevel);
  if (key == "--vector-work")
    return readNumber(word, 0, many, options.vectorWork);
  if (key == "--parallel-work")
    return readNumber(word, 1, many, options.parallelWork);
  if (key == "--target-cpu") {
    options.cpu = word.str();
    return Machine::get(word).has_value();
  }
  if (key == "--jobs")
    return readNumber(word, 1, 1024, options.jobs);
  if (key == "--batch")
    return readNumber(word, 1, 1024, options.batch);
  if (key == "--memory-gib")
    return readNumber(word, 1, 1 << 20, options.memory);
  return key == "--timeout" && readNumber(word, 1, 1 << 20, options.timeout);
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

std::optional<Batch> Stress::nextBatch() {
  if (!again.empty()) {
    Batch batch = again.front();
    again.pop_front();
    return batch;
  }
  if (options.seconds && seconds() > double(*options.seconds))
    return std::nullopt;
  uint64_t done = nextSeed - options.seed;
  uint64_t count = options.batch;
  if (options.equations)
    count = std::min(count, *options.equations - done);
  if (count == 0)
    return std::nullopt;
  Batch batch{nextSeed, count};
  nextSeed += count;
  return batch;
}

/// Runs in a process of its own.
void Stress::check(Batch batch, std::FILE *stream) const {
  DriverOptions driverOptions;
  driverOptions.optLevel = OptLevel(options.optLevel);
  driverOptions.target = *Machine::get(options.cpu);
  driverOptions.minVectorWork = int64_t(options.vectorWork);
  if (options.parallelWork > 0) {
    driverOptions.threads = 2;
    driverOptions.parallelWork = int64_t(options.parallelWork);
    setThreads(2);
  }
  Driver driver(driverOptions);
  driver.context().disableMultithreading();
  std::vector<CheckRequest> requests;
  for (uint64_t seed = batch.first; seed < batch.first + batch.count; ++seed) {
    auto [type, resultType] = options.typesOf(seed);
    requests.push_back(
        {seed, type, resultType, options.splits, unsigned(options.trees)});
  }
  CheckSummary result = checkNetworks(requests, driver);
  for (const std::string &fault : result.faults)
    std::fprintf(stream, "fault %s\n", fault.c_str());
  std::fprintf(stream, "done %zu %zu %zu %zu\n", result.equations,
               result.splits, result.steps, result.trees);
}

void Stress::takeLine(StringRef line) {
  if (line.consume_front("fault ")) {
    summary.faults.push_back(line.str());
    return report("MISMATCH " + line.str());
  }
  if (!line.consume_front("done "))
    return;
  for (size_t *count :
       {&summary.equations, &summary.splits, &summary.steps, &summary.trees}) {
    size_t number = 0;
    line.ltrim().consumeInteger(10, number);
    line = line.ltrim().drop_while([](char c) { return c != ' '; });
    *count += number;
  }
}

void Stress::take(const WorkerPool::End &end) {
  Batch batch = batches[end.job];
  if (end.failure.empty()) {
    llvm::SmallVector<StringRef> lines;
    StringRef(end.text).split(lines, '\n');
    for (StringRef line : lines)
      takeLine(line);
    return;
  }
  if (batch.count > 1) {
    for (uint64_t seed = batch.first; seed < batch.first + batch.count; ++seed)
      again.push_back({seed, 1});
    return;
  }
  ++summary.equations;
  ++crashes;
  report("CRASH seed " + std::to_string(batch.first) + ": " + end.failure +
         "; again with: " + reproduction(batch.first));
}

bool Stress::run() {
  while (true) {
    while (!pool.isFull()) {
      std::optional<Batch> batch = nextBatch();
      if (!batch)
        break;
      batches.push_back(*batch);
      pool.start(batches.size() - 1, unsigned(options.timeout * batch->count),
                 [&](std::FILE *stream) { check(*batch, stream); });
    }
    if (pool.isIdle())
      break;
    for (const WorkerPool::End &end : pool.wait())
      take(end);
    printProgress();
  }
  if (isatty(STDERR_FILENO))
    std::fprintf(stderr, "\r\033[K");
  std::printf("%s\n", counts().c_str());
  return summary.faults.empty() && crashes == 0;
}

//===----------------------------------------------------------------------===//
// Printing
//===----------------------------------------------------------------------===//

std::string Stress::counts() const {
  return std::to_string(summary.equations) + " equations, " +
         std::to_string(summary.splits) + " splits, " +
         std::to_string(summary.steps) + " steps compiled, " +
         std::to_string(summary.trees) + " trees run, " +
         std::to_string(summary.faults.size()) + " mismatches, " +
         std::to_string(crashes) + " crashes";
}

std::string Stress::reproduction(uint64_t seed) const {
  auto [type, resultType] = options.typesOf(seed);
  std::string text =
      "conveinsum-stress --equations=1 --seed=" + std::to_string(seed) +
      " --dtype='" + std::string(name(type)) + "' --result-dtype='" +
      std::string(name(resultType)) +
      "' --trees=" + std::to_string(options.trees) +
      " --opt-level=" + std::to_string(options.optLevel) +
      " --vector-work=" + std::to_string(options.vectorWork) +
      " --target-cpu=" + options.cpu;
  if (options.parallelWork > 0)
    text += " --parallel-work=" + std::to_string(options.parallelWork);
  return options.splits ? text + " --splits" : text;
}

void Stress::report(const std::string &line) {
  if (isatty(STDERR_FILENO))
    std::fprintf(stderr, "\r\033[K");
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

/// Once a second on a terminal, once a minute in a log.
void Stress::printProgress() {
  bool isTerminal = isatty(STDERR_FILENO);
  if (Clock::now() - printed < std::chrono::seconds(isTerminal ? 1 : 60))
    return;
  printed = Clock::now();
  std::fprintf(stderr, isTerminal ? "\r\033[K%.0f s: %s" : "%.0f s: %s\n",
               seconds(), counts().c_str());
}

int main(int argc, char **argv) {
  guardStandardStreams();
  Options options;
  for (int i = 1; i < argc; ++i) {
    if (StringRef(argv[i]) == "--help") {
      std::fputs(kUsage, stdout);
      return 0;
    }
    if (!readArgument(argv[i], options)) {
      std::fprintf(stderr, "conveinsum-stress: unknown argument '%s'\n%s",
                   argv[i], kUsage);
      return 2;
    }
  }
  if (!options.splits && options.trees == 0)
    options.trees = 1;
  if (!options.equations && !options.seconds)
    options.equations = 100;
  bool isRight = Stress(options).run();
  if (std::fflush(stdout) != 0 || std::ferror(stdout)) {
    std::fprintf(stderr, "conveinsum-stress: cannot write standard output\n");
    return 1;
  }
  return isRight ? 0 : 1;
}
