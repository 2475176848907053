#include <actfn/random.h>

#include "api/number.h"
#include "api/random_names.h"
#include "api/spec.h"
#include "api/tensors.h"

#include <array>
#include <cmath>
#include <vector>

namespace actfn {
namespace {

// The parameters of the alternative that f holds.
std::vector<NamedNumber> numbers_of(RandomActivation& f) {
  if (auto* const rrelu = std::get_if<Rrelu>(&f)) {
    return {{"lower", &rrelu->lower}, {"upper", &rrelu->upper}};
  }
  if (auto* const dropout = std::get_if<Dropout>(&f)) return {{"p", &dropout->p}};
  if (auto* const dropout = std::get_if<AlphaDropout>(&f)) return {{"p", &dropout->p}};
  return {};
}

void check_bound(std::string_view name, double value) {
  // As parameters of the other activations: within float32's range.
  if (std::isfinite(static_cast<float>(value))) return;
  fail("rrelu", {name, " must be finite, got ", write_number(value)});
}

void check(const Rrelu& f) {
  check_bound("lower", f.lower);
  check_bound("upper", f.upper);
  if (f.lower <= f.upper) return;
  fail("rrelu", {"lower must not exceed upper, got ", write_number(f.lower), " and ",
                 write_number(f.upper)});
}

void check_probability(std::string_view who, double p) {
  if (p >= 0 && p <= 1) return;
  fail(who, {"p must be from 0 to 1, got ", write_number(p)});
}

void check(const NoisyRelu& /*f*/) {}
void check(const Dropout& f) { check_probability("dropout", f.p); }
void check(const AlphaDropout& f) { check_probability("alpha_dropout", f.p); }

}  // namespace

RandomActivation parse_random_activation(std::string_view spec) {
  const std::size_t index = read_name(spec, "random activation", kRandomNames);
  RandomActivation f = default_of<RandomActivation>(index);
  read_numbers(spec, kRandomNames[index], numbers_of(f));
  validate(f);
  return f;
}

std::string to_string(const RandomActivation& f) {
  RandomActivation copy = f;
  RandomActivation defaults = default_of<RandomActivation>(f.index());
  return write_spec(name_of(f), numbers_of(copy), numbers_of(defaults));
}

void validate(const RandomActivation& f) {
  std::visit([](const auto& one) { check(one); }, f);
}

Activation evaluated(const RandomActivation& f) {
  validate(f);
  if (const auto* const rrelu = std::get_if<Rrelu>(&f)) {
    return LeakyRelu{(rrelu->lower + rrelu->upper) / 2};
  }
  if (std::holds_alternative<NoisyRelu>(f)) return Relu{};
  return Identity{};
}

}  // namespace actfn
