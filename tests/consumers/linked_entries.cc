// Calls gelu and softmax by their entries: it must not link the kernels of other functions.
#include <actfn/activation.h>
#include <actfn/rows.h>

#include "kernels/entry.h"
#include "rows/kernels/table.h"

int main(int count, char** /*arguments*/) {
  using namespace actfn;
  const kernels::Target target = kernels::active_target();
  const Gelu gelu;
  const Softmax softmax;
  float x[64] = {};
  x[0] = static_cast<float>(count);
  kernels::entry_of<Gelu>().kernels.of(target).of<float>().value(&gelu, x, x, 64);
  kernels::entry_of<Softmax>().kernels.of(target).of<float>().forward(&softmax, x, x, 64,
                                                                      rows::Stores::cached);
  return x[0] > x[1] ? 0 : 1;
}
