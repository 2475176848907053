// SPDX-License-Identifier: Apache-2.0
// What happens to rows of scores between the products.
#pragma once

#include "kernels/evaluator.h"
#include "nn/attention/problem.h"

#include <cstddef>
#include <optional>

namespace actfn::nn::attention {

// A row of scores or weights: those of the keys from first_key on.
struct Place {
  std::size_t batch, head, query;
  std::size_t first_key;
};

class Scores {
 public:
  explicit Scores(const Problem& p);

  // Rows have n numbers, a multiple of kRowUnit; those beyond the last key may have any value.
  void cap(float* s, std::size_t n) const;
  // -inf for keys that take no part; adds the masks of numbers.
  void mask(const Place& at, float* s, std::size_t n) const;
  void finish(const Place& at, float* s, std::size_t n) const {
    cap(s, n);
    mask(at, s, n);
  }

  // Of the weights of n keys; to may be from.
  bool drops() const { return problem_.dropout.p > 0; }
  void drop(const Place& at, const float* from, float* to, std::size_t n) const;
  void drop_gradient(const Place& at, float* gradient, std::size_t n) const;

 private:
  void apply(const Mask& mask, const Place& at, float* s, std::size_t n) const;
  template <class Body>
  void with_words(const Place& at, std::size_t n, const Body& body) const;

  const Problem& problem_;
  std::optional<kernels::Evaluator> softcap_;
};

// The keys that some query of [first, end) may see, by their positions. Its beginning is a multiple
// of kKeyUnit, which is a multiple of the width of every instruction set's panels.
inline constexpr std::size_t kKeyUnit = 32;
Span keys_of_block(const Problem& p, std::size_t first, std::size_t end);

}  // namespace actfn::nn::attention
