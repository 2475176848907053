// SPDX-License-Identifier: Apache-2.0
// Attention over the words of two sentences, of which the second is padded: softmax along the
// middle axis of (sentence, word, head). Then the gradient, checked by central differences.
#include <actfn/actfn.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdio>

constexpr std::size_t kSentences = 2, kWords = 3, kHeads = 2;
using Scores = std::array<double, kSentences * kWords * kHeads>;

// True is a word, false is padding. The mask has the shape (sentence, word, 1) and broadcasts to
// all heads.
constexpr std::array<bool, kSentences* kWords> kIsWord = {true, true, true, true, true, false};
constexpr double kStep = 1e-4;

static void weigh(const Scores& x, Scores& y) {
  const actfn::Shape shape = {kSentences, kWords, kHeads};
  const actfn::ConstMask mask(kIsWord.data(), {kSentences, kWords, 1});
  actfn::softmax({x, shape}, 1, {y, shape}, {.mask = mask});
}

// The function to be differentiated: the sum of the weights times the coefficients c.
static double total(const Scores& x, const Scores& c) {
  Scores y{};
  weigh(x, y);
  double sum = 0;
  for (std::size_t i = 0; i < y.size(); ++i) sum += c[i] * y[i];
  return sum;
}

int main() {
  const actfn::Shape shape = {kSentences, kWords, kHeads};
  // Padding may have any value, even NaN.
  const Scores x = {0.3, -1, 2.1, 0.4, -0.7, 0.9, 1.2, 0.1, -0.5, 0.8, NAN, NAN};
  const Scores c = {1, -2, 0.5, 1.5, -1, 0.2, 2, -0.3, 0.7, 1.1, 5, 5};
  Scores y{}, dx{};
  weigh(x, y);
  // backward() needs neither x nor the mask, only the weights y. dx could be y.
  actfn::backward(actfn::Softmax{}, {y, shape}, {c, shape}, 1, {dx, shape});

  int wrong = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    Scores above = x, below = x;
    above[i] += kStep;
    below[i] -= kStep;
    const double expected = (total(above, c) - total(below, c)) / (2 * kStep);
    std::printf("weight %.6f, gradient %9.6f, by differences %9.6f\n", y[i], dx[i], expected);
    if (!(std::fabs(dx[i] - expected) < 1e-7)) ++wrong;
  }
  return wrong == 0 && y[10] == 0 && y[11] == 0 ? 0 : 1;
}
