// SPDX-License-Identifier: Apache-2.0
// The type is made by Python's C interface: an object that is called through a pointer of its own
// (PEP 590) costs less than a function of nanobind.
#include "function.h"

#include <actfn/actfn.h>
#include <nanobind/stl/string.h>
#include <structmember.h>

#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "compute.h"

namespace actfn::python {
namespace {

using Vectorcall = PyObject*(PyObject*, PyObject* const*, std::size_t, PyObject*);

// The stable interface before Python 3.12 has no names for these.
constexpr unsigned long kHasVectorcall = 1UL << 11;
constexpr std::size_t kArgumentsOffset = std::size_t{1} << (8 * sizeof(std::size_t) - 1);

struct Object {
  PyObject_HEAD Vectorcall* call;
  State* state;
  PyObject* references;  // weak ones: jax.jit keeps one of what it compiles
};

PyObject* type = nullptr;

State& held(PyObject* self) { return *reinterpret_cast<Object*>(self)->state; }

PyObject* call(PyObject* self, PyObject* const* arguments, std::size_t count, PyObject* names) {
  return guarded([&] {
    State& state = held(self);
    const Given given(state.name(), state.known->signature(Operation::forward), arguments,
                      count & ~kArgumentsOffset, names);
    return forward(state, given).release().ptr();
  });
}

template <Operation operation>
PyObject* method(PyObject* self, PyObject* const* arguments, Py_ssize_t count, PyObject* names) {
  return guarded([&] {
    State& state = held(self);
    const Given given(state.name(), state.known->signature(operation), arguments,
                      static_cast<std::size_t>(count), names);
    return gradient(operation, state, given).release().ptr();
  });
}

// For Python before 3.12, where the stable interface does not promise PyVectorcall_Call().
PyObject* call_by_tuple(PyObject* self, PyObject* arguments, PyObject* named) {
  return guarded([&] {
    std::vector<PyObject*> values;
    for (Py_ssize_t i = 0; i < PyTuple_Size(arguments); ++i) {
      values.push_back(PyTuple_GetItem(arguments, i));
    }
    const std::size_t places = values.size();
    nb::object names;
    if (named != nullptr && PyDict_Size(named) > 0) {
      const nb::object keys = owned(PyDict_Keys(named));
      names = nb::tuple(keys);
      for (const nb::handle key : keys) values.push_back(PyDict_GetItem(named, key.ptr()));
    }
    return call(self, values.data(), places, names.ptr());
  });
}

PyObject* make(PyTypeObject* /*type*/, PyObject* arguments, PyObject* named) {
  return guarded([&] {
    const bool one = PyTuple_Size(arguments) == 1 && (named == nullptr || PyDict_Size(named) == 0);
    PyObject* const spec = one ? PyTuple_GetItem(arguments, 0) : nullptr;
    if (spec == nullptr || !PyUnicode_Check(spec)) {
      fail_type("Function", {"it is made of one str, as actfn.function() is"});
    }
    return make_function(parse_spec(nb::cast<std::string>(nb::handle(spec)))).release().ptr();
  });
}

void destroy(PyObject* self) {
  PyTypeObject* const own = Py_TYPE(self);
  if (reinterpret_cast<Object*>(self)->references != nullptr) PyObject_ClearWeakRefs(self);
  delete reinterpret_cast<Object*>(self)->state;
  auto* const release = reinterpret_cast<freefunc>(PyType_GetSlot(own, Py_tp_free));
  release(self);
  Py_DECREF(reinterpret_cast<PyObject*>(own));
}

PyObject* compare(PyObject* a, PyObject* b, int how) {
  const State* const other = state_of(b);
  if (other == nullptr || (how != Py_EQ && how != Py_NE)) {
    Py_INCREF(Py_NotImplemented);
    return Py_NotImplemented;
  }
  const State& own = held(a);
  const bool same = own.known == other->known && own.is_complete == other->is_complete &&
                    own.f == other->f && own.accuracy == other->accuracy;
  return PyBool_FromLong(same == (how == Py_EQ) ? 1 : 0);
}

Py_hash_t hash(PyObject* self) {
  const std::size_t number = std::hash<std::string>()(held(self).spec);
  const auto found = static_cast<Py_hash_t>(number);
  return found == -1 ? -2 : found;
}

nb::object text(std::string_view characters) {
  return nb::str(characters.data(), characters.size());
}

PyObject* repr(PyObject* self) {
  return guarded([&] {
    const State& state = held(self);
    const std::string plain(state.name());
    const bool is_plain = state.spec == plain;
    return text(is_plain ? "actfn." + plain : "actfn.function('" + state.spec + "')")
        .release()
        .ptr();
  });
}

PyObject* str(PyObject* self) {
  return guarded([&] { return text(held(self).spec).release().ptr(); });
}

// What actfn._function has for an attribute: it is written in Python.
PyObject* from_python(PyObject* self, void* name) {
  return guarded([&] {
    const nb::object source = nb::module_::import_("actfn._function");
    const nb::object maker = source.attr(static_cast<const char*>(name));
    return nb::object(maker(nb::handle(self))).release().ptr();
  });
}

PyObject* method_of_python(PyObject* self, PyObject* /*nothing*/, const char* name) {
  return from_python(self, const_cast<char*>(name));
}
PyObject* html(PyObject* self, PyObject* n) { return method_of_python(self, n, "html_of"); }
PyObject* reduce(PyObject* self, PyObject* n) { return method_of_python(self, n, "reduced"); }

PyObject* name_of_object(PyObject* self, void* /*closure*/) {
  return guarded([&] { return text(held(self).name()).release().ptr(); });
}
PyObject* spec_of_object(PyObject* self, void* /*closure*/) { return str(self); }
PyObject* accuracy_of_object(PyObject* self, void* /*closure*/) {
  return guarded([&] { return text(accuracy_name(held(self).accuracy)).release().ptr(); });
}
PyObject* is_complete(PyObject* self, void* /*closure*/) {
  return PyBool_FromLong(held(self).is_complete ? 1 : 0);
}

// The function without noise that takes its place in evaluation.
PyObject* evaluated_of(PyObject* self, void* /*closure*/) {
  return guarded([&] {
    const Function f = std::visit(
        []<class List>(const List& list) -> Function {
          if constexpr (requires { evaluated(list); }) return evaluated(list);
          return list;
        },
        held(self).f);
    return make_function({f, held(self).accuracy}).release().ptr();
  });
}

template <class F>
void* pointer(F* f) {
  return reinterpret_cast<void*>(f);
}

constexpr int kFast = METH_FASTCALL | METH_KEYWORDS;

template <Operation operation>
PyMethodDef method_of(const char* name, const char* doc) {
  return {name, reinterpret_cast<PyCFunction>(pointer(&method<operation>)), kFast, doc};
}

PyMethodDef* methods() {
  static PyMethodDef all[] = {
      method_of<Operation::derivative>(
          "derivative", "derivative(x, ..., *, out=None)\n\nThe derivative at each element of x."),
      method_of<Operation::second_derivative>(
          "second_derivative",
          "second_derivative(x, ..., *, out=None)\n\nThe second derivative at each element of x."),
      method_of<Operation::backward>(
          "backward",
          "backward(grad, x, ...)\n\nThe gradient with respect to x: see "
          "actfn.backward()."),
      method_of<Operation::double_backward>(
          "double_backward",
          "double_backward(v, grad, x, ...)\n\nThe gradients of backward(): see "
          "actfn.double_backward()."),
      method_of<Operation::parameter_gradient>(
          "parameter_gradient",
          "parameter_gradient(grad, x, ...)\n\nThe gradients with respect to "
          "parameters: see actfn.parameter_gradient()."),
      {"_repr_html_", html, METH_NOARGS, "A picture of the function, for notebooks."},
      {"__reduce__", reduce, METH_NOARGS, nullptr},
      {nullptr, nullptr, 0, nullptr}};
  return all;
}

PyGetSetDef attributes[] = {
    {"name", name_of_object, nullptr, "The name in the catalogue.", nullptr},
    {"spec", spec_of_object, nullptr, "The function as text, as actfn.function() reads it.",
     nullptr},
    {"accuracy", accuracy_of_object, nullptr,
     "How exact results in float32 are: 'accurate', 'fast' or 'nearest'.", nullptr},
    {"is_complete", is_complete, nullptr,
     "False where a parameter that has no default still needs a value.", nullptr},
    {"evaluated", evaluated_of, nullptr,
     "The function without noise that takes its place in evaluation.", nullptr},
    {"info", from_python, nullptr, "What is known of the function: see actfn.FunctionInfo.",
     const_cast<char*>("info_of")},
    {"__name__", name_of_object, nullptr, nullptr, nullptr},
    {"__qualname__", name_of_object, nullptr, nullptr, nullptr},
    {"__doc__", from_python, nullptr, nullptr, const_cast<char*>("docstring_of")},
    {"__signature__", from_python, nullptr, nullptr, const_cast<char*>("signature_of")},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyMemberDef members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Object, call), READONLY, nullptr},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Object, references), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr}};

}  // namespace

void add_function_type(nb::module_& m) {
  PyType_Slot slots[] = {{Py_tp_new, pointer(make)},
                         {Py_tp_dealloc, pointer(destroy)},
                         {Py_tp_call, pointer(call_by_tuple)},
                         {Py_tp_richcompare, pointer(compare)},
                         {Py_tp_hash, pointer(hash)},
                         {Py_tp_repr, pointer(repr)},
                         {Py_tp_str, pointer(str)},
                         {Py_tp_methods, methods()},
                         {Py_tp_getset, attributes},
                         {Py_tp_members, members},
                         {0, nullptr}};
  PyType_Spec spec = {
      "actfn.Function", sizeof(Object), 0,
      static_cast<unsigned>(Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | kHasVectorcall), slots};
  type = owned(PyType_FromSpec(&spec)).release().ptr();
  m.attr("Function") = nb::borrow(type);
}

nb::object make_function(const Known& known, const Spec& spec, bool is_complete) {
  auto state =
      std::make_unique<State>(&known, spec.function, spec.accuracy, is_complete,
                              is_complete ? to_string(spec) : std::string(known.info->name));
  auto* const allocate = reinterpret_cast<allocfunc>(
      PyType_GetSlot(reinterpret_cast<PyTypeObject*>(type), Py_tp_alloc));
  nb::object made = owned(allocate(reinterpret_cast<PyTypeObject*>(type), 0));
  auto* const object = reinterpret_cast<Object*>(made.ptr());
  object->call = call;
  object->state = state.release();
  return made;
}

nb::object make_function(const Spec& spec) {
  return make_function(known_of(spec.function), spec, true);
}

State* state_of(PyObject* object) {
  return reinterpret_cast<PyObject*>(Py_TYPE(object)) == type ? &held(object) : nullptr;
}

}  // namespace actfn::python
