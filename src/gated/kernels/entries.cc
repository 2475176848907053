#include "kernels/entries.h"
#include "gated/kernels/definition.h"

namespace actfn::kernels {
template const EntryOf<Gate>& entry(const Gate&);
}  // namespace actfn::kernels
