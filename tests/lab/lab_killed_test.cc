// SPDX-License-Identifier: Apache-2.0
// kill -9 before each system call that changes files, in turn, and then the same again.
#include "lab/probes_io.h"
#include "lab/replace_file.h"
#include "lab/results_directory.h"
#include "lab/results_io.h"
#include "lab/tensorboard.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <set>

#include "temporary_directory.h"

namespace {

int g_calls_left = -1;  // until the process is killed; negative: it is not

void count_call() {
  if (g_calls_left == 0) kill(getpid(), SIGKILL);
  --g_calls_left;
}

}  // namespace

// The linker puts these in the place of the system's calls: --wrap.
extern "C" {
int __real_open(const char* file, int flags, ...);
int __wrap_open(const char* file, int flags, ...);
decltype(write) __real_write, __wrap_write;
decltype(fsync) __wrap_fsync;
decltype(rename) __real_rename, __wrap_rename;
decltype(mkdir) __real_mkdir, __wrap_mkdir;
decltype(rmdir) __real_rmdir, __wrap_rmdir;
decltype(unlink) __real_unlink, __wrap_unlink;

int __wrap_open(const char* file, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  count_call();
  return __real_open(file, flags, mode);
}
// Half of it first, as a kill within a call would have it.
ssize_t __wrap_write(int descriptor, const void* data, size_t size) {
  count_call();
  return __real_write(descriptor, data, size > 1 ? size / 2 : size);
}
// A kill loses nothing that was not synced; the test is faster without.
int __wrap_fsync(int /*descriptor*/) { return count_call(), 0; }
int __wrap_rename(const char* from, const char* to) noexcept {
  return count_call(), __real_rename(from, to);
}
int __wrap_mkdir(const char* name, mode_t mode) noexcept {
  return count_call(), __real_mkdir(name, mode);
}
int __wrap_rmdir(const char* name) noexcept { return count_call(), __real_rmdir(name); }
int __wrap_unlink(const char* name) noexcept { return count_call(), __real_unlink(name); }
}

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;

using testing::read_file;
using testing::TemporaryDirectory;

const std::vector<Nonlinearity> kActivations = {Relu{}, Gelu{}};

Comparison comparison(int epochs) {
  Comparison c;
  c.settings.activations = kActivations;
  c.settings.epochs = epochs;
  c.settings.tensorboard = true;
  for (std::size_t a = 0; a < kActivations.size(); ++a) {
    for (int epoch = 1; epoch <= epochs; ++epoch)
      c.epochs.push_back({a, 1, 0.001, epoch, {0.5, 1}, Score{1, 1}, {}, 2, {}});
  }
  for (const EpochResult& row : c.epochs) {
    c.probes.push_back({row.activation, row.seed, row.lr, row.epoch, 1, 8, 0.5, {}});
  }
  return c;
}

Chart figure(int epochs) { return {.file = "ranking", .title = std::to_string(epochs)}; }

// `finished`: the rows that are safe.
void run(const fs::path& directory, int epochs, volatile std::size_t& finished) {
  const Comparison c = comparison(epochs);
  ResultsDirectory results(directory, ResultsDirectory::Start::any);
  results.begin(c.settings);
  for (std::size_t i = 0; i < c.epochs.size(); ++i) {
    const EpochResult& epoch = c.epochs[i];
    results.add(std::span(c.probes).subspan(i, 1));
    if (epoch.epoch == epochs) {
      results.save(kActivations[epoch.activation].name, std::to_string(epochs));
    }
    results.add(epoch);
    finished = finished + 1;
  }
  results.finish(c, "<html>" + std::to_string(epochs) + "</html>", std::vector{figure(epochs)});
}

// Whether a child that runs this ends by itself, and is not killed before call number `calls`.
bool ends_before(int calls, const std::function<void()>& what) {
  const pid_t child = fork();
  if (child == 0) {
    g_calls_left = calls;
    what();
    _exit(0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
  return !WIFSIGNALED(status);
}

// The files and folders, those in folders too.
std::vector<std::string> names(const fs::path& directory) {
  std::vector<std::string> all;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    all.push_back(entry.path().lexically_relative(directory));
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::size_t most_rows(const fs::path& directory, const std::string& file = "results.csv") {
  std::size_t most = 0;
  for (const auto& name : names(directory)) {
    if (!name.ends_with(file)) continue;
    const std::string text = read_file(directory / name);
    const auto ends = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    most = std::max(most, ends == 0 ? 0 : ends - 1);
  }
  return most;
}

// How many trainings of so many epochs have left their weights, in any of the folders.
std::size_t most_weights(const fs::path& directory, int epochs) {
  std::set<std::string> found;
  for (const fs::path file : names(directory)) {
    if (file.extension() != ".safetensors") continue;
    if (read_file(directory / file) == std::to_string(epochs)) found.insert(file.filename());
  }
  return found.size();
}

bool has_events(const fs::path& directory, const Comparison& c) {
  const std::size_t each = c.epochs.size() / kActivations.size();
  const auto file = [&](std::size_t a) {
    return event_file(std::span(c.epochs).subspan(a * each, each), "");
  };
  return read_file(directory / "tensorboard/relu-seed-1" / kEventFile) == file(0) &&
         read_file(directory / "tensorboard/gelu-seed-1" / kEventFile) == file(1);
}

// Each file of a run of so many epochs.
bool is_of_run(const fs::path& directory, int epochs) {
  const Comparison c = comparison(epochs);
  return read_file(directory / "results.csv") == csv(c.epochs, kActivations) &&
         read_file(directory / "results.json") == json(c) &&
         read_file(directory / "weights/relu.safetensors") == std::to_string(epochs) &&
         read_file(directory / "weights/gelu.safetensors") == std::to_string(epochs) &&
         read_file(directory / "figures/ranking.svg") == chart_svg(figure(epochs)) &&
         has_events(directory, c) &&
         read_file(directory / "probes.csv") ==
             probes_heading() + probes_csv(c.probes, kActivations) &&
         read_file(directory / "report.html") == "<html>" + std::to_string(epochs) + "</html>";
}

class Killed : public ::testing::Test {
 protected:
  void TearDown() override { munmap(const_cast<std::size_t*>(finished), sizeof *finished); }

  TemporaryDirectory at;
  fs::path directory = at / "results";
  // Shared with children.
  volatile std::size_t* finished = static_cast<std::size_t*>(
      mmap(nullptr, sizeof *finished, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
};

TEST_F(Killed, ARunKeepsItsRowsAndThoseOfAnEarlierOne) {
  bool ended = false;
  int calls = 0;
  for (; !ended; ++calls) {
    SCOPED_TRACE(calls);
    fs::remove_all(directory);
    *finished = 0;
    run(directory, 1, *finished);
    ASSERT_TRUE(is_of_run(directory, 1));
    *finished = 0;
    ended = ends_before(calls, [this] { run(directory, 2, *finished); });
    for (const char* name : {"results.csv", "results.json", "report.html"}) {
      EXPECT_NE(read_file(directory / name), "") << name;
    }
    if (*finished > 2) {
      EXPECT_GE(most_rows(directory), *finished);
    }
    EXPECT_TRUE(*finished == 4 || is_of_run(directory, 1));
    run(directory, 3, *finished);
    EXPECT_TRUE(is_of_run(directory, 3));
    for (const auto& name : names(directory)) {
      EXPECT_EQ(name.find(".actfn"), std::string::npos) << name;
      EXPECT_TRUE(!name.starts_with("unfinished-")) << name;
    }
  }
  EXPECT_GT(calls, 30);
}

TEST_F(Killed, AFreshRunKeepsItsRows) {
  bool ended = false;
  for (int calls = 0; !ended; ++calls) {
    SCOPED_TRACE(calls);
    fs::remove_all(directory);
    *finished = 0;
    ended = ends_before(calls, [this] { run(directory, 2, *finished); });
    EXPECT_GE(most_rows(directory), *finished);
    EXPECT_GE(most_rows(directory, "probes.csv"), *finished);
    EXPECT_GE(most_weights(directory, 2), *finished / 2);
    run(directory, 3, *finished);
    EXPECT_TRUE(is_of_run(directory, 3));
  }
}

TEST_F(Killed, AFileIsOldOrNew) {
  const fs::path file = at / "x.svg";
  bool ended = false;
  for (int calls = 0; !ended; ++calls) {
    SCOPED_TRACE(calls);
    replace_file("plot", file, "old");
    ended = ends_before(calls, [&] { replace_file("plot", file, "new"); });
    const std::string text = read_file(file);
    EXPECT_TRUE(text == "new" || (text == "old" && !ended)) << text;
    replace_file("plot", file, "again");
    EXPECT_EQ(read_file(file), "again");
    EXPECT_EQ(names(at.path()), std::vector<std::string>{"x.svg"});
  }
}

}  // namespace
}  // namespace actfn::lab
