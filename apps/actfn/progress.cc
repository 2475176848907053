#include "progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace actfn::app {
namespace {

constexpr int kBar = 30;

// Keras' look: [=======>......].
std::string bar(int done, int all) {
  const int filled = all == 0 ? 0 : done * kBar / all;
  if (filled >= kBar) return "[" + std::string(kBar, '=') + "]";
  std::string text(static_cast<std::size_t>(filled), '=');
  text += '>';
  text.resize(kBar, '.');
  return "[" + text + "]";
}

}  // namespace

Progress::Progress(const lab::CompareSettings& settings, std::span<const lab::Live> live,
                   int batches)
    : settings_(settings),
      live_(live),
      batches_(batches),
      trainings_(lab::trainings(settings)),
      terminal_(terminal(STDERR_FILENO)) {
  for (const auto& training : trainings_) {
    name_width_ = std::max(name_width_, to_string(training.activation).size());
  }
}

std::string Progress::head(const std::string& activation, std::uint64_t seed, int epoch) const {
  return fmt::format("{:<{}} seed {}  Epoch {}/{}", activation, name_width_, seed, epoch,
                     settings_.epochs);
}

std::string Progress::live_line(const lab::Live& live) const {
  const int index = live.training.load();
  if (index < 0) return {};
  const auto& training = trainings_[static_cast<std::size_t>(index)];
  const int batch = live.batch.load();
  std::string line = head(to_string(training.activation), training.seed, live.epoch.load());
  line += fmt::format("  {:>{}}/{} {}", batch, fmt::formatted_size("{}", batches_), batches_,
                      bar(batch, batches_));
  if (batch > 0) {
    line +=
        fmt::format(" - loss: {:.4f} - accuracy: {:.4f}", live.loss.load(), live.accuracy.load());
  }
  // A line that wraps could not be drawn over.
  return line.substr(0, static_cast<std::size_t>(std::max(1, terminal_.columns - 1)));
}

void Progress::epoch_done(const lab::EpochResult& e) {
  std::string line = head(e.activation, e.seed, e.epoch);
  if (terminal_.is_terminal) line += fmt::format("  {}/{} {}", batches_, batches_, bar(1, 1));
  line += fmt::format(
      " - {:.2f}s - loss: {:.4f} - accuracy: {:.4f} - val_loss: {:.4f} - val_accuracy: {:.4f}\n",
      e.seconds, e.train_loss, e.train_accuracy, e.test_loss, e.test_accuracy);
  const std::scoped_lock lock(mutex_);
  pending_ += line;
}

void Progress::put(const std::string& lines) {
  std::fwrite(lines.data(), 1, lines.size(), stderr);
  std::fflush(stderr);
}

void Progress::redraw() {
  const std::scoped_lock lock(mutex_);
  std::string out;
  if (live_lines_ > 0) out += fmt::format("\x1b[{}A\x1b[J", live_lines_);
  out += std::exchange(pending_, {});
  live_lines_ = 0;
  if (terminal_.is_terminal) {
    for (const auto& live : live_) {
      const std::string line = live_line(live);
      if (line.empty()) continue;
      out += line + "\n";
      ++live_lines_;
    }
  }
  if (!out.empty()) put(out);
}

void Progress::finish() {
  const std::scoped_lock lock(mutex_);
  std::string out;
  if (live_lines_ > 0) out += fmt::format("\x1b[{}A\x1b[J", live_lines_);
  live_lines_ = 0;
  put(out + std::exchange(pending_, {}));
}

}  // namespace actfn::app
