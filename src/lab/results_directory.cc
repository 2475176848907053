// SPDX-License-Identifier: Apache-2.0
#include "lab/results_directory.h"

#include "lab/figures.h"
#include "lab/move_tree.h"
#include "lab/probes_io.h"
#include "lab/replace_file.h"
#include "lab/results_io.h"
#include "lab/tensorboard.h"
#include "lab/training_name.h"

#include <actfn/error.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <map>
#include <new>
#include <stdexcept>
#include <utility>

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCsv = "results.csv";
constexpr const char* kJson = "results.json";
constexpr const char* kReport = "report.html";
constexpr const char* kProbes = "probes.csv";
constexpr const char* kIndex = "index.html";  // of inspect, in place of the report
constexpr const char* kFiles[] = {kCsv, kJson, kReport, kIndex, kProbes};
constexpr const char* kWeights = "weights";
constexpr const char* kTensorboard = "tensorboard";
constexpr const char* kFolders[] = {kWeights, kTensorboard, kFigures};
constexpr const char* kSettings = "settings.json";
constexpr std::string_view kUnfinished = "unfinished";
constexpr const char* kWhole = ".actfn-whole";  // files that are being moved up

// The topmost part of a path that does not exist yet.
fs::path first_missing(fs::path directory) {
  fs::path missing;
  std::error_code ignored;
  while (!directory.empty() && !fs::exists(directory, ignored)) {
    missing = directory;
    directory = directory.parent_path();
  }
  return missing;
}

[[noreturn]] void fail_to_create(const fs::path& directory, const std::string& why) {
  throw std::runtime_error(fmt::format("[compare] cannot create {}: {}", directory.string(), why));
}

// One that did not exist: NAME, NAME-2, NAME-3, …
fs::path make_new_directory(const fs::path& name) {
  fs::path made = name;
  for (int i = 2; ::mkdir(made.c_str(), 0777) != 0; ++i) {
    if (errno != EEXIST) fail_to_create(made, std::generic_category().message(errno));
    made = name.string() + fmt::format("-{}", i);
  }
  return made;
}

void make_directory(const fs::path& name) {
  if (::mkdir(name.c_str(), 0777) != 0 && errno != EEXIST) fail_to_write("compare", name, errno);
}

// What a kill has left of files and folders that were being made.
void clean_folders(const fs::path& run) {
  for (const char* name : {kWeights, kFigures}) remove_leftovers(run / name);
  for (const fs::path& training : entries_of(run / kTensorboard)) {
    remove_leftovers(training);
    ::rmdir(training.c_str());
  }
  for (const char* name : kFolders) ::rmdir((run / name).c_str());
}

}  // namespace

// The destructor runs from here on, also where this throws.
ResultsDirectory::ResultsDirectory(const fs::path& directory, Start start) : ResultsDirectory() {
  make(directory.lexically_normal(), start == Start::fresh);
  lock_ = files::DirectoryLock("compare", "comparison", directory_);
  clean();
  for (const char* name : kFiles) {
    std::error_code ignored;
    if (!fs::is_directory(directory_ / name, ignored)) continue;
    fail_to_write("compare", directory_ / name, EISDIR);
  }
  for (const char* name : kFolders) {
    std::error_code ignored;
    if (!is_there(directory_ / name) || fs::is_directory(directory_ / name, ignored)) continue;
    fail_to_write("compare", directory_ / name, ENOTDIR);
  }
  if (start == Start::empty && has_results()) {
    throw Error(
        fmt::format("[compare] {} has results already: add to them with --add, go on with "
                    "--resume, or take another directory",
                    directory_.string()));
  }
  running_ = make_new_directory(directory_ / kUnfinished);
}

ResultsDirectory::~ResultsDirectory() {
  if (!running_.empty()) ::rmdir(running_.c_str());
  lock_.release();
  if (made_.empty()) return;
  try {  // directories that hold something stay
    fs::path at = directory_;
    while (::rmdir(at.c_str()) == 0 && at != made_) at = at.parent_path();
  } catch (const std::bad_alloc&) {
    return;  // empty directories stay, too
  }
}

void ResultsDirectory::make(const fs::path& directory, bool fresh) {
  directory_ = directory.has_filename() ? directory : directory.parent_path();  // "one/two/"
  made_ = first_missing(directory_);
  if (fresh) {
    directory_ = made_ = make_new_directory(directory_);
    return;
  }
  std::error_code error;
  fs::create_directories(directory_, error);
  std::error_code ignored;
  if (!error && fs::is_directory(directory_, ignored)) return;
  fail_to_create(directory_, fs::exists(directory_, ignored) ? "it exists and is not a directory"
                                                             : error.message());
}

// Ends what killed runs had begun. Their rows stay.
void ResultsDirectory::clean() {
  for (const fs::path& directory : entries_of(directory_)) {
    if (!directory.filename().string().starts_with(kUnfinished)) continue;
    remove_leftovers(directory);
    clean_folders(directory);
    for (const char* name : {kCsv, kProbes}) {
      if (!is_there(directory / name)) continue;
      // Without a whole line there is no heading: the run was killed while it wrote that.
      if (!keep_whole_lines("compare", directory / name)) ::unlink((directory / name).c_str());
    }
    if (!is_there(directory / kCsv)) {
      for (const char* name : {kSettings, kProbes}) ::unlink((directory / name).c_str());
      std::error_code ignored;
      fs::remove_all(directory / kFigures, ignored);
    }
    ::rmdir(directory.c_str());  // if it is empty
  }
  if (is_there(directory_ / kWhole)) move_up();
}

void ResultsDirectory::move_up() {
  const fs::path whole = directory_ / kWhole;
  for (const char* name : kFolders) move_tree(whole / name, directory_ / name, Taken::replaced);
  for (const char* name : kFiles) {
    if (is_there(whole / name)) move_file(whole / name, directory_ / name);
  }
  sync_directory(directory_);
  // Somebody else may have put a file there.
  if (::rmdir(whole.c_str()) != 0) move_file(whole, make_new_directory(directory_ / kUnfinished));
}

bool ResultsDirectory::has_results() const {
  const auto has = [this](const char* name) { return is_there(directory_ / name); };
  return std::ranges::any_of(kFiles, has) || std::ranges::any_of(kFolders, has);
}

std::vector<fs::path> ResultsDirectory::earlier_runs() const {
  std::vector<fs::path> found;
  if (has_results()) found.push_back(directory_);
  for (const fs::path& directory : entries_of(directory_)) {
    const bool unfinished = directory.filename().string().starts_with(kUnfinished);
    if (unfinished && directory != running_) found.push_back(directory);
  }
  std::ranges::sort(found);
  return found;
}

void ResultsDirectory::begin(const CompareSettings& settings, std::vector<fs::path> continued) {
  settings_ = settings;
  settings_text_ = settings_json(settings);
  continued_ = std::move(continued);
}

void ResultsDirectory::add(const EpochResult& epoch) {
  const fs::path file = running_ / kCsv;
  std::string text = csv_row(epoch, settings_.activations[epoch.activation]);
  if (!log_.is_open()) {
    replace_file("compare", running_ / kSettings, settings_text_);
    log_ = File(file, O_WRONLY | O_CREAT | O_EXCL);
    text.insert(0, csv({}, {}));
  }
  if (!log_.is_open() || !log_.append(text)) fail_to_write("compare", file, errno);
  if (settings_.tensorboard) append_event(epoch);
}

// Before the rows of their epoch: whoever has a row has its probes.
void ResultsDirectory::add(std::span<const LayerProbe> probes) {
  const fs::path file = running_ / kProbes;
  std::string text = probes_csv(probes, settings_.activations);
  if (!probes_log_.is_open()) {
    probes_log_ = File(file, O_WRONLY | O_CREAT | O_EXCL);
    text.insert(0, probes_heading(settings_.inspect));
  }
  if (!probes_log_.is_open() || !probes_log_.append(text)) fail_to_write("compare", file, errno);
}

// While it runs, events have the time of day. The best epoch comes twice, the second time with its
// test: TensorBoard shows the last of a step.
void ResultsDirectory::append_event(const EpochResult& epoch) {
  const std::string name = training_name(settings_, epoch.activation, epoch.seed, epoch.lr);
  const fs::path folder = running_ / kTensorboard / name;
  const auto now = static_cast<double>(std::time(nullptr));
  std::string text = event(epoch, now);
  if (with_events_.insert(name).second) {
    make_directory(running_ / kTensorboard);
    make_directory(folder);
    text.insert(0, first_event(now));
  }
  const File file(folder / kEventFile, O_WRONLY | O_CREAT);
  if (!file.is_open() || !file.append(text)) fail_to_write("compare", folder / kEventFile, errno);
}

// Those of every training anew, earlier ones too, in the order of their epochs.
void ResultsDirectory::write_events(const Comparison& c) {
  std::map<std::string, std::vector<EpochResult>> trainings;
  for (const EpochResult& row : c.epochs) {
    trainings[training_name(c.settings, row.activation, row.seed, row.lr)].push_back(row);
  }
  make_directory(running_ / kTensorboard);
  for (const auto& [name, rows] : trainings) {
    const fs::path folder = running_ / kTensorboard / name;
    make_directory(folder);
    replace_file("compare", folder / kEventFile, event_file(rows, c.machine.date));
  }
}

void ResultsDirectory::save(const std::string& name, std::string_view weights) {
  const fs::path folder = running_ / kWeights;
  make_directory(folder);
  replace_file("compare", folder / (name + ".safetensors"), weights);
}

void ResultsDirectory::finish(const Comparison& comparison, std::string_view report,
                              std::span<const Chart> figures) {
  log_.close();
  probes_log_.close();
  replace_file("compare", running_ / kCsv, csv(comparison.epochs, settings_.activations));
  replace_file("compare", running_ / kJson, json(comparison));
  replace_file("compare", running_ / page_name(), report);
  write_figures("compare", running_, figures);
  if (!comparison.probes.empty()) {
    replace_file(
        "compare", running_ / kProbes,
        probes_heading(settings_.inspect) + probes_csv(comparison.probes, settings_.activations));
  }
  if (comparison.settings.tensorboard) write_events(comparison);
  if (comparison.interrupted && has_results()) return;
  gather_continued();
  ::unlink((running_ / kSettings).c_str());  // results.json has them
  move_all_up();
  remove_continued();
}

void ResultsDirectory::finish(std::string_view probes, std::string_view page,
                              std::span<const Chart> figures) {
  settings_.inspect = true;
  replace_file("compare", running_ / kProbes, probes);
  replace_file("compare", running_ / kIndex, page);
  write_figures("compare", running_, figures);
  move_all_up();
}

void ResultsDirectory::move_all_up() {
  move_file(running_, directory_ / kWhole);
  running_.clear();
  move_up();
}

// What they had finished is not trained again. A training that both have is this run's: the other
// one was killed before its last row.
void ResultsDirectory::gather_continued() {
  for (const fs::path& directory : continued_) {
    if (directory == directory_) continue;
    for (const char* name : kFolders) move_tree(directory / name, running_ / name, Taken::stays);
  }
}

// Their rows are in the results now. What somebody else put beside them stays.
void ResultsDirectory::remove_continued() {
  for (const fs::path& directory : continued_) {
    if (directory == directory_) continue;
    for (const char* name : {kCsv, kJson, kReport, kIndex, kProbes, kSettings}) {
      ::unlink((directory / name).c_str());
    }
    ::rmdir(directory.c_str());
  }
}

fs::path ResultsDirectory::place(const char* name) const {
  return (running_.empty() ? directory_ : running_) / name;
}

const char* ResultsDirectory::page_name() const { return settings_.inspect ? kIndex : kReport; }

fs::path ResultsDirectory::report() const { return place(page_name()); }
fs::path ResultsDirectory::weights() const { return place(kWeights); }
fs::path ResultsDirectory::tensorboard() const { return place(kTensorboard); }

}  // namespace actfn::lab
