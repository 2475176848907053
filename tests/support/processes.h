// SPDX-License-Identifier: Apache-2.0
// Threads and children of this process.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace actfn::testing {

inline std::ptrdiff_t thread_count() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return std::distance(begin(tasks), end(tasks));
}

// The same after the first thread: a sanitizer starts one of its own then.
inline std::ptrdiff_t thread_count_at_rest() {
  std::thread([] {}).join();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  return thread_count();
}

// A thread that has been joined is still listed for a moment.
inline bool thread_count_becomes(std::ptrdiff_t wanted) {
  for (int i = 0; i < 1000; ++i) {
    if (thread_count() == wanted) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

// What `run` returns in a child that exits as programs do, with the destructors of static objects;
// -1 if the child crashed.
template <class F>
int result_in_child(F&& run) {
  const pid_t child = fork();
  if (child == 0) std::exit(run());
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status)) return -1;
  return WEXITSTATUS(status);
}

}  // namespace actfn::testing
