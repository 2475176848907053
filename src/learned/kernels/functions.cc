// Makes a descriptor from every file of src/learned/.
#include "catalogue/describe.h"

#include "kernels/function_file.h"

namespace actfn::HWY_NAMESPACE {
namespace {
template <class F>
struct LearnedMath;

#include "learned/functions.inc"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE

namespace actfn::functions {
#include "learned/describe.inc"
}  // namespace actfn::functions
