#include "kernels/entries.h"

namespace actfn::kernels {
template const EntryOf<Activation>& entry(const Activation&);
}  // namespace actfn::kernels
