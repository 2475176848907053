// Describes every file of src/random/.
#include "catalogue/describe.h"

#include "kernels/function_file.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
template <class F>
struct RandomMath;

#include "random/functions.inc"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#define ACTFN_FUNCTION(F, name)                                                       \
  template <>                                                                         \
  const Descriptor& descriptor_of<F>() {                                              \
    static const Descriptor descriptor =                                              \
        Description<F, HWY_NAMESPACE::RandomMath<F>>::descriptor(Kind::random, name); \
    return descriptor;                                                                \
  }

namespace actfn::functions {
#include "random/describe.inc"
}  // namespace actfn::functions
