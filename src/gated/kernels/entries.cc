#include "gated/kernels/definition.h"
#include "kernels/entries.h"

template class actfn::ListRef<actfn::Gate>;
