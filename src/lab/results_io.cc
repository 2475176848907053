#include "lab/results_io.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace actfn::lab {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHeading =
    "activation,seed,epoch,train_loss,train_accuracy,test_loss,test_accuracy,seconds\n";

[[noreturn]] void fail(const fs::path& file) {
  throw std::runtime_error(fmt::format("[compare] cannot write {}: {}", file.string(),
                                       errno != 0 ? std::strerror(errno) : "unknown error"));
}

// RFC 4180: only a field with a comma needs quotes; specs have no quotes of their own.
std::string field(const std::string& text) {
  return text.find(',') == std::string::npos ? text : fmt::format("\"{}\"", text);
}

std::string row(const EpochResult& e) {
  return fmt::format("{},{},{},{:.6f},{:.6f},{:.6f},{:.6f},{:.4f}\n", field(e.activation), e.seed,
                     e.epoch, e.train_loss, e.train_accuracy, e.test_loss, e.test_accuracy,
                     e.seconds);
}

// JSON has no NaN: a diverged loss is null.
nlohmann::ordered_json number(double v) {
  return std::isfinite(v) ? nlohmann::ordered_json(v) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json settings_json(const CompareSettings& s) {
  nlohmann::ordered_json activations = nlohmann::ordered_json::array();
  for (const auto& a : s.activations) activations.push_back(to_string(a));
  return {{"data", s.data},           {"activations", activations},
          {"seeds", s.seeds},         {"hidden", s.hidden},
          {"epochs", s.epochs},       {"batch", s.batch},
          {"optimizer", s.optimizer}, {"lr", s.lr},
          {"momentum", s.momentum},   {"weight_decay", s.weight_decay},
          {"init", s.init},           {"jobs", s.jobs},
          {"threads", s.threads}};
}

nlohmann::ordered_json epoch_json(const EpochResult& e) {
  return {{"activation", e.activation},
          {"seed", e.seed},
          {"epoch", e.epoch},
          {"train_loss", number(e.train_loss)},
          {"train_accuracy", number(e.train_accuracy)},
          {"test_loss", number(e.test_loss)},
          {"test_accuracy", number(e.test_accuracy)},
          {"seconds", e.seconds}};
}

}  // namespace

CsvLog::CsvLog(fs::path file) : file_(std::move(file)) {
  errno = 0;
  out_.open(file_, std::ios::trunc);
  out_ << kHeading << std::flush;
  if (!out_) fail(file_);
}

void CsvLog::add(const EpochResult& epoch) {
  errno = 0;
  out_ << row(epoch) << std::flush;
  if (!out_) fail(file_);
}

std::string csv(std::span<const EpochResult> epochs) {
  std::string text(kHeading);
  for (const auto& epoch : epochs) text += row(epoch);
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
  for (const auto& epoch : c.epochs) root["epochs"].push_back(epoch_json(epoch));
  return root.dump(2) + "\n";
}

void replace_file(const fs::path& file, std::string_view content) {
  fs::path temporary = file;
  temporary += fmt::format(".{}.tmp", getpid());
  errno = 0;
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out << content << std::flush;
  const bool written = static_cast<bool>(out);
  out.close();
  std::error_code error;
  if (written) fs::rename(temporary, file, error);
  if (written && !error) return;
  if (error) errno = error.value();
  const int why = errno;
  fs::remove(temporary, error);
  errno = why;
  fail(file);
}

}  // namespace actfn::lab
