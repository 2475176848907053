// SPDX-License-Identifier: Apache-2.0
#include "lab/inspect_sentences.h"

#include "lab/report_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace actfn::lab::report {
namespace {

// Where words change. All are our choice.
constexpr double kHardly = 1e-3;   // of another layer's gradient: it hardly learns
constexpr double kNothing = 1e-6;  // it learns nothing
constexpr double kSlowly = 0.1;    // it learns more slowly
constexpr double kMoved = 0.01;    // of its norm: so much change is learning
constexpr double kFades = 0.01;    // of the first layer's variance
constexpr double kManyDead = 0.1;  // of the units
constexpr double kManySaturated = 0.5;
constexpr double kOneLine = 1.5;  // directions

using Value = double (*)(const InsidePoint&);

bool is_less(const InsideLayer& a, const InsideLayer& b, Value of) {
  return of(a.last()) < of(b.last());
}

const InsideLayer& least(Depth layers, Value of) {
  return *std::ranges::min_element(
      layers, [of](const InsideLayer& a, const InsideLayer& b) { return is_less(a, b, of); });
}

const InsideLayer& most(Depth layers, Value of) {
  return *std::ranges::max_element(
      layers, [of](const InsideLayer& a, const InsideLayer& b) { return is_less(a, b, of); });
}

double gradient(const InsidePoint& p) { return p.gradient_norm; }
double change(const InsidePoint& p) { return p.change; }

std::string share(double of_one) { return rough_number(100 * of_one) + " %"; }

const InsideLayer* first_not_finite(Depth layers) {
  for (const InsideLayer& layer : layers) {
    if (!std::isfinite(layer.last().gradient_norm)) return &layer;
  }
  return nullptr;
}

// Two layers whose gradients are compared.
struct Pair {
  const InsideLayer *a, *b;

  double ratio() const { return a->last().gradient_norm / b->last().gradient_norm; }
};

// The first and the last layer, unless only others tell that something is wrong.
Pair compared(Depth layers) {
  const Pair ends{&layers.front(), &layers.back()};
  const Pair extremes{&least(layers, gradient), &most(layers, gradient)};
  const bool ends_tell = ends.ratio() < kHardly || ends.ratio() > 1 / kHardly;
  return !ends_tell && extremes.ratio() < kHardly ? extremes : ends;
}

// Of a layer whose gradient is so small a share of another's.
std::string little_learning(const InsideLayer& layer, double ratio) {
  const double moved = layer.last().change;
  const bool trained = layer.last_epoch() > 0 && std::isfinite(moved);
  if (trained && moved >= kMoved) {
    return fmt::format("layer {} is told little, though its weights have changed by {}",
                       layer.layer, share(moved));
  }
  return fmt::format("layer {} {}", layer.layer,
                     ratio < kNothing || trained ? "learns nothing" : "hardly learns");
}

std::string consequence(const Pair& pair) {
  const double ratio = pair.ratio();
  if (ratio < kHardly) return little_learning(*pair.a, ratio);
  if (ratio < kSlowly) return fmt::format("layer {} learns more slowly", pair.a->layer);
  if (ratio <= 1 / kSlowly) return "all layers can learn";
  return "it grows on its way back through the layers";
}

std::string compared_to(double ratio) {
  constexpr double kAlike = 1.25;
  if (ratio < kAlike && ratio > 1 / kAlike) return "about as large as that";
  if (ratio < 1) return rough_number(ratio) + " of that";
  return rough_number(ratio) + " times that";
}

// Units of all layers, and of the layer that has the largest share.
struct Count {
  double all = 0;
  double units = 0;
  const InsideLayer* worst = nullptr;
};

Count count(Depth layers, Value of) {
  Count c;
  for (const InsideLayer& layer : layers) {
    const double v = of(layer.last());
    if (!std::isfinite(v)) continue;
    c.all += layer.width;
    c.units += v * layer.width;
    if (c.worst == nullptr || of(c.worst->last()) < v) c.worst = &layer;
  }
  return c;
}

// A mean over seeds may be no whole number.
std::string number_of_units(double n) {
  const double tenths = std::round(10 * n);
  if (std::fmod(tenths, 10) != 0) return fmt::format("{:.1f}", tenths / 10);
  return grouped(static_cast<std::size_t>(tenths / 10));
}

// "12 of 640 units are dead. Layer 20 has the most, 10 of 32"
std::string counted_units(const Count& c, Depth layers, Value of, const char* what) {
  const bool one = number_of_units(c.units) == "1";
  std::string out = fmt::format("{} of {} units {} {}", number_of_units(c.units),
                                number_of_units(c.all), one ? "is" : "are", what);
  if (layers.size() == 1) return out;
  const double there = of(c.worst->last()) * c.worst->width;
  if (there == c.units) {
    return out + fmt::format(". {} in layer {}", one ? "It is" : "All are", c.worst->layer);
  }
  return out + fmt::format(". Layer {} has the most, {} of {}", c.worst->layer,
                           number_of_units(there), c.worst->width);
}

// "8.0 of 32 directions in layer 1"; gates give fewer features than the layer before them.
std::string directions(const InsideLayer& layer) {
  const double rank = layer.last().effective_rank;
  const std::string all = layer.has_units ? fmt::format(" of {}", layer.width) : "";
  const std::string filled = std::isfinite(rank) ? fmt::format("{:.1f}", rank) : rough_number(rank);
  return fmt::format("{}{} directions in layer {}", filled, all, layer.layer);
}

double dead(const InsidePoint& p) { return p.dead; }
double saturated(const InsidePoint& p) { return p.saturated; }

// "0.3 in layer 1 and 0.2 in layer 20"
std::string at_both_ends(Depth layers, Value of) {
  std::string out =
      fmt::format("{} in layer {}", rough_number(of(layers.front().last())), layers.front().layer);
  if (layers.size() == 1) return out;
  return out + fmt::format(" and {} in layer {}", rough_number(of(layers.back().last())),
                           layers.back().layer);
}

}  // namespace

std::string rough_number(double value) {
  if (!std::isfinite(value)) return "an unknown number";
  const double size = std::fabs(value);
  if (size != 0 && size < kHardly) {
    std::string text = fmt::format("{:.0e}", value);  // 3e-09
    const std::size_t zero = text.find("e-0");
    if (zero != std::string::npos) text.erase(zero + 2, 1);
    return text;
  }
  return size >= 100 && size < 1e6 ? fmt::format("{:.0f}", value) : fmt::format("{:.2g}", value);
}

std::string gradient_sentence(Depth layers) {
  if (const InsideLayer* const layer = first_not_finite(layers)) {
    return fmt::format("The gradient of layer {} is no finite number: training has diverged",
                       layer->layer);
  }
  if (gradient(most(layers, gradient).last()) == 0) {
    return "The gradient is 0 in every layer: nothing learns";
  }
  if (layers.size() == 1) {
    return fmt::format("The gradient of the hidden layer has a norm of {}",
                       rough_number(gradient(layers.front().last())));
  }
  const Pair pair = compared(layers);
  if (pair.b->last().gradient_norm == 0) {
    return fmt::format("No gradient comes from layer {}", pair.b->layer);
  }
  return fmt::format("The gradient of layer {} is {} of layer {}: {}", pair.a->layer,
                     compared_to(pair.ratio()), pair.b->layer, consequence(pair));
}

std::string ratio_sentence(Depth layers) {
  const auto of = [](const InsidePoint& p) { return p.gradient_ratio; };
  const InsideLayer& low = least(layers, of);
  const InsideLayer& high = most(layers, of);
  if (layers.size() == 1) {
    return fmt::format("The gradient is {} of the weights that it is to move",
                       rough_number(of(low.last())));
  }
  return fmt::format(
      "Beside the weights that it is to move, the gradient is smallest in layer {} ({}) and "
      "largest in layer {} ({})",
      low.layer, rough_number(of(low.last())), high.layer, rough_number(of(high.last())));
}

std::string change_sentence(Depth layers) {
  const InsideLayer& low = least(layers, change);
  const InsideLayer& high = most(layers, change);
  std::string out = fmt::format("Training has changed the weights of layer {} by {}", low.layer,
                                share(change(low.last())));
  if (&low != &high) {
    out += fmt::format(", and those of layer {} by {}", high.layer, share(change(high.last())));
  }
  if (change(low.last()) >= kMoved) return out;
  return out + fmt::format(": layer {} still does what chance has made it do", low.layer);
}

std::string dead_sentence(Depth layers) {
  const Count c = count(layers, dead);
  if (c.worst == nullptr) return "The function has no slope of one number";
  if (c.units == 0) return "No unit is dead: some sample moves each of them";
  if (dead(c.worst->last()) == 1) {
    return fmt::format("All {} units of layer {} are dead: no gradient gets through{}",
                       c.worst->width, c.worst->layer,
                       c.worst->layer == 1 ? "" : ", and no layer before learns");
  }
  return counted_units(c, layers, dead, "dead: moved by no sample, and learning nothing");
}

std::string saturated_sentence(Depth layers) {
  const Count c = count(layers, saturated);
  if (c.worst == nullptr) return "The function has no slope of one number";
  if (c.units == 0) return "No unit is saturated: all let the gradient through";
  return counted_units(c, layers, saturated,
                       "saturated: less than a tenth of the gradient gets through");
}

std::string mean_sentence(Depth layers) {
  const auto of = [](const InsidePoint& p) { return p.mean; };
  std::string out = fmt::format("The mean is {}", at_both_ends(layers, of));
  const InsidePoint& end = layers.back().last();
  const double deviation = std::sqrt(end.variance);
  if (!std::isfinite(deviation) || std::fabs(end.mean) <= deviation) return out;
  return out + fmt::format(": what layer {} gives is not centred on 0 but shifted to one side",
                           layers.back().layer);
}

std::string variance_sentence(Depth layers) {
  const auto of = [](const InsidePoint& p) { return p.variance; };
  const double ratio = of(layers.back().last()) / of(layers.front().last());
  std::string out = fmt::format("The variance is {}", at_both_ends(layers, of));
  if (layers.size() == 1 || !std::isfinite(ratio)) return out;
  if (ratio < kFades) return out + ": the signal fades on its way";
  if (ratio > 1 / kFades) return out + ": the signal grows on its way";
  return out + ": the signal neither fades nor grows much";
}

std::string rank_sentence(Depth layers) {
  std::string out = "The features fill " + directions(layers.front());
  if (layers.size() > 1) out += " and " + directions(layers.back());
  if (!(layers.back().last().effective_rank < kOneLine)) return out;
  return out + ": all samples lie on nearly one line, and little is left to tell them apart by";
}

std::string pre_activation_sentence(Depth layers) {
  const auto of = [](const InsidePoint& p) { return p.z_deviation; };
  const auto beyond = [](const InsidePoint& p) { return p.histogram.front() + p.histogram.back(); };
  std::string out = fmt::format("Their deviation is {}", at_both_ends(layers, of));
  const InsideLayer& far = most(layers, beyond);
  constexpr double kWorthSaying = 0.01;
  if (beyond(far.last()) < kWorthSaying) return out;
  return out + fmt::format("; {} of those of layer {} are beyond ±5.5", share(beyond(far.last())),
                           far.layer);
}

std::optional<std::string> ailment(Depth layers) {
  if (first_not_finite(layers) != nullptr) return "training has diverged";
  if (gradient(most(layers, gradient).last()) == 0) return "nothing learns";
  const Pair pair = compared(layers);
  if (pair.ratio() < kHardly) return little_learning(*pair.a, pair.ratio());
  if (pair.ratio() > 1 / kHardly) return "gradients explode";
  const Count dead_units = count(layers, dead);
  if (dead_units.units >= kManyDead * dead_units.all && dead_units.units > 0) {
    return share(dead_units.units / dead_units.all) + " of the units are dead";
  }
  const InsideLayer& last = layers.back();
  if (last.last().effective_rank < kOneLine) {
    return fmt::format("to layer {} all samples look alike", last.layer);
  }
  const Count flat = count(layers, saturated);
  if (flat.units >= kManySaturated * flat.all && flat.units > 0) {
    return share(flat.units / flat.all) + " of the units are saturated";
  }
  return std::nullopt;
}

std::vector<std::string> diagnosis(Depth layers) {
  std::vector<std::string> all = {gradient_sentence(layers)};
  const double moved = change(least(layers, change).last());
  if (layers.front().last_epoch() > 0 && moved < kMoved) all.push_back(change_sentence(layers));
  const Count dead_units = count(layers, dead);
  if (dead_units.worst != nullptr) all.push_back(dead_sentence(layers));
  const Count flat = count(layers, saturated);
  if (flat.units - dead_units.units >= kManyDead * flat.all && flat.units > 0) {
    all.push_back(saturated_sentence(layers));
  }
  if (layers.back().last().effective_rank < kOneLine) all.push_back(rank_sentence(layers));
  return all;
}

}  // namespace actfn::lab::report
