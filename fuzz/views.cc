// SPDX-License-Identifier: Apache-2.0
// Calls with views of all sorts in one piece of memory: shapes that don't fit, other types, extreme
// lengths and strides, overlaps. A call throws Error and leaves all memory as it was, or it writes
// what it writes to memory of its own, and nothing else.
#include "every_operation.h"

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "kernels/type.h"
#include "support/drawn.h"
#include "support/forced.h"
#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

constexpr std::size_t kBytes = 2048;
constexpr std::size_t kMostElements = 4096;

__extension__ using Whole = __int128;

struct View {
  Type type;
  Shape shape;
  Strides strides;
  std::size_t first;  // the address of the element 0, 0, … in bytes

  Tensor over(std::vector<std::byte>& memory) const {
    return {memory.data() + first, type, shape, strides};
  }
  Whole size() const {
    Whole n = 1;
    for (const std::size_t length : shape) n = n > kMostElements ? n : n * length;
    return std::ranges::count(shape, 0U) > 0 ? 0 : n;
  }
  bool fits() const {
    if (size() == 0) return true;
    Whole least = first, most = first;
    const auto width = static_cast<Whole>(kernels::size_of(type));
    for (std::size_t k = 0; k < shape.count(); ++k) {
      const Whole reach = static_cast<Whole>(shape[k] - 1) * strides[k];
      if (reach < -Whole(kBytes) || reach > Whole(kBytes)) return false;
      (reach < 0 ? least : most) += reach * width;
    }
    return least >= 0 && most + width <= Whole(kBytes);
  }
  // The addresses in row-major order.
  std::vector<std::size_t> places() const {
    std::vector<std::size_t> all(static_cast<std::size_t>(size()));
    for (std::size_t i = 0; i < all.size(); ++i) {
      std::ptrdiff_t at = 0;
      std::size_t rest = i;
      for (std::size_t k = shape.count(); k-- > 0; rest /= shape[k]) {
        at += static_cast<std::ptrdiff_t>(rest % shape[k]) * strides[k];
      }
      const auto width = static_cast<std::ptrdiff_t>(kernels::size_of(type));
      all[i] = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(first) + at * width);
    }
    return all;
  }
};

Shape changed(Stream& in, Shape shape) {
  constexpr std::size_t kLengths[] = {0,   1,          2,          3,          5,          8,
                                      513, 1UL << 31U, 1UL << 32U, 1UL << 62U, ~0UL >> 1U, ~0UL};
  if (shape.count() > 0 && in.below(4) > 0) {
    shape[in.below(shape.count())] = in.one_of(kLengths);
    return shape;
  }
  std::vector<std::size_t> lengths(shape.begin(), shape.end());
  lengths.resize(in.below(kMaxDimensions + 1), in.one_of(kLengths));
  return Shape(std::span<const std::size_t>(lengths));
}

Strides draw_strides(Stream& in, const Shape& shape) {
  constexpr std::ptrdiff_t kMost = std::numeric_limits<std::ptrdiff_t>::max();
  constexpr std::ptrdiff_t kStrides[] = {0, 1, -1,        2,     3,      -3,
                                         7, 8, 1L << 40U, kMost, -kMost, -kMost - 1};
  Strides strides(std::vector<std::ptrdiff_t>(shape.count()));
  std::size_t next = 1;
  const std::size_t gap = in.below(3);
  for (std::size_t k = shape.count(); k-- > 0;) {
    strides[k] = static_cast<std::ptrdiff_t>(next);
    next *= shape[k];
    if (k + 1 == shape.count()) next += gap;
    if (in.once_in(8)) strides[k] = in.one_of(kStrides);
  }
  return strides;
}

View draw_view(Stream& in, Type type, const Shape& right) {
  if (in.once_in(16)) type = static_cast<Type>(in.below(4));
  const Shape shape = in.once_in(8) ? changed(in, right) : right;
  const std::size_t width = kernels::size_of(type);
  const std::size_t first = in.below(kBytes / 8 + 1) * (in.below(2) == 0 ? 8 : width);
  return {type, shape, draw_strides(in, shape), std::min(first, kBytes)};
}

std::vector<std::byte> draw_memory(Stream& in) {
  std::vector<std::byte> memory(kBytes);
  std::minstd_rand random(in.take<std::uint16_t>() + 1U);
  // The upper half of a float32: near 1 in any of the types.
  for (std::size_t i = 0; i < kBytes; ++i) {
    memory[i] = static_cast<std::byte>(i % 2 == 0 ? random() : 0x3C + random() % 4);
  }
  return memory;
}

Drawn dense(const View& view, const std::vector<std::byte>& memory) {
  Drawn copy(view.type, view.shape);
  const auto places = view.places();
  for (std::size_t i = 0; i < places.size(); ++i) {
    std::copy_n(memory.data() + places[i], kernels::size_of(view.type), copy.address(i));
  }
  return copy;
}

struct Case {
  testing::Operation operation;
  std::string name;
  std::vector<View> in, out;
};

void run(const Case& c, std::vector<std::byte>& memory) {
  std::vector<ConstTensor> in;
  std::vector<Tensor> out;
  for (const View& view : c.in) in.push_back(view.over(memory));
  for (const View& view : c.out) out.push_back(view.over(memory));
  c.operation.run(in, out);
}

// The call with memory of its own for each view, and its results put in their places.
void run_apart(const Case& c, std::vector<std::byte>& memory) {
  std::vector<Drawn> owners;
  std::vector<ConstTensor> in;
  std::vector<Tensor> out;
  owners.reserve(c.in.size() + c.out.size());
  for (const View& view : c.in) in.push_back(owners.emplace_back(dense(view, memory)).tensor());
  for (const View& view : c.out) out.push_back(owners.emplace_back(view.type, view.shape).tensor());
  c.operation.run(in, out);
  for (std::size_t k = 0; k < c.out.size(); ++k) {
    const Drawn& own = owners[c.in.size() + k];
    const auto places = c.out[k].places();
    for (std::size_t i = 0; i < places.size(); ++i) {
      std::copy_n(own.address(i), kernels::size_of(own.type()), memory.data() + places[i]);
    }
  }
}

void require_same(const Case& c, const std::vector<std::byte>& got,
                  const std::vector<std::byte>& wanted) {
  if (got == wanted) return;
  std::vector<bool> is_number(kBytes);
  for (const View& view : c.out) {
    for (const std::size_t at : view.places()) {
      require(same_number(view.type, got.data() + at, wanted.data() + at),
              c.name + ": another result than in memory of its own");
      std::fill_n(is_number.begin() + static_cast<std::ptrdiff_t>(at), kernels::size_of(view.type),
                  true);
    }
  }
  for (std::size_t i = 0; i < kBytes; ++i) {
    require(is_number[i] || got[i] == wanted[i], c.name + " writes what is not its own");
  }
}

// None where a view does not lie in the memory; its construction must be defined all the same.
bool draw_views(Stream& in, Case& c, Type type) {
  for (const Shape& shape : c.operation.inputs) c.in.push_back(draw_view(in, type, shape));
  for (const Shape& shape : c.operation.outputs) {
    const bool in_place = in.below(4) == 0;
    c.out.push_back(in_place ? in.one_of(c.in) : draw_view(in, type, shape));
  }
  std::vector<std::byte> memory(kBytes);
  bool all = true;
  for (const auto* views : {&c.in, &c.out}) {
    for (const View& view : *views) {
      all = error_of([&] { view.over(memory); }).empty() && all;
      all = all && view.size() <= Whole(kMostElements) && view.fits();
    }
  }
  return all;
}

void check(Stream in) {
  const auto f = draw_function(in);
  if (!f) return;
  const auto type = static_cast<Type>(in.below(4));
  const Shape shape = draw_shape(in);
  const int axis = static_cast<int>(in.below(shape.count()));
  std::vector<testing::Operation> all;
  error_of([&] { all = testing::operations_of(*f, shape, axis, {2, &kBackwards}); });
  if (all.empty()) return;
  Case c = {in.one_of(all), "", {}, {}};
  if (c.operation.name == "parameter_gradient") return;  // its result is no tensor
  c.name = to_string(*f) + ", " + c.operation.name;
  if (!draw_views(in, c, type)) return;
  const Forced forced({in.one_of(running_targets()), true});
  std::vector<std::byte> memory = draw_memory(in);
  const std::vector<std::byte> before = memory;
  if (!error_of([&] { run(c, memory); }).empty()) {
    return require(memory == before, c.name + " writes, then throws");
  }
  std::vector<std::byte> wanted = before;
  run_apart(c, wanted);
  require_same(c, memory, wanted);
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
