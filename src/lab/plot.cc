// SPDX-License-Identifier: Apache-2.0
#include "lab/plot.h"

#include <actfn/error.h>

#include "lab/gnuplot.h"
#include "lab/plot_figure.h"
#include "lab/replace_file.h"

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

std::runtime_error failure(std::string_view what, int error) {
  return std::runtime_error(
      fmt::format("[plot] {}: {}", what, std::generic_category().message(error)));
}

using Stream = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Files take scripts and drawings of any length without a thread, and a gnuplot that ends early
// raises no SIGPIPE, as with a pipe.
Stream temporary_file(std::string_view text = "") {
  Stream file(std::tmpfile(), std::fclose);
  if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() ||
      std::fflush(file.get()) != 0 || lseek(fileno(file.get()), 0, SEEK_SET) != 0) {
    throw failure("cannot make a temporary file", errno);
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

// The lines before the last one show the place in the script.
std::string last_line(const std::string& text) {
  std::istringstream lines(text);
  std::string last = "no message";
  for (std::string line; std::getline(lines, line);) {
    const std::size_t start = line.find_first_not_of(" \t\r");
    if (start != std::string::npos) last = line.substr(start);
  }
  return last;
}

pid_t spawn_gnuplot(std::FILE* in, std::FILE* out, std::FILE* err) {
  char name[] = "gnuplot";
  char no_user_settings[] = "-d";
  char* const arguments[] = {name, no_user_settings, nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(in), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(out), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(err), STDERR_FILENO);
  pid_t child = 0;
  const int error = posix_spawnp(&child, name, &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error == ENOENT || error == EACCES || error == ENOTDIR) {
    throw std::runtime_error("[plot] gnuplot not found: install gnuplot-nox");
  }
  if (error != 0) throw failure("cannot run gnuplot", error);
  return child;
}

// What gnuplot writes to its standard output.
std::string run_gnuplot(const std::string& script) {
  const Stream in = temporary_file(script);
  const Stream out = temporary_file();
  const Stream err = temporary_file();
  const pid_t child = spawn_gnuplot(in.get(), out.get(), err.get());
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw failure("cannot wait for gnuplot", errno);
  }
  if (WIFSIGNALED(status)) {
    throw std::runtime_error(fmt::format("[plot] gnuplot: ended by signal {}", WTERMSIG(status)));
  }
  std::string drawing = read_all(out.get());
  if (status != 0 || drawing.empty()) {
    throw std::runtime_error("[plot] gnuplot failed: " + last_line(read_all(err.get())));
  }
  return drawing;
}

}  // namespace

void plot_to_file(const PlotOptions& options, const std::filesystem::path& file) {
  const std::string ending = file.extension().string();
  if (ending != ".svg" && ending != ".png") {
    throw Error(
        fmt::format("[plot] the file's name must end in .svg or .png, got {}", file.string()));
  }
  const Figure figure = figure_of(options);
  if (ending == ".svg") {
    replace_file("plot", file, finish_svg(figure, run_gnuplot(svg_script(figure))));
  } else {
    replace_file("plot", file, run_gnuplot(png_script(figure)));
  }
}

std::string plot_to_terminal(const PlotOptions& options, int columns, int rows, bool colour) {
  if (columns < min_plot_columns || rows < min_plot_rows) {
    throw Error(fmt::format("[plot] the terminal must be at least {}x{}, got {}x{}",
                            min_plot_columns, min_plot_rows, columns, rows));
  }
  const Figure figure = figure_of(options);
  if (has_bars(options)) return bars_as_text(options, columns);
  return finish_text(run_gnuplot(text_script(figure, columns, rows, colour)));
}

}  // namespace actfn::lab
