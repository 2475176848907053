// SPDX-License-Identifier: Apache-2.0
#include "progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace actfn::app {
namespace {

constexpr int kBar = 30;      // Keras' width
constexpr int kLeastBar = 8;  // narrower says nothing

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

std::string decimals(double v) {
  if (!std::isfinite(v)) return std::isnan(v) ? "nan" : v > 0 ? "inf" : "-inf";
  return std::abs(v) < 1e5 ? fmt::format("{:.4f}", v) : fmt::format("{:.3g}", v);
}

// Standard error, where lines may be drawn over.
Terminal drawing_terminal() {
  Terminal t = terminal(STDERR_FILENO);
  const char* term = std::getenv("TERM");
  if (term == nullptr || std::strcmp(term, "dumb") == 0) t.is_terminal = false;
  return t;
}

}  // namespace

Progress::Progress(const lab::Plan& plan, std::span<const lab::Live> live, int batches)
    : plan_(plan), live_(live), batches_(batches), terminal_(drawing_terminal()) {
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
  std::string line = head(training.activation, training.seed, live.epoch.load());
  line += fmt::format("  {:>{}}/{} ", batch, fmt::formatted_size("{}", batches_), batches_);
  std::string tail;
  if (batch > 0) {
    tail = fmt::format("- loss: {} - accuracy: {:.4f}", decimals(live.loss.load()),
                       live.accuracy.load());
  }
  return fit(line, tail, batch, batches_, terminal_.columns);
}

std::string Progress::finished_line(const lab::EpochResult& e) const {
  const std::string start = head(e.activation, e.seed, e.epoch);
  const std::string tail = fmt::format(
      "- {:.2f}s - loss: {} - accuracy: {:.4f} - val_loss: {} - val_accuracy: {:.4f}", e.seconds,
      decimals(e.train_loss), e.train_accuracy, decimals(e.test_loss), e.test_accuracy);
  if (!terminal_.is_terminal) return start + " " + tail;
  const std::string counted = fmt::format("{}  {}/{} ", start, batches_, batches_);
  return fit(counted, tail, batches_, batches_, terminal_.columns);
}

void Progress::epoch_done(const lab::EpochResult& epoch) {
  const std::scoped_lock lock(mutex_);
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
