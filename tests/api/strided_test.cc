// SPDX-License-Identifier: Apache-2.0
// Rows and columns of larger arrays: the bits of contiguous ones, and nothing between the elements
// is touched.
#include <gtest/gtest.h>

#include "calls.h"
#include "elements.h"
#include "instances.h"

namespace actfn {
namespace {

using testing::as;
using testing::bits;
using testing::Call;
using testing::for_each_type;

constexpr double kGap = 1.375;  // what stands between the elements

// How a matrix lies in memory.
struct Strides {
  const char* name;
  std::ptrdiff_t row, column;
  std::ptrdiff_t first;  // where element (0, 0) is
  std::size_t elements;  // of memory
};

std::vector<Strides> all_strides(std::size_t rows, std::size_t columns) {
  const auto r = static_cast<std::ptrdiff_t>(rows);
  const auto c = static_cast<std::ptrdiff_t>(columns);
  const std::size_t n = rows * columns;
  return {{"contiguous", c, 1, 0, n},
          {"every second column", 2 * c, 2, 0, 2 * n},
          {"transposed", 1, r, 0, n},
          {"within a larger matrix", c + 3, 1, c + 4, (rows + 2) * (columns + 3)},
          {"rows from the last", -c, 1, (r - 1) * c, n},
          {"columns from the last", c, -1, c - 1, n},
          {"all from the last, with gaps", -3 * c, -3, 3 * r * c - 1, 3 * n}};
}

template <class T>
class Matrix {
 public:
  Matrix(std::size_t rows, std::size_t columns, const Strides& strides)
      : memory_(strides.elements, as<T>(kGap)), rows_(rows), columns_(columns), s_(strides) {}

  Rows<T> view() { return {memory_.data() + s_.first, rows_, columns_, s_.row, s_.column}; }

  void set(const std::vector<T>& elements) {
    for (std::size_t i = 0; i < elements.size(); ++i) memory_[index(i)] = elements[i];
  }
  std::vector<T> elements() const {
    std::vector<T> all;
    for (std::size_t i = 0; i < rows_ * columns_; ++i) all.push_back(memory_[index(i)]);
    return all;
  }
  bool gaps_are_untouched() {
    set(std::vector<T>(rows_ * columns_, as<T>(kGap)));
    return bits(memory_) == bits(std::vector<T>(memory_.size(), as<T>(kGap)));
  }

 private:
  std::size_t index(std::size_t i) const {
    const auto row = static_cast<std::ptrdiff_t>(i / columns_);
    const auto column = static_cast<std::ptrdiff_t>(i % columns_);
    return static_cast<std::size_t>(s_.first + row * s_.row + column * s_.column);
  }

  std::vector<T> memory_;
  std::size_t rows_, columns_;
  Strides s_;
};

// Elements of the inputs, and of the outputs as contiguous arrays have them.
template <class T>
struct Expected {
  std::vector<std::vector<T>> in, out;

  Expected(const Activation& f, const Call& call, std::size_t n) {
    std::vector<ConstTensor> from;
    std::vector<Tensor> to;
    for (std::size_t k = 0; k < call.inputs; ++k) {
      in.push_back(testing::inputs<T>(n, 11 + static_cast<unsigned>(k)));
      if (k > 0) std::reverse(in[k].begin(), in[k].end());
      in[k].resize(n);
    }
    out.assign(call.outputs, std::vector<T>(n));
    for (const auto& x : in) from.emplace_back(x);
    for (auto& y : out) to.emplace_back(y);
    call.run(f, from, to, {});
  }
};

class Strided : public ::testing::TestWithParam<Activation> {
 protected:
  template <class T>
  static void check(const Call& call, std::size_t rows, std::size_t columns, const Strides& of_in,
                    const Strides& of_out) {
    const Expected<T> want(GetParam(), call, rows * columns);
    std::vector<Matrix<T>> in(call.inputs, Matrix<T>(rows, columns, of_in));
    std::vector<Matrix<T>> out(call.outputs, Matrix<T>(rows, columns, of_out));
    std::vector<ConstTensor> from;
    std::vector<Tensor> to;
    for (std::size_t k = 0; k < in.size(); ++k) in[k].set(want.in[k]);
    for (auto& m : in) from.emplace_back(m.view());
    for (auto& m : out) to.emplace_back(m.view());
    call.run(GetParam(), from, to, {});
    for (std::size_t k = 0; k < out.size(); ++k) {
      EXPECT_EQ(bits(out[k].elements()), bits(want.out[k])) << k;
      EXPECT_TRUE(out[k].gaps_are_untouched()) << k;
    }
    for (std::size_t k = 0; k < in.size(); ++k) {
      EXPECT_EQ(bits(in[k].elements()), bits(want.in[k])) << k;
    }
  }

  template <class T>
  static void check_in_place(const Call& call, std::size_t rows, std::size_t columns,
                             const Strides& strides) {
    const Expected<T> want(GetParam(), call, rows * columns);
    std::vector<Matrix<T>> all(3, Matrix<T>(rows, columns, strides));
    std::vector<ConstTensor> from;
    std::vector<Tensor> to;
    for (std::size_t k = 0; k < call.inputs; ++k) all[k].set(want.in[k]);
    for (std::size_t k = 0; k < call.inputs; ++k) from.emplace_back(all[k].view());
    for (std::size_t k = 0; k < call.outputs; ++k) to.emplace_back(all[k].view());
    call.run(GetParam(), from, to, {});
    for (std::size_t k = 0; k < call.outputs; ++k) {
      EXPECT_EQ(bits(all[k].elements()), bits(want.out[k])) << k;
    }
  }
};

TEST_P(Strided, GivesTheBitsOfContiguousArrays) {
  for_each_type([]<class T>() {
    for (const Call& call : testing::calls(GetParam())) {
      for (const Strides& in : all_strides(5, 13)) {
        for (const Strides& out : all_strides(5, 13)) {
          SCOPED_TRACE(std::string(kTypeName<T>) + ", " + call.name + ", " + in.name + " to " +
                       out.name);
          check<T>(call, 5, 13, in, out);
        }
      }
    }
  });
}

TEST_P(Strided, InPlaceGivesTheSameBits) {
  for_each_type([]<class T>() {
    for (const Call& call : testing::calls(GetParam())) {
      for (const Strides& strides : all_strides(3, 700)) {  // more columns than a block
        SCOPED_TRACE(std::string(kTypeName<T>) + ", " + call.name + ", " + strides.name);
        check_in_place<T>(call, 3, 700, strides);
      }
    }
  });
}

TEST_P(Strided, BiasForwardGivesTheBitsOfContiguousArrays) {
  for_each_type([]<class T>() {
    const std::size_t rows = 4;
    const std::size_t columns = 600;
    auto z = testing::inputs<T>(rows * columns, 3);
    z.resize(rows * columns);
    const std::vector<T> bias(z.rbegin(), z.rbegin() + columns);
    auto sum = z;
    std::vector<T> y(z.size());
    bias_forward(GetParam(), bias, sum, y);
    for (const Strides& of_z : all_strides(rows, columns)) {
      for (const Strides& of_y : all_strides(rows, columns)) {
        SCOPED_TRACE(std::string(kTypeName<T>) + ", " + of_z.name + " to " + of_y.name);
        Matrix<T> strided_z(rows, columns, of_z);
        Matrix<T> strided_y(rows, columns, of_y);
        strided_z.set(z);
        bias_forward(GetParam(), bias, strided_z.view(), strided_y.view());
        EXPECT_EQ(bits(strided_z.elements()), bits(sum));
        EXPECT_EQ(bits(strided_y.elements()), bits(y));
        EXPECT_TRUE(strided_z.gaps_are_untouched() && strided_y.gaps_are_untouched());
        strided_z.set(z);
        bias_forward(GetParam(), bias, strided_z.view(), strided_z.view());
        EXPECT_EQ(bits(strided_z.elements()), bits(y));
      }
    }
  });
}

// The shapes are no business of the formulas: one of each kind, native and not, from output or not.
INSTANTIATE_TEST_SUITE_P(Some, Strided,
                         ::testing::Values(Activation(Relu{}), Activation(LeakyRelu{}),
                                           Activation(Gelu{}), Activation(Elu{})),
                         [](const auto& test) { return testing::test_name(test.param); });

TEST(Interleaved, EvenAndOddColumnsOfOneBuffer) {
  std::vector<float> buffer = {1, 0, -2, 0, 3, 0, -4, 0, 5, 0, -6, 0};
  const Rows<float> even = {buffer.data(), 2, 3, 6, 2};
  const Rows<float> odd = {buffer.data() + 1, 2, 3, 6, 2};
  forward(Relu{}, even, odd);
  EXPECT_EQ(buffer, (std::vector<float>{1, 1, -2, 0, 3, 3, -4, 0, 5, 5, -6, 0}));
}

TEST(Interleaved, LeftAndRightHalvesOfOneMatrix) {
  std::vector<double> buffer = {1, -2, 9, 9, 3, -4, 9, 9};
  forward(Relu{}, Rows<double>{buffer.data(), 2, 2, 4}, Rows<double>{buffer.data() + 2, 2, 2, 4});
  EXPECT_EQ(buffer, (std::vector<double>{1, -2, 1, 0, 3, -4, 3, 0}));
}

TEST(Broadcast, AnInputMayRepeatItsElements) {
  const float x = 3;
  const float dy[] = {1, 2, 3, 4, 5, 6};
  float dx[6] = {};
  backward(Identity{}, Rows<const float>{&x, 2, 3, 0, 0}, Rows<const float>{dy, 2, 3, 3},
           Rows<float>{dx, 2, 3, 3});
  EXPECT_TRUE(std::equal(std::begin(dx), std::end(dx), std::begin(dy)));
}

TEST(EmptyShapes, AreDoneAtOnce) {
  float one = 7;
  for (const auto& [rows, columns] : {std::pair{0U, 3U}, {3U, 0U}, {0U, 0U}}) {
    const Rows<float> none = {&one, rows, columns, 5, 2};
    for (const Call& call : testing::calls(Elu{})) {
      call.run(Elu{}, std::vector<ConstTensor>(call.inputs, none),
               std::vector<Tensor>(call.outputs, none), {});
    }
    bias_forward(Elu{}, std::vector<float>(columns), none, none);
  }
  EXPECT_EQ(one, 7);
  const std::vector<float> nothing;
  std::vector<float> nowhere;
  forward(Elu{}, nothing, nowhere);
  bias_forward(Elu{}, nothing, nowhere, nowhere);
}

}  // namespace
}  // namespace actfn
