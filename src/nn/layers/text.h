// SPDX-License-Identifier: Apache-2.0
// Layers as text, "conv2d(in_channels=1,out_channels=6,kernel_size=5)": what the file of a layer
// says of its arguments is what to_string() writes and parse_network() reads.
#pragma once

#include <actfn/nn/layers.h>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace actfn::nn {

// One argument's text.
struct ArgumentText {
  std::string_view who, name, text;
  int depth;  // how many layers its layer is inside of
};

std::string write_argument(bool value);
std::string write_argument(int value);
std::string write_argument(double value);
std::string write_argument(const Activation& value);
std::string write_argument(const RowActivation& value);
std::string write_argument(const Shape& value);
std::string write_argument(const Size2d& value);
// "3:0", from 3 before to 0 behind: of a sequence to itself, where both diagonals are one.
std::string write_argument(const Window& value);
std::string write_argument(const std::vector<Layer>& layers);
std::string write_argument(const std::vector<std::vector<Layer>>& branches);
template <class T>
std::string write_argument(const std::optional<T>& value) {
  return value ? write_argument(*value) : "none";
}

// The inverse. Throws Error: "[conv2d] stride must be a whole number from -2147483647 to
// 2147483647, got '1.5'".
void read_argument(const ArgumentText& from, bool& to);
void read_argument(const ArgumentText& from, int& to);
void read_argument(const ArgumentText& from, double& to);
void read_argument(const ArgumentText& from, Activation& to);
void read_argument(const ArgumentText& from, RowActivation& to);
void read_argument(const ArgumentText& from, Shape& to);
void read_argument(const ArgumentText& from, Size2d& to);
void read_argument(const ArgumentText& from, Window& to);
void read_argument(const ArgumentText& from, std::vector<Layer>& to);
void read_argument(const ArgumentText& from, std::vector<std::vector<Layer>>& to);
// A value of a type that may have no default.
template <class T>
T some() {
  if constexpr (std::default_initializable<T>) {
    return T{};
  } else {
    return T(1);
  }
}
template <class T>
void read_argument(const ArgumentText& from, std::optional<T>& to) {
  if (from.text == "none" || from.text == "None") return to.reset();
  T value = some<T>();
  read_argument(from, value);
  to = value;
}

struct Argument {
  std::string_view name;  // empty: it takes all that the parentheses hold
  std::string (*write)(const Layer& layer);
  void (*read)(const ArgumentText& from, Layer& layer);
  // Whether two layers agree in it; null for an argument without a default.
  bool (*same)(const Layer& a, const Layer& b) = nullptr;
};

// What a layer's text is made of.
struct LayerText {
  std::string_view name;
  Layer example;  // with defaults for all that needs not be given
  std::vector<Argument> arguments;
};

template <auto Member>
struct MemberOf;
template <class L, class T, T L::*member>
struct MemberOf<member> {
  static const T& in(const Layer& layer) { return std::get<L>(layer).*member; }
  static T& in(Layer& layer) { return std::get<L>(layer).*member; }
};

// required<&Conv2d::kernel_size>("kernel_size")
template <auto Member>
Argument required(std::string_view name) {
  using M = MemberOf<Member>;
  return {name, [](const Layer& layer) { return write_argument(M::in(layer)); },
          [](const ArgumentText& from, Layer& layer) { read_argument(from, M::in(layer)); }};
}

// One that is left out where it has its default, which is that of the struct.
template <auto Member>
Argument optional(std::string_view name) {
  using M = MemberOf<Member>;
  Argument a = required<Member>(name);
  a.same = [](const Layer& x, const Layer& y) { return M::in(x) == M::in(y); };
  return a;
}

// One that has no name and is all that the parentheses hold.
template <auto Member>
Argument whole() {
  return required<Member>("");
}

std::string write(const LayerText& text, const Layer& layer);
// `list` is what the parentheses hold, in a layer that is inside of `depth` others. Throws Error:
// "[conv2d] no argument 'size': it has in_channels, …; did you mean …?", "[conv2d] kernel_size has
// no default: write for example conv2d(in_channels=1,out_channels=6,kernel_size=5)".
Layer read(const LayerText& text, std::string_view list, int depth);

// Layers joined by '+', inside of `depth` others.
std::vector<Layer> read_layers(std::string_view spec, int depth);

}  // namespace actfn::nn
