// Describes every file of src/grouped/.
#include "catalogue/describe.h"

#include "kernels/function_file.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
template <class F>
struct GroupedMath;

#include "grouped/functions.inc"
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
