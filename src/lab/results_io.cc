// SPDX-License-Identifier: Apache-2.0
#include "lab/results_io.h"

#include "lab/csv_text.h"
#include "lab/json_number.h"
#include "lab/probes_io.h"
#include "lab/report_judgement.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace actfn::lab {
namespace {

using Json = nlohmann::ordered_json;

std::string fields(const std::optional<Score>& score) {
  if (!score) return ",";
  return csv_number(score->loss) + "," +
         (std::isnan(score->accuracy) ? "" : csv_number(score->accuracy));
}

std::string fields(const std::optional<Hashes>& h) {
  return h ? fmt::format("{},{},{}", h->first_weights, h->last_weights, h->test_logits) : ",,";
}

Json object(const CompareSettings& s) {
  Json activations = Json::array();
  for (const auto& a : s.activations) activations.push_back(a.name);
  return {{"data", s.data},
          {"label", s.label},
          {"task", s.task},
          {"activations", activations},
          {"seeds", s.seeds},
          {"network", s.network},
          {"hidden", s.hidden},
          {"match", s.match},
          {"epochs", s.epochs},
          {"patience", s.patience},
          {"validation", s.validation},
          {"batch", s.batch},
          {"optimizer", s.optimizer},
          {"lr", s.lr},
          {"momentum", s.momentum},
          {"weight_decay", s.weight_decay},
          {"schedule", s.schedule},
          {"warmup", s.warmup},
          {"clip", s.clip},
          {"label_smoothing", s.label_smoothing},
          {"init", s.init},
          {"jobs", s.jobs},
          {"threads", s.threads},
          {"reproducible", s.reproducible},
          {"save", s.save},
          {"tensorboard", s.tensorboard},
          {"probe", s.probe},
          {"inspect", s.inspect},
          {"every", s.every},
          {"samples", s.samples}};
}

Json object(const SampleForm& f) {
  return {{"kind", kind_name(f.kind)},
          {"channels", f.shape.channels},
          {"height", f.shape.height},
          {"width", f.shape.width},
          {"vocabulary", f.vocabulary}};
}

void put(Json& to, const char* name, const std::optional<Score>& score) {
  if (!score) return;
  const std::string part(name);
  to[part + "_loss"] = json_number(score->loss);
  if (!std::isnan(score->accuracy)) to[part + "_accuracy"] = score->accuracy;
}

Json object(const EpochResult& e, const std::string& activation) {
  Json row = {{"activation", activation}, {"seed", e.seed}, {"lr", e.lr}, {"epoch", e.epoch}};
  put(row, "train", e.train);
  put(row, "validation", e.validation);
  put(row, "test", e.test);
  row["seconds"] = e.seconds;
  return row;
}

Json object(const Hashes& h, const EpochResult& e, const std::string& activation) {
  return {{"activation", activation},
          {"seed", e.seed},
          {"lr", e.lr},
          {"first_weights", h.first_weights},
          {"last_weights", h.last_weights},
          {"test_logits", h.test_logits}};
}

std::string_view name_of(report::Call call) {
  constexpr std::string_view kNames[] = {"same", "untried", "open", "apart"};
  return kNames[static_cast<std::size_t>(call)];
}

Json object(const report::Contest& contest) {
  const PairedDifference& d = contest.difference;
  return {{"activation", contest.other->name},
          {"pairs", d.pairs},
          {"won", d.higher},
          {"equal", d.level},
          {"difference", json_number(d.mean)},
          {"interval", {json_number(d.interval.low), json_number(d.interval.high)}},
          {"p", contest.p},
          {"call", name_of(contest.call)}};
}

// The best against each other one, by what was held out; null where nothing can be compared.
Json judgement_of(const Comparison& c) {
  const report::Overview overview = report::summarize(c);
  if (overview.ranking().empty()) return nullptr;
  const report::Judgement j = report::judge(overview.ranking(), overview.deciding());
  Json others = Json::array();
  for (const report::Contest& contest : j.contests) others.push_back(object(contest));
  return {{"metric", report::noun(j.metric)}, {"best", j.best().name}, {"others", others}};
}

// A path may hold anything.
std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

// How one activation took part.
Json participant(const Comparison& c, std::size_t i, double rate) {
  Json one = {{"activation", c.settings.activations[i].name}};
  if (i < c.networks.size()) one["parameters"] = nn::parameter_count(c.networks[i]);
  if (i < c.inits.size()) one["init"] = c.inits[i];
  one["lr"] = rate;
  if (const StepTime* const s = step_time_of(c, i)) {
    one["step_seconds"] = {{"median", s->median},
                           {"lower_quartile", s->low},
                           {"upper_quartile", s->high},
                           {"wall_median", s->wall}};
  }
  return one;
}

}  // namespace

std::string csv_field(const std::string& text) {
  return text.find(',') == std::string::npos ? text : fmt::format("\"{}\"", text);
}

std::string csv_number(double v) { return std::isnan(v) ? "nan" : fmt::format("{}", v); }

std::string csv_row(const EpochResult& e, const Nonlinearity& activation) {
  return fmt::format("{},{},{},{},{},{},{},{:.4f},{}\n", csv_field(activation.name), e.seed, e.lr,
                     e.epoch, fields(e.train), fields(e.validation), fields(e.test), e.seconds,
                     fields(e.sha256));
}

std::string csv(std::span<const EpochResult> epochs, std::span<const Nonlinearity> activations) {
  std::string text = fmt::format("{}\n", fmt::join(kColumns, ","));
  for (const auto& epoch : epochs) text += csv_row(epoch, activations[epoch.activation]);
  return text;
}

std::string settings_json(const CompareSettings& settings) { return text_of(object(settings)); }

std::string json(const Comparison& c) {
  Json root;
  root["version"] = c.machine.version;
  root["date"] = c.machine.date;
  root["cpu"] = c.machine.cpu;
  root["cores"] = c.machine.cores;
  root["target"] = c.machine.target;
  root["settings"] = object(c.settings);
  root["task"] = c.task == data::Task::classification ? "classification" : "regression";
  root["inputs"] = c.form.size();
  root["form"] = object(c.form);
  root["outputs"] = c.outputs;
  root["samples"] = {
      {"train", c.samples.train}, {"validation", c.samples.validation}, {"test", c.samples.test}};
  root["chance"] = {{"loss", c.chance.loss}};
  if (!std::isnan(c.chance.accuracy)) root["chance"]["accuracy"] = c.chance.accuracy;
  root["seconds"] = c.seconds;
  root["interrupted"] = c.interrupted;
  root["activations"] = Json::array();
  const std::vector<double> rates = chosen_rates(c.settings, c.epochs);
  for (std::size_t i = 0; i < c.settings.activations.size(); ++i) {
    root["activations"].push_back(participant(c, i, rates[i]));
  }
  root["judgement"] = judgement_of(c);
  root["epochs"] = Json::array();
  for (const auto& epoch : c.epochs) {
    root["epochs"].push_back(object(epoch, c.settings.activations[epoch.activation].name));
  }
  root["sha256"] = Json::array();
  for (const auto& e : c.epochs) {
    if (!e.sha256) continue;
    root["sha256"].push_back(object(*e.sha256, e, c.settings.activations[e.activation].name));
  }
  root["probes"] = probes_json(c);
  return text_of(root);
}

}  // namespace actfn::lab
