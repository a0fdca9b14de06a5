//===- StandardStreams.cpp - Descriptors 0, 1 and 2 -----------------------===//
//
// Part of conveinsum, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A closed stream becomes /dev/null opened the wrong way round, so that its use
// is an error that is reported like any other.
//
//===----------------------------------------------------------------------===//

#include "conveinsum/Runtime/StandardStreams.h"
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <initializer_list>
#include <unistd.h>

void conveinsum::guardStandardStreams() {
  // Nobody reads a failure to write diagnostics, so that is none.
  constexpr int modes[] = {O_WRONLY, O_RDONLY, O_WRONLY};
  // In this order, each gets the lowest number, which is the one that is free.
  for (int stream : {0, 1, 2})
    if (fcntl(stream, F_GETFD) < 0 && errno == EBADF &&
        open("/dev/null", modes[stream]) != stream)
      _exit(1);
  // Blocked, not ignored: others install handlers for it.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
}
