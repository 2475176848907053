// SPDX-License-Identifier: Apache-2.0
// What the documents of the project have recorded of a function: errors and times. The program has
// the tables of docs/accuracy.md, docs/accuracy-samples.md, docs/accuracy-parameters.md and
// docs/performance.md as they were when it was built.
#pragma once

#include <actfn/catalogue.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace actfn::lab {

struct RecordedTable {
  std::string section;  // the headings above it: "Gates", "Calls"
  std::string note;     // what the section says of it: when it was measured, and the units
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

// The tables of a document in Markdown, in turn.
std::vector<RecordedTable> tables_of(std::string_view markdown);

// The largest errors in ULP.
struct RecordedErrors {
  struct Row {
    std::string type;                   // "float32"
    std::array<std::string, 3> orders;  // of the value, f' and f''; empty: not recorded
    std::string inputs;                 // how many, for the value
  };
  std::string function;  // as it was measured: "softcap(cap=30)"
  std::string document;  // "accuracy.md"
  std::vector<Row> rows;
};
// One for each document and variant.
std::vector<RecordedErrors> recorded_errors(const FunctionInfo& about);
// As the cells of a table.
std::vector<std::string> error_columns();
std::vector<std::vector<std::string>> error_rows(const RecordedErrors& errors);

// Errors and times of one accuracy, as the first table of docs/accuracy.md has them; cells may be
// empty.
struct RecordedAccuracy {
  std::string function;   // "softcap(cap=30)"
  std::string accuracy;   // "fast"
  std::string value_ulp;  // "0.6067", or "nearest" where every value is
  std::string slope_ulp;
  std::string value_ns, copies;   // for an element, and in copies of the input
  std::string backward_ns, sums;  // and in sums of two arrays
};
std::vector<RecordedAccuracy> recorded_accuracies(const FunctionInfo& about);

// The tables of times that have the function, with its rows only. Whatever the parameters are.
std::vector<RecordedTable> recorded_times(const FunctionInfo& about);

// Its time beside that of a copy, of the first table of docs/performance.md: "value 0.351 (10.98),
// backward …"; empty: not recorded.
std::string recorded_speed(const FunctionInfo& about);

}  // namespace actfn::lab
