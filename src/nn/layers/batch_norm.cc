// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/batch_norm.h"

#include "catalogue/error.h"
#include "nn/cut.h"
#include "nn/layers/arguments.h"
#include "nn/sums.h"
#include "nn/team.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace actfn::nn {
namespace {

// The values of one channel in a batch.
template <class T>
struct Channel {
  T* first;
  std::size_t rows, step, length;  // of each row, `step` apart, so many

  T& operator()(std::size_t row, std::size_t i) const { return first[row * step + i]; }
  double count() const { return static_cast<double>(rows * length); }

  template <class F>
  double sum(const F& f) const {
    if (length == 1) return sum_over(rows, [&](std::size_t row) { return f(row, 0); });
    double all = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      all += sum_over(length, [&](std::size_t i) { return f(row, i); });
    }
    return all;
  }
};

class BatchNormModule : public Module {
 public:
  BatchNormModule(const BatchNorm& norm, const Shape& in)
      : Module(in, in), norm_(norm), channels_(in[0]), length_(in_size() / channels_) {
    if (norm.affine) {
      learn({"weight", {channels_}, false});
      learn({"bias", {channels_}, false});
    }
    keep({"running_mean", {channels_}});
    keep({"running_var", {channels_}});
    keep({"num_batches_tracked", {}});
  }

  void initialize(std::span<float> learned, WeightSource* /*source*/) const override {
    for (std::size_t i = 0; i < learned.size(); ++i) learned[i] = i < channels_ ? 1.0F : 0.0F;
  }
  void initialize_buffers(std::span<float> buffers) const override {
    std::ranges::fill(buffers, 0.0F);
    std::ranges::fill(buffers.subspan(channels_, channels_), 1.0F);
  }

  Size workspace_size(std::size_t /*rows*/) const override {
    return Size(channels_) * Moments::kNumbers;
  }

  void check_batch(std::size_t rows, bool training) const override {
    if (!training || rows * length_ > 1) return;
    fail(norm_.who, {"needs more than one value for each channel in training, got 1"});
  }

  void forward(const Pass& pass, const float* x, float* y) const override {
    for_each_channel(pass, [&](std::size_t c) {
      const auto from = channel(pass, x, c);
      const auto to = channel(pass, y, c);
      const Moments m = pass.training ? moments(from) : running(pass, c);
      m.store(pass.workspace, c);
      const double weight = weight_of(pass, c);
      const double bias = norm_.affine ? static_cast<double>(pass.learned[channels_ + c]) : 0;
      for (std::size_t row = 0; row < from.rows; ++row) {
        for (std::size_t i = 0; i < length_; ++i) {
          const double z = (static_cast<double>(from(row, i)) - m.mean) * m.scale;
          to(row, i) = static_cast<float>(z * weight + bias);
        }
      }
    });
  }

  // dx = scale weight (dy - mean(dy) - z mean(dy z)), where z is the normalized x; in evaluation,
  // where mean and variance are constants, scale weight dy.
  void backward(const Pass& pass, const Gradients& g) const override {
    for_each_channel(pass, [&](std::size_t c) {
      const auto x = channel(pass, g.x, c);
      const auto dy = channel(pass, g.dy, c);
      const Moments m = Moments::load(pass.workspace, c);
      const auto z = [&](std::size_t row, std::size_t i) {
        return (static_cast<double>(x(row, i)) - m.mean) * m.scale;
      };
      const double sum =
          dy.sum([&](std::size_t row, std::size_t i) { return static_cast<double>(dy(row, i)); });
      const double along = dy.sum([&](std::size_t row, std::size_t i) {
        return static_cast<double>(dy(row, i)) * z(row, i);
      });
      if (norm_.affine) {
        g.learned[c] = static_cast<float>(along);
        g.learned[channels_ + c] = static_cast<float>(sum);
      }
      if (g.dx == nullptr) return;
      const auto dx = channel(pass, g.dx, c);
      const double factor = m.scale * weight_of(pass, c);
      const double n = pass.training ? x.count() : std::numeric_limits<double>::infinity();
      for (std::size_t row = 0; row < x.rows; ++row) {
        for (std::size_t i = 0; i < length_; ++i) {
          const double centered =
              static_cast<double>(dy(row, i)) - sum / n - z(row, i) * (along / n);
          dx(row, i) = static_cast<float>(factor * centered);
        }
      }
    });
  }

  // PyTorch's running variance is that of a sample: it is divided by n - 1.
  void finish(const Pass& pass) const override {
    if (!pass.training) return;
    float& batches = pass.buffers[2 * channels_];
    batches += 1;
    const double momentum = norm_.momentum.value_or(1 / static_cast<double>(batches));
    const auto n = static_cast<double>(pass.rows * length_);
    const auto move = [momentum](float& value, double to) {
      value = static_cast<float>((1 - momentum) * static_cast<double>(value) + momentum * to);
    };
    for (std::size_t c = 0; c < channels_; ++c) {
      const Moments m = Moments::load(pass.workspace, c);
      const double rounded = 1 / (m.scale * m.scale) - norm_.eps;
      const double variance = rounded < 0 ? 0 : rounded;  // NaN stays
      move(pass.buffers[c], m.mean);
      move(pass.buffers[channels_ + c], variance * n / (n - 1));
    }
  }

  bool works_without_dx() const override { return true; }

 private:
  template <class T>
  Channel<T> channel(const Pass& pass, T* x, std::size_t c) const {
    return {x + c * length_, pass.rows, channels_ * length_, length_};
  }
  double weight_of(const Pass& pass, std::size_t c) const {
    return norm_.affine ? static_cast<double>(pass.learned[c]) : 1;
  }

  Moments moments(const Channel<const float>& x) const {
    const auto at = [&x](std::size_t row, std::size_t i) { return static_cast<double>(x(row, i)); };
    const double mean = x.sum(at) / x.count();
    const double squares = x.sum([&](std::size_t row, std::size_t i) {
      const double d = at(row, i) - mean;
      return d * d;
    });
    return {mean, 1 / std::sqrt(squares / x.count() + norm_.eps)};
  }
  Moments running(const Pass& pass, std::size_t c) const {
    const auto variance = static_cast<double>(pass.buffers[channels_ + c]);
    return {static_cast<double>(pass.buffers[c]), 1 / std::sqrt(variance + norm_.eps)};
  }

  template <class F>
  void for_each_channel(const Pass& pass, const F& f) const {
    const auto all = static_cast<int>(channels_);
    const auto values = static_cast<int>(std::min<std::size_t>(pass.rows * length_, kPiece));
    const int most = std::max(1, kPiece / values);
    pass.team->run(part_count(all, most), [&](int /*member*/, int i) {
      const Range r = part(all, most, i);
      for (int c = r.begin; c < r.end; ++c) f(static_cast<std::size_t>(c));
    });
  }

  BatchNorm norm_;
  std::size_t channels_, length_;
};

}  // namespace

ModulePointer make_batch_norm(const BatchNorm& norm, const Shape& in) {
  require_at_least(norm.who, "num_features", 1, norm.num_features);
  require_positive(norm.who, "eps", norm.eps);
  require_share(norm.who, "momentum", norm.momentum.value_or(0));
  require_length(norm.who, in.count() == 1 ? "features" : "channels", norm.num_features, in[0]);
  return std::make_shared<BatchNormModule>(norm, in);
}

}  // namespace actfn::nn
