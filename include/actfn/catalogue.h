// SPDX-License-Identifier: Apache-2.0
// All functions of the library by name: the facts of each, and the text form of any of them. For
// command lines, bindings, documents and tests.
#pragma once

#include <actfn/accuracy.h>
#include <actfn/activation.h>
#include <actfn/gated.h>
#include <actfn/grouped.h>
#include <actfn/learnable.h>
#include <actfn/random.h>
#include <actfn/rows.h>
#include <actfn/tensor.h>

#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace actfn {

/// What a function reads to compute one element of its result.
///   elementwise  the element of x at the same place
///   row          all elements of x along one axis
///   gate         two elements, from two halves of x or from two tensors
///   random       like elementwise or row, and random numbers
///   learned      the element of x, and weights that training changes
///   grouped      a group of x's elements along one axis, or an element for two results
enum class Kind { elementwise, row, gate, random, learned, grouped };

/// "elementwise", "row", "gate", "random", "learned", "grouped".
std::string_view name_of(Kind kind);

/// Any function of the library.
///
///     actfn::Function f = actfn::Gelu{};
///     f = actfn::parse_function("swiglu(beta=1.5)");
using Function = std::variant<Activation, RowActivation, RowReduction, Gate, RandomActivation,
                              RandomRow, LearnedActivation, GroupedActivation>;

/// A parameter of a function.
///
///     const actfn::Function f = actfn::Elu{.alpha = 2};
///     const actfn::ParameterInfo& alpha = actfn::info(f).parameters[0];
///     std::cout << alpha.name << " = " << alpha.get(f) << '\n';  // alpha = 2
struct ParameterInfo {
  enum class Type {
    number,   ///< a double
    whole,    ///< a whole number from 1 on
    choice,   ///< one of the words in `choices`
    function  ///< an elementwise function: gated(mish)
  };
  std::string_view name;   ///< as parse_function() takes it
  std::string_view alias;  ///< another name that it takes; may be empty
  Type type = Type::number;
  std::span<const std::string_view> choices;  ///< of a choice
  std::string_view condition;                 ///< "finite", "finite and positive", …
  bool required = false;                      ///< no default

  /// The value that f has for this parameter: a number, or an index into `choices`; NaN for a
  /// parameter that is a function. f must be of the function that has this parameter.
  double get(const Function& f) const;
  /// The value that f has for this parameter, which must be a function.
  Activation get_function(const Function& f) const;

  // For the library: whether a number is allowed, and access to the struct of the parameters.
  bool (*holds)(double number) = nullptr;
  double (*number_of)(const void* parameters) = nullptr;
  void (*set_number)(void* parameters, double number) = nullptr;
  Activation* (*function_of)(void* parameters) = nullptr;
};

/// The facts of a function, in plain text.
struct Facts {
  std::string_view title;       ///< "LeakyReLU", PyTorch's name where it has one
  std::string_view formula;     ///< in x (gates: in a and b)
  std::string_view derivative;  ///< with the value at kinks
  std::string_view source;      ///< paper, year, arXiv number
  std::string_view use;  ///< what it is for, when it helps, when it fails: two or three sentences
  std::string_view note = "";  ///< conventions of other frameworks, traps
  /// The precision that f' loses when it is computed from f(x); empty where it can't be.
  std::string_view from_output = "";
};

/// All that is known of a function.
struct FunctionInfo : Facts {
  Kind kind = Kind::elementwise;
  std::string_view name;    ///< "leaky_relu"
  std::string_view shapes;  ///< "y has x's shape"
  std::span<const ParameterInfo> parameters;
  Function example;  ///< the defaults; where a parameter has none, its origin's example
};

/// All functions, kind by kind, in the order of the lists.
///
///     for (const actfn::FunctionInfo& f : actfn::catalogue()) std::cout << f.name << '\n';
std::span<const FunctionInfo> catalogue();

/// The functions of one kind.
std::span<const FunctionInfo> catalogue(Kind kind);

/// The facts of f's function. Parameters do not matter: info(Elu{2}) is info(Elu{1}).
///
///     std::cout << actfn::info(actfn::Gelu{}).title << '\n';  // GELU
const FunctionInfo& info(const Function& f);

/// Reads the text form of any function: `name` or `name(parameter=value,…)`.
///
///     actfn::Function f = actfn::parse_function("gelu(approximate=tanh)");
///     f = actfn::parse_function("gated(elu(alpha=2))");           // a function in a function
///     f = actfn::parse_function("nn.LeakyReLU(negative_slope=0.2)");
///     std::string text = actfn::to_string(f);  // "leaky_relu(negative_slope=0.2)"
///
/// Numbers are decimal or C99 hexadecimal and are rounded to the nearest double; spaces are
/// ignored. It reads the names of other frameworks, too: see aliases(). Throws Error for an unknown
/// name ("[parse] unknown function 'geluu'; did you mean gelu?"), an unknown, repeated or missing
/// parameter ("[elu] no parameter 'a': it has alpha"), and a value that is not a number or out of
/// range ("[elu] alpha must be finite, got nan").
Function parse_function(std::string_view spec);

/// The inverse of parse_function(): the name and, in parentheses, each parameter that differs from
/// its default, as the shortest decimal that reads back as the same double.
template <std::same_as<Function> F>
std::string to_string(const F& f);

/// A function, and how exactly a call computes it.
///
///     const actfn::Spec spec = actfn::parse_spec("gelu@fast");
///     const auto& f = std::get<actfn::Activation>(spec.function);
///     actfn::forward({f, spec.accuracy}, x, y);
struct Spec {
  Function function;
  Accuracy accuracy = Accuracy::accurate;
  bool operator==(const Spec&) const = default;
};

/// Reads a function as parse_function() does, and an accuracy behind it: "gelu@fast",
/// "elu(alpha=0.5)@nearest". Without one it is accurate. Throws Error for an accuracy that there is
/// none of: "[gelu] accuracy must be accurate, fast or nearest, got 'quick'". parse_function() and
/// parse() refuse an accuracy: functions have none.
Spec parse_spec(std::string_view spec);

/// The inverse of parse_spec(): "gelu@fast"; "gelu" for accurate.
std::string to_string(const Spec& spec);

/// Throws Error where a parameter is out of range: "[elu] alpha must be finite, got nan".
template <std::same_as<Function> F>
void validate(const F& f);

/// The shape of f's result for an x of the shape x. Row reductions, gates (of a packed x) and
/// grouped functions change the length along `axis`, -1 being the last axis; functions of single
/// elements ignore it. A reduction keeps the axis with the length 1. Throws Error where x does not
/// fit: "[glu] axis 1 of x has the length 5, which 2 does not divide",
/// "[glu] axis 7 is out of range: x has the shape 4x6".
///
///     actfn::Shape shape = actfn::output_shape(actfn::Swiglu{}, {4, 6});  // {4, 3}
Shape output_shape(const Function& f, const Shape& x, int axis = -1);

/// A name that another framework or model uses, and what it means here.
struct Alias {
  std::string_view name;      ///< "gelu_new"
  std::string_view function;  ///< as parse_function() takes it; empty: no single function equals it
  std::string_view formula;   ///< the exact formula
  std::string_view layout;    ///< of gates: how the operands are packed
  std::string_view users;     ///< the libraries and models that use the name
};

/// The names that parse_function() reads in addition to those of the catalogue, and those that it
/// refuses with an explanation: "[parse] gelu_10 is min(10, max(-10, gelu(x))): no function here
/// equals it (Hugging Face: ClippedGELUActivation)". Sorted by name.
///
///     for (const actfn::Alias& a : actfn::aliases()) {
///       std::cout << a.name << ' ' << a.formula << '\n';
///     }
std::span<const Alias> aliases();

}  // namespace actfn
