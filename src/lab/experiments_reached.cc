// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/reached.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace actfn::lab::experiments {
namespace {

// Without those that are not finite; NaN where none is.
double finite_mean(std::vector<double> values) {
  std::erase_if(values, [](double v) { return !std::isfinite(v); });
  return mean_of(values);
}

// Kinds of which all networks have diverged are not short of training.
template <class Enough>
std::vector<std::pair<std::string, double>> short_of(std::span<const Progress> all,
                                                     Enough&& enough) {
  std::vector<std::pair<std::string, double>> found;
  for (const Progress& p : all) {
    const double mean = finite_mean(p.values);
    if (!std::isnan(mean) && !enough(mean)) found.emplace_back(p.name, mean);
  }
  return found;
}

// "WHAT; here: relu 1.515; elu 1.301"
std::string said(std::string_view what, const std::vector<std::pair<std::string, double>>& found) {
  if (found.empty()) return "";
  Listed listed;
  for (const auto& [name, mean] : found) listed.add(name, mean);
  return fmt::format("{}; here: {}", what, listed.text());
}

std::string said_unless_one(std::string_view what, std::size_t all,
                            const std::vector<std::pair<std::string, double>>& found) {
  return found.size() < all ? "" : said(what, found);
}

auto has_learned(int classes) {
  return [bound = learned_loss(classes)](double loss) { return loss < bound; };
}

auto is_at_least(double accuracy) {
  return [accuracy](double v) { return v >= accuracy; };
}

std::string learned_text(std::string_view whose, int classes) {
  return fmt::format("{} training loss must be below {:.2f}, half of what guessing has", whose,
                     learned_loss(classes));
}

}  // namespace

std::vector<Progress> progress(const Readings& readings, std::span<const char* const> activations,
                               std::string_view column) {
  std::vector<Progress> all;
  for (const char* name : activations) {
    all.push_back({name, at_end(readings.where("activation", name), column)});
  }
  return all;
}

double learned_loss(int classes) { return std::log(classes) / 2; }

std::string unless_all_learned(std::span<const Progress> losses, int classes) {
  return said(learned_text("each network's", classes), short_of(losses, has_learned(classes)));
}

std::string unless_one_learned(std::span<const Progress> losses, int classes) {
  return said_unless_one(learned_text("one network's", classes), losses.size(),
                         short_of(losses, has_learned(classes)));
}

std::string unless_all_reach(double accuracy, std::span<const Progress> accuracies) {
  return said(fmt::format("each test accuracy must be {} or more", accuracy),
              short_of(accuracies, is_at_least(accuracy)));
}

std::string unless_one_reaches(double accuracy, std::span<const Progress> accuracies) {
  return said_unless_one(fmt::format("one test accuracy must be {} or more", accuracy),
                         accuracies.size(), short_of(accuracies, is_at_least(accuracy)));
}

std::string unless_over_fitted(const Readings& readings, std::span<const char* const> activations) {
  std::vector<std::string> falling;
  int last = 0;
  for (const char* name : activations) {
    const Readings kind = readings.where("activation", name);
    last = last_epoch(kind);
    if (!(median(lowest_test_loss(kind).epochs) < last)) falling.emplace_back(name);
  }
  if (falling.empty()) return "";
  return fmt::format("after {} epochs the test loss still falls with {}", last,
                     fmt::join(falling, ", "));
}

std::string unless_as_many(std::size_t run, std::size_t least, std::string_view what) {
  if (run >= least) return "";
  return fmt::format("at least {} {} are needed, and there are {}", least, what, run);
}

Lowest lowest_test_loss(const Readings& kind) {
  Lowest all;
  for (const std::string& seed : kind.values("seed")) {
    const Readings one = kind.where("seed", seed);
    const auto losses = one.numbers("test_loss");
    const auto epochs = one.numbers("epoch");
    const auto least = static_cast<std::size_t>(std::ranges::min_element(losses) - losses.begin());
    all.epochs.push_back(epochs[least]);
    all.losses.push_back(losses[least]);
  }
  return all;
}

}  // namespace actfn::lab::experiments
