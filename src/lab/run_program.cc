// SPDX-License-Identifier: Apache-2.0
#include "lab/run_program.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace actfn::lab {
namespace {

std::runtime_error failure(const Program& program, std::string_view what, int error) {
  return std::runtime_error(
      fmt::format("[{}] {}: {}", program.who, what, std::generic_category().message(error)));
}

using Stream = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Files take inputs and drawings of any length without a thread, and a program that ends early
// raises no SIGPIPE, as with a pipe.
Stream temporary_file(const Program& program, std::string_view text = "") {
  Stream file(std::tmpfile(), std::fclose);
  if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() ||
      std::fflush(file.get()) != 0 || lseek(fileno(file.get()), 0, SEEK_SET) != 0) {
    throw failure(program, "cannot make a temporary file", errno);
  }
  return file;
}

std::string read_all(std::FILE* file) {
  std::string text;
  std::array<char, 65536> buffer;
  std::rewind(file);
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), file)) {
    text.append(buffer.data(), n);
  }
  return text;
}

// The lines before the last one show the place in the input.
std::string last_line(const std::string& text) {
  std::istringstream lines(text);
  std::string last = "no message";
  for (std::string line; std::getline(lines, line);) {
    const std::size_t start = line.find_first_not_of(" \t\r");
    if (start != std::string::npos) last = line.substr(start);
  }
  return last;
}

pid_t spawn(const Program& program, std::FILE* in, std::FILE* out, std::FILE* err) {
  std::vector<std::string> words = {program.name};
  words.insert(words.end(), program.arguments.begin(), program.arguments.end());
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(in), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(out), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(err), STDERR_FILENO);
  pid_t child = 0;
  const int error =
      posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT || error == EACCES || error == ENOTDIR) {
    throw std::runtime_error(
        fmt::format("[{}] {} not found: install {}", program.who, program.name, program.package));
  }
  if (error != 0) throw failure(program, "cannot run " + program.name, error);
  return child;
}

}  // namespace

std::string run_program(const Program& program, std::string_view input) {
  const Stream in = temporary_file(program, input);
  const Stream out = temporary_file(program);
  const Stream err = temporary_file(program);
  const pid_t child = spawn(program, in.get(), out.get(), err.get());
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw failure(program, "cannot wait for " + program.name, errno);
  }
  if (WIFSIGNALED(status)) {
    throw std::runtime_error(
        fmt::format("[{}] {}: ended by signal {}", program.who, program.name, WTERMSIG(status)));
  }
  std::string output = read_all(out.get());
  if (status != 0 || output.empty()) {
    throw std::runtime_error(fmt::format("[{}] {} failed: {}", program.who, program.name,
                                         last_line(read_all(err.get()))));
  }
  return output;
}

}  // namespace actfn::lab
