// SPDX-License-Identifier: Apache-2.0
// What --resume, --add and report read: settings or results as JSON, a 0 byte, the rows, and behind
// another 0 byte what the probe saw.
#include "lab/merge.h"
#include "lab/probes_io.h"
#include "lab/report.h"
#include "lab/results_io.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "support/directory.h"
#include "support/file.h"
#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

namespace fs = std::filesystem;

// A run whose files are in memory.
struct Run {
  Run() {
    fs::create_symlink(json.path(), path() / "results.json");
    fs::create_symlink(csv.path(), path() / "results.csv");
    fs::create_symlink(probes.path(), path() / "probes.csv");
  }
  const fs::path& path() const { return directory.path(); }

  Directory directory;
  File json;
  File csv;
  File probes;
};

// Written and read again, it is the same; pages can be made of it.
void check_run(const Run& files, const lab::StoredRun& run) {
  const lab::Comparison& c = run.comparison;
  const std::string rows = lab::csv(c.epochs, c.settings.activations);
  const std::string probes =
      lab::probes_heading() + lab::probes_csv(c.probes, c.settings.activations);
  files.csv.set(rows);
  files.probes.set(probes);
  const auto again = lab::read_run(files.path());
  require(again.has_value(), "what was written is not there");
  require(lab::csv(again->comparison.epochs, c.settings.activations) == rows, "other rows");
  require(
      lab::probes_heading() + lab::probes_csv(again->comparison.probes, c.settings.activations) ==
          probes,
      "other probes");
  const lab::StoredRun both[] = {run, *again};
  const lab::Comparison merged = lab::merge(both);
  require(merged.epochs.size() == c.epochs.size(), "a run with itself has other rows");
  require(!lab::report_html(merged, lab::findings(merged)).empty(), "no page");
}

void check(Stream in) {
  static const Run files;
  const std::string text(in.rest());
  const std::size_t end = std::min(text.find('\0'), text.size());
  const std::size_t rows = std::min(end + 1, text.size());
  const std::size_t rows_end = std::min(text.find('\0', rows), text.size());
  files.json.set(text.substr(0, end));
  files.csv.set(text.substr(rows, rows_end - rows));
  files.probes.set(rows_end < text.size() ? text.substr(rows_end + 1) : lab::probes_heading());
  try {
    if (const auto run = lab::read_run(files.path())) check_run(files, *run);
  } catch (const std::runtime_error& error) {
    require_message(error.what());
    const std::string_view message = error.what();
    require(message.find(files.path().string()) != message.npos, "no file is named");
  }
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
