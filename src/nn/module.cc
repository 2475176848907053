// SPDX-License-Identifier: Apache-2.0
#include "nn/module.h"

#include "catalogue/error.h"

#include <limits>
#include <type_traits>

namespace actfn::nn {
namespace {

bool is_elementwise(const Layer& layer) {
  const auto* const f = std::get_if<Function>(&layer);
  return f != nullptr && std::holds_alternative<Activation>(*f);
}

}  // namespace

void check_linear(const Linear& l, std::size_t before) {
  if (l.in_features < 1 || l.out_features < 1) {
    fail("sequential",
         {"a Linear's sizes must be at least 1, got ", l.in_features, " and ", l.out_features});
  }
  if (before != 0 && static_cast<std::size_t>(l.in_features) != before) {
    fail("sequential", {"a Linear takes ", l.in_features, " features where ", before, " come in"});
  }
}

void check_sample(const Layer& layer, const Shape& out) {
  constexpr std::size_t kMost = std::numeric_limits<int>::max();
  if (size_of(out) <= Size(kMost)) return;
  fail("sequential",
       {to_string(std::span(&layer, 1)), " gives more than ", kMost, " numbers for a sample"});
}

ModulePointer make_any_module(const Layer& layer, const Shape& in) {
  return std::visit(
      [&in](const auto& one) {
        return LayerFile<std::remove_cvref_t<decltype(one)>>::make(one, in);
      },
      layer);
}

ModulePointer make_module(const Layer& layer, const Shape& in) {
  if (is_elementwise(layer)) {
    validate(std::get<Function>(layer));
    return nullptr;
  }
  return std::holds_alternative<Linear>(layer) ? nullptr : make_any_module(layer, in);
}

Inner Module::inner(const Pass& /*pass*/, std::size_t index) const {
  fail("sequential", {"there is no layer ", index, " inside of a layer"});
}

void require_dimensions(std::string_view who, const Shape& in, std::size_t dimensions,
                        std::string_view names) {
  if (in.count() == dimensions) return;
  fail("sequential",
       {who, " takes samples of ", dimensions, dimensions == 1 ? " dimension, " : " dimensions, ",
        names, ", where ", text(in), " come in"});
}

}  // namespace actfn::nn
