// SPDX-License-Identifier: Apache-2.0
#include "arrays.h"

#include <array>
#include <span>
#include <string>

#include "numpy.h"
#include "torch.h"

namespace actfn::python {
namespace {

nb::object helper(const char* name) { return nb::module_::import_("actfn._arrays").attr(name); }

nb::str text(std::string_view characters) { return nb::str(characters.data(), characters.size()); }

// By DLPack. Nothing but Python's error indicator tells why it may fail; actfn._arrays has looked
// for the usual reasons before.
Array shared_array(std::string_view who, std::string_view name, const nb::object& object,
                   bool writes) {
  nb::ndarray<nb::ro> shared;
  nb::ndarray<> writable;
  const bool done = writes ? nb::try_cast(object, writable) : nb::try_cast(object, shared);
  if (!done) {
    const std::string what = described(object.ptr());
    if (writes) fail(who, {name, " is ", what, " that cannot be written to by DLPack"});
    fail_type(who, {name, " is ", what, " that cannot be read by DLPack"});
  }
  if (writes) shared = nb::ndarray<nb::ro>(writable);
  const std::optional<Type> type = type_of(shared.dtype());
  if (!type || shared.device_type() != nb::device::cpu::value) {
    fail_type(who, {name, " must have elements of float16, bfloat16, float32 or float64 in the ",
                    "memory of the CPU"});
  }
  const std::size_t count = shared.ndim();
  const auto* const lengths = reinterpret_cast<const std::size_t*>(shared.shape_ptr());
  const auto* const steps = reinterpret_cast<const std::ptrdiff_t*>(shared.stride_ptr());
  return {Tensor(const_cast<void*>(shared.data()), *type, Shape(std::span(lengths, count)),
                 Strides(std::span(steps, count))),
          object, std::move(shared)};
}

// Of what actfn._arrays made of an argument.
Array array_of(std::string_view who, std::string_view name, nb::object made, bool writes) {
  if (const std::optional<Tensor> plain = numpy::tensor_of(made.ptr())) {
    return {*plain, std::move(made)};
  }
  return shared_array(who, name, made, writes);
}

Input converted(std::string_view who, std::string_view name, PyObject* given, nb::handle dtype) {
  const nb::object pair = helper("read")(text(who), text(name), nb::handle(given), dtype);
  nb::object made = pair[0], library = pair[1];
  Input input = {array_of(who, name, std::move(made), false)};
  if (!input.array.shared) input.numpy = input.array.owner.ptr();
  if (!library.is_none()) input.library = std::move(library);
  return input;
}

void demand_type(std::string_view who, std::string_view name, Type type, Type x) {
  if (type == x) return;
  fail_type(who, {name, " is ", type_name(type), ", x is ", type_name(x)});
}

Array output_of(std::string_view who, PyObject* given) {
  if (const std::optional<Tensor> plain = numpy::tensor_of(given)) {
    if (!numpy::is_writeable(given)) fail(who, {"out is read-only"});
    return {*plain};
  }
  if (const std::optional<Tensor> plain = torch::tensor_of(given)) return {*plain};
  return array_of(who, "out", helper("write")(text(who), nb::handle(given)), true);
}

// What is read without actfn._arrays.
std::optional<Input> plain_of(PyObject* given) {
  if (const auto plain = numpy::tensor_of(given)) return Input{.array = {*plain}, .numpy = given};
  if (const auto plain = torch::tensor_of(given)) return Input{.array = {*plain}, .torch = given};
  return std::nullopt;
}

}  // namespace

std::optional<Type> type_of(const nb::dlpack::dtype& dtype) {
  using Code = nb::dlpack::dtype_code;
  if (dtype.lanes != 1) return std::nullopt;
  if (dtype.code == static_cast<int>(Code::Bfloat) && dtype.bits == 16) return Type::bfloat16;
  if (dtype.code != static_cast<int>(Code::Float)) return std::nullopt;
  if (dtype.bits == 32) return Type::float32;
  if (dtype.bits == 64) return Type::float64;
  return dtype.bits == 16 ? std::optional(Type::float16) : std::nullopt;
}

nb::tuple tuple_of(const Shape& shape) {
  nb::list lengths;
  for (const std::size_t length : shape) lengths.append(length);
  return nb::tuple(lengths);
}

Input input_of(std::string_view who, std::string_view name, PyObject* given) {
  if (std::optional<Input> plain = plain_of(given)) return std::move(*plain);
  return converted(who, name, given, nb::none());
}

Input input_like(std::string_view who, std::string_view name, PyObject* given, const Input& x) {
  std::optional<Input> plain = plain_of(given);
  const Type type = x.tensor().type();
  Input input = plain ? std::move(*plain) : converted(who, name, given, text(type_name(type)));
  demand_type(who, name, input.tensor().type(), type);
  return input;
}

Mask mask_of(std::string_view who, PyObject* given) {
  nb::object array = nb::borrow(given);
  if (!numpy::is_array(given) || !numpy::is_bool(given)) {
    array = helper("mask")(text(who), nb::handle(given));
  }
  const auto& a = *reinterpret_cast<const numpy::ArrayObject*>(array.ptr());
  const auto count = static_cast<std::size_t>(a.dimensions);
  return {ConstMask(reinterpret_cast<const std::uint8_t*>(a.data),
                    Shape(std::span(reinterpret_cast<const std::size_t*>(a.shape), count)),
                    Strides(std::span<const std::ptrdiff_t>(a.strides, count))),
          std::move(array)};
}

Result::Result(std::string_view who, const Input& like, PyObject* out, const Shape& shape)
    : is_given_(out != nullptr) {
  if (!is_given_) {
    make(who, like, shape);
    return;
  }
  array_.emplace(output_of(who, out));
  demand_type(who, "out", tensor().type(), like.tensor().type());
  object_ = nb::borrow(out);
}

void Result::make(std::string_view who, const Input& like, const Shape& shape) {
  const Type type = like.tensor().type();
  if (like.library.is_valid()) {
    library_ = like.library;
    object_ = library_.attr("empty")(tuple_of(shape), text(type_name(type)));
    array_.emplace(array_of(who, "out", object_, true));
    return;
  }
  const bool same = shape == like.tensor().shape();
  if (like.torch != nullptr) {
    is_torch_ = true;
    object_ = torch::empty(like.torch, shape, same);
    const std::optional<Tensor> made = torch::result_of(object_.ptr());
    array_.emplace(made ? Array{*made} : array_of(who, "out", object_, true));
    return;
  }
  object_ = same && like.numpy != nullptr ? numpy::like(like.numpy) : numpy::empty(type, shape);
  array_.emplace(Array{*numpy::tensor_of(object_.ptr())});
}

nb::object Result::take() {
  if (is_given_) return std::move(object_);
  if (is_torch_) return std::move(object_);
  if (!library_.is_valid()) return numpy::scalar_or_array(std::move(object_));
  array_.reset();  // the library may demand the only reference
  return library_.attr("result")(std::move(object_));
}

}  // namespace actfn::python
