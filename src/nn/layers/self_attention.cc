// SPDX-License-Identifier: Apache-2.0
#include "nn/attention/backward.h"
#include "nn/attention/forward.h"
#include "nn/attention/projection.h"
#include "nn/attention/settings.h"
#include "nn/layers/arguments.h"
#include "nn/layers/text.h"
#include "nn/module.h"
#include "nn/team.h"
#include "nn/vector_ops.h"
#include "nn/weight_source.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace actfn::nn {
namespace {

using attention::Matrices;
using attention::Problem;
using attention::RowState;

constexpr std::string_view kWho = "self_attention";

MultiheadAttentionSettings settings_of(const SelfAttention& l) {
  MultiheadAttentionSettings s = {.embed_dim = static_cast<std::size_t>(l.embed_dim),
                                  .num_heads = static_cast<std::size_t>(l.num_heads),
                                  .dropout = l.dropout,
                                  .bias = l.bias,
                                  .batch_first = true};
  if (l.kv_heads) s.kv_heads = static_cast<std::size_t>(*l.kv_heads);
  s.softcap = l.softcap;
  s.window = l.window;
  s.sinks = l.sinks;
  s.activation = l.activation;
  return s;
}

// One product makes queries, keys and values of x: [samples, length, E + 2 D]. A part of the batch
// goes through attention at a time, so that what attention needs for a call does not grow with the
// batch.
class SelfAttentionModule : public Module {
 public:
  SelfAttentionModule(const SelfAttention& l, const Shape& in)
      : Module(in, in),
        settings_(settings_of(l)),
        causal_(l.is_causal ? Causal::top_left : Causal::none),
        length_(in[0]),
        width_(settings_.embed_dim),
        heads_(settings_.num_heads),
        kv_heads_(attention::kv_heads_of(settings_)),
        in_{width_, width_ + 2 * attention::kv_width_of(settings_), 0, std::nullopt},
        out_{width_, width_, 0, std::nullopt} {
    in_.weight = take({"in_proj_weight", {in_.outputs, width_}});
    if (l.bias) in_.bias = take({"in_proj_bias", {in_.outputs}});
    if (l.sinks) sinks_ = take({"sinks", {heads_}, false});
    out_.weight = take({"out_proj.weight", {width_, width_}});
    if (l.bias) out_.bias = take({"out_proj.bias", {width_}});
  }

  void initialize(std::span<float> learned, WeightSource* source) const override {
    std::ranges::fill(learned, 0.0F);
    if (source == nullptr) return;
    const auto fan_in = static_cast<double>(width_);
    source->draw(Init::glorot_uniform, fan_in, static_cast<double>(in_.outputs),
                 learned.subspan(in_.weight, in_.outputs * width_));
    source->draw_uniform(1 / std::sqrt(fan_in), learned.subspan(out_.weight, width_ * width_));
  }

  Size workspace_size(std::size_t rows) const override {
    const Places at(*this, rows);
    return at.dsinks + (sinks_ ? Size(part_count(rows)) * heads_ : Size(0));
  }

  void forward(const Pass& pass, const float* x, float* y) const override {
    const Places at(*this, pass.rows);
    float* const projected = pass.workspace + at.projected.value();
    float* const attended = pass.workspace + at.attended.value();
    const attention::Projector by = projector(pass);
    by.project(in_, x, pass.rows * length_, projected);
    for_each_part(pass.rows, [&](const Part& part) {
      const Tensor out = heads_of(attended, width_, part, 0, heads_);
      const Problem p = problem_of(pass, part, projected);
      attention::forward(p, {Matrices(out, out.shape()), std::nullopt, states(pass, at, part)});
    });
    by.project(out_, attended, pass.rows * length_, y);
  }

  void backward(const Pass& pass, const Gradients& g) const override {
    const Places at(*this, pass.rows);
    float* const dprojected = pass.workspace + at.dprojected.value();
    const attention::Projector by = projector(pass);
    by.differentiate(out_, pass.workspace + at.attended.value(), g.dy, pass.rows * length_,
                     g.learned.data(), pass.workspace + at.dattended.value());
    for_each_part(pass.rows, [&](const Part& part) { backward_part(pass, at, part); });
    if (sinks_) {
      sum_parts(pass.workspace + at.dsinks.value(), part_count(pass.rows), heads_, heads_,
                g.learned.data() + *sinks_);
    }
    by.differentiate(in_, g.x, dprojected, pass.rows * length_, g.learned.data(), g.dx);
  }

  bool works_without_dx() const override { return true; }

 private:
  // Samples [first, first + count).
  struct Part {
    std::size_t index, first, count;
  };

  // Where the workspace has what: queries, keys and values, what attention makes of them, two
  // numbers for each row of weights, the gradients of the first two, and those of the sinks in each
  // part.
  struct Places {
    Places(const SelfAttentionModule& m, std::size_t rows) {
      const std::size_t all = padded(rows * m.length_ * m.in_.outputs);
      attended = projected + all;
      states = attended + padded(rows * m.in_size());
      dprojected = states + padded(2 * rows * m.heads_ * m.length_);
      dattended = dprojected + all;
      dsinks = dattended + padded(rows * m.in_size());
    }
    Size projected = 0, attended = 0, states = 0, dprojected = 0, dattended = 0, dsinks = 0;
  };

  std::size_t take(Block block) {
    const std::size_t at = parameter_count().value();
    learn(std::move(block));
    return at;
  }

  // Of so many samples that a copy of their queries has at most 2^20 numbers, with widths of heads
  // as attention pads them.
  std::size_t samples_of_a_part() const {
    constexpr std::size_t kNumbers = std::size_t{1} << 20, kUnit = 32;
    const std::size_t head = (width_ / heads_ + kUnit - 1) / kUnit * kUnit;
    return std::max<std::size_t>(1, kNumbers / (length_ * heads_ * head));
  }
  std::size_t part_count(std::size_t rows) const {
    return (rows + samples_of_a_part() - 1) / samples_of_a_part();
  }
  template <class F>
  void for_each_part(std::size_t rows, const F& f) const {
    const std::size_t most = samples_of_a_part();
    for (std::size_t i = 0; i < part_count(rows); ++i) {
      f(Part{i, i * most, std::min(most, rows - i * most)});
    }
  }

  static attention::Projector projector(const Pass& pass) {
    return {*pass.team, pass.multiply, pass.learned.data()};
  }

  // Columns from `column` on of rows of `row` numbers, as [samples, heads, length, width].
  Tensor heads_of(float* base, std::size_t row, const Part& part, std::size_t column,
                  std::size_t heads) const {
    const auto signed_of = [](std::size_t n) { return static_cast<std::ptrdiff_t>(n); };
    const std::size_t width = width_ / heads_;
    return {base + part.first * length_ * row + column, Shape{part.count, heads, length_, width},
            Strides{signed_of(length_ * row), signed_of(width), signed_of(row), 1}};
  }

  // Queries, keys and values, or their gradients.
  struct Projected {
    Tensor q, k, v;
  };
  Projected split(float* projected, const Part& part) const {
    const std::size_t kv_width = attention::kv_width_of(settings_);
    return {heads_of(projected, in_.outputs, part, 0, heads_),
            heads_of(projected, in_.outputs, part, width_, kv_heads_),
            heads_of(projected, in_.outputs, part, width_ + kv_width, kv_heads_)};
  }

  Problem problem_of(const Pass& pass, const Part& part, float* projected) const {
    AttentionOptions o = attention::options_of(settings_);
    if (!pass.training) o.dropout = 0;
    o.causal = causal_;
    o.noise = unbounded(pass.noise);
    o.noise.first += part.first * heads_ * length_ * length_;
    o.threads = pass.team->threads();
    o.reproducible = pass.is_reproducible();
    if (sinks_) o.sinks.emplace(pass.learned.data() + *sinks_, Shape{heads_});
    const auto [q, k, v] = split(projected, part);
    attention::Shapes shapes;
    return attention::checked(kWho, q, k, v, o, shapes);
  }

  RowState* states(const Pass& pass, const Places& at, const Part& part) const {
    static_assert(sizeof(RowState) == 2 * sizeof(float) && alignof(RowState) == alignof(float));
    float* const all = pass.workspace + at.states.value();
    return reinterpret_cast<RowState*>(all + 2 * part.first * heads_ * length_);
  }

  void backward_part(const Pass& pass, const Places& at, const Part& part) const {
    const Problem p = problem_of(pass, part, pass.workspace + at.projected.value());
    const auto [dq, dk, dv] = split(pass.workspace + at.dprojected.value(), part);
    attention::Gradients to = {Matrices(dq, dq.shape()), Matrices(dk, dk.shape()),
                               Matrices(dv, dv.shape()), std::nullopt};
    if (sinks_) {
      float* const dsinks = pass.workspace + at.dsinks.value() + part.index * heads_;
      to.dsinks.emplace(dsinks, Shape{heads_});
    }
    const Tensor out = heads_of(pass.workspace + at.attended.value(), width_, part, 0, heads_);
    const Tensor dout = heads_of(pass.workspace + at.dattended.value(), width_, part, 0, heads_);
    const Matrices douts(dout, dout.shape());
    if (p.has_row_function) return attention::backward_rows(p, douts, to);
    attention::backward(p, douts, Matrices(out, out.shape()), states(pass, at, part), to);
  }

  MultiheadAttentionSettings settings_;
  Causal causal_;
  std::size_t length_, width_, heads_, kv_heads_;
  attention::Projection in_, out_;
  std::optional<std::size_t> sinks_;
};

}  // namespace

template <>
ModulePointer LayerFile<SelfAttention>::make(const SelfAttention& l, const Shape& in) {
  require_at_least(kWho, "embed_dim", 1, l.embed_dim);
  require_at_least(kWho, "num_heads", 1, l.num_heads);
  require_at_least(kWho, "kv_heads", 1, l.kv_heads.value_or(1));
  attention::check_settings(kWho, settings_of(l));
  require_dimensions(kWho, in, 2, "length x features");
  require_length(kWho, "features", l.embed_dim, in[1]);
  return std::make_shared<SelfAttentionModule>(l, in);
}

template <>
const LayerText* LayerFile<SelfAttention>::text() {
  using L = SelfAttention;
  static const LayerText kText = {
      kWho,
      L{64, 4},
      {required<&L::embed_dim>("embed_dim"), required<&L::num_heads>("num_heads"),
       optional<&L::dropout>("dropout"), optional<&L::bias>("bias"),
       optional<&L::is_causal>("is_causal"), optional<&L::kv_heads>("kv_heads"),
       optional<&L::softcap>("softcap"), optional<&L::window>("window"),
       optional<&L::sinks>("sinks"), optional<&L::activation>("activation")}};
  return &kText;
}

}  // namespace actfn::nn
