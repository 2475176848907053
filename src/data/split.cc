// SPDX-License-Identifier: Apache-2.0
// A part of the samples, by classes.
#include <actfn/error.h>

#include "catalogue/number.h"
#include "data/dataset.h"
#include "data/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace actfn::data {
namespace {

// How many samples of one class go to the second part.
struct Quota {
  double exact;
  std::size_t count, least, most;

  double missing() const { return exact - static_cast<double>(count); }
};

Quota quota_of(std::size_t samples, double share) {
  const double exact = share * static_cast<double>(samples);
  Quota quota = {exact, static_cast<std::size_t>(exact), 0, 0};
  if (samples >= 2) {
    quota.least = 1;
    quota.most = samples - 1;
  }
  quota.count = std::clamp(quota.count, quota.least, quota.most);
  return quota;
}

std::size_t total(const std::vector<Quota>& quotas, std::size_t Quota::*member) {
  std::size_t sum = 0;
  for (const Quota& quota : quotas) sum += quota.*member;
  return sum;
}

// One more, or one less, for each of those that miss the most, or the least, until all have
// `want` together, which their limits allow.
void adjust(std::vector<Quota>& quotas, std::size_t want) {
  std::vector<std::size_t> order(quotas.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::size_t have = total(quotas, &Quota::count);
  const bool more = have < want;
  while (have != want) {
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
      return more ? quotas[a].missing() > quotas[b].missing()
                  : quotas[a].missing() < quotas[b].missing();
    });
    for (const std::size_t at : order) {
      Quota& quota = quotas[at];
      if (have == want || quota.count == (more ? quota.most : quota.least)) continue;
      quota.count = more ? quota.count + 1 : quota.count - 1;
      have = more ? have + 1 : have - 1;
    }
  }
}

std::vector<std::size_t> counts_of(const std::vector<std::vector<std::size_t>>& classes,
                                   double share, std::size_t samples) {
  std::vector<Quota> quotas;
  for (const auto& members : classes) quotas.push_back(quota_of(members.size(), share));
  const auto wanted = static_cast<std::size_t>(std::round(share * static_cast<double>(samples)));
  adjust(quotas, std::clamp(wanted, total(quotas, &Quota::least), total(quotas, &Quota::most)));
  std::vector<std::size_t> counts;
  for (const Quota& quota : quotas) counts.push_back(quota.count);
  return counts;
}

std::vector<std::vector<std::size_t>> by_class(const Samples& samples, std::size_t classes) {
  std::vector<std::vector<std::size_t>> all(samples.labels.empty() ? 1 : classes);
  for (std::size_t i = 0; i < samples.count; ++i) {
    const std::size_t label = samples.labels.empty() ? 0 : samples.labels[i];
    if (label >= all.size()) {
      throw Error("[data] label " + std::to_string(label) + " of sample " + std::to_string(i) +
                  " is not below the number of classes, " + std::to_string(classes));
    }
    all[label].push_back(i);
  }
  return all;
}

template <class T>
void take_rows(const std::vector<T>& from, std::size_t width, const std::vector<std::size_t>& rows,
               std::vector<T>& to) {
  if (from.empty()) return;
  to.reserve(rows.size() * width);
  for (const std::size_t row : rows) {
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(row * width);
    to.insert(to.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
  }
}

Samples taken(const Samples& from, const std::vector<std::size_t>& rows) {
  Samples part;
  part.count = rows.size();
  part.features = from.features;
  take_rows(from.bytes, from.features, rows, part.bytes);
  take_rows(from.floats, from.features, rows, part.floats);
  take_rows(from.labels, 1, rows, part.labels);
  take_rows(from.targets, 1, rows, part.targets);
  return part;
}

// Of each sample, whether it goes to the second part.
std::vector<bool> second_part(const Samples& samples, double share, std::size_t classes) {
  const bool is_part = share > 0 && share < 1;  // false for a NaN
  if (!is_part) {
    throw Error("[data] the share to split off must be between 0 and 1, got " +
                write_number(share));
  }
  auto members = by_class(samples, classes);
  const auto counts = counts_of(members, share, samples.count);
  std::vector<bool> is_second(samples.count);
  Random random(1);
  for (std::size_t c = 0; c < members.size(); ++c) {
    auto& left = members[c];  // the first counts[c] of a shuffle
    for (std::size_t i = 0; i < counts[c]; ++i) {
      std::swap(left[i], left[i + random.below(left.size() - i)]);
      is_second[left[i]] = true;
    }
  }
  return is_second;
}

// The samples of one part.
Samples taken(const Samples& from, const std::vector<bool>& is_second, bool second) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < from.count; ++i) {
    if (is_second[i] == second) rows.push_back(i);
  }
  return taken(from, rows);
}

}  // namespace

std::pair<Samples, Samples> split(const Samples& samples, double share, std::size_t classes) {
  const std::vector<bool> is_second = second_part(samples, share, classes);
  return {taken(samples, is_second, false), taken(samples, is_second, true)};
}

Samples split_off(const Samples& samples, double share, std::size_t classes) {
  return taken(samples, second_part(samples, share, classes), true);
}

}  // namespace actfn::data
