// SPDX-License-Identifier: Apache-2.0
#include <actfn/nn/attention.h>

#include "catalogue/error.h"
#include "catalogue/float_environment.h"
#include "catalogue/shape.h"
#include "catalogue/size.h"
#include "memory/demand.h"
#include "memory/scratch.h"
#include "nn/attention/backward.h"
#include "nn/attention/call.h"
#include "nn/attention/forward.h"
#include "nn/attention/problem.h"

#include <initializer_list>

namespace actfn::nn {
namespace attention {
namespace {

constexpr std::string_view kWho = "scaled_dot_product_attention";
using memory::Named;

void demand_separate(std::initializer_list<Named> inputs, std::initializer_list<Named> outputs) {
  for (const Named& out : outputs) {
    for (const Named& in : inputs) memory::demand_apart(kWho, in, out);
  }
  memory::demand_outputs(kWho, {}, outputs);
}

void demand_state(const AttentionState* state, const Sizes& sizes) {
  if (state == nullptr || state->rows.size() == 2 * sizes.rows()) return;
  fail(kWho, {"state has ", state->rows.size(), " numbers, ", 2 * sizes.rows(), " are needed"});
}

void demand_dsinks(const AttentionOptions& options, const std::optional<Tensor>& dsinks) {
  if (!dsinks) return;
  if (!options.sinks) fail(kWho, {"dsinks needs sinks"});
  memory::demand_alike(kWho, {"sinks", *options.sinks}, {{"dsinks", *dsinks}});
}

// States are pairs of floats.
RowState* states_of(std::vector<float>& rows) {
  static_assert(sizeof(RowState) == 2 * sizeof(float) && alignof(RowState) == alignof(float));
  return reinterpret_cast<RowState*>(rows.data());
}

// Where the forward pass was not kept: its output in float32, and its states.
class Recomputed {
 public:
  Recomputed(const Problem& p, const Shape& shape)
      : memory_((Size(p.sizes.rows()) * p.sizes.out_width * sizeof(float)).value()),
        out_(Tensor(reinterpret_cast<float*>(memory_.data()), shape), shape),
        rows_(2 * p.sizes.rows()) {
    forward(p, {out_, std::nullopt, states_of(rows_)});
  }
  const Matrices& out() const { return out_; }
  const RowState* states() { return states_of(rows_); }

 private:
  memory::Scratch memory_;
  Matrices out_;
  std::vector<float> rows_;
};

}  // namespace

void attend(const Problem& p, const Shapes& shapes, const Tensor& out,
            const AttentionExtras& extras) {
  std::vector<float> rows;
  if (extras.state != nullptr && !p.has_row_function) rows.resize(2 * p.sizes.rows());
  ForwardOutputs to = {Matrices(out, shapes.out), std::nullopt,
                       rows.empty() ? nullptr : states_of(rows)};
  if (extras.weights) to.weights.emplace(*extras.weights, shapes.scores);
  forward(p, to);
  if (extras.state != nullptr) extras.state->rows = std::move(rows);
}

void attend_backward(const Problem& p, const Shapes& shapes, const ConstTensor& dout,
                     const Gradients& to, const AttentionSaved& saved) {
  const Matrices douts(dout, shapes.out);
  if (p.has_row_function) return backward_rows(p, douts, to);
  const bool is_kept = saved.state != nullptr && saved.out && saved.out->type() == Type::float32;
  if (is_kept) {
    const auto* const states = reinterpret_cast<const RowState*>(saved.state->rows.data());
    return backward(p, douts, Matrices(*saved.out, shapes.out), states, to);
  }
  Recomputed again(p, shapes.out);
  backward(p, douts, again.out(), again.states(), to);
}

}  // namespace attention

void scaled_dot_product_attention(const ConstTensor& q, const ConstTensor& k, const ConstTensor& v,
                                  const Tensor& out, const AttentionOptions& options,
                                  const AttentionExtras& extras) {
  using namespace attention;
  const FloatEnvironment environment;
  Shapes shapes;
  const Problem p = checked(kWho, q, k, v, options, shapes);
  demand_like(kWho, "out", out, shapes.out, q);
  demand_separate({{"q", q}, {"k", k}, {"v", v}}, {{"out", out}});
  if (extras.weights) {
    demand_like(kWho, "weights", *extras.weights, shapes.scores, q);
    demand_separate({{"q", q}, {"k", k}, {"v", v}}, {{"out", out}, {"weights", *extras.weights}});
  }
  attend(p, shapes, out, extras);
}

void scaled_dot_product_attention_backward(const ConstTensor& q, const ConstTensor& k,
                                           const ConstTensor& v, const ConstTensor& dout,
                                           const Tensor& dq, const Tensor& dk, const Tensor& dv,
                                           const AttentionOptions& options,
                                           const AttentionSaved& saved) {
  using namespace attention;
  const FloatEnvironment environment;
  Shapes shapes;
  const Problem p = checked(kWho, q, k, v, options, shapes);
  demand_like(kWho, "dout", dout, shapes.out, q);
  demand_like(kWho, "dq", dq, q.shape(), q);
  demand_like(kWho, "dk", dk, k.shape(), q);
  demand_like(kWho, "dv", dv, v.shape(), q);
  if (saved.out) demand_like(kWho, "out", *saved.out, shapes.out, q);
  if (!p.has_row_function) demand_state(saved.state, p.sizes);
  demand_dsinks(options, saved.dsinks);
  const std::initializer_list<Named> inputs = {{"q", q}, {"k", k}, {"v", v}, {"dout", dout}};
  demand_separate(inputs, {{"dq", dq}, {"dk", dk}, {"dv", dv}});
  if (saved.out) demand_separate({{"out", *saved.out}}, {{"dq", dq}, {"dk", dk}, {"dv", dv}});
  if (saved.dsinks) {
    demand_separate(inputs, {{"dq", dq}, {"dk", dk}, {"dv", dv}, {"dsinks", *saved.dsinks}});
  }
  attend_backward(
      p, shapes, dout,
      {Matrices(dq, q.shape()), Matrices(dk, k.shape()), Matrices(dv, v.shape()), saved.dsinks},
      saved);
}

}  // namespace actfn::nn
