// SPDX-License-Identifier: Apache-2.0
#include "lab/parameters_draws.h"

#include <actfn/error.h>

#include <algorithm>
#include <limits>

#include "catalogue/lists.h"

namespace actfn::lab {
namespace {

double neighbour(Draws& draws, double x) {
  const double toward = draws.sign() * std::numeric_limits<double>::infinity();
  switch (draws.below(3)) {
    case 0:
      return std::nextafter(x, toward);
    case 1:
      return static_cast<double>(std::nextafter(static_cast<float>(x), static_cast<float>(toward)));
    default:
      return x * (1 + draws.signed_magnitude(-50, -3));
  }
}

constexpr double kSpecial[] = {0,         1,           0.5,  2,    0x1p-149, 0x1p-126,
                               0x1p-125F, 0x1p-100,    1e-6, 1e-3, 1e3,      0x1p100,
                               0x1p127F,  3.40282e38F, 20,   88,   30,       0x1p-23};

// One parameter; `others` are those before it.
double drawn_number(Draws& draws, double normal, const std::vector<double>& others) {
  const std::uint64_t kind = draws.below(others.empty() ? 8 : 12);
  if (kind >= 8) {
    const double other = others[draws.below(others.size())];
    if (kind == 8) return other;
    if (kind == 9) return -other;
    const double near = neighbour(draws, other);
    return draws.sign() * near;
  }
  if (kind < 2) return draws.signed_magnitude(-149, 128);
  if (kind < 4) return draws.signed_magnitude(-8, 8);
  if (kind == 4) return draws.signed_magnitude(-40, 40);
  if (kind == 5) return normal;
  if (kind == 6) return neighbour(draws, normal);
  const double special = kSpecial[draws.below(std::size(kSpecial))];
  return draws.sign() * special;
}

bool is_valid(const Function& f) {
  try {
    validate(f);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

template <class T>
T clipped(double x) {
  const double most = std::numeric_limits<T>::max();
  return static_cast<T>(std::clamp(x, -most, most));
}

template <class T>
T drawn_input(Draws& draws, const std::vector<double>& numbers) {
  const double u = draws.signed_magnitude(-12, 12);
  const double p = numbers.empty() ? 1 : numbers[draws.below(numbers.size())];
  switch (draws.below(8)) {
    case 0:
      return draw<T>(4 * draws.below(1U << 30U));
    case 1:
      return draw<T>(draws.below(1U << 30U));
    case 2:
      return clipped<T>(u);
    case 3:
      return clipped<T>(u * p);
    case 4:
      return clipped<T>(u / p);
    case 5:
      return clipped<T>(u / std::sqrt(std::abs(p)));
    default:
      return clipped<T>(neighbour(draws, draws.sign() * p));
  }
}

template <class List>
List drawn_parameters(const List& f, std::uint64_t i) {
  Draws draws(i);
  for (int tries = 0; tries < 100; ++tries) {
    List drawn = f;
    std::vector<double> numbers;
    for (const ParameterInfo& p : info(f).parameters) {
      if (p.type != ParameterInfo::Type::number) continue;
      const double number = drawn_number(draws, p.get(f), numbers);
      numbers.push_back(static_cast<float>(number) == 0 ? 0 : number);  // which counts as 0
      p.set_number(functions::leaf_of(drawn), numbers.back());
    }
    if (is_valid(drawn)) return drawn;
  }
  return f;
}

std::vector<double> usable_numbers(const Function& f) {
  std::vector<double> numbers = own_numbers(f);
  std::erase_if(numbers, [](double p) { return !std::isfinite(p) || p == 0; });
  return numbers;
}

template float clipped(double);
template double clipped(double);
template float drawn_input(Draws&, const std::vector<double>&);
template double drawn_input(Draws&, const std::vector<double>&);
template Activation drawn_parameters(const Activation&, std::uint64_t);
template RowActivation drawn_parameters(const RowActivation&, std::uint64_t);
template Gate drawn_parameters(const Gate&, std::uint64_t);

}  // namespace actfn::lab
