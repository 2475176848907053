#include "api/check.h"

#include <actfn/catalogue.h>
#include <actfn/error.h>

#include <functional>
#include <string>

namespace actfn {
namespace {

[[noreturn]] void fail(const Activation& f, const std::string& what) {
  throw Error("[" + std::string(info(f).name) + "] " + what);
}

bool overlap(std::span<const float> a, std::span<const float> b) {
  const std::less<const float*> before;
  return before(a.data(), b.data() + b.size()) && before(b.data(), a.data() + a.size());
}

}  // namespace

void check_arrays(const Activation& f, NamedArray in, NamedArray out) {
  if (in.data.size() != out.data.size()) {
    fail(f, std::string(out.name) + " has " + std::to_string(out.data.size()) + " elements, " +
                std::string(in.name) + " has " + std::to_string(in.data.size()));
  }
  if (in.data.data() != out.data.data() && overlap(in.data, out.data)) {
    fail(f, std::string(out.name) + " overlaps " + std::string(in.name) +
                " without being the same array");
  }
}

void check_apart(const Activation& f, NamedArray a, NamedArray b) {
  if (overlap(a.data, b.data)) {
    fail(f, std::string(a.name) + " overlaps " + std::string(b.name));
  }
}

void check_rows(const Activation& f, std::span<const float> bias, std::span<const float> z) {
  if (bias.empty() ? !z.empty() : z.size() % bias.size() != 0) {
    fail(f, "z has " + std::to_string(z.size()) + " elements, which are no whole rows of " +
                std::to_string(bias.size()));
  }
  if (overlap(bias, z)) fail(f, "bias overlaps z");
}

}  // namespace actfn
