#include "catalogue/text.h"

#include "catalogue/error.h"
#include "catalogue/lists.h"
#include "catalogue/number.h"
#include "catalogue/quote.h"
#include "catalogue/suggest.h"

#include <cmath>
#include <set>
#include <vector>

namespace actfn::functions {
namespace {

constexpr double kMaxWhole = 0x1p24;  // float32 holds every whole number up to here

bool holds(const Field& field, double number) {
  const auto value = static_cast<float>(number);
  switch (field.condition) {
    case Condition::number:
      return !std::isnan(value);
    case Condition::finite:
      return std::isfinite(value);
    case Condition::nonnegative:
      return std::isfinite(value) && value >= 0;
    case Condition::nonpositive:
      return std::isfinite(value) && value <= 0;
    case Condition::positive:
      return std::isfinite(value) && value > 0;
    case Condition::positive_or_infinite:
      return value > 0;
    case Condition::nonzero:
      return std::isfinite(value) && value != 0;
    case Condition::at_least_one:
      return std::isfinite(value) && value >= 1;
    case Condition::probability:
      return number >= 0 && number <= 1;
    case Condition::whole:
      return number >= 1 && number <= kMaxWhole && number == std::floor(number);
    case Condition::choice:
      return value >= 0 && value < static_cast<float>(field.info.choices.size());
    case Condition::function:
      return true;
  }
  return false;
}

std::string value_text(const Field& field, void* leaf) {
  if (field.is_function()) return to_string(field.function(leaf));
  const double value = field.get(leaf);
  if (field.info.choices.empty() || !holds(field, value)) return write_number(value);
  return std::string(field.info.choices[static_cast<std::size_t>(value)]);
}

std::string words(std::span<const std::string_view> choices) {
  std::string all;
  for (const auto word : choices) all.append(all.empty() ? "" : " or ").append(word);
  return all;
}

[[noreturn]] void fail_condition(std::string_view who, const Field& field, double value) {
  fail(who,
       {field.info.name, " must be ",
        field.info.choices.empty() ? std::string(field.info.condition) : words(field.info.choices),
        ", got ", write_number(value)});
}

// What one text assigns to one function.
class Reader {
 public:
  Reader(const Descriptor& function, void* leaf)
      : function_(function), name_(function.info.name), leaf_(leaf) {}

  // "alpha=1,beta=2"
  void read(std::string_view list) {
    std::string_view rest = trimmed(list);
    while (!rest.empty()) {
      const std::size_t comma = comma_of(rest);
      assign(trimmed(rest.substr(0, comma)));
      if (comma == rest.size()) break;
      rest = trimmed(rest.substr(comma + 1));
      if (rest.empty()) fail(name_, {"nothing follows the last ',' in ", in_quotes(list)});
    }
    require_all();
  }

 private:
  // The first comma outside of parentheses, or the end.
  static std::size_t comma_of(std::string_view text) {
    int depth = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '(') ++depth;
      if (text[i] == ')') --depth;
      if (text[i] == ',' && depth == 0) return i;
    }
    return text.size();
  }

  void assign(std::string_view assignment) {
    const Field* field = nullptr;
    std::string_view value = assignment;
    const auto equals = assignment.find('=');
    if (equals < assignment.find('(')) {
      field = &find(trimmed(assignment.substr(0, equals)));
      value = trimmed(assignment.substr(equals + 1));
    } else {
      field = unnamed();
      if (field == nullptr) {
        fail(name_, {"expected parameter=value, got ", in_quotes(assignment)});
      }
    }
    if (!given_.insert(field).second) fail(name_, {field->info.name, " is given twice"});
    if (field->is_function()) {
      field->function(leaf_) = actfn::parse(value);
    } else {
      field->set(leaf_, number(*field, value));
    }
  }

  // gated(mish): a function is written without the parameter's name.
  const Field* unnamed() const {
    for (const Field& field : function_.fields) {
      if (field.is_function()) return &field;
    }
    return nullptr;
  }

  const Field& find(std::string_view name) const {
    std::vector<std::string_view> names;
    std::string all = function_.fields.empty() ? "it has none" : "it has ";
    for (const Field& field : function_.fields) {
      if (field.info.name == name || (!name.empty() && field.info.alias == name)) return field;
      all.append(names.empty() ? "" : ", ").append(field.info.name);
      names.push_back(field.info.name);
    }
    fail(name_, {"no parameter ", in_quotes(name), ": ", all, did_you_mean(name, names)});
  }

  double number(const Field& field, std::string_view text) const {
    if (field.condition != Condition::choice) {
      const auto value = read_number<double>(text);
      const bool whole = field.condition == Condition::whole;
      // Checked here: setting it would take the fraction away.
      if (value && whole && !holds(field, *value)) fail_condition(name_, field, *value);
      if (value) return *value;
      fail(name_, {field.info.name, " must be a number, got ", in_quotes(text)});
    }
    std::string_view word = text;  // PyTorch prints approximate='tanh'
    if (word.size() > 1 && word.front() == word.back() &&
        (word.front() == '\'' || word.front() == '"')) {
      word = word.substr(1, word.size() - 2);
    }
    for (std::size_t i = 0; i < field.info.choices.size(); ++i) {
      if (field.info.choices[i] == word) return static_cast<double>(i);
    }
    fail(name_,
         {field.info.name, " must be ", words(field.info.choices), ", got ", in_quotes(text)});
  }

  void require_all() const {
    for (const Field& field : function_.fields) {
      if (!field.info.required || given_.contains(&field)) continue;
      fail(name_, {field.info.name, " has no default: write for example ",
                   to_string(function_.info.example)});
    }
  }

  const Descriptor& function_;
  std::string_view name_;
  void* leaf_;
  std::set<const Field*> given_;
};

const Descriptor* find_function(std::string_view name) {
  for (const Descriptor* function : all_functions()) {
    if (function->info.name == name) return function;
  }
  return nullptr;
}

// In lower case, without '_' and '-': "LeakyReLU" and "leaky_relu" are one.
std::string plain(std::string_view name) {
  std::string all;
  for (const char c : name) {
    if (c == '_' || c == '-') continue;
    all.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  }
  return all;
}

// "torch.nn.LeakyReLU" without "torch."; nothing where no known module comes first.
std::string_view without_module(std::string_view name) {
  constexpr std::string_view kModules[] = {
      "torch.",  "nn.",   "functional.", "F.",     "jax.",  "keras.",     "activations.",
      "layers.", "ops.",  "flax.",       "linen.", "nnx.",  "mlx.",       "onnx.",
      "tf.",     "math.", "timm.",       "vllm.",  "ggml.", "diffusers.", "paddle."};
  for (const std::string_view module : kModules) {
    if (name.starts_with(module)) return name.substr(module.size());
  }
  return {};
}

const Descriptor* find_spelling(std::string_view name) {
  for (const Descriptor* function : all_functions()) {
    if (plain(function->info.name) == name) return function;
  }
  return nullptr;
}

const Alias* find_alias(std::string_view name) {
  for (const Alias& alias : aliases()) {
    if (plain(alias.name) == name) return &alias;
  }
  return nullptr;
}

[[noreturn]] void fail_unknown(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Descriptor* function : all_functions()) names.push_back(function->info.name);
  fail("parse", {"unknown function ", in_quotes(name), did_you_mean(name, names)});
}

// "name(list)" in its two parts.
struct Parts {
  std::string_view name;
  std::string_view list;
  bool has_list = false;
};

Parts parts_of(std::string_view text) {
  const auto open = text.find('(');
  if (open == std::string_view::npos) return {text, {}, false};
  const std::string_view name = trimmed(text.substr(0, open));
  if (text.back() != ')') fail(name, {"missing ')' in ", in_quotes(text)});
  return {name, text.substr(open + 1, text.size() - open - 2), true};
}

Function read(const Descriptor& function, std::string_view list) {
  Function f = function.info.example;
  void* const leaf =
      std::visit([&](auto& own) { return function.leaf(static_cast<void*>(&own)); }, f);
  Reader(function, leaf).read(list);
  demand(function, leaf);
  return f;
}

// An alias that only renames passes its parameters on; one that sets them takes none.
Function read_alias(const Alias& alias, const Parts& parts) {
  if (alias.function.empty()) {
    fail("parse",
         {alias.name, " is ", alias.formula, ": no function here equals it (", alias.users, ")"});
  }
  const Parts meaning = parts_of(alias.function);
  if (!meaning.has_list) return read(*find_function(meaning.name), parts.list);
  if (!trimmed(parts.list).empty()) {
    fail(alias.name, {"it is ", alias.function, " and takes no parameters"});
  }
  return read(*find_function(meaning.name), meaning.list);
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string write(const Descriptor& function, void* leaf) {
  std::string list;
  for (const Field& field : function.fields) {
    const bool nested = field.is_function();
    if (!nested && !field.info.required &&
        field.get(leaf) == field.info.get(function.info.example)) {
      continue;
    }
    list.append(list.empty() ? "" : ",");
    if (!nested) list.append(field.info.name).append("=");
    list.append(value_text(field, leaf));
  }
  const std::string name(function.info.name);
  return list.empty() ? name : name + "(" + list + ")";
}

void demand(const Descriptor& function, void* leaf) {
  for (const Field& field : function.fields) {
    if (field.is_function()) {
      validate(field.function(leaf));
      continue;
    }
    const double value = field.get(leaf);
    if (!holds(field, value)) fail_condition(function.info.name, field, value);
  }
  const std::string_view conflict = function.conflict(leaf);
  if (conflict.empty()) return;
  std::string values;
  for (const Field& field : function.fields) {
    values.append(values.empty() ? "" : ", ").append(field.info.name).append("=");
    values.append(value_text(field, leaf));
  }
  fail(function.info.name, {conflict, ", got ", values});
}

void fail_other_list(const Function& f, std::string_view wanted) {
  const FunctionInfo& known = info(f);
  fail("parse", {known.name, " is ", with_article(known.kind), ", where ", wanted, " is needed"});
}

}  // namespace actfn::functions

namespace actfn {

Function parse_function(std::string_view spec) {
  using namespace functions;
  const std::string_view text = trimmed(spec);
  const Parts parts = parts_of(text);
  if (parts.name.empty()) fail("parse", {"the name of a function is missing"});
  if (const auto* function = find_function(parts.name)) return read(*function, parts.list);
  // An alias may have modules in its name: jax.nn.gelu is not torch.nn.GELU.
  for (std::string_view name = parts.name; !name.empty(); name = without_module(name)) {
    const std::string wanted = plain(name);
    if (const auto* alias = find_alias(wanted)) return read_alias(*alias, parts);
    if (const auto* function = find_spelling(wanted)) return read(*function, parts.list);
  }
  fail_unknown(parts.name);
}

}  // namespace actfn
