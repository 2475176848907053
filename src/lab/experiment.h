// SPDX-License-Identifier: Apache-2.0
// Experiments: what is said of activations, measured.
//
// Each experiment is a file of lab/experiments/. NAME.cc defines the function
//
//   Experiment NAME();
//
// in the namespace actfn::lab::experiments. The list, the command line, the page and the
// documentation follow from the files.
#pragma once

#include "data/dataset.h"
#include "lab/chart.h"
#include "lab/readings.h"
#include "lab/statistics.h"

#include <functional>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

// How much is measured.
struct Scope {
  int seeds = 5;       // of each network
  bool quick = false;  // smaller trials; more verdicts are undecided
  bool operator==(const Scope&) const = default;
};

// What trials work with.
class Materials {
 public:
  explicit Materials(std::stop_token stop = {}) : stop_(std::move(stop)) {}

  // Fashion-MNIST, read at the first call. Throws std::runtime_error where it is not installed.
  static const data::Dataset& images();

  // Throws Interrupted where the run is to end. Long trials call it often.
  void go_on() const;

 private:
  std::stop_token stop_;
};

struct Interrupted {};

// A part of an experiment that is measured in one go, on one thread, and kept once it is finished.
struct Trial {
  std::string name;  // of letters, digits, '-', '_' and '.'; what it depends on is in it
  std::function<std::vector<Row>(const Materials&)> measure;
  bool alone = false;  // measures time: no other trial runs beside it
};

enum class Holds { yes, no, undecided };
std::string_view to_string(Holds holds);
std::string_view in_words(Holds holds);  // "does not hold"

struct Verdict {
  Holds holds = Holds::undecided;
  std::string finding = {};               // a sentence that says what was seen, with its figures
  std::string measured = {};              // the figures alone
  std::optional<Interval> interval = {};  // of what was measured, if networks were
  std::string tolerance = {};             // "1e-6", "3 standard errors"
};

struct Outcome {
  Verdict verdict;
  std::vector<Chart> figures;  // at least one
};

enum class Method {
  exact,     // the same figures at each run
  networks,  // trained from several seeds
  timed      // seconds
};
std::string_view in_words(Method method);

struct Experiment {
  std::string name;      // "sigmoid-slope"
  std::string claim;     // a sentence
  std::string source;    // of the claim
  std::string expected;  // the figure that the claim gives
  std::string setup;     // what is computed or trained, on what, and how it is judged; sentences
  Method method = Method::exact;
  std::vector<std::string> columns;  // of the rows
  std::function<std::vector<Trial>(const Scope&)> trials;
  // From the rows of all trials, in the order of the trials.
  std::function<Outcome(const Readings&, const Scope&)> judge;
  // For claims about trained networks: what these have not reached yet that the claim is about,
  // "each test accuracy must be 0.8 or more; here: tanh 0.713". Empty where nothing is missing.
  std::function<std::string(const Readings&, const Scope&)> missing = {};
};

// What judge() says. Where something is missing, the verdict is undecided, and the finding says so
// first: "The quick run trains too short to judge: ...".
Outcome outcome_of(const Experiment& experiment, const Readings& readings, const Scope& scope);

// All of them, by name.
std::span<const Experiment> all_experiments();

// Throws Error: "[experiment] there is no 'sigmoid-slop'; did you mean sigmoid-slope?"
const Experiment& experiment_named(std::string_view name);

}  // namespace actfn::lab
