// SPDX-License-Identifier: Apache-2.0
#include "lab/parameters.h"

#include <algorithm>

#include "lab/accuracy_runs.h"
#include "lab/parameters_runs.h"
#include "oracle/oracle.h"

namespace actfn::lab {
namespace {

template <class T>
std::vector<ParameterErrors> search_some(const ParameterSearch& s, std::uint64_t first,
                                         std::uint64_t last) {
  std::vector<ParameterErrors> errors;
  for (const int order : s.orders) {
    errors.push_back({.order = order, .worst = s.function, .worst_input = {}});
  }
  std::visit(
      [&](const auto& f) {
        if constexpr (requires { try_set<T>(f, Draws(0), errors); }) {
          for (std::uint64_t i = first; i < last; ++i) {
            const std::uint64_t seed = random_bits(s.seed) + i;
            try_set<T>(drawn_parameters(f, seed), Draws(~seed), errors);
          }
        }
      },
      s.function);
  for (ParameterErrors& e : errors) e.sets = last - first;
  return errors;
}

void append(ParameterErrors& all, const ParameterErrors& next) {
  all.sets += next.sets;
  all.inputs += next.inputs;
  all.near_root_inputs += next.near_root_inputs;
  if (!(next.max_ulp > all.max_ulp)) return;
  all.max_ulp = next.max_ulp;
  all.worst = next.worst;
  all.worst_input = next.worst_input;
}

}  // namespace

bool has_drawable_parameters(const Function& f) {
  const Kind kind = info(f).kind;
  if (kind != Kind::elementwise && kind != Kind::row && kind != Kind::gate) return false;
  const auto& parameters = info(f).parameters;
  return std::any_of(parameters.begin(), parameters.end(),
                     [](const ParameterInfo& p) { return p.type == ParameterInfo::Type::number; });
}

std::vector<ParameterErrors> search_parameters(const ParameterSearch& s,
                                               std::atomic<double>& progress) {
  constexpr std::uint64_t kChunk = 64;
  std::vector<std::vector<ParameterErrors>> chunks((s.sets + kChunk - 1) / kChunk);
  const auto search = s.type == Type::float64 ? search_some<double> : search_some<float>;
  share_chunks(
      chunks.size(), oracle::thread_safe() ? s.jobs : 1,
      [&](std::size_t i) { chunks[i] = search(s, i * kChunk, std::min(s.sets, (i + 1) * kChunk)); },
      Steps(progress, chunks.size()));
  std::vector<ParameterErrors> all = chunks.at(0);
  for (std::size_t i = 1; i < chunks.size(); ++i) {
    for (std::size_t k = 0; k < all.size(); ++k) append(all[k], chunks[i][k]);
  }
  return all;
}

}  // namespace actfn::lab
