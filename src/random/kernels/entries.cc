#include "kernels/entries.h"
#include "random/kernels/table.h"

namespace actfn::kernels {
template const EntryOf<RandomActivation>& entry(const RandomActivation&);
template const EntryOf<RandomRow>& entry(const RandomRow&);
}  // namespace actfn::kernels
