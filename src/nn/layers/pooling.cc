// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/pooling.h"

#include "catalogue/error.h"
#include "nn/cut.h"
#include "nn/layers/arguments.h"
#include "nn/layers/pool_2x2.h"
#include "nn/team.h"

#include <algorithm>
#include <utility>

namespace actfn::nn {
namespace {

void require_small_padding(std::string_view who, int padding, int kernel) {
  if (padding <= kernel / 2) return;
  fail(who, {"padding must be at most half of kernel_size, ", kernel / 2, ", got ", padding});
}

// One more where a window is begun that the image does not fill.
Index rounded_up(const Axis& a) {
  const Index room = a.in + 2 * a.padding - a.covered();
  const Index out = (room + a.stride - 1) / a.stride + 1;
  return (out - 1) * a.stride >= a.in + a.padding ? out - 1 : out;
}

// Whether windows are pairs that follow each other.
bool are_pairs(const std::vector<PoolWindow>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Index begin = 2 * static_cast<Index>(i);
    if (all[i].begin != begin || all[i].end != begin + 2 || all[i].counted != 2) return false;
  }
  return true;
}

}  // namespace

Axes pooled_axes(const Pooling& p, const Shape& in) {
  require_at_least(p.who, "kernel_size", 1, p.kernel.size);
  require_at_least(p.who, "stride", 1, p.kernel.stride);
  require_at_least(p.who, "padding", 0, p.kernel.padding);
  require_at_least(p.who, "dilation", 1, p.kernel.dilation);
  require_small_padding(p.who, p.kernel.padding.height, p.kernel.size.height);
  require_small_padding(p.who, p.kernel.padding.width, p.kernel.size.width);
  require_dimensions(p.who, in, 3, "channels x height x width");
  Axes axes = axes_of(p.who, in[1], in[2], p.kernel);
  if (p.ceil_mode) {
    axes.height.out = rounded_up(axes.height);
    axes.width.out = rounded_up(axes.width);
  }
  return axes;
}

PoolModule::PoolModule(const Shape& in, std::size_t height, std::size_t width)
    : Module(in, {in[0], height, width}), in_plane_(in[1] * in[2]), out_plane_(height * width) {}

template <class F>
void PoolModule::for_each_plane(const Pass& pass, const F& f) const {
  const auto planes = static_cast<int>(pass.rows * in()[0]);
  const auto size = static_cast<int>(std::min<std::size_t>(in_plane_, kPiece));
  const int most = std::max(1, kPiece / size);
  pass.team->run(part_count(planes, most), [&](int /*member*/, int i) {
    const Range r = part(planes, most, i);
    for (int plane = r.begin; plane < r.end; ++plane) f(static_cast<std::size_t>(plane));
  });
}

void PoolModule::forward(const Pass& pass, const float* x, float* y) const {
  for_each_plane(pass, [&](std::size_t plane) {
    forward_plane(x + plane * in_plane_, y + plane * out_plane_);
  });
}

void PoolModule::backward(const Pass& pass, const Gradients& g) const {
  for_each_plane(pass, [&](std::size_t plane) {
    float* const dx = g.dx + plane * in_plane_;
    std::fill(dx, dx + in_plane_, 0.0F);
    backward_plane(g.x + plane * in_plane_, g.dy + plane * out_plane_, dx);
  });
}

MeanModule::MeanModule(const Shape& in, std::vector<PoolWindow> rows,
                       std::vector<PoolWindow> columns, int divisor)
    : PoolModule(in, rows.size(), columns.size()),
      rows_(std::move(rows)),
      columns_(std::move(columns)),
      width_(static_cast<Index>(in[2])),
      divisor_(divisor),
      is_2x2_(are_pairs(rows_) && are_pairs(columns_)) {}

double MeanModule::divisor(const PoolWindow& row, const PoolWindow& column) const {
  return divisor_ != 0 ? divisor_ : static_cast<double>(row.counted * column.counted);
}

void MeanModule::forward_plane(const float* x, float* y) const {
  if (is_2x2_) {
    return for_each_pair(static_cast<Index>(rows_.size()), [&](Index in, Index out) {
      pool_2x2().mean(x + in, x + in + width_, columns_.size(),
                      divisor(rows_.front(), columns_.front()), y + out);
    });
  }
  for (const PoolWindow& row : rows_) {
    for (const PoolWindow& column : columns_) {
      double sum = 0;
      for (Index i = row.begin; i < row.end; ++i) {
        for (Index j = column.begin; j < column.end; ++j) {
          sum += static_cast<double>(x[i * width_ + j]);
        }
      }
      *y++ = static_cast<float>(sum / divisor(row, column));
    }
  }
}

void MeanModule::backward_plane(const float* /*x*/, const float* dy, float* dx) const {
  if (is_2x2_) {
    return for_each_pair(static_cast<Index>(rows_.size()), [&](Index in, Index out) {
      pool_2x2().mean_backward(dy + out, columns_.size(), divisor(rows_.front(), columns_.front()),
                               dx + in, dx + in + width_);
    });
  }
  for (const PoolWindow& row : rows_) {
    for (const PoolWindow& column : columns_) {
      const auto each = static_cast<float>(static_cast<double>(*dy++) / divisor(row, column));
      for (Index i = row.begin; i < row.end; ++i) {
        for (Index j = column.begin; j < column.end; ++j) dx[i * width_ + j] += each;
      }
    }
  }
}

}  // namespace actfn::nn
