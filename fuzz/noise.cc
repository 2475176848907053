// SPDX-License-Identifier: Apache-2.0
// Random functions: a part that is given its own position gets the noise of the whole.
#include <actfn/actfn.h>

#include <algorithm>
#include <string>

#include "support/drawn.h"
#include "support/forced.h"
#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

struct Arrays {
  Drawn x, dy, y, dx;
};

// `begin` elements of the arrays are before the part.
void run(const RandomActivation& f, Arrays& all, const Noise& noise, std::size_t begin,
         std::size_t end, const Threads& threads) {
  const auto part = [&](Drawn& array) {
    return Tensor(array.address(begin), array.type(), Shape{end - begin});
  };
  const Noise own = {.seed = noise.seed, .first = noise.first + begin};
  forward(f, part(all.x), own, part(all.y), threads);
  backward(f, part(all.x), part(all.dy), own, part(all.dx), threads);
}

void check(Stream in) {
  const auto drawn = draw_function(in, Kind::random);
  const auto* const f = drawn ? std::get_if<RandomActivation>(&*drawn) : nullptr;
  if (f == nullptr) return;
  const auto type = static_cast<Type>(in.below(4));
  const Shape shape = {1 + in.below(100)};
  Arrays whole = {{type, shape}, {type, shape}, {type, shape}, {type, shape}};
  whole.x.fill(in);
  whole.dy.fill(in);
  Arrays parts = whole;
  const Noise noise = {in.take<std::uint64_t>(), in.take<std::uint64_t>()};
  run(*f, whole, noise, 0, shape[0], {});
  const Forced forced({in.one_of(running_targets()), true});
  for (std::size_t begin = 0; begin < shape[0];) {
    const std::size_t end = std::min(shape[0], begin + 1 + in.below(40));
    run(*f, parts, noise, begin, end, {2, &kBackwards});
    begin = end;
  }
  for (std::size_t i = 0; i < shape[0]; ++i) {
    const bool same = same_number(type, whole.y.address(i), parts.y.address(i)) &&
                      same_number(type, whole.dx.address(i), parts.dx.address(i));
    if (!same) fail(to_string(*f) + ", element " + std::to_string(i));
  }
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
