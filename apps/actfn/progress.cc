// SPDX-License-Identifier: Apache-2.0
#include "progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace actfn::app {
namespace {

constexpr int kBar = 30;      // Keras' width
constexpr int kLeastBar = 8;  // narrower says nothing
constexpr int kEndless = std::numeric_limits<int>::max();

// Keras' look: [=======>......].
std::string bar(int done, int all, int width) {
  const auto whole = static_cast<std::size_t>(width);
  const auto filled = static_cast<std::size_t>(all == 0 ? 0 : done * width / all);
  std::string text(filled, '=');
  if (filled < whole) text += '>';
  text.resize(whole, '.');
  return "[" + text + "] ";
}

// The line with as wide a bar in its middle as the terminal has room for.
std::string fit(const std::string& head, const std::string& tail, int done, int all, int columns) {
  constexpr int kBrackets = 3;
  const int room = columns - 1 - kBrackets - static_cast<int>(head.size() + tail.size());
  const int width = std::min(room, kBar);
  const std::string line = head + (width < kLeastBar ? "" : bar(done, all, width)) + tail;
  // A line that wraps could not be drawn over.
  return line.substr(0, static_cast<std::size_t>(std::max(1, columns - 1)));
}

// With dashes between, in further lines where one would wrap: nothing is cut off.
std::string joined(const std::vector<std::string>& parts, int columns) {
  constexpr std::string_view kIndent = "  ";
  std::string out;
  std::size_t line = 0;  // its length so far
  for (const std::string& part : parts) {
    const std::string_view between = line == 0 ? "" : " - ";
    if (line > 0 && line + between.size() + part.size() > static_cast<std::size_t>(columns)) {
      out += "\n";
      out += kIndent;
      line = kIndent.size();
    } else {
      out += between;
      line += between.size();
    }
    out += part;
    line += part.size();
  }
  return out;
}

std::string decimals(double v) {
  if (!std::isfinite(v)) return std::isnan(v) ? "nan" : v > 0 ? "inf" : "-inf";
  return std::abs(v) < 1e5 ? fmt::format("{:.4f}", v) : fmt::format("{:.3g}", v);
}

}  // namespace

Progress::Progress(const lab::Plan& plan, std::span<const lab::Live> live)
    : plan_(plan), live_(live), terminal_(drawing_terminal()) {
  for (const auto& a : plan.settings.activations) {
    name_width_ = std::max(name_width_, a.name.size());
  }
}

std::string Progress::head(std::size_t activation, std::uint64_t seed, int epoch) const {
  const lab::CompareSettings& s = plan_.settings;
  return fmt::format("{:<{}} seed {}  Epoch {}/{}", s.activations[activation].name, name_width_,
                     seed, epoch, s.epochs);
}

std::string Progress::live_line(const lab::Live& live) const {
  const int index = live.training.load();
  if (index < 0) return {};
  const auto& training = plan_.trainings[static_cast<std::size_t>(index)];
  const int batch = live.batch.load();
  const int batches = live.batches.load();
  std::string line = head(training.activation, training.seed, live.epoch.load());
  line += fmt::format("  {:>{}}/{} ", batch, fmt::formatted_size("{}", batches), batches);
  std::string tail;
  if (batch > 0) {
    tail = "- loss: " + decimals(live.loss.load());
    const double accuracy = live.accuracy.load();
    if (!std::isnan(accuracy)) tail += fmt::format(" - accuracy: {:.4f}", accuracy);
  }
  return fit(line, tail, batch, batches, terminal_.columns);
}

std::string Progress::finished_line(const lab::EpochResult& e) const {
  std::vector<std::string> parts = {head(e.activation, e.seed, e.epoch),
                                    fmt::format("{:.2f}s", e.seconds),
                                    "loss: " + decimals(e.train.loss)};
  const bool of_classes = !std::isnan(e.train.accuracy);
  if (of_classes) parts.push_back(fmt::format("accuracy: {:.4f}", e.train.accuracy));
  const lab::Score held_out = e.validation ? *e.validation : e.test.value_or(lab::Score{});
  parts.push_back("val_loss: " + decimals(held_out.loss));
  if (of_classes) parts.push_back(fmt::format("val_accuracy: {:.4f}", held_out.accuracy));
  return joined(parts, terminal_.is_terminal ? terminal_.columns - 1 : kEndless);
}

// How much of all is done, and how long the rest will take.
std::string Progress::whole_line() const {
  const auto all = static_cast<double>(plan_.trainings.size()) * plan_.settings.epochs;
  double done = epochs_done_;
  for (const auto& live : live_) {
    if (live.training.load() < 0) continue;
    done += static_cast<double>(live.batch.load()) / live.batches.load();
  }
  const double share = std::min(1.0, done / all);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin_;
  std::string left;
  if (share > 0) {
    const auto seconds = std::llround(time.count() * (1 - share) / share);
    left = fmt::format("{}:{:02} left", seconds / 60, seconds % 60);
  }
  const std::string head =
      fmt::format("{:3.0f} % of {} trainings ", 100 * share, plan_.trainings.size());
  return fit(head, left, static_cast<int>(1000 * share), 1000, terminal_.columns);
}

void Progress::epoch_done(const lab::EpochResult& epoch) {
  if (epoch.epoch == 0) return;  // nothing was trained
  const std::scoped_lock lock(mutex_);
  ++epochs_done_;
  pending_.push_back(epoch);
}

// What takes the live lines away and puts the finished epochs in their place.
std::string Progress::erase_and_flush() {
  std::string out;
  // The carriage return first: the terminal may have echoed a ^C.
  if (live_lines_ > 0) out += fmt::format("\r\x1b[{}A\x1b[J", live_lines_);
  live_lines_ = 0;
  for (const auto& epoch : std::exchange(pending_, {})) out += finished_line(epoch) + "\n";
  return out;
}

void Progress::redraw() {
  const std::scoped_lock lock(mutex_);
  terminal_ = drawing_terminal();  // it may have been resized
  std::string out = erase_and_flush();
  if (terminal_.is_terminal) {
    for (const auto& live : live_) {
      const std::string line = live_line(live);
      if (line.empty()) continue;
      out += line + "\n";
      ++live_lines_;
    }
    out += whole_line() + "\n";
    ++live_lines_;
  }
  if (!out.empty()) note(out);
}

void Progress::say(const std::string& line) {
  const std::scoped_lock lock(mutex_);
  note(erase_and_flush() + line + "\n");
}

void Progress::finish() {
  const std::scoped_lock lock(mutex_);
  note(erase_and_flush());
}

}  // namespace actfn::app
