// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/scores.h"

#include "kernels/blocks.h"
#include "nn/attention/tiles.h"
#include "random/kernels/words.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace actfn::nn::attention {
namespace {

constexpr float kMasked = -std::numeric_limits<float>::infinity();
constexpr std::size_t kPiece = 256;

const auto& dropout_loops() {
  const Dropout any;
  return ListRef<RandomActivation>(any).entry().loops.of(kernels::active_target()).of<float>();
}

// n bytes, and up to kRowUnit - 1 beyond them, which have no meaning.
const std::uint8_t* bytes_of(const Matrices& from, const Place& at, std::size_t n,
                             std::uint8_t* buffer) {
  const auto* const first =
      reinterpret_cast<const std::uint8_t*>(from.at(at.batch, at.head, at.query, at.first_key));
  const std::ptrdiff_t stride = from.column_stride();
  if (stride == 1 && n % kRowUnit == 0) return first;
  if (stride == 1) {
    std::memcpy(buffer, first, n);
  } else {
    for (std::size_t j = 0; j < n; ++j) buffer[j] = first[static_cast<std::ptrdiff_t>(j) * stride];
  }
  return buffer;
}

}  // namespace

Scores::Scores(const Problem& p) : problem_(p) {
  if (p.softcap) softcap_.emplace(ListRef<Activation>(Softcap{.cap = *p.softcap}), Type::float32);
}

void Scores::cap(float* s, std::size_t n) const {
  if (softcap_) softcap_->map(kernels::Order::value, s, s, n);
}

void Scores::apply(const Mask& mask, const Place& at, float* s, std::size_t n) const {
  const std::size_t whole = (n + kRowUnit - 1) / kRowUnit * kRowUnit;
  if (mask.kind == Mask::Kind::add) {
    alignas(64) float numbers[kPiece] = {};
    mask.entries.load(at.batch, at.head, at.query, at.first_key, n, numbers);
    return row_ops().add(numbers, s, whole);
  }
  std::uint8_t buffer[kPiece + kRowUnit] = {};
  const std::uint8_t* const bytes = bytes_of(mask.entries, at, n, buffer);
  row_ops().mask(bytes, mask.kind == Mask::Kind::keep, kMasked, s, whole);
}

void Scores::mask(const Place& at, float* s, std::size_t n) const {
  const std::size_t real = problem_.real_keys();
  const std::size_t end = std::min(at.first_key + n, real);
  for (std::size_t m = 0; m < problem_.mask_count; ++m) {
    for (std::size_t key = at.first_key; key < end; key += kPiece) {
      const Place piece = {at.batch, at.head, at.query, key};
      apply(problem_.masks.at(m), piece, s + (key - at.first_key), std::min(kPiece, end - key));
    }
  }
  const Span seen = problem_.keys_of(at.query);
  const auto place = [&](std::size_t key) {
    return std::clamp(key, at.first_key, at.first_key + n) - at.first_key;
  };
  std::fill(s, s + place(seen.begin), kMasked);
  // Then keys that are beyond what it may see, and places beyond the last key.
  std::fill(s + place(seen.end), s + std::max(place(real), place(seen.end)), kMasked);
  std::fill(s + place(problem_.sizes.keys), s + n, kMasked);
}

template <class Body>
void Scores::with_words(const Place& at, std::size_t n, const Body& body) const {
  const Sizes& sizes = problem_.sizes;
  const std::size_t row = (at.batch * sizes.heads + at.head) * sizes.queries + at.query;
  random::Drawing drawing(problem_.noise);
  for (std::size_t i = 0; i < n; i += kernels::kBlock) {
    const std::size_t count = std::min(kernels::kBlock, n - i);
    body(drawing.draw(row * sizes.keys + at.first_key + i, count), i, count);
  }
}

void Scores::drop(const Place& at, const float* from, float* to, std::size_t n) const {
  with_words(at, n, [&](const random::Words& words, std::size_t i, std::size_t count) {
    dropout_loops().forward(&problem_.dropout, words, from + i, to + i, count);
  });
}

void Scores::drop_gradient(const Place& at, float* gradient, std::size_t n) const {
  with_words(at, n, [&](const random::Words& words, std::size_t i, std::size_t count) {
    float* const dy = gradient + i;
    dropout_loops().backward(&problem_.dropout, words, dy, dy, dy, count);
  });
}

Span keys_of_block(const Problem& p, std::size_t first, std::size_t end) {
  if (first >= end) return {0, 0};
  const std::size_t from = p.keys_of(first).begin;
  const std::size_t to = p.extra_keys > 0 ? p.sizes.keys : p.keys_of(end - 1).end;
  if (from >= to) return {0, 0};
  return {from / kKeyUnit * kKeyUnit, to};
}

}  // namespace actfn::nn::attention
