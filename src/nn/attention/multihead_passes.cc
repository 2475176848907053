// SPDX-License-Identifier: Apache-2.0
// The passes of MultiheadAttention.
#include <actfn/error.h>

#include "catalogue/error.h"
#include "catalogue/shape.h"
#include "catalogue/size.h"
#include "memory/copy.h"
#include "nn/attention/call.h"
#include "nn/attention/multihead.h"
#include "nn/attention/multihead_checks.h"
#include "nn/attention/settings.h"
#include "nn/product_reproducible.h"
#include "nn/vector_ops.h"

#include <algorithm>
#include <utility>

namespace actfn::nn {
namespace {

using namespace attention;

void grow(Buffer& buffer, Size size) {
  if (buffer.size() < size.value()) buffer.resize(size.value());
}

// Of a stream's caller: [N, length, width], or as its layout and its shape say.
Tensor shaped(const Stream& s, Buffer& buffer) { return {buffer.data(), s.shape}; }

std::ptrdiff_t signed_of(std::size_t n) { return static_cast<std::ptrdiff_t>(n); }

}  // namespace

Projector MultiheadAttention::State::projector() const {
  return {*team, reproducible ? reproducible_product : product, parameters.data()};
}

ConstTensor MultiheadAttention::State::heads(const Stream& s, const Buffer& buffer,
                                             std::size_t count) const {
  const std::size_t width = settings.embed_dim / settings.num_heads;
  const auto all = signed_of(count * width);
  return {buffer.data(), Shape{s.layout.batches, count, s.layout.length + s.extra, width},
          Strides{all * signed_of(s.layout.batch_step()), signed_of(width),
                  all * signed_of(s.layout.row_step()), 1}};
}
Tensor MultiheadAttention::State::heads(const Stream& s, Buffer& buffer, std::size_t count) const {
  const ConstTensor t = heads(s, std::as_const(buffer), count);
  return {buffer.data(), t.shape(), t.strides()};
}

// Copies an input into rows that follow each other, in the order of the stream's layout.
void MultiheadAttention::State::load(const ConstTensor& x, Stream& s) const {
  const std::size_t dims = x.dimensions(), width = x.shape()[dims - 1];
  const Strides& strides = x.strides();
  const std::size_t batch_axis = settings.batch_first ? 0 : 1;
  const auto& copies = memory::computed_copies(Type::float32);
  for (std::size_t n = 0; n < s.layout.batches; ++n) {
    for (std::size_t i = 0; i < s.layout.length; ++i) {
      const std::ptrdiff_t at =
          dims == 2 ? signed_of(i) * strides[0]
                    : signed_of(n) * strides[batch_axis] + signed_of(i) * strides[1 - batch_axis];
      auto* const from = const_cast<float*>(x.data<float>() + at);
      const std::size_t row = n * s.layout.batch_step() + i * s.layout.row_step();
      copies.load({reinterpret_cast<char*>(from), strides[dims - 1], width},
                  s.input.data() + row * width);
    }
  }
}

// The problem of a call, which the streams' buffers need not have memory for yet.
Problem MultiheadAttention::State::problem_of(const Stream& q, const Stream& k, const Stream& v,
                                              const MultiheadAttentionOptions& options,
                                              Shapes& of) const {
  const std::size_t kv_heads = kv_heads_of(settings);
  AttentionOptions pass = options_of_pass();
  pass.causal = options.is_causal;
  Problem p = checked(kModule, heads(q, q.projected, settings.num_heads),
                      heads(k, k.projected, kv_heads), heads(v, v.projected, kv_heads), pass, of);
  p.extra_keys = k.extra;
  const bool batched = q.shape.count() == 3;
  add_masks(p, options, {q.layout.batches, q.layout.length, k.layout.length, batched});
  return p;
}

// Checks all, takes memory, and only then changes what the last pass left.
const Problem& MultiheadAttention::State::prepare(const ConstTensor& q, const ConstTensor& k,
                                                  const ConstTensor& v,
                                                  const MultiheadAttentionOptions& options) {
  const CallShape shape = checked_call(settings, q, k, v);
  const std::size_t extra = extra_keys();
  // Rows that are added come last, behind those of all batches.
  const bool keys_by_batch = settings.batch_first && extra == 0;
  const Layout queries = {shape.batches, shape.queries, settings.batch_first};
  const Layout keys = {shape.batches, shape.keys, keys_by_batch};
  const auto empty = [](const Layout& layout, std::size_t more, const Shape& of) {
    return Stream{layout, more, {}, {}, {}, {}, of};
  };
  const Stream qs = empty(queries, 0, q.shape());
  const Stream ks = empty(keys, extra, k.shape()), vs = empty(keys, extra, v.shape());
  Shapes checked_shapes;
  static_cast<void>(problem_of(qs, ks, vs, options, checked_shapes));
  const auto reserve = [](Stream& s, const Stream& of, const Projection& f) {
    grow(s.input, Size(of.layout.rows()) * f.inputs);
    grow(s.projected, Size(of.all_rows()) * f.outputs);
  };
  reserve(query, qs, query_in);
  reserve(key, ks, key_in);
  reserve(value, vs, value_in);
  grow(attended, Size(queries.rows()) * settings.embed_dim);
  grow(output, Size(queries.rows()) * settings.embed_dim);
  query.set(queries, 0, q.shape());
  key.set(keys, extra, k.shape());
  value.set(keys, extra, v.shape());
  const Problem& p = problem.emplace(problem_of(query, key, value, options, shapes));
  load(q, query);
  load(k, key);
  load(v, value);
  return p;
}

// The keys and values that are learned, and those of zeros.
void MultiheadAttention::State::add_extra_rows() {
  for (Stream* const s : {&key, &value}) {
    float* to = s->projected.data() + s->layout.rows() * kv_width;
    const auto bias = s == &key ? bias_k : bias_v;
    for (std::size_t n = 0; bias && n < s->layout.batches; ++n, to += kv_width) {
      std::copy_n(parameters.data() + *bias, kv_width, to);
    }
    if (settings.add_zero_attn) std::fill_n(to, s->layout.batches * kv_width, 0.0F);
  }
}

MultiheadAttentionResult MultiheadAttention::State::forward(
    const ConstTensor& q, const ConstTensor& k, const ConstTensor& v,
    const MultiheadAttentionOptions& options) {
  const SingleThreadedProducts single;
  try {
    compute(prepare(q, k, v, options), options);
    const MultiheadAttentionResult all = result(options);
    passes += training ? 1 : 0;
    return all;
  } catch (const Error&) {  // of the checks: the last pass is still there
    throw;
  } catch (...) {  // no memory: what backward() needs is of two passes
    problem.reset();
    throw;
  }
}

void MultiheadAttention::State::compute(const Problem& p,
                                        const MultiheadAttentionOptions& options) {
  const Projector by = projector();
  by.project(query_in, query.input.data(), query.layout.rows(), query.projected.data());
  by.project(key_in, key.input.data(), key.layout.rows(), key.projected.data());
  by.project(value_in, value.input.data(), value.layout.rows(), value.projected.data());
  add_extra_rows();
  AttentionExtras extras;
  extras.state = &kept;
  if (options.need_weights) {
    const Shape& s = shapes.scores;
    grow(weights, Size(s[0]) * s[1] * s[2] * s[3]);
    extras.weights.emplace(weights.data(), s);
  }
  attend(p, shapes, heads(query, attended, settings.num_heads), extras);
  by.project(out, attended.data(), query.layout.rows(), output.data());
}

MultiheadAttentionResult MultiheadAttention::State::result(
    const MultiheadAttentionOptions& options) {
  MultiheadAttentionResult r = {shaped(query, output), std::nullopt};
  if (!options.need_weights) return r;
  Shape shape = shapes.scores;
  const bool batched = query.shape.count() == 3;
  if (options.average_attn_weights) {
    r.weights.emplace(average(shape));
  } else if (batched) {
    r.weights.emplace(weights.data(), shape);
  } else {
    r.weights.emplace(weights.data(), Shape{shape[1], shape[2], shape[3]});
  }
  return r;
}

// The mean over heads.
ConstTensor MultiheadAttention::State::average(const Shape& shape) {
  const std::size_t n = shape[2] * shape[3];
  grow(mean_weights, Size(shape[0]) * n);
  const float factor = 1 / static_cast<float>(shape[1]);
  for (std::size_t batch = 0; batch < shape[0] && n > 0; ++batch) {
    float* const mean = mean_weights.data() + batch * n;
    sum_parts(weights.data() + batch * shape[1] * n, shape[1], n, n, mean);
    for (std::size_t i = 0; i < n; ++i) mean[i] *= factor;
  }
  if (query.shape.count() == 3) return {mean_weights.data(), Shape{shape[0], shape[2], shape[3]}};
  return {mean_weights.data(), Shape{shape[2], shape[3]}};
}

MultiheadAttentionGradients MultiheadAttention::State::backward(const ConstTensor& dy) {
  if (!problem) fail(kModule, {"backward() needs a forward() before it"});
  demand_output_gradient(dy, query.shape);
  const SingleThreadedProducts single;
  const std::size_t rows = query.layout.rows();
  for (Stream* const s : {&query, &key, &value}) {
    grow(s->gradient, s->projected.size());
    grow(s->input_gradient, s->input.size());
  }
  grow(attended_gradient, attended.size());
  Stream dys = {query.layout, 0, {}, {}, {}, {}, query.shape};
  grow(dys.input, output.size());
  load(dy, dys);
  projector().differentiate(out, attended.data(), dys.input.data(), rows, gradients.data(),
                            attended_gradient.data());
  attend_backward(*problem);
  differentiate_extra_rows();
  differentiate_input(query_in, query);
  differentiate_input(key_in, key);
  differentiate_input(value_in, value);
  const auto by_rows = [&](Stream& s, std::size_t width) -> ConstTensor {
    return view_of_rows(s, width, settings.batch_first);
  };
  return {by_rows(query, query_in.inputs), by_rows(key, key_in.inputs),
          by_rows(value, value_in.inputs)};
}

void MultiheadAttention::State::attend_backward(const Problem& p) {
  const std::size_t kv_heads = kv_heads_of(settings);
  attention::Gradients to = {Matrices(heads(query, query.gradient, settings.num_heads), shapes.out),
                             Matrices(), Matrices(), std::nullopt};
  const Tensor dk = heads(key, key.gradient, kv_heads);
  const Tensor dv = heads(value, value.gradient, kv_heads);
  to.dk = Matrices(dk, dk.shape());
  to.dv = Matrices(dv, dv.shape());
  if (sinks) to.dsinks.emplace(gradients.data() + *sinks, Shape{settings.num_heads});
  AttentionSaved saved;
  if (!p.has_row_function) saved.state = &kept;
  saved.out.emplace(heads(query, std::as_const(attended), settings.num_heads));
  attention::attend_backward(
      p, shapes, heads(query, std::as_const(attended_gradient), settings.num_heads), to, saved);
}

// The learned key and value have a row in each batch.
void MultiheadAttention::State::differentiate_extra_rows() {
  if (!bias_k) return;
  for (Stream* const s : {&key, &value}) {
    float* const g = gradients.data() + (s == &key ? *bias_k : *bias_v);
    std::fill_n(g, kv_width, 0.0F);
    if (s->layout.batches == 0) continue;
    sum_rows(s->gradient.data() + s->layout.rows() * kv_width, s->layout.batches, kv_width, g);
  }
}

void MultiheadAttention::State::differentiate_input(const Projection& f, Stream& s) {
  projector().differentiate(f, s.input.data(), s.gradient.data(), s.layout.rows(), gradients.data(),
                            s.input_gradient.data());
}

}  // namespace actfn::nn
