// SPDX-License-Identifier: Apache-2.0
// Every function of a list has a file, and every file has a function in a list. Where one is left
// out, this does not compile, and says which.
#include "catalogue/describe.h"

#include <variant>

namespace actfn::functions {
namespace {

template <class F>
constexpr bool kHasFile = false;

// For each file of a folder of functions: ACTFN_FILE(Softmax, "src/rows/softmax.h").
#define ACTFN_FILE(F, path)                                                    \
  static_assert(!std::is_void_v<ListFor<F>>,                                   \
                path " describes a struct that no list in include/actfn has"); \
  template <>                                                                  \
  constexpr bool kHasFile<F> = true;
#include "catalogue/files.inc"
#undef ACTFN_FILE

#define ACTFN_REQUIRE_FILE(name, folder)                                                \
  template <class F>                                                                    \
  struct name {                                                                         \
    static_assert(kHasFile<F>, "a listed function has no file in " folder               \
                               ": its name in snake_case and .h, see CONTRIBUTING.md"); \
  };
ACTFN_REQUIRE_FILE(ElementwiseFile, "src/activations/")
ACTFN_REQUIRE_FILE(RowFile, "src/rows/")
ACTFN_REQUIRE_FILE(GateFile, "src/gated/")
ACTFN_REQUIRE_FILE(RandomFile, "src/random/")
ACTFN_REQUIRE_FILE(LearnedFile, "src/learned/")
ACTFN_REQUIRE_FILE(GroupedFile, "src/grouped/")

template <template <class> class Required, class... F>
constexpr std::size_t check(const std::variant<F...>* /*list*/) {
  return (sizeof(Required<F>) + ...);
}

template <template <class> class Required, class List>
constexpr bool kChecked = check<Required>(static_cast<const List*>(nullptr)) > 0;

static_assert(kChecked<ElementwiseFile, Activation>);
static_assert(kChecked<RowFile, RowActivation>);
static_assert(kChecked<RowFile, RowReduction>);
static_assert(kChecked<GateFile, Gate>);
static_assert(kChecked<RandomFile, RandomActivation>);
static_assert(kChecked<RandomFile, RandomRow>);
static_assert(kChecked<LearnedFile, LearnedActivation>);
static_assert(kChecked<GroupedFile, GroupedActivation>);

}  // namespace
}  // namespace actfn::functions
