#include "lab/results_io.h"

#include "lab/replace_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHeading =
    "activation,seed,epoch,train_loss,train_accuracy,test_loss,test_accuracy,seconds\n";

constexpr const char* kCsv = "results.csv";
constexpr const char* kJson = "results.json";
constexpr const char* kReport = "report.html";
constexpr const char* kProbe = ".actfn-can-write";

// The topmost part of a path that does not exist yet.
fs::path first_missing(fs::path directory) {
  fs::path missing;
  while (!directory.empty() && !fs::exists(directory)) {
    missing = directory;
    directory = directory.parent_path();
  }
  return missing;
}

// RFC 4180: only a field with a comma needs quotes; specs have no quotes of their own.
std::string field(const std::string& text) {
  return text.find(',') == std::string::npos ? text : fmt::format("\"{}\"", text);
}

// Six decimals, or six digits where those would hide a small number or swell a large one.
std::string decimals(double v) {
  if (std::isnan(v)) return "nan";  // without a sign
  const double size = std::abs(v);
  return size != 0 && (size < 1e-2 || size >= 1e6) ? fmt::format("{:.6g}", v)
                                                   : fmt::format("{:.6f}", v);
}

std::string row(const EpochResult& e, const std::string& activation) {
  return fmt::format("{},{},{},{},{},{},{},{:.4f}\n", field(activation), e.seed, e.epoch,
                     decimals(e.train_loss), decimals(e.train_accuracy), decimals(e.test_loss),
                     decimals(e.test_accuracy), e.seconds);
}

// JSON has no NaN: a diverged loss is null.
nlohmann::ordered_json number(double v) {
  return std::isfinite(v) ? nlohmann::ordered_json(v) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json settings_json(const CompareSettings& s) {
  nlohmann::ordered_json activations = nlohmann::ordered_json::array();
  for (const auto& a : s.activations) activations.push_back(a.name);
  return {{"data", s.data},           {"activations", activations},
          {"seeds", s.seeds},         {"hidden", s.hidden},
          {"epochs", s.epochs},       {"batch", s.batch},
          {"optimizer", s.optimizer}, {"lr", s.lr},
          {"momentum", s.momentum},   {"weight_decay", s.weight_decay},
          {"init", s.init},           {"jobs", s.jobs},
          {"threads", s.threads}};
}

nlohmann::ordered_json epoch_json(const EpochResult& e, const std::string& activation) {
  return {{"activation", activation},
          {"seed", e.seed},
          {"epoch", e.epoch},
          {"train_loss", number(e.train_loss)},
          {"train_accuracy", number(e.train_accuracy)},
          {"test_loss", number(e.test_loss)},
          {"test_accuracy", number(e.test_accuracy)},
          {"seconds", e.seconds}};
}

}  // namespace

ResultsDirectory::ResultsDirectory(const fs::path& directory, std::vector<Nonlinearity> activations)
    : directory_(directory.lexically_normal()), activations_(std::move(activations)) {
  if (!directory_.has_filename()) directory_ = directory_.parent_path();  // "one/two/"
  made_ = first_missing(directory_);
  std::error_code error;
  fs::create_directories(directory_, error);
  if (error || !fs::is_directory(directory_)) {
    const std::string why =
        fs::exists(directory_) ? "it exists and is not a directory" : error.message();
    throw std::runtime_error(
        fmt::format("[compare] cannot create {}: {}", directory_.string(), why));
  }
  for (const char* name : {kCsv, kJson, kReport}) {
    if (fs::is_directory(directory_ / name)) fail_to_write("compare", directory_ / name, EISDIR);
  }
  replace_file("compare", directory_ / kProbe, "");
  fs::remove(directory_ / kProbe, error);
}

ResultsDirectory::~ResultsDirectory() {
  if (log_.is_open() || made_.empty()) return;
  std::error_code ignored;  // a destructor has nobody to tell
  fs::path at = directory_;
  while (fs::remove(at, ignored) && at != made_) at = at.parent_path();
}

void ResultsDirectory::begin_log() {
  for (const char* name : {kJson, kReport}) fs::remove(directory_ / name);  // of another run
  errno = 0;
  log_.open(directory_ / kCsv, std::ios::trunc);
  log_ << kHeading;
  if (!log_) fail_to_write("compare", directory_ / kCsv, errno);
}

void ResultsDirectory::add(const EpochResult& epoch) {
  if (!log_.is_open()) begin_log();
  errno = 0;
  log_ << row(epoch, activations_[epoch.activation].name) << std::flush;
  if (!log_) fail_to_write("compare", directory_ / kCsv, errno);
}

void ResultsDirectory::finish(const Comparison& comparison, std::string_view report) {
  replace_file("compare", directory_ / kCsv, csv(comparison.epochs, activations_));
  replace_file("compare", directory_ / kJson, json(comparison));
  replace_file("compare", directory_ / kReport, report);
}

std::string csv(std::span<const EpochResult> epochs, std::span<const Nonlinearity> activations) {
  std::string text(kHeading);
  for (const auto& epoch : epochs) text += row(epoch, activations[epoch.activation].name);
  return text;
}

std::string json(const Comparison& c) {
  nlohmann::ordered_json root;
  root["version"] = c.machine.version;
  root["date"] = c.machine.date;
  root["cpu"] = c.machine.cpu;
  root["cores"] = c.machine.cores;
  root["target"] = c.machine.target;
  root["settings"] = settings_json(c.settings);
  root["train_images"] = c.train_images;
  root["test_images"] = c.test_images;
  root["seconds"] = c.seconds;
  root["interrupted"] = c.interrupted;
  root["epochs"] = nlohmann::ordered_json::array();
  for (const auto& epoch : c.epochs) {
    root["epochs"].push_back(epoch_json(epoch, c.settings.activations[epoch.activation].name));
  }
  return root.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace actfn::lab
