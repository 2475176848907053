#include "kernels/entries.h"
#include "rows/kernels/table.h"

namespace actfn::kernels {
template const EntryOf<RowActivation>& entry(const RowActivation&);
template const EntryOf<RowReduction>& entry(const RowReduction&);
template const GradientsOf<RowActivation>& gradients(const RowActivation&);
template const GradientsOf<RowReduction>& gradients(const RowReduction&);
}  // namespace actfn::kernels
