// Makes a descriptor from every file of src/grouped/, and checks the files.
#include "catalogue/describe.h"
#include "grouped/kernels/grouped_file.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

#include "grouped/functions.inc"

// The compiler's message names the function F.
template <class F>
struct CheckFile {
  static_assert(
      requires { sizeof(GroupedMath<F>); },
      "a function of the list in include/actfn/grouped.h has no file in src/grouped/");
  static constexpr bool kDone = true;
};

template <class List>
struct CheckFiles;
template <class... F>
struct CheckFiles<std::variant<F...>> {
  static_assert((CheckFile<F>::kDone && ...));
};
template struct CheckFiles<GroupedActivation>;

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#define ACTFN_FUNCTION(F, name)                                                         \
  template <>                                                                           \
  const Descriptor& descriptor_of<F>() {                                                \
    static const Descriptor descriptor =                                                \
        Description<F, HWY_NAMESPACE::GroupedMath<F>>::descriptor(Kind::grouped, name); \
    return descriptor;                                                                  \
  }

namespace actfn::functions {
#include "grouped/describe.inc"
}  // namespace actfn::functions
