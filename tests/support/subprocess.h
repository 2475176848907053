// SPDX-License-Identifier: Apache-2.0
// Runs a program without a shell: bytes in, bytes and exit status out; and what the tests of this
// project's program expect of it.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

extern char** environ;

namespace actfn::testing {

struct Finished {
  int status = -1;  // the exit status, or 128 plus the signal that ended it
  bool timed_out = false;
  std::string out;
  std::string err;
};

struct Invocation {
  std::vector<std::string> arguments;  // the program itself is the first
  std::string input;
  std::vector<std::string> environment = {};  // "NAME=value", beside what this process has
  std::filesystem::path directory = {};       // where it runs; empty: here
  int in = -1;                                // descriptors to use instead of `input`,
  int out = -1;                               // Finished::out
  int err = -1;                               // and Finished::err
};

class Subprocess {
 public:
  explicit Subprocess(const Invocation& what)
      : in_(temporary_file()), out_(temporary_file()), err_(temporary_file()) {
    if (std::fwrite(what.input.data(), 1, what.input.size(), in_.get()) != what.input.size() ||
        std::fflush(in_.get()) != 0) {
      throw std::runtime_error("cannot keep the input");
    }
    lseek(fileno(in_.get()), 0, SEEK_SET);
    start(what);
  }
  Subprocess(const Subprocess&) = delete;
  Subprocess& operator=(const Subprocess&) = delete;
  ~Subprocess() {
    if (pid_ <= 0) return;
    send(SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

  void send(int signal) const { kill(pid_, signal); }

  // Ends it where it takes longer than anything healthy could.
  Finished wait(std::chrono::seconds limit = std::chrono::seconds(120)) {
    Finished result;
    int status = 0;
    const auto end = std::chrono::steady_clock::now() + limit;
    while (waitpid(pid_, &status, WNOHANG) == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      if (std::chrono::steady_clock::now() < end || result.timed_out) continue;
      result.timed_out = true;
      send(SIGKILL);
    }
    pid_ = -1;
    result.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    result.out = content(out_.get());
    result.err = content(err_.get());
    return result;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, Close>;

  static File temporary_file() {
    File file(std::tmpfile());
    if (file == nullptr) throw std::runtime_error("cannot make a temporary file");
    fcntl(fileno(file.get()), F_SETFD, FD_CLOEXEC);
    return file;
  }

  static std::string content(std::FILE* file) {
    std::rewind(file);
    std::string all;
    char buffer[4096];
    while (const auto got = std::fread(buffer, 1, sizeof buffer, file)) all.append(buffer, got);
    return all;
  }

  static std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> all;
    for (auto& word : words) all.push_back(word.data());
    all.push_back(nullptr);
    return all;
  }

  // The additions come first: of two equal names the first counts. A target forced from outside
  // would change what the tests see.
  static std::vector<std::string> environment(const Invocation& what) {
    auto all = what.environment;
    for (char** at = environ; *at != nullptr; ++at) {
      if (!std::string_view(*at).starts_with("ACTFN_TARGET=")) all.emplace_back(*at);
    }
    return all;
  }

  void start(const Invocation& what) {
    auto arguments = what.arguments;
    auto variables = environment(what);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, what.in < 0 ? fileno(in_.get()) : what.in, 0);
    posix_spawn_file_actions_adddup2(&actions, what.out < 0 ? fileno(out_.get()) : what.out, 1);
    posix_spawn_file_actions_adddup2(&actions, what.err < 0 ? fileno(err_.get()) : what.err, 2);
    if (!what.directory.empty()) {
      posix_spawn_file_actions_addchdir_np(&actions, what.directory.c_str());
    }
    const int error = posix_spawn(&pid_, arguments.front().c_str(), &actions, nullptr,
                                  pointers(arguments).data(), pointers(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (error == 0) return;
    pid_ = -1;
    throw std::runtime_error("cannot run " + arguments.front() + ": " + std::strerror(error));
  }

  File in_;
  File out_;
  File err_;
  pid_t pid_ = -1;
};

inline Finished run(const Invocation& what) { return Subprocess(what).wait(); }

// What it writes to standard error, or another descriptor, if that is a terminal; nothing where
// there are none.
inline std::string drawn(Invocation what, int columns,
                         int Invocation::*descriptor = &Invocation::err) {
  int screen = -1;
  const winsize size = {24, static_cast<unsigned short>(columns), 0, 0};
  if (openpty(&screen, &(what.*descriptor), nullptr, nullptr, &size) != 0) return {};
  std::string all;
  Subprocess process(what);
  close(what.*descriptor);
  char buffer[4096];
  while (true) {
    const auto got = read(screen, buffer, sizeof buffer);  // fails when the program has ended
    if (got <= 0) break;
    all.append(buffer, static_cast<std::size_t>(got));
  }
  close(screen);
  EXPECT_EQ(process.wait().status, 0) << all;
  return all;
}

// The program of this project.
inline Invocation program(std::vector<std::string> arguments, std::string input = {}) {
  arguments.insert(arguments.begin(), ACTFN_PROGRAM);
  return {std::move(arguments), std::move(input)};
}

inline constexpr int kFailure = 1;
inline constexpr int kUsage = 2;

using Words = std::vector<std::string>;

inline Words lines(const std::string& text) {
  Words all;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

// Nothing on standard output, and on standard error one line for people that has these words.
inline void expect_error(const Finished& got, int status, const Words& words) {
  EXPECT_EQ(got.status, status) << got.err;
  EXPECT_EQ(got.out, "");
  EXPECT_TRUE(got.err.starts_with("actfn: ")) << got.err;
  EXPECT_TRUE(got.err.ends_with('\n')) << got.err;
  const auto unreadable = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
  EXPECT_EQ(std::count_if(got.err.begin(), got.err.end(), unreadable), 1) << got.err;
  for (const auto& word : words) EXPECT_NE(got.err.find(word), std::string::npos) << got.err;
}

}  // namespace actfn::testing
