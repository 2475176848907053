// SPDX-License-Identifier: Apache-2.0
// What --resume, --add and report read: settings or results as JSON, a 0 byte, and the rows.
#include "lab/merge.h"
#include "lab/report.h"
#include "lab/results_io.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "support/file.h"
#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

namespace fs = std::filesystem;

// A directory whose two files are in memory.
class Directory {
 public:
  Directory() {
    char name[] = "/tmp/actfn-fuzz-XXXXXX";
    require(mkdtemp(name) != nullptr, "no directory");
    path_ = name;
    fs::create_symlink(json.path(), path_ / "results.json");
    fs::create_symlink(csv.path(), path_ / "results.csv");
  }
  ~Directory() { fs::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  const fs::path& path() const { return path_; }

  File json;
  File csv;

 private:
  fs::path path_;
};

// Written and read again, it is the same; pages can be made of it.
void check_run(const Directory& directory, const lab::StoredRun& run) {
  const lab::Comparison& c = run.comparison;
  const std::string rows = lab::csv(c.epochs, c.settings.activations);
  directory.csv.set(rows);
  const auto again = lab::read_run(directory.path());
  require(again.has_value(), "what was written is not there");
  require(lab::csv(again->comparison.epochs, c.settings.activations) == rows, "other rows");
  const lab::StoredRun both[] = {run, *again};
  const lab::Comparison merged = lab::merge(both);
  require(merged.epochs.size() == c.epochs.size(), "a run with itself has other rows");
  require(!lab::report_html(merged, lab::findings(merged)).empty(), "no page");
}

void check(Stream in) {
  static const Directory directory;
  const std::string text(in.rest());
  const std::size_t end = std::min(text.find('\0'), text.size());
  directory.json.set(text.substr(0, end));
  directory.csv.set(text.substr(std::min(end + 1, text.size())));
  try {
    if (const auto run = lab::read_run(directory.path())) check_run(directory, *run);
  } catch (const std::runtime_error& error) {
    require_message(error.what());
    const std::string_view message = error.what();
    require(message.find(directory.path().string()) != message.npos, "no file is named");
  }
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
