// SPDX-License-Identifier: Apache-2.0
#include "lab/report_looks.h"

#include "lab/fnv1a.h"
#include "lab/report_scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <string_view>

namespace actfn::lab::report {
namespace {

constexpr std::size_t kColours = 8;
constexpr std::size_t kDashes = 5;
constexpr std::size_t kShapes = 8;
constexpr std::size_t kLooks = kColours * kDashes * kShapes;

// The first eight have eight colours and shapes. Their places never change.
constexpr std::string_view kUsual[] = {
    "relu",  "gelu", "silu",     "tanh",        "sigmoid", "leaky_relu", "elu",  "mish",
    "swish", "selu", "softplus", "hardsigmoid", "relu6",   "hardswish",  "celu", "softsign"};

std::size_t number_of(const Look& l) { return l.colour + kColours * (l.dash + kDashes * l.marker); }

Look look_of(std::size_t number, bool hollow) {
  return {number % kColours, number / kColours % kDashes, number / kColours / kDashes, hollow};
}

Look usual_look(std::size_t place) {
  const std::size_t colour = place % kColours;
  const std::size_t round = place / kColours;
  return {colour, (colour + 2 * round) % kDashes, (colour + 3 * round) % kShapes, round % 2 == 1};
}

// The same on every machine.
std::uint64_t hash_of(std::string_view text) {
  const std::uint64_t hash = fnv1a(text);
  return hash ^ hash >> 32U;
}

// The function of a spec: "leaky_relu" of "leaky_relu(negative_slope=0.3)".
std::string_view function_of(std::string_view spec) { return spec.substr(0, spec.find('(')); }

const std::string_view* usual_place(std::string_view name) {
  return std::ranges::find(kUsual, name);
}

// What the shown series have.
struct Taken {
  std::array<bool, kLooks> looks{};
  std::array<bool, kColours> colours{};

  bool has(const Look& look) const { return looks[number_of(look)]; }
  void add(const Look& look) {
    looks[number_of(look)] = true;
    colours[look.colour] = true;
  }
};

// That of the hash, in the colour of the function; the next colour that nobody has, as long as
// there is one; and the next look that nobody has.
Look free_look(std::string_view name, const Taken& taken) {
  const std::uint64_t hash = hash_of(name);
  Look look = look_of(hash % kLooks, hash / kLooks % 2 == 1);
  const auto* const usual = usual_place(function_of(name));
  const auto place = static_cast<std::size_t>(usual - std::begin(kUsual));
  if (usual != std::end(kUsual)) look.colour = place % kColours;
  for (std::size_t i = 0; i < kColours; ++i) {
    const std::size_t colour = (look.colour + i) % kColours;
    if (taken.colours[colour]) continue;
    look.colour = colour;
    break;
  }
  for (std::size_t tries = 0; taken.has(look) && tries < kLooks; ++tries) {
    look = look_of((number_of(look) + kColours) % kLooks, look.hollow);
    if (tries % (kDashes * kShapes) == 0) look.colour = (look.colour + 1) % kColours;
  }
  return look;
}

}  // namespace

std::vector<Look> looks_of(const std::vector<std::string>& names) {
  // By name, and not by place, so that the order of the report does not matter.
  std::vector<std::size_t> order(names.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return std::string_view(names[i]); });
  std::vector<Look> looks(names.size());
  Taken taken;
  std::vector<std::size_t> others;
  for (const std::size_t i : order) {
    const auto place = static_cast<std::size_t>(usual_place(names[i]) - std::begin(kUsual));
    if (place == std::size(kUsual) || taken.has(usual_look(place))) {
      others.push_back(i);
    } else {
      taken.add(looks[i] = usual_look(place));
    }
  }
  for (const std::size_t i : others) taken.add(looks[i] = free_look(names[i], taken));
  return looks;
}

std::string look_classes(const Look& look) {
  return fmt::format("c{} d{}{}", look.colour, look.dash, look.hollow ? " hollow" : "");
}

std::string marker(const Look& look, const std::string& x, double y) {
  return fmt::format(R"(<use href="#m{}" x="{}" y="{}"/>)", look.marker, x, coordinate(y));
}

std::string key(const Look& look) {
  return fmt::format(
      R"(<svg class="key series {}" width="38" height="14" aria-hidden="true" focusable="false">)"
      R"(<path class="line" d="M1 7H37"/>{}</svg>)",
      look_classes(look), marker(look, "19", 7));
}

std::string marker_shapes() {
  constexpr std::array<const char*, kShapes> shapes = {
      "M-4 0A4 4 0 1 0 4 0A4 4 0 1 0-4 0Z",
      "M-3.6-3.6H3.6V3.6H-3.6Z",
      "M0-4.8L4.6 3.4H-4.6Z",
      "M0-5L5 0L0 5L-5 0Z",
      "M0 4.8L4.6-3.4H-4.6Z",
      "M-1.7-4.8H1.7V-1.7H4.8V1.7H1.7V4.8H-1.7V1.7H-4.8V-1.7H-1.7Z",
      "M-2.4-4.2H2.4L4.8 0L2.4 4.2H-2.4L-4.8 0Z",
      "M0-5.2L1.5-1.7L5.2-1.4L2.4 1L3.2 4.6L0 2.7L-3.2 4.6L-2.4 1L-5.2-1.4L-1.5-1.7Z"};
  std::string out = R"(<svg class="shapes" width="0" height="0" aria-hidden="true"><defs>)";
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    out += fmt::format(R"(<path id="m{}" d="{}"/>)", i, shapes[i]);
  }
  return out + "</defs></svg>";
}

}  // namespace actfn::lab::report
