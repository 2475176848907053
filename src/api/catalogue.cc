#include <actfn/catalogue.h>

#include "kernels/entry.h"

#include <vector>

namespace actfn {

std::span<const ActivationInfo> catalogue() {
  static const auto all = [] {
    std::vector<ActivationInfo> infos;
    for (const auto* entry : kernels::entries()) infos.push_back(entry->info);
    return infos;
  }();
  return all;
}

const ActivationInfo& info(const Activation& activation) { return catalogue()[activation.index()]; }

}  // namespace actfn
