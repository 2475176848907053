// SPDX-License-Identifier: Apache-2.0
// Calls of every kind of function, over tensors of any shape and strides, in place, shared by
// threads, on every instruction set: the bits are those of plain calls, element by element or row
// by row, in portable code.
#include "every_operation.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "support/drawn.h"
#include "support/forced.h"
#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

struct Call {
  Function f;
  Type type;
  Shape shape;
  int axis;
  std::size_t operation;  // its index among all of f
  std::string name;
  std::vector<Drawn> in;
};

std::vector<testing::Operation> operations_of(const Call& call, const Threads& threads) {
  return testing::operations_of(call.f, call.shape, call.axis, threads);
}

std::string name_of(const Call& call) {
  constexpr std::string_view kTypes[] = {"float32", "float64", "bfloat16", "float16"};
  return to_string(call.f) + ", " + call.name + ", " +
         std::string(kTypes[static_cast<std::size_t>(call.type)]) + ", shape " +
         text_of(call.shape) + ", axis " + std::to_string(call.axis);
}

// The elements of each result that need nothing of the others: single ones, rows along the axis,
// or all.
struct Parts {
  std::size_t outer = 1, inner = 1;
  bool are_elements = false;
  bool are_rows = false;

  explicit Parts(const Call& call) {
    const Kind kind = info(call.f).kind;
    are_elements = kind == Kind::elementwise;
    are_rows = kind == Kind::row || kind == Kind::gate || kind == Kind::grouped;
    const auto axis = static_cast<std::size_t>(call.axis);
    for (std::size_t k = 0; k < call.shape.count(); ++k) {
      if (are_elements || (are_rows && k < axis)) outer *= call.shape[k];
      if (are_rows && k > axis) inner *= call.shape[k];
    }
  }

  std::size_t count() const { return outer * inner; }
  Shape shape(const Call& call) const {
    if (are_elements) return {1};
    return are_rows ? Shape{call.shape[static_cast<std::size_t>(call.axis)]} : call.shape;
  }
  // Those of part `index`, for a tensor of `size` elements in all.
  std::vector<std::size_t> elements(std::size_t index, std::size_t size) const {
    std::vector<std::size_t> all(size / count());
    const std::size_t first = index / inner * all.size() * inner + index % inner;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = first + i * inner;
    return all;
  }
};

template <class T>
std::vector<T> tensors_of(std::vector<Drawn>& all) {
  std::vector<T> views;
  for (Drawn& one : all) views.push_back(one.tensor());
  return views;
}

std::string inputs(const Call& call) {
  std::string text = "; inputs";
  for (const Drawn& one : call.in) {
    text += " (";
    for (std::size_t i = 0; i < std::min<std::size_t>(one.size(), 20); ++i) {
      text += (i == 0 ? "" : " ") + text_of(one.type(), one.address(i));
    }
    text += ")";
  }
  return text;
}

std::string difference(const Drawn& got, std::size_t i, const std::byte* wanted) {
  return "element " + std::to_string(i) + " is " + text_of(got.type(), got.address(i)) +
         ", alone it is " + text_of(got.type(), wanted);
}

// Values of float32 and float64 have a function for one number.
template <class T>
void require_same_as_evaluate(const Call& call, const Drawn& x, const Drawn& y) {
  const auto* const f = std::get_if<Activation>(&call.f);
  if (f == nullptr || call.name != "forward" || call.type != kTypeOf<T>) return;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const T alone = evaluate(*f, x.at<T>(i));
    const auto* const wanted = reinterpret_cast<const std::byte*>(&alone);
    if (same_number(call.type, y.address(i), wanted)) continue;
    fail(name_of(call) + ": " + difference(y, i, wanted) + inputs(call));
  }
}

// The call on parts of the inputs.
void require_same_as_parts(const Call& call, const std::vector<const Drawn*>& results,
                           const std::string& how) {
  const Parts parts(call);
  const auto plain = testing::operations_of(call.f, parts.shape(call),
                                            parts.are_rows ? 0 : call.axis)[call.operation];
  for (std::size_t part = 0; part < parts.count(); ++part) {
    std::vector<Drawn> in, out;
    for (std::size_t k = 0; k < call.in.size(); ++k) {
      in.push_back(call.in[k].picked(parts.elements(part, call.in[k].size()), plain.inputs[k]));
    }
    for (const Shape& shape : plain.outputs) out.emplace_back(call.type, shape);
    plain.run(tensors_of<ConstTensor>(in), tensors_of<Tensor>(out));
    for (std::size_t k = 0; k < out.size(); ++k) {
      const auto elements = parts.elements(part, results[k]->size());
      for (std::size_t i = 0; i < elements.size(); ++i) {
        if (same_number(call.type, results[k]->address(elements[i]), out[k].address(i))) continue;
        fail(name_of(call) + ": result " + std::to_string(k) + ", " +
             difference(*results[k], elements[i], out[k].address(i)) + inputs(call) + how);
      }
    }
  }
}

Threads draw_threads(Stream& in) {
  const std::size_t how = in.below(16);
  if (how < 8) return {};
  const int count = 2 + static_cast<int>(in.below(3));
  return how == 15 ? Threads{count, nullptr} : Threads{count, &kBackwards};
}

// The call as it was drawn: its own memory, layouts, threads.
class Execution {
 public:
  Execution(Stream& in, Call& call)
      : call_(call),
        choices_{in.one_of(running_targets()), in.below(2) == 0},
        operation_(operations_of(call, draw_threads(in))[call.operation]) {
    for (Drawn& one : call.in) {
      in_.emplace_back(in, call.type, one.shape(), true).copy_from(one);
      one.copy_from(in_.back());  // with a stride of 0, elements are one
    }
    for (const Shape& shape : operation_.outputs) out_.emplace_back(in, call.type, shape, false);
    for (Drawn& one : out_) places_.push_back(in.below(2) == 0 ? place_for(in, one) : &one);
  }

  std::string text() const {
    std::string all = "; ";
    all += kernels::kTargetNames[static_cast<std::size_t>(choices_.target)];
    for (std::size_t k = 0; k < out_.size(); ++k) {
      if (places_[k] != &out_[k])
        all += ", in place of input " + std::to_string(places_[k] - &in_[0]);
    }
    return all;
  }

  // Where the results are.
  std::vector<const Drawn*> run() {
    const std::vector<Drawn> before = in_;
    if (!runs()) {
      for (std::size_t k = 0; k < in_.size(); ++k) {
        require(in_[k].memory() == before[k].memory(), name_of(call_) + " writes, then throws");
      }
      for (std::size_t k = 0; k < out_.size(); ++k) places_[k] = &out_[k];
      require(runs(), name_of(call_) + " fails for a layout");
    }
    for (std::size_t k = 0; k < in_.size(); ++k) {
      if (std::ranges::count(places_, &in_[k]) > 0) continue;
      require(in_[k].memory() == before[k].memory(), name_of(call_) + " changes an input");
    }
    for (const Drawn* const place : places_) {
      require(place->is_whole(), name_of(call_) + " writes between elements");
    }
    return {places_.begin(), places_.end()};
  }

 private:
  // An input in whose place the output is written, if it may be; the call decides.
  Drawn* place_for(Stream& in, Drawn& output) {
    Drawn& input = in.one_of(in_);
    const bool is_free = std::ranges::count(places_, &input) == 0;
    return is_free && input.shape() == output.shape() ? &input : &output;
  }

  bool runs() {
    std::vector<Tensor> out;
    for (Drawn* const place : places_) out.push_back(place->tensor());
    const Forced forced(choices_);
    return error_of([&] { operation_.run(tensors_of<ConstTensor>(in_), out); }).empty();
  }

  const Call& call_;
  Choices choices_;
  testing::Operation operation_;
  std::vector<Drawn> in_, out_;
  std::vector<Drawn*> places_;
};

// Whether the call is right at all: a gate refuses odd lengths, prelu a shape without channels.
bool prepare(Stream& in, Call& call) {
  std::vector<testing::Operation> all;
  if (!error_of([&] { all = operations_of(call, {}); }).empty()) return false;
  call.operation = in.below(all.size());
  const testing::Operation& chosen = all[call.operation];
  call.name = chosen.name;
  std::vector<Drawn> out;
  for (const Shape& shape : chosen.inputs) call.in.emplace_back(call.type, shape).fill(in);
  for (const Shape& shape : chosen.outputs) out.emplace_back(call.type, shape);
  const auto views = tensors_of<ConstTensor>(call.in);
  return error_of([&] { chosen.run(views, tensors_of<Tensor>(out)); }).empty();
}

void check(Stream in) {
  const auto f = draw_function(in);
  if (!f) return;
  const auto type = static_cast<Type>(in.below(4));
  const Shape shape = draw_shape(in);
  Call call = {*f, type, shape, static_cast<int>(in.below(shape.count())), 0, {}, {}};
  if (!prepare(in, call)) return;
  Execution execution(in, call);
  const auto results = execution.run();
  require_same_as_parts(call, results, execution.text());
  require_same_as_evaluate<float>(call, call.in[0], *results[0]);
  require_same_as_evaluate<double>(call, call.in[0], *results[0]);
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check({data, size});
  return 0;
}
