#include "gated/kernels/definition.h"
#include "kernels/entries.h"

namespace actfn::kernels {
template const EntryOf<Gate>& entry(const Gate&);
}  // namespace actfn::kernels
