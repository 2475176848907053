// SPDX-License-Identifier: Apache-2.0
// actfn._actfn: what the package actfn, which is written in Python, needs of the library.
#include <actfn/actfn.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>

#include <exception>
#include <span>
#include <string>
#include <vector>

#include "compute.h"
#include "function.h"
#include "numpy.h"
#include "torch.h"
#include "xla.h"

namespace actfn::python {
namespace {

nb::str text(std::string_view characters) { return nb::str(characters.data(), characters.size()); }

nb::tuple texts(std::span<const std::string_view> all) {
  nb::list list;
  for (const std::string_view one : all) list.append(text(one));
  return nb::tuple(list);
}

nb::dict described(const ParameterInfo& p, const Function& f) {
  constexpr const char* kTypes[] = {"number", "whole", "choice", "function"};
  nb::dict d;
  d["name"] = text(p.name);
  d["alias"] = text(p.alias);
  d["type"] = is_switch(p) ? "switch" : kTypes[static_cast<int>(p.type)];
  d["choices"] = texts(p.choices);
  d["condition"] = text(p.condition);
  d["required"] = p.required;
  d["example"] = value_of(p, f);
  return d;
}

// Names that parse_function() takes for the function with these parameters.
nb::tuple aliases_of(const FunctionInfo& info) {
  nb::list all;
  for (const Alias& alias : aliases()) {
    if (alias.function.substr(0, alias.function.find('(')) != info.name) continue;
    all.append(nb::make_tuple(text(alias.name), text(alias.function)));
  }
  return nb::tuple(all);
}

// The facts of the catalogue. Parameters have the values of this function.
nb::dict facts_of(nb::handle function) {
  const State* const state = state_of(function.ptr());
  if (state == nullptr) fail_type("info", {"a function of actfn is needed"});
  const FunctionInfo& info = *state->known->info;
  nb::dict d;
  d["name"] = text(info.name);
  d["kind"] = text(name_of(info.kind));
  d["title"] = text(info.title);
  d["formula"] = text(info.formula);
  d["derivative"] = text(info.derivative);
  d["source"] = text(info.source);
  d["use"] = text(info.use);
  d["note"] = text(info.note);
  d["from_output"] = text(info.from_output);
  d["shapes"] = text(info.shapes);
  d["example"] = nb::cast(to_string(info.example));
  nb::list parameters;
  for (const ParameterInfo& p : info.parameters) parameters.append(described(p, state->f));
  d["parameters"] = nb::tuple(parameters);
  d["aliases"] = aliases_of(info);
  return d;
}

// (name, is it a parameter, may it be given by place, must it be given) of each argument; None
// where the function does not have the operation.
nb::object arguments_of(nb::handle function, int operation) {
  const State* const state = state_of(function.ptr());
  if (state == nullptr) fail_type("arguments", {"a function of actfn is needed"});
  const auto& signature = state->known->signatures.at(static_cast<std::size_t>(operation));
  if (!signature) return nb::none();
  nb::list all;
  for (const Argument& a : signature->arguments()) {
    const bool required = a.required && (a.parameter == nullptr || !state->is_complete);
    all.append(nb::make_tuple(text(a.name), a.parameter != nullptr, !a.keyword_only, required));
  }
  return nb::tuple(all);
}

// A function of the catalogue as a call finds it: without values for required parameters.
nb::list catalogue_functions() {
  nb::list all;
  for (const Known& known : known_functions()) {
    bool is_complete = true;
    for (const ParameterInfo& p : known.info->parameters) is_complete = is_complete && !p.required;
    all.append(make_function(known, {known.info->example}, is_complete));
  }
  return all;
}

// The shape of the result for an x of a shape.
nb::tuple shape_of(nb::handle function, nb::handle lengths, int axis) {
  const State* const state = state_of(function.ptr());
  if (state == nullptr) fail_type("shape", {"a function of actfn is needed"});
  std::vector<std::size_t> of_x;
  for (const nb::handle length : lengths) of_x.push_back(nb::cast<std::size_t>(length));
  nb::list all;
  for (const std::size_t length : output_shape(state->f, Shape(of_x), axis)) all.append(length);
  return nb::tuple(all);
}

// xla::run(), as JAX takes such functions.
nb::capsule xla_function() { return nb::capsule(reinterpret_cast<void*>(&xla::run)); }

// The elementwise function whose curve shows what f is; None for functions of rows and groups.
nb::object curve_of(nb::handle function) {
  const State* const state = state_of(function.ptr());
  if (state == nullptr) fail_type("curve", {"a function of actfn is needed"});
  const auto made = [&](const Activation& f) { return make_function({f, state->accuracy}); };
  if (const auto* const f = std::get_if<Activation>(&state->f)) return made(*f);
  if (const auto* const random = std::get_if<RandomActivation>(&state->f)) {
    return made(evaluated(*random));
  }
  const auto* const learned = std::get_if<LearnedActivation>(&state->f);
  if (learned == nullptr) return nb::none();
  if (const auto* const prelu = std::get_if<Prelu>(learned)) {
    return made(LeakyRelu{prelu->init});
  }
  return made(std::get<Learnable>(*learned).activation);
}

void set_bfloat16(nb::handle dtype) { numpy::set_bfloat16(dtype.ptr()); }

void set_torch(nb::handle module) {
  try {
    torch::set(module);
  } catch (const Raised&) {
    throw nb::python_error();
  }
}

void translate(const std::exception_ptr& thrown, void* /*nothing*/) {
  try {
    std::rethrow_exception(thrown);
  } catch (const TypeProblem& problem) {
    PyErr_SetString(PyExc_TypeError, problem.what());
  } catch (const Raised&) {  // NOLINT(bugprone-empty-catch): the indicator is set
  }
}

nb::list known_aliases() {
  nb::list all;
  for (const Alias& a : aliases()) {
    all.append(nb::make_tuple(text(a.name), text(a.function), text(a.formula), text(a.layout),
                              text(a.users)));
  }
  return all;
}

}  // namespace
}  // namespace actfn::python

NB_MODULE(_actfn, m) {
  using namespace actfn::python;
  nb::register_exception_translator(translate);
  try {
    numpy::load();
  } catch (const Raised&) {
    throw nb::python_error();
  }
  add_function_type(m);
  torch::add_calls(m);
  m.def("catalogue_functions", catalogue_functions);
  m.def("facts_of", facts_of);
  m.def("arguments_of", arguments_of);
  m.def("curve_of", curve_of);
  m.def("shape_of", shape_of);
  m.def("xla_function", xla_function);
  m.def("known_aliases", known_aliases);
  m.def("set_bfloat16", set_bfloat16);
  m.def("set_torch", set_torch);
  m.def("set_num_threads", set_threads, nb::arg("count"));
  m.def("get_num_threads", threads);
  m.def("target", [] { return std::string(actfn::target()); });
  m.attr("version") = ACTFN_VERSION;
}
