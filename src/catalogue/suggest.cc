// SPDX-License-Identifier: Apache-2.0
#include "catalogue/suggest.h"

#include "catalogue/error.h"
#include "catalogue/quote.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace actfn {
namespace {

// Levenshtein's distance.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0U : 1U);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string plain(std::string_view name) {
  std::string all;
  for (const char c : name) {
    if (c == '_' || c == '-') continue;
    all.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return all;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string wanted = plain(word);
  std::size_t least = std::max<std::size_t>(2, wanted.size() / 2) + 1;
  std::string_view best;
  for (const std::string_view candidate : candidates) {
    const std::string name = plain(candidate);
    const auto [shorter, longer] = std::minmax({name.size(), wanted.size()});
    if (longer - shorter >= least) continue;  // so many letters are missing at least
    const std::size_t edits = distance(wanted, name);
    if (edits >= least) continue;
    least = edits;
    best = candidate;
  }
  return best.empty() ? "" : "; did you mean " + std::string(best) + "?";
}

std::string listed(std::span<const std::string_view> words) {
  std::string all;
  for (std::size_t i = 0; i < words.size(); ++i) {
    all.append(i == 0 ? "" : i + 1 < words.size() ? ", " : " or ").append(words[i]);
  }
  return all;
}

std::size_t choose(std::string_view who, std::string_view what,
                   std::span<const std::string_view> words, std::string_view word) {
  const auto at = std::ranges::find(words, word);
  if (at != words.end()) return static_cast<std::size_t>(at - words.begin());
  fail(who, {what, what.empty() ? "" : " ", "must be ", listed(words), ", got ", in_quotes(word),
             did_you_mean(word, words)});
}

}  // namespace actfn
