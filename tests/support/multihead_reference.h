// SPDX-License-Identifier: Apache-2.0
// MultiheadAttention in float64, from its formulas alone.
#pragma once

#include <actfn/nn/multihead_attention.h>

#include <map>

#include "attention_reference.h"

namespace actfn::testing {

struct MultiheadCase {
  std::string name;
  nn::MultiheadAttentionSettings settings;
  std::size_t batches = 2, queries = 3, keys = 4;
  bool batched = true;
  nn::Causal is_causal = nn::Causal::none;
  bool attn_mask = false;         // bool [L, S], true is masked out; the first row is all true
  bool attn_bias = false;         // float [N * heads, L, S]
  bool key_padding_mask = false;  // bool [N, S]
  bool key_padding_bias = false;  // float [N, S]
};

struct MultiheadData {
  std::map<std::string, Doubles> parameters;
  Doubles query, key, value, dy, bias, padding_bias;
  std::vector<std::uint8_t> mask, padding;
};

// y = x W^T + b
inline Doubles projected(const Doubles& x, const Doubles& w, const Doubles& b, std::size_t inputs,
                         std::size_t outputs) {
  Doubles y;
  for (std::size_t r = 0; r < x.size() / inputs; ++r) {
    for (std::size_t o = 0; o < outputs; ++o) {
      double sum = b.empty() ? 0 : b[o];
      for (std::size_t i = 0; i < inputs; ++i) sum += x[r * inputs + i] * w[o * inputs + i];
      y.push_back(sum);
    }
  }
  return y;
}

inline Doubles piece(const Doubles& x, std::size_t first, std::size_t n) {
  if (x.empty()) return {};
  const auto at = x.begin() + static_cast<std::ptrdiff_t>(first);
  return {at, at + static_cast<std::ptrdiff_t>(n)};
}

// Sequences here are batch by batch, whatever batch_first is.
class MultiheadReference {
 public:
  MultiheadReference(const MultiheadCase& c, const MultiheadData& d)
      : c_(c), d_(d), s_(c.settings) {}

  AttentionOutputs operator()(const Noise& noise) const {
    const std::size_t e = s_.embed_dim, kv_heads = s_.kv_heads.value_or(s_.num_heads);
    const std::size_t d = e / s_.num_heads * kv_heads;
    const std::size_t kdim = s_.kdim.value_or(e), vdim = s_.vdim.value_or(e);
    const bool packed = d_.parameters.count("in_proj_weight") > 0;
    const Doubles in = packed ? at("in_proj_weight") : Doubles();
    const Doubles wq = packed ? piece(in, 0, e * e) : at("q_proj_weight");
    const Doubles wk = packed ? piece(in, e * e, d * e) : at("k_proj_weight");
    const Doubles wv = packed ? piece(in, (e + d) * e, d * e) : at("v_proj_weight");
    const Doubles b = at("in_proj_bias");
    AttentionCase a = attention_case(kv_heads);
    AttentionData x;
    x.q = by_head(projected(d_.query, wq, piece(b, 0, e), e, e), c_.queries, s_.num_heads);
    x.k = extended(projected(d_.key, wk, piece(b, e, d), kdim, d), at("bias_k"), kv_heads);
    x.v = extended(projected(d_.value, wv, piece(b, e + d, d), vdim, d), at("bias_v"), kv_heads);
    x.sinks = at("sinks");
    x.bias = mask_numbers(a);
    const AttentionOutputs r = reference_attention(a, x, noise);
    return {projected(by_row(r.out), at("out_proj.weight"), at("out_proj.bias"), e, e), r.weights};
  }

  AttentionCase attention_case(std::size_t kv_heads) const {
    AttentionCase a;
    a.batches = c_.batches;
    a.heads = s_.num_heads;
    a.kv_heads = kv_heads;
    a.queries = c_.queries;
    a.keys = c_.keys + extra();
    a.width = a.out_width = s_.embed_dim / s_.num_heads;
    a.softcap = s_.softcap;
    a.sinks = s_.sinks;
    a.activation = s_.activation;
    a.dropout = s_.dropout;
    a.bias_shape = {a.batches, a.heads, a.queries, a.keys};
    return a;
  }

 private:
  const Doubles& at(const std::string& name) const {
    static const Doubles none;
    const auto found = d_.parameters.find(name);
    return found == d_.parameters.end() ? none : found->second;
  }
  std::size_t extra() const { return (s_.add_bias_kv ? 1U : 0U) + (s_.add_zero_attn ? 1U : 0U); }

  // [N, length, heads * w] as [N, heads, length, w].
  Doubles by_head(const Doubles& x, std::size_t length, std::size_t heads) const {
    const std::size_t w = s_.embed_dim / s_.num_heads;
    Doubles y;
    for (std::size_t n = 0; n < c_.batches; ++n) {
      for (std::size_t h = 0; h < heads; ++h) {
        for (std::size_t i = 0; i < length; ++i) {
          const Doubles row = piece(x, ((n * length + i) * heads + h) * w, w);
          y.insert(y.end(), row.begin(), row.end());
        }
      }
    }
    return y;
  }
  Doubles by_row(const Doubles& x) const {
    const std::size_t w = s_.embed_dim / s_.num_heads;
    Doubles y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::size_t column = i % w, row = i / w % c_.queries;
      const std::size_t h = i / w / c_.queries % s_.num_heads;
      const std::size_t n = i / w / c_.queries / s_.num_heads;
      y[((n * c_.queries + row) * s_.num_heads + h) * w + column] = x[i];
    }
    return y;
  }
  Doubles extended(const Doubles& x, const Doubles& bias, std::size_t heads) const {
    const std::size_t all = s_.embed_dim / s_.num_heads * heads;
    Doubles y;
    for (std::size_t n = 0; n < c_.batches; ++n) {
      const Doubles rows = piece(x, n * c_.keys * all, c_.keys * all);
      y.insert(y.end(), rows.begin(), rows.end());
      if (s_.add_bias_kv) y.insert(y.end(), bias.begin(), bias.end());
      if (s_.add_zero_attn) y.insert(y.end(), all, 0.0);
    }
    return by_head(y, c_.keys + extra(), heads);
  }

  // All masks as numbers that are added: the keys that are appended have 0.
  Doubles mask_numbers(const AttentionCase& a) const {
    const double none = -std::numeric_limits<double>::infinity();
    AttentionCase positions = a;  // of the keys that are not appended
    positions.keys = c_.keys;
    positions.causal = c_.is_causal;
    positions.window = s_.window;
    Doubles all(count_of(a.bias_shape));
    for (std::size_t i = 0; i < all.size(); ++i) {
      const std::size_t key = i % a.keys, row = i / a.keys, query = row % a.queries;
      const std::size_t n = row / a.queries / a.heads;
      if (key >= c_.keys) continue;
      const std::size_t real = row * c_.keys + key;
      if (!d_.bias.empty()) all[i] += d_.bias[real];
      if (!d_.padding_bias.empty()) all[i] += d_.padding_bias[n * c_.keys + key];
      if (!d_.mask.empty() && d_.mask[query * c_.keys + key] != 0) all[i] = none;
      if (!d_.padding.empty() && d_.padding[n * c_.keys + key] != 0) all[i] = none;
      if (!sees(positions, query, key)) all[i] = none;
    }
    return all;
  }

  const MultiheadCase& c_;
  const MultiheadData& d_;
  const nn::MultiheadAttentionSettings& s_;
};

}  // namespace actfn::testing
