// SPDX-License-Identifier: Apache-2.0
#include "lab/experiments/lista.h"

#include <algorithm>

namespace actfn::lab::experiments {
namespace {

using Vector = std::vector<float>;

// c += a b, with a [rows, b's rows].
void add_product(std::span<const float> a, const Vector& b, std::size_t columns, Vector& c) {
  const std::size_t inner = b.size() / columns;
  for (std::size_t r = 0; r < a.size() / inner; ++r) {
    float* to = c.data() + r * columns;
    for (std::size_t i = 0; i < inner; ++i) {
      const float factor = a[r * inner + i];
      const float* from = b.data() + i * columns;
      for (std::size_t k = 0; k < columns; ++k) to[k] += factor * from[k];
    }
  }
}

// c += a^T b, with `rows` rows in a and b.
void add_transposed_product(std::span<const float> a, const Vector& b, std::size_t rows,
                            Vector& c) {
  const std::size_t height = a.size() / rows;
  const std::size_t columns = b.size() / rows;
  for (std::size_t r = 0; r < rows; ++r) {
    const float* from = b.data() + r * columns;
    for (std::size_t i = 0; i < height; ++i) {
      const float factor = a[r * height + i];
      float* to = c.data() + i * columns;
      for (std::size_t k = 0; k < columns; ++k) to[k] += factor * from[k];
    }
  }
}

Vector transposed(const Vector& a, std::size_t n) {
  Vector t(a.size());
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) t[k * n + i] = a[i * n + k];
  }
  return t;
}

}  // namespace

Lista::Lista(const Lasso& lasso, int steps)
    : inputs_(lasso.rows()),
      codes_(lasso.columns()),
      w_(inputs_ * codes_),
      s_(codes_ * codes_),
      thresholds_(codes_, static_cast<float>(lasso.lambda() / lasso.largest())),
      w_gradient_(w_.size()),
      s_gradient_(s_.size()),
      thresholds_gradient_(codes_),
      before_(static_cast<std::size_t>(steps)),
      x_(static_cast<std::size_t>(steps)),
      parameters_{{"w", {inputs_, codes_}, w_, w_gradient_},
                  {"s", {codes_, codes_}, s_, s_gradient_},
                  {"thresholds", {codes_}, thresholds_, thresholds_gradient_}},
      optimizer_(nn::Adam{}, parameters_) {
  for (std::size_t i = 0; i < codes_; ++i) {
    for (std::size_t r = 0; r < inputs_; ++r) {
      w_[r * codes_ + i] = static_cast<float>(lasso.a(r, i) / lasso.largest());
    }
    for (std::size_t k = 0; k < codes_; ++k) {
      const double same = i == k ? 1 : 0;
      s_[i * codes_ + k] = static_cast<float>(same - lasso.gram(i, k) / lasso.largest());
    }
  }
}

const Vector& Lista::encode(std::span<const float> y, std::size_t rows) {
  y_ = y;
  rows_ = rows;
  projected_.assign(rows * codes_, 0);
  add_product(y, w_, codes_, projected_);
  for (std::size_t step = 0; step < x_.size(); ++step) {
    before_[step] = projected_;
    if (step > 0) add_product(x_[step - 1], s_, codes_, before_[step]);
    shrink(step);
  }
  return x_.back();
}

void Lista::shrink(std::size_t step) {
  x_[step].resize(before_[step].size());
  for (std::size_t i = 0; i < x_[step].size(); ++i) {
    const float v = before_[step][i];
    const float t = thresholds_[i % codes_];
    x_[step][i] = v > t ? v - t : (v < -t ? v + t : 0);
  }
}

// The gradient by x becomes that by what was in front of shrink.
void Lista::shrink_back(std::size_t step, Vector& gradient) {
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    const float x = x_[step][i];
    if (x == 0) gradient[i] = 0;
    thresholds_gradient_[i % codes_] += x > 0 ? -gradient[i] : gradient[i];
  }
}

void Lista::learn(std::span<const float> codes) {
  for (Vector* g : {&w_gradient_, &s_gradient_, &thresholds_gradient_}) std::ranges::fill(*g, 0.0F);
  Vector gradient(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    gradient[i] = 2 * (x_.back()[i] - codes[i]) / static_cast<float>(rows_);
  }
  const Vector back = transposed(s_, codes_);
  for (std::size_t step = x_.size(); step-- > 0;) {
    shrink_back(step, gradient);
    add_transposed_product(y_, gradient, rows_, w_gradient_);
    if (step == 0) break;
    add_transposed_product(x_[step - 1], gradient, rows_, s_gradient_);
    Vector before(gradient.size());
    add_product(gradient, back, codes_, before);
    gradient.swap(before);
  }
  optimizer_.step(parameters_);
}

}  // namespace actfn::lab::experiments
