// All functions of the library by name: what is known of each, and the text form of any of them.
// For command lines, bindings, pages and tests.
#pragma once

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
///   gate         two elements, which lie in two halves of x or in two tensors
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

struct ParameterInfo {
  enum class Type {
    number,   // a double
    whole,    // a whole number from 1 on
    choice,   // one of the words in `choices`
    function  // an elementwise function: gated(mish)
  };
  std::string_view name;   // as parse_function() takes it
  std::string_view alias;  // another name that it takes; may be empty
  Type type = Type::number;
  std::span<const std::string_view> choices;  // of a choice
  std::string_view condition;                 // "finite", "finite and positive", …
  bool required = false;                      // no default

  /// What f, an instance of the function that has this parameter, has for it: a number, or an index
  /// into `choices`. NaN for a parameter that is a function.
  double get(const Function& f) const;
  /// The same for a parameter that is a function.
  Activation get_function(const Function& f) const;

  // For the library: whether a number is allowed, and access to the struct of the parameters.
  bool (*holds)(double number) = nullptr;
  double (*number_of)(const void* parameters) = nullptr;
  void (*set_number)(void* parameters, double number) = nullptr;
  Activation* (*function_of)(void* parameters) = nullptr;
};

/// What the author of a function says of it, in plain text.
struct Facts {
  std::string_view title;       // "LeakyReLU", PyTorch's name where it has one
  std::string_view formula;     // in x (gates: in a and b)
  std::string_view derivative;  // with the value at kinks
  std::string_view source;      // paper, year, arXiv number
  std::string_view use;  // what it is for, when it helps, when it fails: two or three sentences
  std::string_view note = "";  // conventions of other frameworks, traps
  // What f' loses when it is computed from f(x); empty where that can't be done.
  std::string_view from_output = "";
};

struct FunctionInfo : Facts {
  Kind kind = Kind::elementwise;
  std::string_view name;    // "leaky_relu"
  std::string_view shapes;  // "y has x's shape"
  std::span<const ParameterInfo> parameters;
  Function example;  // the defaults; where a parameter has none, its origin's example
};

/// All functions, kind by kind, each kind in alphabetical order of its list.
///
///     for (const actfn::FunctionInfo& f : actfn::catalogue()) std::cout << f.name << '\n';
std::span<const FunctionInfo> catalogue();

/// The functions of one kind.
std::span<const FunctionInfo> catalogue(Kind kind);

/// What is known of the function that f is an instance of: info(Gelu{}).title is "GELU".
const FunctionInfo& info(const Function& f);

/// Reads the text form of any function: `name` or `name(parameter=value,…)`. "gelu",
/// "gelu(approximate=tanh)", "entmax(alpha=1.2)", "gated(elu(alpha=2))".
///
/// Numbers are decimal or C99 hexadecimal, rounded to the nearest double; spaces are ignored. The
/// spellings of other frameworks are understood: "LeakyReLU(negative_slope=0.2)", "nn.SiLU",
/// "gelu_new"; see aliases().
/// Throws Error for an unknown name (it proposes the nearest one), an unknown, repeated or missing
/// parameter, and a value that is not a number or out of range.
Function parse_function(std::string_view spec);

/// The inverse of parse_function(): the name, and in parentheses the parameters that differ from
/// their defaults, each as the shortest decimal that reads back the same.
template <std::same_as<Function> F>
std::string to_string(const F& f);

/// Throws Error where a parameter is out of range: "[elu] alpha must be finite, got nan".
template <std::same_as<Function> F>
void validate(const F& f);

/// The shape of f's result for an x of this shape. `axis` (-1: the last) is what rows, gates and
/// grouped functions work along; the others ignore it. Gates take a packed x.
/// Throws Error where x does not fit: "[glu] axis 1 of x has the length 5, which 2 does not
/// divide".
///
///     actfn::output_shape(actfn::Swiglu{}, {4, 6})  // {4, 3}
Shape output_shape(const Function& f, const Shape& x, int axis = -1);

/// A name that another framework or model uses, and what it means here.
struct Alias {
  std::string_view name;      // "gelu_new"
  std::string_view function;  // as parse_function() takes it; empty: no single function equals it
  std::string_view formula;   // the exact formula
  std::string_view layout;    // of gates: where the operands lie
  std::string_view users;     // who calls it so
};

/// All that parse_function() understands besides the names of the catalogue, and the names that it
/// refuses with an explanation. Sorted by name.
std::span<const Alias> aliases();

}  // namespace actfn
