#include "kernels/entries.h"
#include "random/kernels/table.h"

template class actfn::ListRef<actfn::RandomActivation>;
template class actfn::ListRef<actfn::RandomRow>;
