// SPDX-License-Identifier: Apache-2.0
// What choose --resume reads: settings.json, a 0 byte, and the rows of results.csv.
#include "lab/choose_io.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "support/directory.h"
#include "support/file.h"
#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

namespace fs = std::filesystem;

// The settings are in memory. The rows are a file on the disk: a last line that is cut short is
// removed from it, by another file of its name.
struct Run {
  fs::path rows() const { return directory.path() / "results.csv"; }
  void set_rows(std::string_view text) const {
    std::ofstream(rows(), std::ios::binary).write(text.data(), std::ssize(text));
  }

  Directory directory;
  File settings;
};

// Written and read again, it is the same.
void check_run(const Run& files, const lab::StoredPlan& stored) {
  const auto rows = lab::read_choice_rows(files.rows(), stored);
  const std::string plan = lab::settings_text(stored);
  const std::string text = lab::choice_heading() + lab::choice_rows(stored, rows);
  files.settings.set(plan);
  files.set_rows(text);
  const lab::StoredPlan again = lab::read_plan(files.settings.path());
  require(lab::settings_text(again) == plan && again.plan == stored.plan, "other settings");
  const auto rows_again = lab::read_choice_rows(files.rows(), again);
  require(lab::choice_heading() + lab::choice_rows(again, rows_again) == text, "other rows");
}

void check(Stream in) {
  static const Run files;
  const std::string text(in.rest());
  const std::size_t end = std::min(text.find('\0'), text.size());
  files.settings.set(text.substr(0, end));
  files.set_rows(std::string_view(text).substr(std::min(end + 1, text.size())));
  try {
    check_run(files, lab::read_plan(files.settings.path()));
  } catch (const std::runtime_error& error) {
    require_message(error.what());
    const std::string_view message = error.what();
    require(message.find(files.settings.path().string()) != message.npos ||
                message.find(files.rows().string()) != message.npos,
            "no file is named");
  }
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
