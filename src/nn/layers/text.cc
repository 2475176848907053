// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/text.h"

#include "catalogue/error.h"
#include "catalogue/grammar.h"
#include "catalogue/lists.h"
#include "catalogue/number.h"
#include "catalogue/quote.h"
#include "catalogue/shape.h"
#include "catalogue/suggest.h"

#include <algorithm>
#include <limits>

namespace actfn::nn {
namespace {

constexpr int kMost = std::numeric_limits<int>::max();

[[noreturn]] void fail_argument(const ArgumentText& from, std::string_view what) {
  fail(from.who, {from.name, " must be ", what, ", got ", in_quotes(from.text)});
}

// Reads the values that a text gives to the arguments of one layer.
class ArgumentReader {
 public:
  ArgumentReader(const LayerText& text, int depth)
      : text_(text), depth_(depth), given_(text.arguments.size()) {}

  Layer operator()(std::string_view list) {
    Layer layer = text_.example;
    auto parts = functions::split(list, ',');
    if (functions::trimmed(parts.back()).empty()) {
      if (parts.size() > 1) {
        fail(text_.name, {"nothing follows the last ',' in ", in_quotes(list)});
      }
      parts.clear();
    }
    for (std::size_t i = 0; i < parts.size(); ++i) take(functions::trimmed(parts[i]), i, layer);
    for (std::size_t i = 0; i < given_.size(); ++i) {
      const Argument& a = text_.arguments[i];
      if (given_[i] || a.same != nullptr) continue;
      fail(text_.name,
           {a.name, " has no default: write for example ", write(text_, text_.example)});
    }
    return layer;
  }

 private:
  // One without a name is the argument of its place.
  void take(std::string_view assignment, std::size_t place, Layer& layer) {
    const auto equals = assignment.find('=');
    const bool named = equals < assignment.find('(');
    const std::size_t index = named ? find(functions::trimmed(assignment.substr(0, equals)))
                                    : require_place(place, assignment);
    const Argument& a = text_.arguments[index];
    if (given_[index]) fail(text_.name, {a.name, " is given twice"});
    given_[index] = true;
    const auto value = named ? functions::trimmed(assignment.substr(equals + 1)) : assignment;
    a.read({text_.name, a.name, value, depth_}, layer);
  }

  std::size_t require_place(std::size_t place, std::string_view value) const {
    if (place < given_.size()) return place;
    fail(text_.name, {"has ", given_.size(), given_.size() == 1 ? " argument" : " arguments",
                      ", got one more, ", in_quotes(value)});
  }

  std::size_t find(std::string_view name) const {
    const auto& all = text_.arguments;
    const auto at = std::ranges::find(all, name, &Argument::name);
    if (at != all.end()) return static_cast<std::size_t>(at - all.begin());
    std::vector<std::string_view> names;
    std::string list;
    for (const Argument& a : all) {
      list.append(names.empty() ? "" : ", ").append(a.name);
      names.push_back(a.name);
    }
    fail(text_.name,
         {"no argument ", in_quotes(name), ": it has ", list, did_you_mean(name, names)});
  }

  const LayerText& text_;
  int depth_;
  std::vector<bool> given_;
};

}  // namespace

std::string write_argument(bool value) { return value ? "true" : "false"; }
std::string write_argument(int value) { return std::to_string(value); }
std::string write_argument(double value) { return write_number(value); }
std::string write_argument(const Activation& value) { return actfn::to_string(value); }
std::string write_argument(const RowActivation& value) { return actfn::to_string(value); }
std::string write_argument(const Shape& value) { return actfn::text(value); }
std::string write_argument(const Size2d& value) {
  const std::string height = std::to_string(value.height);
  return value.height == value.width ? height : height + "x" + std::to_string(value.width);
}
std::string write_argument(const Window& value) {
  const auto side = [](const std::optional<std::size_t>& n) {
    return n ? std::to_string(*n) : std::string("none");
  };
  return side(value.left) + ":" + side(value.right);
}
std::string write_argument(const std::vector<Layer>& layers) { return to_string(layers); }
std::string write_argument(const std::vector<std::vector<Layer>>& branches) {
  std::string all;
  for (const auto& layers : branches) all += (all.empty() ? "" : ",") + to_string(layers);
  return all;
}

void read_argument(const ArgumentText& from, bool& to) {
  constexpr std::string_view kWords[] = {"false", "true", "False", "True"};  // two are Python's
  const auto* const at = std::ranges::find(kWords, from.text);
  if (at == std::end(kWords)) fail_argument(from, "true or false");
  to = (at - std::begin(kWords)) % 2 == 1;
}
void read_argument(const ArgumentText& from, int& to) {
  const auto number = read_whole(from.text, kMost);
  if (!number) fail_argument(from, "a whole number from -2147483647 to 2147483647");
  to = static_cast<int>(*number);
}
void read_argument(const ArgumentText& from, double& to) {
  const auto number = read_number<double>(from.text);
  if (!number) fail_argument(from, "a number");
  to = *number;
}
void read_argument(const ArgumentText& from, Activation& to) { to = parse(from.text); }
void read_argument(const ArgumentText& from, RowActivation& to) {
  to = parse_row_activation(from.text);
}
void read_argument(const ArgumentText& from, Shape& to) {
  const auto shape = read_shape(from.text);
  if (!shape) fail_argument(from, "lengths, written as 64 or 4x64");
  to = *shape;
}
void read_argument(const ArgumentText& from, Size2d& to) {
  const auto shape = read_shape(from.text);
  const bool good = shape && (shape->count() == 1 || shape->count() == 2) &&
                    std::ranges::all_of(*shape, [](std::size_t n) { return n <= kMost; });
  if (!good) fail_argument(from, "a height and a width, written as 5 or 3x5");
  to = {static_cast<int>((*shape)[0]), static_cast<int>((*shape)[shape->count() - 1])};
}
void read_argument(const ArgumentText& from, Window& to) {
  const auto sides = functions::split(from.text, ':');
  const auto number_of = [&from, &sides](std::size_t i) -> std::optional<std::size_t> {
    if (sides.size() == 2 && sides[i] == "none") return std::nullopt;
    const auto number = sides.size() == 2 ? read_whole(sides[i], kMost) : std::nullopt;
    if (!number || *number < 0) {
      fail_argument(from, "how many before and behind, written as 3:0 or none:3");
    }
    return static_cast<std::size_t>(*number);
  };
  to = {.diagonal = Diagonal::top_left, .left = number_of(0), .right = number_of(1)};
}
void read_argument(const ArgumentText& from, std::vector<Layer>& to) {
  to = read_layers(from.text, from.depth + 1);
}
void read_argument(const ArgumentText& from, std::vector<std::vector<Layer>>& to) {
  to.clear();
  for (const auto branch : functions::split(from.text, ',')) {
    to.push_back(read_layers(branch, from.depth + 1));
  }
}

std::string write(const LayerText& text, const Layer& layer) {
  std::string list;
  for (const Argument& a : text.arguments) {
    if (a.same != nullptr && a.same(layer, text.example)) continue;
    list.append(list.empty() ? "" : ",");
    if (!a.name.empty()) list.append(a.name).append("=");
    list.append(a.write(layer));
  }
  const std::string name(text.name);
  return list.empty() ? name : name + "(" + list + ")";
}

Layer read(const LayerText& text, std::string_view list, int depth) {
  if (text.arguments.size() != 1 || !text.arguments.front().name.empty()) {
    return ArgumentReader(text, depth)(list);
  }
  Layer layer = text.example;
  text.arguments.front().read({text.name, {}, list, depth}, layer);
  return layer;
}

}  // namespace actfn::nn
