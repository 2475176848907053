// Functions in words, for list and show.
#pragma once

#include <actfn/catalogue.h>

#include <string>

namespace actfn::app {

// "softplus(beta=1,threshold=20)": all parameters, with defaults or, where there is none, the
// example's values.
std::string signature(const FunctionInfo& info);

std::string value_text(const ParameterInfo& parameter, const Function& f);

}  // namespace actfn::app
