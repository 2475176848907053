// SPDX-License-Identifier: Apache-2.0
// What functions of rows refuse, before anything is written; and how they are spelled.
#include <actfn/rows.h>
#include <gtest/gtest.h>

#include <cmath>

#include "instances.h"
#include "messages.h"

namespace actfn {
namespace {

using testing::message;

constexpr float kUntouched = 7;

class RowErrors : public ::testing::Test {
 protected:
  std::vector<float> x_ = std::vector<float>(12, 1), y_ = std::vector<float>(12, kUntouched);
  Shape shape_ = {3, 4};

  // Of softmax of x_, 3x4.
  std::string of(int axis, const RowOptions& options = {}, const RowActivation& f = Softmax{}) {
    return message([&] { forward(f, {x_, shape_}, axis, {y_, shape_}, options); });
  }
  void TearDown() override { EXPECT_EQ(y_, std::vector<float>(12, kUntouched)); }
};

TEST_F(RowErrors, Axis) {
  EXPECT_EQ(of(2), "[softmax] axis 2 is out of range: x has the shape 3x4");
  EXPECT_EQ(of(-3, {}, Hardmax{}), "[hardmax] axis -3 is out of range: x has the shape 3x4");
}

TEST_F(RowErrors, ShapesAndTypes) {
  EXPECT_EQ(message([&] {
              softmax({x_, shape_}, 0, {y_, {4, 3}});
            }),
            "[softmax] y has the shape 4x3, x has 3x4");
  std::vector<double> wide(12);
  EXPECT_EQ(message([&] {
              log_softmax({wide, shape_}, 0, {y_, shape_});
            }),
            "[log_softmax] y is float32, x is float64");
  EXPECT_EQ(message([&] {
              backward(Sparsemax{}, {x_, shape_}, {x_, {4, 3}}, 0, {y_, shape_});
            }),
            "[sparsemax] dy has the shape 4x3, y has 3x4");
  EXPECT_EQ(message([&] {
              logsumexp({x_, shape_}, 1, {y_, {4, 3}});
            }),
            "[logsumexp] y has the shape 4x3, 3x1 is needed, or that without the axis");
  EXPECT_EQ(message([&] {
              logmeanexp({x_, shape_}, 0, {y_, shape_});
            }),
            "[logmeanexp] y has the shape 3x4, 1x4 is needed, or that without the axis");
  EXPECT_EQ(message([&] {
              softmax1_sink_backward({}, {x_, shape_}, {x_, shape_}, 1, {y_, shape_});
            }),
            "[softmax1] dsink has the shape 3x4, 3x1 is needed, or that without the axis");
  EXPECT_EQ(message([&] {
              softmax2d({x_, shape_}, {y_, shape_});
            }),
            "[softmax2d] x must have 3 or 4 dimensions, its shape is 3x4");
}

TEST_F(RowErrors, Masks) {
  const std::vector<std::uint8_t> mask(24, 1);
  const auto with = [&](const Shape& shape) {
    return of(0, {.mask = ConstMask(mask.data(), shape)});
  };
  EXPECT_EQ(with({3}), "[softmax] mask has the shape 3, which does not broadcast to x's 3x4");
  EXPECT_EQ(with({2, 3, 4}),
            "[softmax] mask has the shape 2x3x4, which does not broadcast to x's 3x4");
}

TEST_F(RowErrors, Overlap) {
  std::vector<float> room(13, 1);
  EXPECT_EQ(message([&] {
              softmax({room.data(), shape_}, 0, {room.data() + 1, shape_});
            }),
            "[softmax] y overlaps x: they must be the same or separate");
  EXPECT_EQ(message([&] {
              softmax({room.data(), shape_}, 0, {room.data(), shape_, {1, 3}});
            }),
            "[softmax] y overlaps x: they must be the same or separate");
  EXPECT_EQ(message([&] {
              softmax({x_, shape_}, 0, {room.data(), shape_, {0, 1}});
            }),
            "[softmax] y has two elements at one address");
  EXPECT_EQ(message([&] { double_backward(Softmax{}, x_, x_, x_, 0, y_, y_); }),
            "[softmax] for_x overlaps for_dy: they must be separate");
  EXPECT_EQ(room, std::vector<float>(13, 1));
}

TEST_F(RowErrors, Threads) {
  EXPECT_EQ(of(0, {.threads = {-1}}), "[softmax] threads must not be negative, got -1");
}

TEST_F(RowErrors, Parameters) {
  EXPECT_EQ(of(0, {}, Softmax{0}), "[softmax] temperature must be finite and positive, got 0");
  EXPECT_EQ(of(0, {}, Softmin{NAN}), "[softmin] temperature must be finite and positive, got nan");
  EXPECT_EQ(of(0, {}, LogSoftmax{1e40}),
            "[log_softmax] temperature must be finite and positive, got 1e+40 (inf as float32)");
  EXPECT_EQ(of(0, {}, Softmax1{INFINITY}), "[softmax1] sink must be finite, got inf");
  EXPECT_EQ(of(0, {}, Entmax{0.5}), "[entmax] alpha must be finite and at least 1, got 0.5");
}

TEST(ParseRowActivation, ReadsWhatToStringWrites) {
  for (const auto& f : testing::instances<RowActivation>()) {
    EXPECT_EQ(parse_row_activation(to_string(f)), f) << to_string(f);
  }
  for (const auto& f : testing::instances<RowReduction>()) {
    EXPECT_EQ(parse_row_reduction(to_string(f)), f) << to_string(f);
  }
  EXPECT_EQ(to_string(Softmax{}), "softmax");
  EXPECT_EQ(to_string(Entmax{1.2}), "entmax(alpha=1.2)");
  EXPECT_EQ(parse_row_activation(" softmin ( temperature = 2 ) "), RowActivation(Softmin{2}));
  EXPECT_EQ(parse_row_activation("hardmax()"), RowActivation(Hardmax{}));
}

std::string parsed(std::string_view spec) {
  return message([&] { (void)parse_row_activation(spec); });
}

TEST(ParseRowActivation, SaysWhatIsWrong) {
  EXPECT_EQ(parsed(""), "[parse] the name of a function is missing");
  EXPECT_EQ(parsed("LogSoftmaxx"),
            "[parse] unknown function 'LogSoftmaxx'; did you mean log_softmax?");
  EXPECT_EQ(parsed("softmax(temperature=2"), "[softmax] missing ')' in 'softmax(temperature=2'");
  EXPECT_EQ(parsed("softmax(temprature=2)"),
            "[softmax] no parameter 'temprature': it has temperature; did you mean temperature?");
  EXPECT_EQ(parsed("hardmax(alpha=2)"), "[hardmax] no parameter 'alpha': it has none");
  EXPECT_EQ(parsed("entmax(alpha)"), "[entmax] expected parameter=value, got 'alpha'");
  EXPECT_EQ(parsed("entmax(alpha=x)"), "[entmax] alpha must be a number, got 'x'");
  EXPECT_EQ(parsed("entmax(alpha=0)"), "[entmax] alpha must be finite and at least 1, got 0");
  EXPECT_EQ(parsed("entmax(alpha=2,alpha=3)"), "[entmax] alpha is given twice");
  EXPECT_EQ(message([] { (void)parse_row_reduction("softmax"); }),
            "[parse] softmax is a row function, where a reduction of rows is needed");
}

}  // namespace
}  // namespace actfn
