// Makes a descriptor from every file of src/grouped/, and checks the files.
#include "catalogue/describe.h"
#include "grouped/kernels/grouped_file.h"

HWY_BEFORE_NAMESPACE();
namespace actfn::HWY_NAMESPACE {
namespace {

#include "grouped/functions.inc"

}  // namespace
}  // namespace actfn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace actfn::functions {
#include "grouped/describe.inc"
}  // namespace actfn::functions
