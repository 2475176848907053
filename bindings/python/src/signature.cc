// SPDX-License-Identifier: Apache-2.0
#include "signature.h"

#include <string>
#include <variant>

namespace actfn::python {
namespace {

constexpr std::string_view kSlotNames[] = {"v",    "grad",  "x",        "weight", "v_weight",
                                           "axis", "",      "b",        "y",      "packing",
                                           "seed", "first", "keepdims", "where",  "out"};
static_assert(std::size(kSlotNames) == kSlots);

// The alternatives of Function that share their arguments.
struct Form {
  bool single, axis, mask, reduction, gate, random, weight, from_output, twice;
};

Form form_of(const Function& f) {
  const auto* const learned = std::get_if<LearnedActivation>(&f);
  const bool elementwise = std::holds_alternative<Activation>(f);
  const bool rows = std::holds_alternative<RowActivation>(f);
  const bool reduction = std::holds_alternative<RowReduction>(f);
  const bool gate = std::holds_alternative<Gate>(f);
  const bool random_row = std::holds_alternative<RandomRow>(f);
  const bool random = std::holds_alternative<RandomActivation>(f);
  const bool grouped = std::holds_alternative<GroupedActivation>(f);
  return {.single = elementwise || random || learned != nullptr,
          .axis = rows || reduction || gate || random_row || grouped,
          .mask = rows || reduction || random_row,
          .reduction = reduction,
          .gate = gate,
          .random = random || random_row,
          .weight = learned != nullptr && std::holds_alternative<Prelu>(*learned),
          .from_output = elementwise || rows,
          .twice = elementwise || rows || gate || random || learned != nullptr};
}

// Functions whose derivative is a number for each number.
bool has_derivative(const Function& f) { return std::holds_alternative<Activation>(f); }

bool has_learnable(const Function& f) {
  const auto* const activation = std::get_if<Activation>(&f);
  if (activation != nullptr) return !learnable_parameters(*activation).empty();
  const auto* const learned = std::get_if<LearnedActivation>(&f);
  return learned != nullptr && std::holds_alternative<Learnable>(*learned);
}

bool has(const Function& f, Operation operation) {
  switch (operation) {
    case Operation::forward:
    case Operation::backward:
      return true;
    case Operation::derivative:
    case Operation::second_derivative:
      return has_derivative(f);
    case Operation::double_backward:
      return form_of(f).twice;
    case Operation::parameter_gradient:
      return has_learnable(f);
  }
  return false;
}

// Whether the function's output may take the place of x.
bool takes_output(Operation operation, const Form& form) {
  if (!form.from_output) return false;
  return operation == Operation::backward || (operation == Operation::double_backward && form.axis);
}

void add_arrays(Signature& s, Operation operation, const Form& form) {
  const bool twice = operation == Operation::double_backward;
  if (twice) s.add(Slot::v, true);
  if (twice || operation == Operation::backward || operation == Operation::parameter_gradient) {
    s.add(Slot::grad, true);
  }
  s.add(Slot::x, !takes_output(operation, form));
  if (form.weight) s.add(Slot::weight, true);
}

void add_options(Signature& s, Operation operation, const Form& form) {
  const bool twice = operation == Operation::double_backward;
  const bool forward = operation == Operation::forward;
  if (form.weight && twice) s.add(Slot::v_weight, true);
  if (takes_output(operation, form)) s.add(Slot::y);
  if (form.gate && !twice) s.add(Slot::b);
  if (form.gate) s.add(Slot::packing);
  if (form.random) {
    s.add(Slot::seed, true);
    s.add(Slot::first);
  }
  if (form.reduction && forward) s.add(Slot::keepdims);
  if (form.mask) s.add(Slot::where);
  const bool one_result = !twice && !(form.weight && !forward);
  if (one_result && operation != Operation::parameter_gradient) s.add(Slot::out);
}

std::unique_ptr<Signature> signature_of(const FunctionInfo& info, Operation operation) {
  if (!has(info.example, operation)) return nullptr;
  const Form form = form_of(info.example);
  auto s = std::make_unique<Signature>();
  add_arrays(*s, operation, form);
  if (form.axis) s->add(Slot::axis);
  const bool backwards = s->index_of(Slot::grad) >= 0;
  if (!form.single || backwards) s->end_of_places();
  if (!form.weight) {
    for (const ParameterInfo& parameter : info.parameters) s->add(parameter);
  }
  s->end_of_places();
  add_options(*s, operation, form);
  return s;
}

std::string names_of(const Signature& signature) {
  std::string all;
  for (const Argument& a : signature.arguments()) {
    all.append(all.empty() ? "" : ", ").append(a.name);
  }
  return all;
}

}  // namespace

std::string_view name_of(Operation operation) {
  constexpr std::string_view kNames[] = {"forward",  "derivative",      "second_derivative",
                                         "backward", "double_backward", "parameter_gradient"};
  static_assert(std::size(kNames) == kOperations);
  return kNames[static_cast<std::size_t>(operation)];
}

void Signature::add(Slot slot, bool required) {
  append({.name = kSlotNames[static_cast<std::size_t>(slot)],
          .key = nullptr,
          .slot = slot,
          .required = required});
}

void Signature::add(const ParameterInfo& parameter) {
  append({.name = parameter.name,
          .key = nullptr,
          .slot = Slot::parameter,
          .parameter = &parameter,
          .required = parameter.required});
}

void Signature::append(Argument argument) {
  if (arguments_.size() == kMost) throw std::logic_error("a function has too many arguments");
  argument.key = PyUnicode_InternFromString(std::string(argument.name).c_str());
  if (argument.key == nullptr) throw Raised{};
  argument.keyword_only = !by_place_;
  places_ += by_place_ ? 1 : 0;
  std::int8_t& index = index_[static_cast<std::size_t>(argument.slot)];
  if (index < 0) index = static_cast<std::int8_t>(arguments_.size());
  arguments_.push_back(argument);
}

Given::Given(std::string_view who, const Signature& signature, PyObject* const* arguments,
             std::size_t places, PyObject* names)
    : who_(who), signature_(signature) {
  if (places > signature.places()) {
    fail_type(who, {std::to_string(places), " arguments by place, at most ",
                    std::to_string(signature.places()), " are possible: ", names_of(signature)});
  }
  for (std::size_t i = 0; i < places; ++i) put(i, arguments[i]);
  const Py_ssize_t named = names == nullptr ? 0 : PyTuple_Size(names);
  for (Py_ssize_t i = 0; i < named; ++i) {
    put(find(PyTuple_GetItem(names, i)), arguments[places + static_cast<std::size_t>(i)]);
  }
}

void Given::put(std::size_t i, PyObject* value) {
  const Argument& a = signature_.arguments()[i];
  if (values_[i] != nullptr) fail_type(who_, {a.name, " is given twice"});
  values_[i] = value;
  has_parameters_ = has_parameters_ || a.parameter != nullptr;
}

std::size_t Given::find(PyObject* name) const {
  const auto all = signature_.arguments();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].key == name) return i;
  }
  for (std::size_t i = 0; i < all.size(); ++i) {  // names that are not interned
    if (PyUnicode_Compare(all[i].key, name) == 0) return i;
  }
  const std::string text = nb::str(nb::handle(name)).c_str();
  fail_type(who_, {"no argument '", text, "': it has ", names_of(signature_)});
}

PyObject* Given::demand(Slot slot) const {
  PyObject* const value = at(slot);
  if (value == nullptr) {
    fail_type(who_, {kSlotNames[static_cast<std::size_t>(slot)], " is missing: the arguments are ",
                     names_of(signature_)});
  }
  return value;
}

const Signature& Known::signature(Operation operation) const {
  const auto& found = signatures[static_cast<std::size_t>(operation)];
  if (found) return *found;
  const bool twice = operation == Operation::double_backward;
  const std::string_view which = operation == Operation::parameter_gradient
                                     ? "no parameter of it can be learned"
                                 : twice ? "it has backward() only"
                                         : "only elementwise functions have; it has backward()";
  fail_type(info->name, {"it has no ", name_of(operation), "(): ", which});
}

std::span<const Known> known_functions() {
  static const std::vector<Known> all = [] {
    std::vector<Known> functions;
    for (const FunctionInfo& info : catalogue()) {
      Known known = {&info, {}};
      for (std::size_t i = 0; i < kOperations; ++i) {
        known.signatures[i] = signature_of(info, static_cast<Operation>(i));
      }
      functions.push_back(std::move(known));
    }
    return functions;
  }();
  return all;
}

const Known& known_of(const Function& f) {
  const std::string_view name = info(f).name;
  for (const Known& known : known_functions()) {
    if (known.info->name == name) return known;
  }
  throw std::logic_error("a function is not in the catalogue");
}

}  // namespace actfn::python
