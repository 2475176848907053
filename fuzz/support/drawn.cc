// SPDX-License-Identifier: Apache-2.0
#include "support/drawn.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <random>
#include <utility>

#include "catalogue/number.h"
#include "elements.h"
#include "kernels/type.h"
#include "support/require.h"

namespace actfn::fuzz {
namespace {

constexpr std::byte kGap{0xA5};

double draw_parameter(Stream& in) {
  constexpr double kPlain[] = {0,    1,    -1,   0.5,  2,    1.5,   0.25, -0.5, 3,      10,
                               1e-3, 1e-7, 1e-8, 1e10, 1e30, 1e-30, 20,   0.9,  1.0001, -20};
  return in.once_in(8) ? in.take<double>() : in.one_of(kPlain);
}

std::string draw_value(Stream& in, const ParameterInfo& p) {
  switch (p.type) {
    case ParameterInfo::Type::choice:
      return std::string(in.one_of(p.choices));
    case ParameterInfo::Type::whole:
      return std::to_string(1 + in.below(6));
    case ParameterInfo::Type::function:
      return std::string(in.one_of(catalogue(Kind::elementwise)).name);
    case ParameterInfo::Type::number:
      break;
  }
  return write_number(draw_parameter(in));
}

std::optional<Function> drawn(Stream& in, const FunctionInfo& info) {
  const bool has_defaults = in.below(2) == 0;
  std::string list;
  for (const ParameterInfo& p : info.parameters) {
    if (!p.required && (has_defaults || in.below(2) == 0)) continue;
    list += (list.empty() ? "" : ",") + std::string(p.name) + "=" + draw_value(in, p);
  }
  std::optional<Function> f;
  error_of([&] { f = parse_function(std::string(info.name) + "(" + list + ")"); });
  return f;
}

// Bits of every sort, plain numbers, plain numbers with a few that are special.
class Numbers {
 public:
  explicit Numbers(Stream& in)
      : kind_(in.below(5)),
        spread_(std::exp2(static_cast<int>(in.below(16)) - 6)),
        random_(in.take<std::uint32_t>()) {}

  double next() {
    constexpr double kInf = std::numeric_limits<double>::infinity();
    constexpr double kSpecial[] = {
        0.0, -0.0, kInf, -kInf, std::numeric_limits<double>::quiet_NaN(), 1e-40, -1e38, 0.5};
    if (kind_ == 0) return std::bit_cast<double>(random_());
    if (kind_ == 1 && random_() % 4 == 0) return kSpecial[random_() % std::size(kSpecial)];
    if (kind_ == 2) return static_cast<double>(random_() % 7) - 3;
    return spread_ * (static_cast<double>(random_() >> 11U) * 0x1p-52 - 1);
  }
  // The bits are those of the type.
  bool are_bits() const { return kind_ == 4; }
  std::uint64_t bits() { return random_(); }

 private:
  std::size_t kind_;
  double spread_;
  std::mt19937_64 random_;
};

}  // namespace

std::optional<Function> draw_function(Stream& in) { return drawn(in, in.one_of(catalogue())); }
std::optional<Function> draw_function(Stream& in, Kind kind) {
  return drawn(in, in.one_of(catalogue(kind)));
}

Shape draw_shape(Stream& in) {
  std::array<std::size_t, 4> lengths{};
  const std::size_t count = 1 + in.below(lengths.size());
  for (std::size_t i = 0; i < count; ++i) lengths[i] = in.below(7);
  if (in.once_in(8)) lengths[in.below(count)] = in.below(300);
  return Shape(std::span<const std::size_t>(lengths.data(), count));
}

Drawn::Drawn(Type type, const Shape& shape)
    : type_(type), shape_(shape), strides_(std::vector<std::ptrdiff_t>(shape.count())) {
  std::ptrdiff_t next = 1;
  for (std::size_t i = shape.count(); i-- > 0;) {
    strides_[i] = next;
    next *= static_cast<std::ptrdiff_t>(shape[i]);
  }
  make_places();
}

Drawn::Drawn(Stream& in, Type type, const Shape& shape, bool is_read_only) : Drawn(type, shape) {
  if (in.below(4) == 0) return;
  std::vector<std::size_t> order(shape.count());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
    std::swap(order[i], order[in.below(i + 1)]);
  }
  std::ptrdiff_t next = in.once_in(4) ? 2 : 1;
  for (const std::size_t i : order) {
    const std::size_t how = in.below(8);
    strides_[i] = how == 0 && is_read_only ? 0 : how < 3 ? -next : next;
    next *= static_cast<std::ptrdiff_t>(std::max<std::size_t>(1, shape[i]));
    if (how == 7) next += static_cast<std::ptrdiff_t>(in.below(4));
  }
  make_places();
}

void Drawn::make_places() {
  const std::size_t n = ConstTensor(nullptr, type_, shape_).size();
  places_.assign(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t rest = i;
    for (std::size_t k = shape_.count(); k-- > 0; rest /= shape_[k]) {
      places_[i] += static_cast<std::ptrdiff_t>(rest % shape_[k]) * strides_[k];
    }
  }
  if (n > 0) {
    const auto [least, most] = std::ranges::minmax(places_);
    for (std::ptrdiff_t& place : places_) place -= least;
    extent_ = static_cast<std::size_t>(most - least) + 1;
  }
  memory_.assign(extent_ * kernels::size_of(type_), kGap);
}

std::byte* Drawn::address(std::size_t i) {
  return const_cast<std::byte*>(std::as_const(*this).address(i));
}
const std::byte* Drawn::address(std::size_t i) const {
  if (places_.empty()) return memory_.data();
  return memory_.data() + static_cast<std::size_t>(places_[i]) * kernels::size_of(type_);
}

void Drawn::fill(Stream& in) {
  Numbers numbers(in);
  kernels::for_type(type_, [&]<class T>() {
    for (std::size_t i = 0; i < size(); ++i) {
      if (numbers.are_bits()) {
        const std::uint64_t bits = numbers.bits();
        std::memcpy(address(i), &bits, sizeof(T));
      } else {
        const auto value = testing::as<T>(numbers.next());
        std::memcpy(address(i), &value, sizeof(T));
      }
    }
  });
}

void Drawn::copy_from(const Drawn& other) {
  for (std::size_t i = 0; i < size(); ++i) {
    std::memcpy(address(i), other.address(i), kernels::size_of(type_));
  }
}

Drawn Drawn::picked(const std::vector<std::size_t>& elements, const Shape& shape) const {
  Drawn part(type_, shape);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    std::memcpy(part.address(i), address(elements[i]), kernels::size_of(type_));
  }
  return part;
}

bool Drawn::is_whole() const {
  const std::size_t width = kernels::size_of(type_);
  std::vector<bool> taken(extent_);
  for (const std::ptrdiff_t place : places_) taken[static_cast<std::size_t>(place)] = true;
  for (std::size_t i = 0; i < memory_.size(); ++i) {
    if (!taken[i / width] && memory_[i] != kGap) return false;
  }
  return true;
}

bool same_number(Type type, const std::byte* a, const std::byte* b) {
  if (std::memcmp(a, b, kernels::size_of(type)) == 0) return true;
  return kernels::for_type(type, [&]<class T>() {
    T v, w;
    std::memcpy(&v, a, sizeof v);
    std::memcpy(&w, b, sizeof w);
    return std::isnan(static_cast<double>(v)) && std::isnan(static_cast<double>(w));
  });
}

std::string text_of(Type type, const std::byte* at) {
  return kernels::for_type(type, [&]<class T>() {
    T v;
    std::memcpy(&v, at, sizeof v);
    char text[40];
    std::snprintf(text, sizeof text, "%a", static_cast<double>(v));
    return std::string(text);
  });
}

std::string text_of(const Shape& shape) {
  std::string text;
  for (const std::size_t n : shape) text += (text.empty() ? "" : "x") + std::to_string(n);
  return text;
}

}  // namespace actfn::fuzz
