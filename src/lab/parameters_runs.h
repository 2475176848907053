// SPDX-License-Identifier: Apache-2.0
// The parts of search_parameters(): one set of parameters of each kind of function.
#pragma once

#include "lab/accuracy_runs.h"
#include "lab/parameters.h"
#include "lab/parameters_draws.h"

namespace actfn::lab {

// What `e` is to know of one result. excused() and input() are asked where the error is the largest
// so far.
template <class Excused, class Input>
void record(ParameterErrors& e, double ulps, const Excused& excused, const Function& f,
            const Input& input) {
  ++e.inputs;
  if (!(ulps > e.max_ulp)) return;
  if (ulps > kAlwaysFine && excused()) {
    ++e.near_root_inputs;
    return;
  }
  e.max_ulp = ulps;
  e.worst = f;
  e.worst_input = input();
}

// Adds the errors of f, whose parameters are drawn, at drawn inputs; T is float or double.
template <class T>
void try_set(const Activation& f, Draws draws, std::vector<ParameterErrors>& errors);
template <class T>
void try_set(const RowActivation& f, Draws draws, std::vector<ParameterErrors>& errors);
template <class T>
void try_set(const Gate& f, Draws draws, std::vector<ParameterErrors>& errors);

}  // namespace actfn::lab
