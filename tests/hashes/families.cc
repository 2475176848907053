// SPDX-License-Identifier: Apache-2.0
#include "families.h"

#include "../support/host_environment.h"
#include "digest.h"

#include <cmath>

namespace actfn::hashes {
namespace {

constexpr std::size_t kLengths[] = {1, 2, 3, 7, 16, 17, 100, 1000, 4099};

// Numbers between -12 and 12, every 97th 50 times as large.
template <class T>
std::vector<T> numbers(std::size_t n, std::uint64_t seed) {
  const testing::DefaultEnvironment environment;
  std::vector<T> all(n);
  for (std::size_t i = 0; i < n; ++i) {
    const double unit = static_cast<double>(mix(mix(seed) + i) >> 11U) * 0x1p-53;
    const double number = (unit - 0.5) * (i % 97 == 96 ? 1200 : 24);
    if constexpr (sizeof(T) == 8) {
      all[i] = number;
    } else {
      all[i] = T(static_cast<float>(number));
    }
  }
  return all;
}

// One of each function of a list, with its defaults.
template <class List>
std::vector<List> examples() {
  std::vector<List> all;
  for (const FunctionInfo& info : catalogue()) {
    if (const auto* const f = std::get_if<List>(&info.example)) all.push_back(*f);
  }
  return all;
}

// One number of several arrays.
template <class... T>
std::uint64_t digest(const std::vector<T>&... arrays) {
  std::uint64_t all = 0;
  ((all = mix(all ^ hash_of(std::span<const T>(arrays)))), ...);
  return all;
}

// body.operator()<T>(rows, columns) for shapes of the set, their numbers mixed.
template <class Body>
std::uint64_t for_shapes(Type type, const InputSet& set, const Body& body) {
  const std::size_t rows = set.name == "quick" ? 2 : 24;
  std::uint64_t all = 0;
  for (const std::size_t columns : kLengths) {
    all = mix(all ^ for_type(type, [&]<class T>() {
                return body.template operator()<T>(rows, columns);
              }));
  }
  return all;
}

Family rows(const RowActivation& f) {
  return {to_string(f), [f](Type type, int order, const InputSet& set, Threads t) {
            return for_shapes(type, set, [&]<class T>(std::size_t n, std::size_t columns) {
              const Shape shape = {n, columns};
              const auto x = numbers<T>(n * columns, 1);
              const auto dy = numbers<T>(x.size(), 2);
              const auto v = numbers<T>(x.size(), 3);
              std::vector<T> y(x.size()), dx(x.size()), other(x.size());
              forward(f, {x, shape}, 1, {y, shape}, {.threads = t});
              if (order == 0) return digest(y);
              backward(f, {y, shape}, {dy, shape}, 1, {dx, shape}, t);
              if (order == 1) return digest(dx);
              double_backward(f, {y, shape}, {dy, shape}, {v, shape}, 1, {dx, shape},
                              {other, shape}, t);
              return digest(dx, other);
            });
          }};
}

Family reduction(const RowReduction& f) {
  return {to_string(f), [f](Type type, int order, const InputSet& set, Threads t) {
            if (order == 2) return std::uint64_t{0};
            return for_shapes(type, set, [&]<class T>(std::size_t n, std::size_t columns) {
              const Shape shape = {n, columns};
              const auto x = numbers<T>(n * columns, 1);
              const auto dy = numbers<T>(n, 2);
              std::vector<T> y(n), dx(x.size());
              forward(f, {x, shape}, 1, {y, {n}}, {.threads = t});
              if (order == 0) return digest(y);
              backward(f, {x, shape}, {dy, {n}}, 1, {dx, shape}, {.threads = t});
              return digest(dx);
            });
          }};
}

Family softmax1_by_sink() {
  return {
      "softmax1 by sink", [](Type type, int order, const InputSet& set, Threads t) {
        if (order != 0) return std::uint64_t{0};
        return for_shapes(type, set, [&]<class T>(std::size_t n, std::size_t columns) {
          const Shape shape = {n, columns};
          const auto x = numbers<T>(n * columns, 1);
          const auto dy = numbers<T>(x.size(), 2);
          std::vector<T> dsink(n);
          softmax1_sink_backward({0.5}, {x, shape}, {dy, shape}, 1, {dsink, {n}}, {.threads = t});
          return digest(dsink);
        });
      }};
}

std::vector<Family> row_families() {
  std::vector<Family> all;
  for (const Function& f : instances(Kind::row)) {
    if (const auto* activation = std::get_if<RowActivation>(&f)) all.push_back(rows(*activation));
    if (const auto* one = std::get_if<RowReduction>(&f)) all.push_back(reduction(*one));
  }
  for (const RowActivation& f :
       std::initializer_list<RowActivation>{LogSoftmax{2}, Entmax{1.3}, Entmax{3}}) {
    all.push_back(rows(f));
  }
  all.push_back(softmax1_by_sink());
  return all;
}

Family gate(const Gate& f) {
  return {to_string(f), [f](Type type, int order, const InputSet& set, Threads t) {
            return for_shapes(type, set, [&]<class T>(std::size_t n, std::size_t columns) {
              const Shape half = {n, columns};
              const Shape shape = {n, 2 * columns};
              const auto x = numbers<T>(2 * n * columns, 4);
              const auto dy = numbers<T>(n * columns, 5);
              const auto v = numbers<T>(x.size(), 6);
              std::vector<T> y(dy.size()), dx(x.size());
              forward(f, {x, shape}, 1, {y, half}, {.threads = t});
              if (order == 0) return digest(y);
              backward(f, {x, shape}, {dy, half}, 1, {dx, shape}, {.threads = t});
              if (order == 1) return digest(dx);
              double_backward(f, {x, shape}, {dy, half}, {v, shape}, 1, {y, half}, {dx, shape},
                              {.threads = t});
              return digest(y, dx);
            });
          }};
}

Family random(const RandomActivation& f) {
  return {to_string(f), [f](Type type, int order, const InputSet& set, Threads t) {
            return for_shapes(type, set, [&]<class T>(std::size_t n, std::size_t columns) {
              const auto x = numbers<T>(n * columns, 7);
              const auto dy = numbers<T>(x.size(), 8);
              std::vector<T> y(x.size());
              const Noise noise = {42, order == 2 ? 5U : 0U};
              if (order == 1) {
                backward(f, x, dy, noise, y, t);
              } else {
                forward(f, x, noise, y, t);
              }
              return digest(y);
            });
          }};
}

Family random_row(const RandomRow& f) {
  return {to_string(f), [f](Type type, int order, const InputSet& set, Threads t) {
            return for_shapes(type, set, [&]<class T>(std::size_t n, std::size_t columns) {
              const Shape shape = {n, columns};
              const auto x = numbers<T>(n * columns, 14);
              const auto dy = numbers<T>(x.size(), 15);
              std::vector<T> y(x.size());
              const Noise noise = {42, order == 2 ? 5U : 0U};
              if (order == 1) {
                backward(f, {x, shape}, {dy, shape}, 1, noise, {y, shape}, {.threads = t});
              } else {
                forward(f, {x, shape}, 1, noise, {y, shape}, {.threads = t});
              }
              return digest(y);
            });
          }};
}

Family prelu_by_channel() {
  return {"prelu", [](Type type, int order, const InputSet& set, Threads t) {
            return for_shapes(type, set, [&]<class T>(std::size_t n, std::size_t columns) {
              const Shape shape = {n, columns};
              const auto x = numbers<T>(n * columns, 9);
              const auto dy = numbers<T>(x.size(), 10);
              const auto v = numbers<T>(x.size(), 11);
              const auto weight = numbers<T>(columns, 12);
              std::vector<T> y(x.size()), dx(x.size()), dweight(columns);
              if (order == 0) {
                prelu({x, shape}, weight, {y, shape}, t);
                return digest(y);
              }
              if (order == 1) {
                prelu_backward({x, shape}, weight, {dy, shape}, {dx, shape}, dweight, t);
              } else {
                prelu_double_backward({x, shape}, weight, {dy, shape}, {v, shape}, weight,
                                      {y, shape}, {dx, shape}, dweight, t);
              }
              return digest(y, dx, dweight);
            });
          }};
}

Family by_parameters(const Activation& f) {
  return {to_string(f) + " by parameters",
          [f](Type type, int order, const InputSet& set, Threads t) {
            const auto k = static_cast<std::size_t>(order);
            if (k >= learnable_parameters(f).size()) return std::uint64_t{0};
            return for_shapes(type, set, [&]<class T>(std::size_t n, std::size_t columns) {
              const auto x = numbers<T>(n * columns, 13);
              std::vector<T> dydp(x.size());
              parameter_derivative(f, k, x, dydp, t);
              return digest(dydp);
            });
          }};
}

}  // namespace

std::vector<Family> families() {
  std::vector<Family> all = row_families();
  for (const FunctionInfo& f : catalogue(Kind::gate)) {
    all.push_back(gate(std::get<Gate>(f.example)));
  }
  for (const Gate& f : {Gate(Geglu{Gelu::Approximate::tanh}), Gate(Swiglu{1.3})}) {
    all.push_back(gate(f));
  }
  for (const auto& f : examples<RandomActivation>()) all.push_back(random(f));
  for (const auto& f : examples<RandomRow>()) all.push_back(random_row(f));
  all.push_back(prelu_by_channel());
  for (const Activation& f : instances()) {
    if (!learnable_parameters(f).empty()) all.push_back(by_parameters(f));
  }
  return all;
}

}  // namespace actfn::hashes
