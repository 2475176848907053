// SPDX-License-Identifier: Apache-2.0
// Gates change no bit with the layout: any axis, packing and strides, in place or not, any
// instruction set, any number of threads.
#include <actfn/gated.h>

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "elements.h"
#include "gated/kernels/gating.h"
#include "instances.h"
#include "kernels/interleaving.h"
#include "placed.h"
#include "targets.h"
#include "threads.h"

namespace actfn {
namespace {

using testing::bits;
using testing::describe;
using testing::drawn;
using testing::elements;
using testing::kLayouts;
using testing::Layout;
using testing::Placed;
using testing::whole_index;

// The shape of y, the halves; some with rows that are gathered, turned, or long.
const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = {{1},           {7},
                                         {600},         {3, 5},
                                         {2, 300},      {300, 2},
                                         {5, 1},        {3, 70, 2},
                                         {2, 3, 70},    {2, 3, 4, 5},
                                         {1, 65, 3, 1}, {0, 3},
                                         {4, 0},        {2, 1, 2, 1, 2, 1, 2, 3}};
  return all;
}

Shape packed_shape(Shape half, std::size_t axis) {
  half[axis] *= 2;
  return half;
}

// Operands in the order of their indices.
template <Element T>
struct Flat {
  std::vector<T> a, b, dy, va, vb;

  explicit Flat(std::size_t n)
      : a(drawn<T>(n, 1)),
        b(drawn<T>(n, 2)),
        dy(drawn<T>(n, 3)),
        va(drawn<T>(n, 4)),
        vb(drawn<T>(n, 5)) {}
};

template <Element T>
struct Results {
  std::vector<T> y, da, db, for_dy, for_a, for_b;

  explicit Results(std::size_t n) : y(n), da(n), db(n), for_dy(n), for_a(n), for_b(n) {}
};

template <class T>
std::vector<T> joined(std::vector<T> a, const std::vector<T>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// From contiguous arrays of one dimension, one half behind the other.
template <Element T>
Results<T> plain(const Gate& gate, const Flat<T>& in) {
  const std::size_t n = in.a.size();
  Results<T> out(n);
  const auto x = joined(in.a, in.b);
  forward(gate, in.a, in.b, out.y);
  backward(gate, in.a, in.b, in.dy, out.da, out.db);
  std::vector<T> for_x(2 * n);
  double_backward(gate, x, in.dy, joined(in.va, in.vb), 0, out.for_dy, for_x);
  out.for_a.assign(for_x.begin(), for_x.begin() + static_cast<std::ptrdiff_t>(n));
  out.for_b.assign(for_x.begin() + static_cast<std::ptrdiff_t>(n), for_x.end());
  return out;
}

template <Element T>
std::vector<T> packed(const Shape& half, std::size_t axis, Packing packing, const std::vector<T>& a,
                      const std::vector<T>& b) {
  std::vector<T> x(2 * a.size());
  const bool interleaved = packing == Packing::interleaved;
  for (std::size_t i = 0; i < a.size(); ++i) {
    x[whole_index(half, axis, 2, 0, interleaved, i)] = a[i];
    x[whole_index(half, axis, 2, 1, interleaved, i)] = b[i];
  }
  return x;
}

struct Place {
  Shape half;
  std::size_t axis;
  Packing packing;
  Layout in, out;
};

template <Element T>
void check_packed(const Gate& gate, const Place& place, const Flat<T>& in, const Results<T>& want) {
  const auto pack = [&](const std::vector<T>& a, const std::vector<T>& b) {
    return packed(place.half, place.axis, place.packing, a, b);
  };
  const Shape whole = packed_shape(place.half, place.axis);
  const auto axis = static_cast<int>(place.axis);
  const GateOptions options{.packing = place.packing, .threads = {}};
  Placed<T> x(whole, place.in, pack(in.a, in.b)), dy(place.half, place.in, in.dy);
  Placed<T> v(whole, place.in, pack(in.va, in.vb));
  Placed<T> y(place.half, place.out), dx(whole, place.out), for_dy(place.half, place.out),
      for_x(whole, place.out);
  forward(gate, x.tensor(), axis, y.tensor(), options);
  backward(gate, x.tensor(), dy.tensor(), axis, dx.tensor(), options);
  double_backward(gate, x.tensor(), dy.tensor(), v.tensor(), axis, for_dy.tensor(), for_x.tensor(),
                  options);
  const std::string at =
      to_string(gate) + " " + kTypeName<T> + " " + describe(place.half, place.axis, place.in);
  EXPECT_EQ(bits(y.values()), bits(want.y)) << at;
  EXPECT_EQ(bits(dx.values()), bits(pack(want.da, want.db))) << at;
  EXPECT_EQ(bits(for_dy.values()), bits(want.for_dy)) << at;
  EXPECT_EQ(bits(for_x.values()), bits(pack(want.for_a, want.for_b))) << at;
  EXPECT_TRUE(y.gaps_intact() && dx.gaps_intact() && for_dy.gaps_intact() && for_x.gaps_intact())
      << at;
  // In place.
  double_backward(gate, x.tensor(), dy.tensor(), v.tensor(), axis, for_dy.tensor(), v.tensor(),
                  options);
  EXPECT_EQ(bits(v.values()), bits(for_x.values())) << at;
  backward(gate, x.tensor(), dy.tensor(), axis, x.tensor(), options);
  EXPECT_EQ(bits(x.values()), bits(dx.values())) << at;
}

template <Element T>
void check_separate(const Gate& gate, const Shape& shape, Layout layout, const Flat<T>& in,
                    const Results<T>& want) {
  Placed<T> a(shape, layout, in.a), b(shape, Layout::gapped, in.b), dy(shape, layout, in.dy);
  Placed<T> y(shape, layout), da(shape, Layout::dense), db(shape, layout);
  forward(gate, a.tensor(), b.tensor(), y.tensor());
  backward(gate, a.tensor(), b.tensor(), dy.tensor(), da.tensor(), db.tensor());
  EXPECT_EQ(bits(y.values()), bits(want.y)) << to_string(gate);
  EXPECT_EQ(bits(da.values()), bits(want.da)) << to_string(gate);
  EXPECT_EQ(bits(db.values()), bits(want.db)) << to_string(gate);
  // In place, the gradients in each other's array.
  Placed<T> ya(shape, layout, in.a), yb(shape, Layout::gapped, in.b);
  forward(gate, ya.tensor(), b.tensor(), ya.tensor());
  forward(gate, a.tensor(), yb.tensor(), yb.tensor());
  EXPECT_EQ(bits(ya.values()), bits(want.y)) << to_string(gate);
  EXPECT_EQ(bits(yb.values()), bits(want.y)) << to_string(gate);
  backward(gate, a.tensor(), b.tensor(), dy.tensor(), b.tensor(), a.tensor());
  EXPECT_EQ(bits(b.values()), bits(want.da)) << to_string(gate);
  EXPECT_EQ(bits(a.values()), bits(want.db)) << to_string(gate);
}

template <Element T>
void check_layouts(const Gate& gate, const Shape& half) {
  const Flat<T> in(elements(half));
  const Results<T> want = plain(gate, in);
  for (const Layout layout : kLayouts) {
    check_separate(gate, half, layout, in, want);
    const Layout out = layout == Layout::reversed ? Layout::dense : layout;
    for (std::size_t axis = 0; axis < half.count(); ++axis) {
      for (const Packing packing : {Packing::halves, Packing::interleaved}) {
        check_packed(gate, {half, axis, packing, layout, out}, in, want);
      }
    }
  }
}

TEST(GatedLayout, ChangesNoBit) {
  for (const Shape& half : shapes()) {
    for (const Gate& gate : {Gate(Glu{}), Gate(ClampedSwiglu{})}) {
      testing::for_each_type([&]<class T>() { check_layouts<T>(gate, half); });
    }
  }
}

TEST(GatedLayout, ChangesNoBitOfAnyGate) {
  for (const Gate& gate : testing::examples<Gate>()) {
    check_layouts<float>(gate, {3, 70});
    check_layouts<bfloat16>(gate, {3, 70});
  }
}

TEST(GatedLayout, NegativeAxesCountFromTheEnd) {
  const auto x = drawn<float>(24, 1);
  std::vector<float> y(12), z(12);
  forward(Glu{}, {x, {2, 4, 3}}, -2, {y, {2, 2, 3}});
  forward(Glu{}, {x, {2, 4, 3}}, 1, {z, {2, 2, 3}});
  EXPECT_EQ(y, z);
  const std::vector<float> rows = {1, 2, 3, 4, 5, 6, 7, 8};
  std::vector<float> products(4);
  forward(Bilinear{}, {rows, {2, 4}}, -1, {products, {2, 2}});
  EXPECT_EQ(products, (std::vector<float>{3, 8, 35, 48}));
  forward(Bilinear{}, {rows, {2, 4}}, -1, {products, {2, 2}},
          {.packing = Packing::interleaved, .threads = {}});
  EXPECT_EQ(products, (std::vector<float>{2, 12, 30, 56}));
}

template <class T>
std::vector<T> all_results(const gated::Gating& gating, const Flat<T>& in, std::size_t n) {
  Results<T> out(n);
  gating.forward(in.a.data(), in.b.data(), out.y.data(), n);
  gating.backward<T>({in.a.data(), in.b.data(), in.dy.data(), out.da.data(), out.db.data()}, n);
  gating.double_backward<T>({in.a.data(), in.b.data(), in.dy.data(), in.va.data(), in.vb.data(),
                             out.for_dy.data(), out.for_a.data(), out.for_b.data()},
                            n);
  auto all = out.y;
  for (const auto* one : {&out.da, &out.db, &out.for_dy, &out.for_a, &out.for_b}) {
    all = joined(all, *one);
  }
  return all;
}

// NaN counts as NaN, whatever its bits.
template <class T>
void expect_same(const std::vector<T>& got, const std::vector<T>& want, const std::string& what) {
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_TRUE(bits(got[i]) == bits(want[i]) || (std::isnan(got[i]) && std::isnan(want[i])))
        << what << " at " << i << ": " << got[i] << " for " << want[i];
  }
}

template <class T>
void check_targets(const Gate& gate) {
  Flat<T> in(1100);
  const auto specials = testing::specials<T>();
  for (std::size_t i = 0; i < specials.size(); ++i) {
    for (std::size_t k = 0; k < specials.size(); ++k) {
      in.a[200 + i * specials.size() + k] = specials[i];
      in.b[200 + i * specials.size() + k] = specials[k];
    }
  }
  const auto targets = testing::running_targets();
  for (const std::size_t n : {1U, 2U, 3U, 15U, 17U, 64U, 513U, 1100U}) {
    const auto want = all_results(gated::Gating(gate, kTypeOf<T>, targets.front()), in, n);
    for (const auto target : targets) {
      expect_same(all_results(gated::Gating(gate, kTypeOf<T>, target), in, n), want,
                  to_string(gate) + " " + std::string(testing::name_of(target)));
    }
  }
}

TEST(GatedTargets, GiveTheSameBits) {
  for (const Gate& gate : testing::instances<Gate>()) {
    check_targets<float>(gate);
    check_targets<double>(gate);
  }
}

template <class T>
void check_interleaving() {
  std::vector<T> x(2 * 67);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<T>(i);
  for (const auto target : testing::running_targets()) {
    const auto& all = kernels::interleaving(target).of<T>();
    for (std::size_t n = 0; n <= 67; ++n) {
      std::vector<T> a(n), b(n), again(2 * n);
      all.deinterleave(x.data(), a.data(), b.data(), n);
      all.interleave(a.data(), b.data(), again.data(), n);
      for (std::size_t i = 0; i < n; ++i) EXPECT_TRUE(a[i] == x[2 * i] && b[i] == x[2 * i + 1]);
      EXPECT_TRUE(std::equal(again.begin(), again.end(), x.begin()));
    }
  }
}

TEST(GatedTargets, InterleaveAlike) {
  check_interleaving<float>();
  check_interleaving<double>();
  check_interleaving<std::uint16_t>();
}

template <class T>
void check_threads(const Gate& gate, std::size_t elements, std::size_t rows, Packing packing) {
  const std::size_t columns = elements / rows + 3;
  const auto few = drawn<T>(4099, 1);
  std::vector<T> x(2 * rows * columns), dy(rows * columns);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = few[i % few.size()];
  for (std::size_t i = 0; i < dy.size(); ++i) dy[i] = few[(i + 77) % few.size()];
  const auto run = [&](int threads) {
    std::vector<T> y(dy.size()), dx(x.size());
    const GateOptions options{packing, Threads{threads}};
    forward(gate, {x, {rows, 2 * columns}}, 1, {y, {rows, columns}}, options);
    backward(gate, {x, {rows, 2 * columns}}, {dy, {rows, columns}}, 1, {dx, {rows, 2 * columns}},
             options);
    return joined(std::move(y), dx);
  };
  const auto want = run(1);
  for (const int threads : {2, 7}) {
    const auto got = run(threads);
    EXPECT_EQ(std::memcmp(got.data(), want.data(), got.size() * sizeof(T)), 0)
        << to_string(gate) << ", " << threads << " threads";
  }
}

TEST(GatedThreads, ChangeNoBit) {
  check_threads<float>(Reglu{}, 2 * testing::kLightElementsPerThread, 3, Packing::halves);
  check_threads<float>(Swiglu{}, 7 * testing::kElementsPerThread, 100, Packing::interleaved);
  check_threads<bfloat16>(Glu{}, 7 * testing::kElementsPerThread, 3000, Packing::halves);
}

}  // namespace
}  // namespace actfn
