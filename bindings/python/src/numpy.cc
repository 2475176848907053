// SPDX-License-Identifier: Apache-2.0
#include "numpy.h"

#include <array>
#include <atomic>
#include <span>

namespace actfn::python::numpy {
namespace {

// Places in NumPy's table, numbers of types and flags, as in its documentation of the C interface.
constexpr int kVersion = 0, kArrayType = 2, kDtypeOf = 45, kReturn = 76, kEmpty = 184,
              kNewLike = 277;
constexpr int kBool = 0, kFloat32 = 11, kFloat64 = 12, kFloat16 = 23;
constexpr int kContiguous = 0x1, kAligned = 0x100, kWriteable = 0x400;
constexpr int kKeepOrder = 2;

void** table = nullptr;
PyObject* array_type = nullptr;
PyObject* bool_dtype = nullptr;
// Of float32, float64, bfloat16 (null while its package is unknown) and float16: as Type.
std::array<std::atomic<PyObject*>, 4> dtypes = {};
constexpr std::array<Py_ssize_t, 4> kSizes = {4, 8, 2, 2};

template <class Function>
Function* at(int place) {
  return reinterpret_cast<Function*>(table[place]);
}

const ArrayObject& fields(PyObject* array) { return *reinterpret_cast<const ArrayObject*>(array); }

std::optional<Type> type_of(PyObject* dtype) {
  for (std::size_t i = 0; i < dtypes.size(); ++i) {
    if (dtypes[i].load(std::memory_order_acquire) == dtype) return static_cast<Type>(i);
  }
  return std::nullopt;
}

nb::object core() {
  try {
    return nb::module_::import_("numpy._core._multiarray_umath");
  } catch (nb::python_error& error) {
    if (!error.matches(PyExc_ImportError)) throw;
  }
  return nb::module_::import_("numpy.core._multiarray_umath");  // NumPy 1
}

PyObject* dtype_of(int number) {
  return owned(at<PyObject*(int)>(kDtypeOf)(number)).release().ptr();
}

// Reads an array in both ways, by its fields and by its attributes.
bool fields_fit() {
  const nb::module_ numpy = nb::module_::import_("numpy");
  const nb::object whole = numpy.attr("zeros")(nb::make_tuple(2, 3), "float32");
  const nb::object x = whole.attr("T");
  const ArrayObject& a = fields(x.ptr());
  const auto address = nb::cast<std::uintptr_t>(x.attr("ctypes").attr("data"));
  return is_array(x.ptr()) && reinterpret_cast<std::uintptr_t>(a.data) == address &&
         a.dimensions == 2 && a.shape[0] == 3 && a.shape[1] == 2 && a.strides[0] == 4 &&
         a.strides[1] == 12 && type_of(a.dtype) == Type::float32 && is_writeable(x.ptr()) &&
         (a.flags & kAligned) != 0 && (a.flags & kContiguous) == 0;
}

}  // namespace

void load() {
  const nb::object interface = core().attr("_ARRAY_API");
  table = static_cast<void**>(PyCapsule_GetPointer(interface.ptr(), nullptr));
  if (table == nullptr) throw Raised{};
  const unsigned version = at<unsigned()>(kVersion)() >> 24;
  if (version == 1 || version == 2) {
    array_type = static_cast<PyObject*>(table[kArrayType]);
    bool_dtype = dtype_of(kBool);
    dtypes[static_cast<int>(Type::float32)] = dtype_of(kFloat32);
    dtypes[static_cast<int>(Type::float64)] = dtype_of(kFloat64);
    dtypes[static_cast<int>(Type::float16)] = dtype_of(kFloat16);
    if (fields_fit()) return;
  }
  throw std::runtime_error("actfn needs NumPy 1 or 2: this one has another binary interface");
}

void set_bfloat16(PyObject* dtype) {
  auto& known = dtypes[static_cast<int>(Type::bfloat16)];
  if (known.load() == dtype) return;
  Py_INCREF(dtype);  // for as long as the process runs
  known.store(dtype, std::memory_order_release);
}

bool is_array(PyObject* object) {
  return reinterpret_cast<PyObject*>(Py_TYPE(object)) == array_type;
}
bool is_writeable(PyObject* array) { return (fields(array).flags & kWriteable) != 0; }
bool is_bool(PyObject* array) { return fields(array).dtype == bool_dtype; }

std::optional<Tensor> tensor_of(PyObject* object) {
  if (!is_array(object)) return std::nullopt;
  const ArrayObject& a = fields(object);
  const std::optional<Type> type = type_of(a.dtype);
  if (!type || (a.flags & kAligned) == 0) return std::nullopt;
  const auto count = static_cast<std::size_t>(a.dimensions);
  const Shape shape(std::span(reinterpret_cast<const std::size_t*>(a.shape), count));
  if ((a.flags & kContiguous) != 0) return Tensor(a.data, *type, shape);
  const Py_ssize_t size = kSizes[static_cast<std::size_t>(*type)];
  Strides strides(std::span<const std::ptrdiff_t>(a.strides, count));
  for (std::size_t i = 0; i < count; ++i) {
    if (strides[i] % size != 0) return std::nullopt;
    strides[i] /= size;
  }
  return Tensor(a.data, *type, shape, strides);
}

nb::object like(PyObject* x) {
  return owned(at<PyObject*(PyObject*, int, PyObject*, int)>(kNewLike)(x, kKeepOrder, nullptr, 0));
}

nb::object empty(Type type, const Shape& shape) {
  PyObject* const dtype = dtypes[static_cast<std::size_t>(type)];
  Py_INCREF(dtype);  // PyArray_Empty takes a reference
  using Empty = PyObject*(int, const Py_ssize_t*, PyObject*, int);
  const auto* const lengths = reinterpret_cast<const Py_ssize_t*>(shape.begin());
  return owned(at<Empty>(kEmpty)(static_cast<int>(shape.count()), lengths, dtype, 0));
}

nb::object scalar_or_array(nb::object array) {
  if (fields(array.ptr()).dimensions > 0) return array;
  return owned(at<PyObject*(PyObject*)>(kReturn)(array.release().ptr()));
}

}  // namespace actfn::python::numpy
