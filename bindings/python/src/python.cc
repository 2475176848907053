// SPDX-License-Identifier: Apache-2.0
#include "python.h"

#include <actfn/error.h>

#include <exception>
#include <new>

namespace actfn::python {
namespace {

std::string sentence(std::string_view who, Pieces pieces) {
  std::string text = "[" + std::string(who) + "] ";
  for (const std::string_view piece : pieces) text += piece;
  return text;
}

}  // namespace

void fail(std::string_view who, Pieces pieces) { throw Error(sentence(who, pieces)); }

void fail_type(std::string_view who, Pieces pieces) { throw TypeProblem(sentence(who, pieces)); }

std::string described(PyObject* object) {
  if (object == Py_None) return "None";
  const nb::object name = nb::handle(reinterpret_cast<PyObject*>(Py_TYPE(object))).attr("__name__");
  const std::string text = nb::str(name).c_str();
  const bool vowel = std::string_view("aeiouAEIOU").find(text.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + text;
}

void raise_handled() noexcept {
  try {
    throw;
  } catch (const Raised&) {  // NOLINT(bugprone-empty-catch): the indicator is set
  } catch (nb::python_error& error) {
    error.restore();
  } catch (const TypeProblem& problem) {
    PyErr_SetString(PyExc_TypeError, problem.what());
  } catch (const std::bad_alloc&) {
    PyErr_NoMemory();
  } catch (const std::invalid_argument& error) {  // actfn::Error
    PyErr_SetString(PyExc_ValueError, error.what());
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
}

}  // namespace actfn::python
