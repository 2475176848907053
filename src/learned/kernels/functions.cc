// Makes a descriptor from every file of src/learned/.
#include "catalogue/describe.h"
#include "learned/kernels/learned_file.h"

namespace actfn::HWY_NAMESPACE {
namespace {
#include "learned/functions.inc"
}  // namespace
}  // namespace actfn::HWY_NAMESPACE

namespace actfn::functions {
#include "learned/describe.inc"
}  // namespace actfn::functions
