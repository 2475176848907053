// SPDX-License-Identifier: Apache-2.0
#include "lab/results_io.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace actfn::lab {
namespace {

constexpr std::string_view kHeading =
    "activation,seed,epoch,train_loss,train_accuracy,test_loss,test_accuracy,seconds\n";

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
          {"threads", s.threads},     {"reproducible", s.reproducible}};
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

nlohmann::ordered_json hashes_json(const TrainingHashes& h, const std::string& activation) {
  return {{"activation", activation},
          {"seed", h.seed},
          {"first_weights", h.first_weights},
          {"last_weights", h.last_weights},
          {"test_logits", h.test_logits}};
}

}  // namespace

std::string csv_row(const EpochResult& e, const Nonlinearity& activation) {
  return fmt::format("{},{},{},{},{},{},{},{:.4f}\n", field(activation.name), e.seed, e.epoch,
                     decimals(e.train_loss), decimals(e.train_accuracy), decimals(e.test_loss),
                     decimals(e.test_accuracy), e.seconds);
}

std::string csv(std::span<const EpochResult> epochs, std::span<const Nonlinearity> activations) {
  std::string text(kHeading);
  for (const auto& epoch : epochs) text += csv_row(epoch, activations[epoch.activation]);
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
  root["sha256"] = nlohmann::ordered_json::array();
  for (const auto& hashes : c.hashes) {
    root["sha256"].push_back(hashes_json(hashes, c.settings.activations[hashes.activation].name));
  }
  return root.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace actfn::lab
