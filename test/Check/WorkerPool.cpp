//===- WorkerPool.cpp - Jobs in processes of their own --------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A worker's pipe is closed when its process ends, however it ends.
//
//===----------------------------------------------------------------------===//

#include "WorkerPool.h"
#include "llvm/Support/Compiler.h"
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace conveinsum::test;

static double now() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

[[noreturn]] static void fail(const char *what) {
  std::perror(what);
  std::exit(2);
}

WorkerPool::~WorkerPool() {
  for (Worker &worker : running) {
    kill(worker.process, SIGKILL);
    finish(worker);
  }
}

void WorkerPool::start(uint64_t job, unsigned seconds,
                       llvm::function_ref<void(std::FILE *)> body) {
  int ends[2];
  if (pipe(ends) != 0)
    fail("pipe");
  std::fflush(nullptr); // or the child prints it once more
  int process = fork();
  if (process < 0)
    fail("fork");
  if (process == 0) {
    close(ends[0]);
    // AddressSanitizer needs terabytes of addresses.
    if (!LLVM_ADDRESS_SANITIZER_BUILD) {
      struct rlimit memory = {limits.memoryBytes, limits.memoryBytes};
      setrlimit(RLIMIT_AS, &memory);
    }
    // AddressSanitizer would report an access and exit, which is another end.
    std::signal(SIGSEGV, SIG_DFL);
    struct rlimit core = {0, 0};
    setrlimit(RLIMIT_CORE, &core);
    std::FILE *stream = fdopen(ends[1], "w");
    body(stream);
    std::fclose(stream);
    _exit(0);
  }
  close(ends[1]);
  running.push_back({job, process, ends[0], now() + seconds, "", false});
}

bool WorkerPool::read(Worker &worker) {
  char buffer[4096];
  ssize_t got = ::read(worker.pipe, buffer, sizeof(buffer));
  if (got < 0)
    return errno == EINTR;
  worker.text.append(buffer, size_t(got));
  return got != 0;
}

WorkerPool::End WorkerPool::finish(Worker &worker) {
  close(worker.pipe);
  int status = 0;
  while (waitpid(worker.process, &status, 0) < 0 && errno == EINTR)
    ;
  End end{worker.job, std::move(worker.text), ""};
  if (worker.isLate)
    end.failure = "timeout";
  else if (WIFSIGNALED(status))
    end.failure = "signal " + std::to_string(WTERMSIG(status));
  else if (WEXITSTATUS(status) != 0)
    end.failure = "exit code " + std::to_string(WEXITSTATUS(status));
  return end;
}

std::vector<WorkerPool::End> WorkerPool::wait() {
  std::vector<struct pollfd> pipes;
  for (const Worker &worker : running)
    pipes.push_back({worker.pipe, POLLIN, 0});
  poll(pipes.data(), pipes.size(), /*milliseconds=*/1000);

  std::vector<End> ends;
  std::vector<Worker> still;
  for (size_t i = 0; i < running.size(); ++i) {
    Worker &worker = running[i];
    if (now() > worker.deadline && !worker.isLate) {
      worker.isLate = true;
      kill(worker.process, SIGKILL); // which closes the pipe
    }
    if (pipes[i].revents != 0 && !read(worker))
      ends.push_back(finish(worker));
    else
      still.push_back(std::move(worker));
  }
  running = std::move(still);
  return ends;
}
