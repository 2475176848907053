// SPDX-License-Identifier: Apache-2.0
#include "torch.h"

#include <array>
#include <atomic>
#include <cstdint>
#include <span>

#include "arrays.h"
#include "compute.h"
#include "function.h"

namespace actfn::python::torch {
namespace {

// DLPack's DLTensor and DLPackExchangeAPI, as its header has them.
struct Shared {
  void* data;
  std::int32_t device, device_number, dimensions;
  nb::dlpack::dtype dtype;
  std::int64_t* shape;
  std::int64_t* strides;
  std::uint64_t offset;
};

struct Interface {
  std::uint32_t major, minor;
  const Interface* older;
  void* allocate;
  void* own;
  void* give;
  int (*read)(void* object, Shared* out);
  void* stream;
};

constexpr std::uint32_t kMajor = 1;

// What is used of PyTorch. It stays for as long as the process runs.
struct Library {
  int (*read)(void* object, Shared* out);
  nb::object tensor, parameter, empty_like, is_grad_enabled, forward_mode;
  // Functions whose results are false where nobody else takes part. They are private: a version of
  // PyTorch may be without one, and then everybody may take part.
  std::array<nb::object, 4> watched;
  bool can_watch;
  // Names of attributes.
  nb::object requires_grad, is_neg, new_empty, is_cpu, level, to_save;
};

std::atomic<const Library*> known = nullptr;

nb::object name(const char* text) { return owned(PyUnicode_InternFromString(text)); }

// Null where there is none that this file can use.
const Interface* interface_of(nb::handle type) {
  const nb::object capsule = nb::getattr(type, "__dlpack_c_exchange_api__", nb::none());
  if (capsule.is_none()) return nullptr;
  const auto* found =
      static_cast<const Interface*>(PyCapsule_GetPointer(capsule.ptr(), "dlpack_exchange_api"));
  if (found == nullptr) PyErr_Clear();
  while (found != nullptr && found->major != kMajor) found = found->older;
  return found != nullptr && found->read != nullptr ? found : nullptr;
}

template <class F>
PyCFunction function_of(F* f) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(f));
}

bool is_true(const nb::object& value) { return value.ptr() == Py_True; }

bool has(PyObject* object, const nb::object& attribute) {
  return is_true(owned(PyObject_GetAttr(object, attribute.ptr())));
}

bool is_tensor(const Library& torch, PyObject* object) {
  auto* const type = reinterpret_cast<PyObject*>(Py_TYPE(object));
  return type == torch.tensor.ptr() || type == torch.parameter.ptr();
}

// Whether the numbers are stored with the other sign, which DLPack cannot say.
bool is_negative(const Library& torch, PyObject* tensor) {
  return is_true(owned(PyObject_CallMethodObjArgs(tensor, torch.is_neg.ptr(), nullptr)));
}

// Whether automatic differentiation records calls with the tensor.
bool is_learned(const Library& torch, PyObject* tensor) {
  return has(tensor, torch.requires_grad) &&
         is_true(owned(PyObject_CallNoArgs(torch.is_grad_enabled.ptr())));
}

// Whether forward mode is on: its tensors have tangents.
bool has_tangents(const Library& torch) {
  const nb::object level = owned(PyObject_GetAttr(torch.forward_mode.ptr(), torch.level.ptr()));
  return PyLong_AsLong(level.ptr()) >= 0;
}

bool is_watched(const Library& torch) {
  if (!torch.can_watch) return true;
  for (const nb::object& one : torch.watched) {
    const int is_on = PyObject_IsTrue(owned(PyObject_CallNoArgs(one.ptr())).ptr());
    if (is_on < 0) throw Raised{};
    if (is_on == 1) return true;
  }
  return has_tangents(torch);
}

std::optional<Tensor> numbers_of(const Library& torch, PyObject* object) {
  Shared t = {};
  if (torch.read(object, &t) != 0) {
    PyErr_Clear();  // actfn._arrays knows why
    return std::nullopt;
  }
  const std::optional<Type> element = type_of(t.dtype);
  if (!element || t.device != nb::device::cpu::value) return std::nullopt;
  const auto count = static_cast<std::size_t>(t.dimensions);
  const Shape shape(std::span(reinterpret_cast<const std::size_t*>(t.shape), count));
  auto* const data = static_cast<std::byte*>(t.data) + t.offset;
  const auto* const steps = reinterpret_cast<const std::ptrdiff_t*>(t.strides);
  const Tensor tensor(data, *element, shape, Strides(std::span(steps, count)));
  if (t.data == nullptr && tensor.size() > 0) return std::nullopt;
  return tensor;
}

// 0: somebody else has to know of a call with the object; 2: automatic differentiation has to.
// `numbers` gets what DLPack's interface reads, where PyTorch has it.
int way_of(const Library& torch, PyObject* object, std::optional<Tensor>& numbers) {
  if (!is_tensor(torch, object) || is_watched(torch) || is_negative(torch, object)) return 0;
  if (torch.read != nullptr) numbers = numbers_of(torch, object);
  const bool is_here = torch.read != nullptr ? numbers.has_value() : has(object, torch.is_cpu);
  if (!is_here) return 0;
  return is_learned(torch, object) ? 2 : 1;
}

PyObject* way(PyObject* /*module*/, PyObject* object) {
  return guarded([&] {
    std::optional<Tensor> numbers;
    return PyLong_FromLong(way_of(*known.load(std::memory_order_acquire), object, numbers));
  });
}

// The tensor that way_of() has read, until the call that follows takes it or ends.
struct Seen {
  PyObject* object;
  std::optional<Tensor> numbers;
};
thread_local Seen seen = {nullptr, std::nullopt};

class Remembered {
 public:
  Remembered(PyObject* object, const std::optional<Tensor>& numbers) {
    if (numbers) seen = {object, numbers};
  }
  ~Remembered() { seen.object = nullptr; }
  Remembered(const Remembered&) = delete;
  Remembered& operator=(const Remembered&) = delete;
};

// `prepared` is (node, function) or (node, function, axis): see actfn/torch/_eager.py.
PyObject* computed_of(PyObject* prepared, PyObject* x) {
  State& state = *state_of(PyTuple_GetItem(prepared, 1));
  const bool has_axis = PyTuple_Size(prepared) > 2;
  PyObject* const values[] = {x, has_axis ? PyTuple_GetItem(prepared, 2) : nullptr};
  const Given given(state.name(), state.known->signature(Operation::forward), values,
                    has_axis ? 2 : 1, nullptr);
  return forward(state, given).release().ptr();
}

// short_way(x, prepared): the result, or None where somebody else has to know of the call.
PyObject* short_way(PyObject* /*module*/, PyObject* const* arguments, Py_ssize_t /*count*/) {
  return guarded([&] {
    PyObject *const x = arguments[0], *const prepared = arguments[1];
    std::optional<Tensor> numbers;
    const int found = way_of(*known.load(std::memory_order_acquire), x, numbers);
    if (found == 0) return nb::none().release().ptr();
    const Remembered remembered(x, numbers);
    if (found == 1) return computed_of(prepared, x);
    return PyObject_CallFunctionObjArgs(PyTuple_GetItem(prepared, 0), x, nullptr);
  });
}

// forward(ctx, x) of a torch.autograd.Function; `self` is `prepared`.
PyObject* record(PyObject* self, PyObject* const* arguments, Py_ssize_t /*count*/) {
  return guarded([&] {
    const Library& torch = *known.load(std::memory_order_acquire);
    PyObject *const context = arguments[0], *const x = arguments[1];
    const nb::object saved = owned(PyTuple_Pack(1, x));
    if (PyObject_SetAttr(context, torch.to_save.ptr(), saved.ptr()) != 0) throw Raised{};
    return computed_of(self, x);
  });
}

PyObject* recorded(PyObject* /*module*/, PyObject* prepared) {
  static PyMethodDef method = {"forward", function_of(record), METH_FASTCALL, nullptr};
  return PyCFunction_NewEx(&method, prepared, nullptr);
}

}  // namespace

void set(nb::handle module) {
  if (known.load(std::memory_order_acquire) != nullptr) return;
  const nb::object tensor = module.attr("Tensor"), internal = module.attr("_C");
  const Interface* const interface = interface_of(tensor);
  const nb::object forward_mode = module.attr("autograd").attr("forward_ad");
  bool can_watch = nb::hasattr(forward_mode, "_current_level");
  const auto watch = [&](const char* function) {
    can_watch = can_watch && nb::hasattr(internal, function);
    return nb::object(nb::getattr(internal, function, nb::none()));
  };
  auto* const library = new Library{
      .read = interface == nullptr ? nullptr : interface->read,
      .tensor = tensor,
      .parameter = module.attr("nn").attr("Parameter"),
      .empty_like = module.attr("empty_like"),
      .is_grad_enabled = module.attr("is_grad_enabled"),
      .forward_mode = forward_mode,
      .watched = {watch("_are_functorch_transforms_active"), watch("_len_torch_dispatch_stack"),
                  watch("_len_torch_function_stack"), watch("_get_tracing_state")},
      .can_watch = can_watch,
      .requires_grad = name("requires_grad"),
      .is_neg = name("is_neg"),
      .new_empty = name("new_empty"),
      .is_cpu = name("is_cpu"),
      .level = name("_current_level"),
      .to_save = name("to_save")};
  const Library* none = nullptr;
  if (!known.compare_exchange_strong(none, library)) delete library;  // another thread was first
}

void add_calls(nb::module_& m) {
  static PyMethodDef all[] = {{"way_of", way, METH_O, nullptr},
                              {"short_way", function_of(short_way), METH_FASTCALL, nullptr},
                              {"recorded", recorded, METH_O, nullptr}};
  for (PyMethodDef& one : all) {
    m.attr(one.ml_name) = owned(PyCFunction_NewEx(&one, nullptr, nullptr));
  }
}

std::optional<Tensor> tensor_of(PyObject* object) {
  const Library* const torch = known.load(std::memory_order_acquire);
  if (torch == nullptr || torch->read == nullptr || !is_tensor(*torch, object)) return std::nullopt;
  if (object == seen.object) {
    seen.object = nullptr;
    return seen.numbers;
  }
  if (is_learned(*torch, object) || is_negative(*torch, object)) return std::nullopt;
  return numbers_of(*torch, object);
}

std::optional<Tensor> result_of(PyObject* made) {
  const Library& torch = *known.load(std::memory_order_acquire);
  const bool is_plain = reinterpret_cast<PyObject*>(Py_TYPE(made)) == torch.tensor.ptr();
  return is_plain ? numbers_of(torch, made) : std::nullopt;
}

nb::object empty(PyObject* x, const Shape& shape, bool is_same) {
  const Library& torch = *known.load(std::memory_order_acquire);
  if (is_same) return owned(PyObject_CallFunctionObjArgs(torch.empty_like.ptr(), x, nullptr));
  const nb::object lengths = tuple_of(shape);
  return owned(PyObject_CallMethodObjArgs(x, torch.new_empty.ptr(), lengths.ptr(), nullptr));
}

}  // namespace actfn::python::torch
