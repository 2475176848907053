// SPDX-License-Identifier: Apache-2.0
// A function as text: what is read is written back the same, and each kind's own parser agrees.
#include <actfn/actfn.h>
#include <actfn/c.h>

#include <optional>
#include <string>
#include <string_view>

#include "support/require.h"
#include "support/stream.h"

namespace actfn::fuzz {
namespace {

template <class F>
void require_round_trip(const F& f, F (*parse)(std::string_view)) {
  const std::string text = to_string(f);
  validate(f);
  const F again = parse(text);
  if (!(again == f) || to_string(again) != text) fail(text + " reads back as " + to_string(again));
}

// `f` is what parse_function() made of the text.
template <class List>
void require_agreement(std::string_view text, const std::optional<Function>& f,
                       List (*parse)(std::string_view)) {
  std::optional<List> own;
  error_of([&] { own = parse(text); });
  const List* const wanted = f ? std::get_if<List>(&*f) : nullptr;
  if (own.has_value() != (wanted != nullptr)) fail("parsers disagree");
  if (!own) return;
  require(*own == *wanted, "parsers disagree about a value");
  require_round_trip(*own, parse);
}

// Reads an accuracy behind the function, and each back as it was.
void require_accuracy(const std::string& text) {
  std::optional<Spec> spec;
  error_of([&] { spec = parse_spec(text); });
  if (spec) require(parse_spec(to_string(*spec)) == *spec, "an accuracy reads back as another");
}

void require_agreement_in_c(const std::string& text) {
  const std::string expected =
      error_of([&] { const PreparedActivation<float> prepared{parse(text)}; });
  if (text.find('@') != std::string::npos) return;  // only C reads an accuracy in parse()'s place
  char error[4096] = "";
  auto* const f = actfn_activation_new(text.c_str(), ACTFN_FLOAT32, 1, error, sizeof error);
  require((f != nullptr) == expected.empty(), "C and C++ disagree about an Error");
  require(f != nullptr || expected == error, "C has another message than C++");
  actfn_activation_free(f);
}

void check(std::string_view text) {
  std::optional<Function> f;
  error_of([&] { f = parse_function(text); });
  if (f) {
    require_round_trip(*f, parse_function);
    require(to_string(*f).starts_with(info(*f).name), "a text has another name than the function");
  }
  // What no parser reads costs much, because each looks for what may be meant: one is asked.
  const std::size_t turn = text.size() % 8;
  const auto agree = [&](std::size_t index, auto parse) {
    if (f || turn == index) require_agreement(text, f, parse);
  };
  agree(0, parse);
  agree(1, parse_row_activation);
  agree(2, parse_row_reduction);
  agree(3, parse_gate);
  agree(4, parse_random_activation);
  agree(5, parse_random_row);
  agree(6, parse_learned_activation);
  agree(7, parse_grouped_activation);
  const bool is_c = text.find('\0') == std::string_view::npos;
  if (is_c && (f || turn == 0)) require_agreement_in_c(std::string(text));
  if (f || text.find('@') != std::string_view::npos) require_accuracy(std::string(text));
}

}  // namespace
}  // namespace actfn::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  actfn::fuzz::check(actfn::fuzz::Stream(data, size).rest());
  return 0;
}
