// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/row_norm.h"

#include "catalogue/error.h"
#include "nn/cut.h"
#include "nn/layers/arguments.h"
#include "nn/sums.h"
#include "nn/team.h"
#include "nn/vector_ops.h"

#include <algorithm>
#include <cmath>

namespace actfn::nn {
namespace {

class RowNormModule : public Module {
 public:
  RowNormModule(const RowNorm& norm, const Shape& in)
      : Module(in, in), norm_(norm), n_(size_of(norm.normalized_shape).value()) {
    if (norm.weight) learn({"weight", norm.normalized_shape, false});
    if (norm.bias) learn({"bias", norm.normalized_shape, false});
  }

  void initialize(std::span<float> learned, WeightSource* /*source*/) const override {
    for (std::size_t i = 0; i < learned.size(); ++i) {
      learned[i] = norm_.weight && i < n_ ? 1.0F : 0.0F;
    }
  }

  // Each row's moments; each piece's sums of gradients.
  Size workspace_size(std::size_t samples) const override {
    return Size(samples * rows_of_a_sample()) * Moments::kNumbers + padded(1) +
           Size(kMostPieces) * sums_size();
  }

  void forward(const Pass& pass, const float* x, float* y) const override {
    for_each_piece(pass, [&](int /*piece*/, std::size_t row) {
      const float* const from = x + row * n_;
      const Moments m = moments(from);
      m.store(pass.workspace, row);
      normalize(pass, m, from, y + row * n_);
    });
  }

  void backward(const Pass& pass, const Gradients& g) const override {
    float* const sums = pass.workspace + padded(rows(pass) * Moments::kNumbers);
    const auto pieces = static_cast<std::size_t>(piece_count(static_cast<int>(rows(pass))));
    std::fill(sums, sums + pieces * sums_size(), 0.0F);
    for_each_piece(pass, [&](int piece, std::size_t row) {
      const std::size_t at = row * n_;
      const Moments m = Moments::load(pass.workspace, row);
      add_gradients(m, g.x + at, g.dy + at, sums + static_cast<std::size_t>(piece) * sums_size());
      if (g.dx != nullptr) backward_row(pass, m, g.x + at, g.dy + at, g.dx + at);
    });
    if (!g.learned.empty()) {
      sum_parts(sums, pieces, sums_size(), g.learned.size(), g.learned.data());
    }
  }

  bool works_without_dx() const override { return true; }

 private:
  std::size_t rows_of_a_sample() const { return in_size() / n_; }
  std::size_t rows(const Pass& pass) const { return pass.rows * rows_of_a_sample(); }
  std::size_t sums_size() const { return padded(parameter_count().value()); }

  // f(piece, row) for each row.
  template <class F>
  void for_each_piece(const Pass& pass, const F& f) const {
    const auto all = static_cast<int>(rows(pass));
    pass.team->run(piece_count(all), [&](int /*member*/, int i) {
      const Range r = piece(all, i);
      for (int row = r.begin; row < r.end; ++row) f(i, static_cast<std::size_t>(row));
    });
  }

  Moments moments(const float* x) const {
    const auto n = static_cast<double>(n_);
    const auto at = [x](std::size_t i) { return static_cast<double>(x[i]); };
    const double mean = norm_.centered ? sum_over(n_, at) / n : 0;
    const double squares = sum_over(n_, [&](std::size_t i) {
      const double d = at(i) - mean;
      return d * d;
    });
    return {mean, 1 / std::sqrt(squares / n + norm_.eps)};
  }

  void normalize(const Pass& pass, const Moments& m, const float* x, float* y) const {
    const float* const weight = norm_.weight ? pass.learned.data() : nullptr;
    const float* const bias = norm_.bias ? pass.learned.data() + (norm_.weight ? n_ : 0) : nullptr;
    for (std::size_t i = 0; i < n_; ++i) {
      double z = (static_cast<double>(x[i]) - m.mean) * m.scale;
      if (weight != nullptr) z *= static_cast<double>(weight[i]);
      if (bias != nullptr) z += static_cast<double>(bias[i]);
      y[i] = static_cast<float>(z);
    }
  }

  // With z the normalized x: weight's += dy z, bias' += dy.
  void add_gradients(const Moments& m, const float* x, const float* dy, float* sums) const {
    if (norm_.weight) {
      for (std::size_t i = 0; i < n_; ++i) {
        const double z = (static_cast<double>(x[i]) - m.mean) * m.scale;
        sums[i] += static_cast<float>(static_cast<double>(dy[i]) * z);
      }
      sums += n_;
    }
    if (norm_.bias) add_row(dy, 1, n_, sums);
  }

  // dx = scale (h - mean(h) - z mean(h z)), h = dy weight; without mean(h) where x is not centered.
  void backward_row(const Pass& pass, const Moments& m, const float* x, const float* dy,
                    float* dx) const {
    const float* const weight = norm_.weight ? pass.learned.data() : nullptr;
    const auto n = static_cast<double>(n_);
    const auto h = [&](std::size_t i) {
      const auto d = static_cast<double>(dy[i]);
      return weight == nullptr ? d : d * static_cast<double>(weight[i]);
    };
    const auto z = [&](std::size_t i) { return (static_cast<double>(x[i]) - m.mean) * m.scale; };
    const double mean = norm_.centered ? sum_over(n_, h) / n : 0;
    const double along = sum_over(n_, [&](std::size_t i) { return h(i) * z(i); }) / n;
    for (std::size_t i = 0; i < n_; ++i) {
      dx[i] = static_cast<float>(m.scale * (h(i) - mean - z(i) * along));
    }
  }

  RowNorm norm_;
  std::size_t n_;
};

}  // namespace

ModulePointer make_row_norm(const RowNorm& norm, const Shape& in) {
  const Shape& last = norm.normalized_shape;
  require_positive(norm.who, "eps", norm.eps);
  if (last.count() == 0 || size_of(last) < Size(1)) {
    fail(norm.who, {"normalized_shape must have elements, got ", text(last)});
  }
  const bool fits =
      last.count() <= in.count() && std::equal(last.begin(), last.end(), in.end() - last.count());
  if (!fits) {
    fail("sequential", {norm.who, " normalizes ", text(last), " where ", text(in), " come in"});
  }
  return std::make_shared<RowNormModule>(norm, in);
}

}  // namespace actfn::nn
