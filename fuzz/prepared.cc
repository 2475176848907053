// SPDX-License-Identifier: Apache-2.0
// Prepared calls give the bits of the others.
#include <actfn/actfn.h>

#include <string>
#include <vector>

#include "kernels/type.h"
#include "support/drawn.h"
#include "support/forced.h"
#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

// Arrays of T, and the results of both ways.
template <class T>
struct Arrays {
  std::size_t n;
  std::vector<T> a, b, c, got, got_too, wanted, wanted_too;

  Arrays(Stream& in, std::size_t size)
      : n(size),
        a(drawn(in)),
        b(drawn(in)),
        c(drawn(in)),
        got(size),
        got_too(size),
        wanted(size),
        wanted_too(size) {}

  void require_same(const std::string& what) const {
    for (std::size_t i = 0; i < n; ++i) {
      const auto same = [&](const std::vector<T>& v, const std::vector<T>& w) {
        return same_number(kTypeOf<T>, reinterpret_cast<const std::byte*>(&v[i]),
                           reinterpret_cast<const std::byte*>(&w[i]));
      };
      if (!same(got, wanted) || !same(got_too, wanted_too))
        fail(what + ", element " + std::to_string(i));
    }
  }

 private:
  std::vector<T> drawn(Stream& in) const {
    Drawn numbers(kTypeOf<T>, {n});
    numbers.fill(in);
    std::vector<T> all;
    for (std::size_t i = 0; i < n; ++i) all.push_back(numbers.at<T>(i));
    return all;
  }
};

// How the prepared calls are made.
struct Way {
  Choices choices;
  Threads threads;
};

template <class T>
void compare(const Activation& f, Stream& in, const Way& way) {
  Arrays<T> all(in, in.below(150));
  const std::string name = to_string(f);
  {
    const Forced forced(way.choices);
    const PreparedActivation<T> prepared(f, way.threads);
    prepared.forward(all.a.data(), all.got.data(), all.n);
    prepared.derivative(all.a.data(), all.got_too.data(), all.n);
  }
  forward(f, all.a, all.wanted);
  derivative(f, all.a, all.wanted_too);
  all.require_same(name + " forward, derivative");
  const Forced forced(way.choices);
  PreparedActivation<T>(f, way.threads).backward(all.a.data(), all.b.data(), all.got.data(), all.n);
  backward(f, all.a, all.b, all.wanted);
  all.require_same(name + " backward");
}

template <class T>
void compare(const RowActivation& f, Stream& in, const Way& way) {
  if constexpr (sizeof(T) >= 4) {
    const std::size_t rows = in.below(6);
    const std::size_t length = in.below(40);
    Arrays<T> all(in, rows * length);
    {
      const Forced forced(way.choices);
      const PreparedRows<T> prepared(f, length, way.threads);
      prepared.forward(all.a.data(), all.got.data(), rows);
      prepared.backward(all.got.data(), all.b.data(), all.got_too.data(), rows);
    }
    const Shape shape = {rows, length};
    forward(f, {all.a, shape}, -1, {all.wanted, shape});
    backward(f, {all.wanted, shape}, {all.b, shape}, -1, {all.wanted_too, shape});
    all.require_same(to_string(f));
  }
}

template <class T>
void compare(const Gate& f, Stream& in, const Way& way) {
  Arrays<T> all(in, in.below(150));
  {
    const Forced forced(way.choices);
    const PreparedGate<T> prepared(f, way.threads);
    prepared.forward(all.a.data(), all.b.data(), all.got.data(), all.n);
  }
  forward(f, all.a, all.b, all.wanted);
  all.require_same(to_string(f) + " forward");
  {
    const Forced forced(way.choices);
    PreparedGate<T>(f, way.threads)
        .backward(all.a.data(), all.b.data(), all.c.data(), all.got.data(), all.got_too.data(),
                  all.n);
  }
  backward(f, all.a, all.b, all.c, all.wanted, all.wanted_too);
  all.require_same(to_string(f) + " backward");
}

template <class T, class List>
void compare(const List& /*f*/, Stream& /*in*/, const Way& /*way*/) {}  // is not prepared

void check(Stream in) {
  constexpr Kind kKinds[] = {Kind::elementwise, Kind::row, Kind::gate};
  const auto f = draw_function(in, in.one_of(kKinds));
  if (!f) return;
  const auto type = static_cast<Type>(in.below(4));
  const Way way = {{in.one_of(running_targets()), true},
                   in.below(2) == 0 ? Threads{} : Threads{3, &kBackwards}};
  kernels::for_type(type, [&]<class T>() {
    std::visit([&](const auto& list) { compare<T>(list, in, way); }, *f);
  });
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
