// Describes every file of src/gated/.
#include "catalogue/describe.h"

#include "kernels/function_file.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {
template <class F>
struct GateMath;

struct PackedShape {
  static constexpr std::string_view kShapes =
      "x has twice y's length along the axis; or a and b have y's shape";
  template <class G>
  static Lengths LengthsOf(const G&) {
    return {.x = 2, .y = 1};
  }
};

#include "gated/functions.inc"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#define ACTFN_FUNCTION(F, name)                                                   \
  template <>                                                                     \
  const Descriptor& descriptor_of<F>() {                                          \
    static const Descriptor descriptor =                                          \
        Description<F, HWY_NAMESPACE::GateMath<F>>::descriptor(Kind::gate, name); \
    return descriptor;                                                            \
  }

namespace actfn::functions {
#include "gated/describe.inc"
}  // namespace actfn::functions
