// Threads and children of this process.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

// A child that starts threads is what some tests are about.
extern "C" inline const char* __tsan_default_options() { return "die_after_fork=0"; }

namespace actfn::testing {

inline std::ptrdiff_t thread_count() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return std::distance(begin(tasks), end(tasks));
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
