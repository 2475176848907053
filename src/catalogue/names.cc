// SPDX-License-Identifier: Apache-2.0
#include "catalogue/names.h"

#include "catalogue/error.h"
#include "catalogue/left_out.h"
#include "catalogue/lists.h"
#include "catalogue/quote.h"
#include "catalogue/suggest.h"

#include <algorithm>
#include <string>
#include <vector>

namespace actfn::functions {
namespace {

// The function whose name, as `form` has it, is `name`; null where there is none.
template <class Form>
const Descriptor* find_function(std::string_view name, const Form& form) {
  const auto all = all_functions();
  const auto at = std::find_if(all.begin(), all.end(), [&](const Descriptor* function) {
    return form(function->info.name) == name;
  });
  return at == all.end() ? nullptr : *at;
}

constexpr auto kExact = [](std::string_view name) { return name; };

const Alias* find_alias(std::string_view name) {
  const auto at = std::find_if(aliases().begin(), aliases().end(),
                               [&](const Alias& alias) { return plain(alias.name) == name; });
  return at == aliases().end() ? nullptr : &*at;
}

Named function_of(const Alias& alias) {
  if (alias.function.empty()) {
    fail("parse",
         {alias.name, " is ", alias.formula, ": no function here equals it (", alias.users, ")"});
  }
  const auto name = alias.function.substr(0, alias.function.find('('));
  return {find_function(name, kExact), &alias};
}

}  // namespace

std::string_view without_module(std::string_view name) {
  constexpr std::string_view kModules[] = {
      "torch.",       "nn.",        "functional.", "F.",    "jax.",   "keras.",
      "activations.", "layers.",    "ops.",        "flax.", "linen.", "nnx.",
      "mlx.",         "onnx.",      "tf.",         "math.", "timm.",  "vllm.",
      "ggml.",        "diffusers.", "paddle.",     "tfp.",  "scipy.", "special."};
  for (const std::string_view module : kModules) {
    if (name.starts_with(module)) return name.substr(module.size());
  }
  return {};
}

std::vector<std::string_view> readable_names() {
  std::vector<std::string_view> names;
  for (const Descriptor* function : all_functions()) names.push_back(function->info.name);
  for (const Alias& alias : aliases()) {
    if (!alias.function.empty()) names.push_back(alias.name);
  }
  return names;
}

std::optional<Named> find_known_name(std::string_view name) {
  if (const auto* const function = find_function(name, kExact)) return Named{function, nullptr};
  // An alias may have modules in its name: jax.nn.gelu is not torch.nn.GELU.
  for (std::string_view rest = name; !rest.empty(); rest = without_module(rest)) {
    const std::string wanted = plain(rest);
    if (const auto* const alias = find_alias(wanted)) return function_of(*alias);
    if (const auto* const function = find_function(wanted, plain)) return Named{function, nullptr};
  }
  return std::nullopt;
}

Named find_name(std::string_view name) {
  const auto found = find_known_name(name);
  if (!found) {
    fail("parse", {"unknown function ", in_quotes(name), did_you_mean(name, readable_names())});
  }
  if (is_left_out(*found->function)) fail_left_out("parse", found->function->info.name);
  return *found;
}

}  // namespace actfn::functions
