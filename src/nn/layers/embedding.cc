// SPDX-License-Identifier: Apache-2.0
#include "catalogue/error.h"
#include "catalogue/number.h"
#include "nn/cut.h"
#include "nn/layers/arguments.h"
#include "nn/layers/text.h"
#include "nn/module.h"
#include "nn/team.h"
#include "nn/vector_ops.h"
#include "nn/weight_source.h"

#include <algorithm>
#include <vector>

namespace actfn::nn {
namespace {

// float32 holds all whole numbers up to here.
constexpr int kMostEmbeddings = 1 << 24;

Shape embedded(const Shape& in, int dim) {
  std::vector<std::size_t> lengths(in.begin(), in.end());
  lengths.push_back(static_cast<std::size_t>(dim));
  return Shape(lengths);
}

class EmbeddingModule : public Module {
 public:
  EmbeddingModule(const Embedding& l, const Shape& in)
      : Module(in, embedded(in, l.embedding_dim)),
        count_(static_cast<std::size_t>(l.num_embeddings)),
        dim_(static_cast<std::size_t>(l.embedding_dim)),
        padding_(count_) {
    if (l.padding_idx) {
      const int from_begin = *l.padding_idx + (*l.padding_idx < 0 ? l.num_embeddings : 0);
      padding_ = static_cast<std::size_t>(from_begin);
    }
    learn({"weight", {count_, dim_}});
  }

  void initialize(std::span<float> learned, WeightSource* source) const override {
    std::ranges::fill(learned, 0.0F);
    if (source == nullptr) return;
    source->draw_normal(1, learned);
    if (padding_ < count_) std::ranges::fill(learned.subspan(padding_ * dim_, dim_), 0.0F);
  }

  void forward(const Pass& pass, const float* x, float* y) const override {
    const std::size_t n = pass.rows * in_size();
    for (std::size_t i = 0; i < n; ++i) check(x[i]);
    const auto all = static_cast<int>(n);
    const int most = std::max(1, kPiece / static_cast<int>(dim_));
    pass.team->run(part_count(all, most), [&](int /*member*/, int i) {
      const Range r = part(all, most, i);
      for (auto at = static_cast<std::size_t>(r.begin); at < static_cast<std::size_t>(r.end);
           ++at) {
        const auto row = pass.learned.subspan(static_cast<std::size_t>(x[at]) * dim_, dim_);
        std::ranges::copy(row, y + at * dim_);
      }
    });
  }

  // Each member adds up some columns, so that each sum has the order of the input.
  void backward(const Pass& pass, const Gradients& g) const override {
    constexpr int kColumns = 64;
    const std::size_t n = pass.rows * in_size();
    const auto columns = static_cast<int>(dim_);
    pass.team->run(part_count(columns, kColumns), [&](int /*member*/, int i) {
      const Range r = part(columns, kColumns, i);
      const auto begin = static_cast<std::size_t>(r.begin);
      const auto width = static_cast<std::size_t>(r.size());
      for (std::size_t row = 0; row < count_; ++row) {
        std::ranges::fill(g.learned.subspan(row * dim_ + begin, width), 0.0F);
      }
      for (std::size_t at = 0; at < n; ++at) {
        const auto row = static_cast<std::size_t>(g.x[at]);
        if (row == padding_) continue;
        add_row(g.dy + at * dim_ + begin, 1, width, g.learned.data() + row * dim_ + begin);
      }
    });
    if (g.dx != nullptr) std::fill(g.dx, g.dx + n, 0.0F);
  }

  bool works_without_dx() const override { return true; }

 private:
  void check(float x) const {
    const bool in_range = x >= 0 && x < static_cast<float>(count_);
    if (in_range && static_cast<float>(static_cast<int>(x)) == x) return;
    fail("embedding",
         {"x must hold whole numbers from 0 to ", count_ - 1, ", got ", write_number(x)});
  }

  std::size_t count_, dim_;
  std::size_t padding_;  // count_ if there is none
};

}  // namespace

template <>
ModulePointer LayerFile<Embedding>::make(const Embedding& l, const Shape& in) {
  require_at_least("embedding", "num_embeddings", 1, l.num_embeddings);
  require_at_least("embedding", "embedding_dim", 1, l.embedding_dim);
  if (l.num_embeddings > kMostEmbeddings) {
    fail("embedding", {"num_embeddings must be at most 2^24, got ", l.num_embeddings});
  }
  if (l.padding_idx && (*l.padding_idx < -l.num_embeddings || *l.padding_idx >= l.num_embeddings)) {
    fail("embedding", {"padding_idx must be from ", -l.num_embeddings, " to ", l.num_embeddings - 1,
                       ", got ", *l.padding_idx});
  }
  if (in.count() + 2 > kMaxDimensions) {
    fail("sequential", {"embedding takes samples of at most ", kMaxDimensions - 2,
                        " dimensions, where ", actfn::text(in), " come in"});
  }
  return std::make_shared<EmbeddingModule>(l, in);
}

template <>
const LayerText* LayerFile<Embedding>::text() {
  static const LayerText kText = {"embedding",
                                  Embedding{1000, 64},
                                  {required<&Embedding::num_embeddings>("num_embeddings"),
                                   required<&Embedding::embedding_dim>("embedding_dim"),
                                   optional<&Embedding::padding_idx>("padding_idx")}};
  return &kText;
}

}  // namespace actfn::nn
