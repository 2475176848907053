// SPDX-License-Identifier: Apache-2.0
// What gates refuse, in one clear sentence and before anything is written; and gates as text.
#include <actfn/gated.h>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "messages.h"

namespace actfn {
namespace {

using testing::message;

// Outputs of 99, to see that nothing was written.
struct Arrays {
  std::vector<float> x = std::vector<float>(24, 1), dy = std::vector<float>(12, 1);
  std::vector<float> y = std::vector<float>(12, 99), dx = std::vector<float>(24, 99);

  bool untouched() const {
    return y == std::vector<float>(12, 99) && dx == std::vector<float>(24, 99);
  }
};

template <class F>
void expect_error(const char* want, F&& call) {
  Arrays arrays;
  EXPECT_EQ(message([&] { call(arrays); }), want);
  EXPECT_TRUE(arrays.untouched()) << want;
}

TEST(GatedErrors, AxisAndShapes) {
  expect_error("[glu] axis 1 of x has the odd length 3", [](Arrays& m) {
    forward(Glu{}, {m.x, {8, 3}}, 1, {m.y, {12, 1}});
  });
  expect_error("[glu] axis 2 is out of range: x has the shape 4x6", [](Arrays& m) {
    forward(Glu{}, {m.x, {4, 6}}, 2, {m.y, {4, 3}});
  });
  expect_error("[reglu] axis -3 is out of range: x has the shape 4x6", [](Arrays& m) {
    backward(Reglu{}, {m.x, {4, 6}}, {m.dy, {4, 3}}, -3, {m.dx, {4, 6}});
  });
  expect_error("[glu] x is a scalar: it has no axis to be halved", [](Arrays& m) {
    forward(Glu{}, ConstTensor(m.x.data(), Shape{}), 0, Tensor(m.y.data(), Shape{}));
  });
  expect_error("[glu] y has the shape 2x6, x's 4x6 halved along axis 1 is 4x3", [](Arrays& m) {
    forward(Glu{}, {m.x, {4, 6}}, 1, {m.y, {2, 6}});
  });
  expect_error("[geglu] dy has the shape 2x6, x's 4x6 halved along axis 1 is 4x3", [](Arrays& m) {
    backward(Geglu{}, {m.x, {4, 6}}, {m.dy, {2, 6}}, 1, {m.dx, {4, 6}});
  });
  expect_error("[geglu] dx has the shape 6x4, x has 4x6", [](Arrays& m) {
    backward(Geglu{}, {m.x, {4, 6}}, {m.dy, {4, 3}}, 1, {m.dx, {6, 4}});
  });
  expect_error("[bilinear] b has the shape 3x4, a has 12 elements", [](Arrays& m) {
    forward(Bilinear{}, m.dy, {m.dy, {3, 4}}, m.y);
  });
}

TEST(GatedErrors, DoubleBackward) {
  std::vector<float> v(24, 1);
  expect_error("[glu] for_dy has the shape 2x6, x's 4x6 halved along axis 1 is 4x3",
               [&](Arrays& m) {
                 double_backward(Glu{}, {m.x, {4, 6}}, {m.dy, {4, 3}}, {v, {4, 6}}, 1,
                                 {m.y, {2, 6}}, {m.dx, {4, 6}});
               });
  expect_error("[glu] v has 24 elements, x has the shape 4x6", [&](Arrays& m) {
    double_backward(Glu{}, {m.x, {4, 6}}, {m.dy, {4, 3}}, v, 1, {m.y, {4, 3}}, {m.dx, {4, 6}});
  });
  expect_error("[glu] for_x overlaps for_dy: they must be separate", [&](Arrays& m) {
    double_backward(Glu{}, {m.x, {4, 6}}, {m.dy, {4, 3}}, {v, {4, 6}}, 1,
                    {m.dx.data() + 12, {4, 3}}, {m.dx, {4, 6}});
  });
}

TEST(GatedErrors, TypesThreadsAndMemory) {
  std::vector<double> wide(12, 1);
  expect_error("[glu] y is float64, x is float32",
               [&](Arrays& m) { forward(Glu{}, m.x, 0, wide); });
  expect_error("[swiglu] b is float64, a is float32",
               [&](Arrays& m) { forward(Swiglu{}, m.dy, wide, m.y); });
  expect_error("[glu] threads must not be negative, got -1", [](Arrays& m) {
    forward(Glu{}, m.x, 0, m.y, {.packing = Packing::halves, .threads = {-1}});
  });
  expect_error("[glu] threads must not be negative, got -2",
               [](Arrays& m) { forward(Glu{}, m.dy, m.dy, m.y, Threads{-2}); });
  expect_error("[glu] y has two elements at one address",
               [](Arrays& m) { forward(Glu{}, m.x, 0, Tensor(m.y.data(), {12}, {0})); });
  expect_error("[glu] y overlaps x: they must be separate", [](Arrays& m) {
    forward(Glu{}, {m.dx, {24}}, 0, Tensor(m.dx.data(), 12));
  });
  expect_error("[glu] dx overlaps dy: they must be separate", [](Arrays& m) {
    backward(Glu{}, m.x, {m.dx.data() + 3, 12}, 0, m.dx);
  });
  expect_error("[glu] db overlaps da: they must be separate",
               [](Arrays& m) { backward(Glu{}, m.dy, m.dy, m.dy, m.y, m.y); });
  expect_error("[glu] y overlaps a: they must be the same or separate", [](Arrays& m) {
    forward(Glu{}, {m.dx.data() + 1, 12}, m.dy, {m.dx.data(), 12});
  });
}

TEST(GatedErrors, Parameters) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(message([&] { validate(Swiglu{nan}); }), "[swiglu] beta must be finite, got nan");
  EXPECT_EQ(message([] { validate(Swiglu{1e39}); }),
            "[swiglu] beta must be finite, got 1e+39 (inf as float32)");
  EXPECT_EQ(message([] { validate(ClampedSwiglu{.limit = 0}); }),
            "[clamped_swiglu] limit must be positive, got 0");
  EXPECT_EQ(message([&] { validate(SwigluStep{nan}); }),
            "[swiglu_step] limit must be positive, got nan");
  EXPECT_EQ(message([&] { validate(ClampedSwiglu{.alpha = -INFINITY}); }),
            "[clamped_swiglu] alpha must be finite, got -inf");
  EXPECT_EQ(message([] { validate(Geglu{static_cast<Gelu::Approximate>(2)}); }),
            "[geglu] approximate must be none or tanh, got 2");
  EXPECT_EQ(message([&] { validate(Gated{Elu{nan}}); }), "[elu] alpha must be finite, got nan");
  validate(ClampedSwiglu{.limit = INFINITY});
  expect_error("[swiglu] beta must be finite, got inf",
               [](Arrays& m) { forward(Swiglu{INFINITY}, m.x, 0, m.y); });
}

TEST(GateText, ReadsAndWrites) {
  const std::vector<std::pair<Gate, const char*>> pairs = {
      {Glu{}, "glu"},
      {Bilinear{}, "bilinear"},
      {Reglu{}, "reglu"},
      {Geglu{}, "geglu"},
      {Geglu{Gelu::Approximate::tanh}, "geglu(approximate=tanh)"},
      {Swiglu{}, "swiglu"},
      {Swiglu{1.5}, "swiglu(beta=1.5)"},
      {ClampedSwiglu{}, "clamped_swiglu"},
      {ClampedSwiglu{1, 0.1}, "clamped_swiglu(alpha=1,limit=0.1)"},
      {ClampedSwiglu{.limit = INFINITY}, "clamped_swiglu(limit=inf)"},
      {SwigluStep{}, "swiglu_step"},
      {SwigluStep{16}, "swiglu_step(limit=16)"},
      {Gated{Mish{}}, "gated(mish)"},
      {Gated{Elu{2}}, "gated(elu(alpha=2))"},
      {Gated{Threshold{0.1, 20.0}}, "gated(threshold(threshold=0.1,value=20))"}};
  for (const auto& [gate, spec] : pairs) {
    EXPECT_EQ(to_string(gate), spec);
    EXPECT_EQ(parse_gate(spec), gate) << spec;
  }
  EXPECT_EQ(parse_gate(" swiglu ( beta = 0x1p-1 ) "), Gate(Swiglu{0.5}));
  EXPECT_EQ(parse_gate("geglu(approximate=none)"), Gate(Geglu{}));
  EXPECT_EQ(parse_gate("glu()"), Gate(Glu{}));
}

TEST(GateText, SaysWhatIsWrong) {
  const std::vector<std::pair<const char*, const char*>> pairs = {
      {"", "[parse] the name of a function is missing"},
      {"SwiGLUs", "[parse] unknown function 'SwiGLUs'; did you mean swiglu?"},
      {"glu(", "[glu] missing ')' in 'glu('"},
      {"swiglu(1)", "[swiglu] expected parameter=value, got '1'"},
      {"swiglu(beta=x)", "[swiglu] beta must be a number, got 'x'"},
      {"swiglu(beta=nan)", "[swiglu] beta must be finite, got nan"},
      {"swiglu(beta=1,beta=1)", "[swiglu] beta is given twice"},
      {"swiglu(beta=1,)", "[swiglu] nothing follows the last ',' in 'beta=1,'"},
      {"swiglu(bta=1)", "[swiglu] no parameter 'bta': it has beta; did you mean beta?"},
      {"clamped_swiglu(l=1)", "[clamped_swiglu] no parameter 'l': it has alpha, limit"},
      {"glu(dim=1)", "[glu] no parameter 'dim': it has none"},
      {"geglu(approximate=erf)", "[geglu] approximate must be none or tanh, got 'erf'"},
      {"gated", "[gated] gate has no default: write for example gated(mish)"},
      {"gated(mich)", "[parse] unknown function 'mich'; did you mean mish?"},
      {"gated(elu(alpha=nan))", "[elu] alpha must be finite, got nan"}};
  for (const auto& [spec, want] : pairs) {
    EXPECT_EQ(message([&, text = spec] { parse_gate(text); }), want);
  }
}

}  // namespace
}  // namespace actfn
