// SPDX-License-Identifier: Apache-2.0
#include "nn/layers/arguments.h"

#include "catalogue/error.h"
#include "catalogue/number.h"

#include <cmath>

namespace actfn::nn {

void require_at_least(std::string_view who, std::string_view name, int least, int value) {
  if (value >= least) return;
  fail(who, {name, " must be at least ", least, ", got ", value});
}

void require_at_least(std::string_view who, std::string_view name, int least, const Size2d& value) {
  require_at_least(who, name, least, value.height);
  require_at_least(who, name, least, value.width);
}

void require_positive(std::string_view who, std::string_view name, double value) {
  if (std::isfinite(value) && value > 0) return;
  fail(who, {name, " must be finite and positive, got ", write_number(value)});
}

void require_share(std::string_view who, std::string_view name, double value) {
  if (value >= 0 && value <= 1) return;
  fail(who, {name, " must be from 0 to 1, got ", write_number(value)});
}

void require_length(std::string_view who, std::string_view name, int want, std::size_t got) {
  if (static_cast<std::size_t>(want) == got) return;
  fail("sequential", {who, " takes ", want, " ", name, " where ", got, " come in"});
}

}  // namespace actfn::nn
