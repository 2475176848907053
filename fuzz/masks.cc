// SPDX-License-Identifier: Apache-2.0
// Functions of rows with masks of any shape and strides: the bits are those of each row alone.
#include <actfn/actfn.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/drawn.h"
#include "support/forced.h"
#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

// A mask that broadcasts to a shape: some lengths are 1, dimensions in front are missing.
class Mask {
 public:
  Mask(Stream& in, const Shape& shape) {
    const std::size_t dropped = in.below(4) == 0 ? in.below(shape.count() + 1) : 0;
    std::vector<std::size_t> lengths(shape.begin() + dropped, shape.end());
    std::size_t next = 1;
    std::vector<std::ptrdiff_t> strides;
    for (std::size_t& length : lengths) {
      if (in.once_in(4)) length = 1;
      strides.push_back(static_cast<std::ptrdiff_t>(next));
      next *= std::max<std::size_t>(1, length);
    }
    shape_ = Shape(std::span<const std::size_t>(lengths));
    strides_ = Strides(std::span<const std::ptrdiff_t>(strides));
    const std::size_t most = 1 + in.below(4);
    std::uint32_t bits = in.take<std::uint32_t>();
    for (std::size_t i = 0; i < next; ++i) {
      bits = bits * 1664525 + 1013904223;
      bytes_.push_back(static_cast<std::uint8_t>((bits >> 16U) % (most + 1)));
    }
  }

  ConstMask view() const { return {bytes_.data(), shape_, strides_}; }
  // For the element that has these indices.
  std::uint8_t at(const std::vector<std::size_t>& index) const {
    std::size_t place = 0;
    for (std::size_t k = 0; k < shape_.count(); ++k) {
      const std::size_t i = index[index.size() - shape_.count() + k];
      if (shape_[k] > 1) place += i * static_cast<std::size_t>(strides_[k]);
    }
    return bytes_[place];
  }

 private:
  Shape shape_;
  Strides strides_;
  std::vector<std::uint8_t> bytes_;
};

std::vector<std::size_t> index_of(std::size_t i, const Shape& shape) {
  std::vector<std::size_t> index(shape.count());
  for (std::size_t k = shape.count(); k-- > 0; i /= shape[k]) index[k] = i % shape[k];
  return index;
}

// forward(), or backward() where it takes a mask.
struct Call {
  Function f;
  bool is_backward;

  Shape output(const Shape& shape, int axis) const {
    return is_backward ? shape : output_shape(f, shape, axis);
  }
  Shape gradient(const Shape& shape, int axis) const { return output_shape(f, shape, axis); }
  void run(const ConstTensor& x, const ConstTensor& dy, int axis, const Tensor& y,
           const RowOptions& options) const {
    if (const auto* const row = std::get_if<RowActivation>(&f)) {
      return forward(*row, x, axis, y, options);
    }
    const auto& reduction = std::get<RowReduction>(f);
    if (!is_backward) return forward(reduction, x, axis, y, options);
    backward(reduction, x, dy, axis, y, options);
  }
};

struct Arrays {
  Drawn x, dy, y;
};

// The elements of row `index` of a tensor with `length` elements along the axis.
std::vector<std::size_t> row_of(std::size_t index, std::size_t length, std::size_t inner) {
  std::vector<std::size_t> all(length);
  for (std::size_t i = 0; i < length; ++i) {
    all[i] = (index / inner * length + i) * inner + index % inner;
  }
  return all;
}

void require_same_row(const Call& call, const Arrays& all, const Mask& mask, std::size_t row,
                      std::size_t inner, std::size_t length) {
  const Shape shape = {length};
  const auto places = row_of(row, length, inner);
  Drawn x = all.x.picked(places, shape);
  Drawn dy = all.dy.picked(row_of(row, call.gradient(shape, 0)[0], inner), call.gradient(shape, 0));
  Drawn y(all.y.type(), call.output(shape, 0));
  std::vector<std::uint8_t> bytes;
  for (const std::size_t at : places) bytes.push_back(mask.at(index_of(at, all.x.shape())));
  call.run(x.tensor(), dy.tensor(), 0, y.tensor(), {.mask = ConstMask(bytes.data(), shape)});
  const auto results = row_of(row, y.size(), inner);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (same_number(y.type(), all.y.address(results[i]), y.address(i))) continue;
    fail(to_string(call.f) + ", shape " + text_of(all.x.shape()) + ", row " + std::to_string(row) +
         ": " + text_of(y.type(), all.y.address(results[i])) + ", alone " +
         text_of(y.type(), y.address(i)));
  }
}

void check(Stream in) {
  const auto f = draw_function(in, Kind::row);
  if (!f) return;
  const Call call = {*f, std::holds_alternative<RowReduction>(*f) && in.below(2) == 0};
  const auto type = static_cast<Type>(in.below(4));
  const Shape shape = draw_shape(in);
  const int axis = static_cast<int>(in.below(shape.count()));
  Arrays all = {Drawn(in, type, shape, true), Drawn(in, type, call.gradient(shape, axis), true),
                Drawn(in, type, call.output(shape, axis), false)};
  all.x.fill(in);
  all.dy.fill(in);
  const Mask mask(in, shape);
  const Threads threads = in.below(2) == 0 ? Threads{} : Threads{3, &kBackwards};
  {
    const Forced forced({in.one_of(running_targets()), true});
    const auto run = [&] {
      call.run(all.x.tensor(), all.dy.tensor(), axis, all.y.tensor(), {mask.view(), threads});
    };
    if (!error_of(run).empty()) return;
  }
  require(all.y.is_whole(), "writes between elements");
  const std::size_t length = shape[static_cast<std::size_t>(axis)];
  std::size_t inner = 1;
  for (auto k = static_cast<std::size_t>(axis) + 1; k < shape.count(); ++k) inner *= shape[k];
  const std::size_t rows = length == 0 ? 0 : all.x.size() / length;
  for (std::size_t row = 0; row < rows; ++row) {
    require_same_row(call, all, mask, row, inner, length);
  }
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
