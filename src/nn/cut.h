// SPDX-License-Identifier: Apache-2.0
// How work is cut into pieces. It does not depend on the number of threads: a sum's bits depend on
// how it is cut.
#pragma once

#include <algorithm>

namespace actfn::nn {

struct Range {
  int begin, end;
  int size() const { return end - begin; }
};

// The i-th of equal parts of n, none longer than `most`.
inline int part_count(int n, int most) { return (n - 1) / most + 1; }  // n >= 1
inline Range part(int n, int most, int i) {
  const int length = part_count(n, part_count(n, most));
  return {std::min(n, i * length), std::min(n, (i + 1) * length)};
}

// Elementwise work goes to members in pieces of so many numbers.
inline constexpr int kPiece = 2048;

// Samples of a batch go to members in so many pieces at most: each has its own sums of gradients.
inline constexpr int kMostPieces = 16;
inline int piece_count(int rows) { return std::min(rows, kMostPieces); }
inline Range piece(int rows, int i) {
  const auto at = [&](int k) {
    return static_cast<int>(static_cast<long long>(rows) * k / piece_count(rows));
  };
  return {at(i), at(i + 1)};
}

}  // namespace actfn::nn
