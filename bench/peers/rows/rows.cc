// SPDX-License-Identifier: Apache-2.0
// What run.py calls: rows of float32 by actfn and by oneDNN.
#include <actfn/rows.h>
#include <omp.h>
#include <dnnl.hpp>

#include <memory>
#include <unordered_map>

namespace {

actfn::RowActivation activation(bool log) {
  if (log) return actfn::LogSoftmax{};
  return actfn::Softmax{};
}

// A primitive for one shape, with its arguments bound.
struct Prepared {
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  dnnl::primitive primitive;
  std::unordered_map<int, dnnl::memory> arguments;
};

}  // namespace

extern "C" {

void actfn_rows_forward(bool log, const float* x, float* y, std::size_t rows, std::size_t columns,
                        int threads) {
  actfn::RowOptions options;
  options.threads.count = threads;
  actfn::forward(activation(log), {x, {rows, columns}}, 1, {y, {rows, columns}}, options);
}

void actfn_rows_backward(bool log, const float* y, const float* dy, float* dx, std::size_t rows,
                         std::size_t columns, int threads) {
  const actfn::Shape shape = {rows, columns};
  actfn::backward(activation(log), {y, shape}, {dy, shape}, 1, {dx, shape}, {threads});
}

void actfn_entmax15_forward(const float* x, float* y, std::size_t rows, std::size_t columns) {
  actfn::entmax({x, {rows, columns}}, 1.5, 1, {y, {rows, columns}});
}

void actfn_entmax15_backward(const float* y, const float* dy, float* dx, std::size_t rows,
                             std::size_t columns) {
  const actfn::Shape shape = {rows, columns};
  actfn::backward(actfn::Entmax{}, {y, shape}, {dy, shape}, 1, {dx, shape});
}

// Calls of what is prepared run by as many threads as it was prepared for.
void* onednn_rows_prepare(bool log, bool backward, float* x_or_y, float* dy, float* y_or_dx,
                          std::size_t rows, std::size_t columns, int threads) {
  using dnnl::memory;
  omp_set_num_threads(threads);
  auto made = std::make_unique<Prepared>();
  const memory::desc desc({static_cast<memory::dim>(rows), static_cast<memory::dim>(columns)},
                          memory::data_type::f32, memory::format_tag::ab);
  const auto at = [&](float* data) { return memory(desc, made->engine, data); };
  const auto kind = log ? dnnl::algorithm::softmax_log : dnnl::algorithm::softmax_accurate;
  const dnnl::softmax_v2_forward::desc value(dnnl::prop_kind::forward_training, kind, desc, desc,
                                             1);
  const dnnl::softmax_v2_forward::primitive_desc hint(value, made->engine);
  if (backward) {
    const dnnl::softmax_v2_backward::desc gradient(kind, desc, desc, desc, 1);
    made->primitive = dnnl::softmax_v2_backward(
        dnnl::softmax_v2_backward::primitive_desc(gradient, made->engine, hint));
    made->arguments = {
        {DNNL_ARG_DST, at(x_or_y)}, {DNNL_ARG_DIFF_DST, at(dy)}, {DNNL_ARG_DIFF_SRC, at(y_or_dx)}};
  } else {
    made->primitive = dnnl::softmax_v2_forward(hint);
    made->arguments = {{DNNL_ARG_SRC, at(x_or_y)}, {DNNL_ARG_DST, at(y_or_dx)}};
  }
  return made.release();
}

void onednn_rows_run(void* prepared, int threads) {
  omp_set_num_threads(threads);
  auto& p = *static_cast<Prepared*>(prepared);
  p.primitive.execute(p.stream, p.arguments);
  p.stream.wait();
}

void onednn_rows_end(void* prepared) { delete static_cast<Prepared*>(prepared); }
}
